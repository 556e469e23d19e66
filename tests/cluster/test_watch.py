"""What runs of truehop beside the servers: a verification by helm test, and a reader of their logs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cluster import tool
from tests.cluster.conftest import new_namespace
from tests.cluster.edits import EDITS, edited
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.processes import FailedError
from tests.cluster.stage import FRONTS, Stage

VERIFY = "mail-test-verify"
READER = "mail-truehop"
SESSIONS = "truehop_logs_sessions_total"
HOPS = "truehop_logs_hop_sessions_total"
ERRORS = "truehop_logs_source_errors_total"
#: Which service of which program a client of a protocol comes to.
SERVICES = {
    "smtp": ("postfix", "smtpd"),
    "submission": ("postfix", "submission"),
    "submissions": ("postfix", "submissions"),
    "imaps": ("dovecot", "imap-login"),
    "pop3s": ("dovecot", "pop3-login"),
    "sieve": ("dovecot", "managesieve-login"),
}
Samples = Counter[tuple[str, ...]]


@pytest.fixture(scope="module")
def watched(world: Node) -> Iterator[Stage]:
    """A release of its own, since nothing may be wrong in its logs, with an image of truehop."""
    tool.load(world)
    with new_namespace(world) as name:
        # Not the addresses of the other releases, which go on.
        fronts = {"203.0.113.7": "192.0.2.30", "2001:db8::7": "2001:db8:25::30"}
        found = Stage(Mail(world, name, 4), fronts, values={**tool.VALUES, "truehop__logs__enabled": True})
        found.open()
        yield found
        found.mail.uninstall()


# --- the reader of logs ---------------------------------------------------------------------------


def _samples(stage: Stage, name: str, *labels: str) -> Samples:
    """What the reader says by a metric, summed over all labels but some."""
    (pod,) = stage.pods("truehop")
    where = f"/api/v1/namespaces/{stage.mail.namespace}/pods/{pod['metadata']['name']}:9108/proxy/metrics"
    found: Samples = Counter()
    for family in text_string_to_metric_families(stage.mail.node.api.text(where)):
        for sample in family.samples:
            if sample.name == name:
                found[tuple(sample.labels[label] for label in labels)] += round(sample.value)
    return found


def _sessions(stage: Stage, name: str = SESSIONS) -> Samples:
    """Sessions by program and service, of the services that the world comes to."""
    found = _samples(stage, name, "program", "service")
    return Counter({service: found[service] for service in SERVICES.values() if found[service]})


def _log_in(stage: Stage) -> Samples:
    """A client of each kind at each service; how often they came to each."""
    come: Samples = Counter()
    for client in FRONTS:
        for protocol, service in SERVICES.items():
            assert stage.log_in(protocol, client).error == ""
            come[service] += 1
    return come


def _findings(stage: Stage) -> Samples:
    return +_samples(stage, "truehop_logs_findings", "check", "severity")


def test_reader_counts_logins_by_the_clients_own_addresses_and_finds_nothing(watched: Stage) -> None:
    before, errors = _sessions(watched), _samples(watched, ERRORS)
    come = _log_in(watched)
    watched.mail.node.space.wait_until(
        lambda: not come - (_sessions(watched) - before), "each login is counted", seconds=30
    )
    assert not _sessions(watched, HOPS)
    assert {severity for _, severity in _findings(watched)} <= {"info"}
    assert _samples(watched, ERRORS) == errors


def test_reader_says_so_when_servers_record_a_hop(watched: Stage) -> None:
    """What a verification from inside does not see: TLS and routing are right all the same."""
    whole = watched.manifest()
    try:
        watched.put(edited(whole, EDITS["nobody sends or reads a header"]))
        before = _sessions(watched, HOPS)
        come = _log_in(watched)
        watched.mail.node.space.wait_until(
            lambda: not come - (_sessions(watched, HOPS) - before),
            "each login is counted as a hop's",
            seconds=30,
        )
        assert "error[" not in _verified(watched)
    finally:
        watched.put(whole)


def test_reader_may_read_logs_and_nothing_else(watched: Stage) -> None:
    node, namespace = watched.mail.node, watched.mail.namespace
    token = node.kubectl("create", "token", READER, "-n", namespace).strip()
    told = node.kubectl("auth", "can-i", "--list", "--no-headers", f"--token={token}", "-n", namespace)
    rights = {words[0]: line[line.rindex("[") :] for line in told.splitlines() if (words := line.split())}
    own = {name: verbs for name, verbs in rights.items() if "." not in name and not name.startswith("[")}
    assert own == {"pods": "[get list watch]", "pods/log": "[get]"}
    for asked in (("secrets", namespace), ("pods", "kube-system"), ("nodes", namespace)):
        with pytest.raises(FailedError, match="forbidden"):
            node.kubectl("get", asked[0], "-n", asked[1], f"--token={token}")


# --- the verification -----------------------------------------------------------------------------


def _verified(stage: Stage) -> str:
    """What the test pod said; it fails where the test does."""
    mail = stage.mail
    words = (VERIFY, "-n", mail.namespace)
    try:
        mail.test(VERIFY)
    except FailedError as error:
        raise FailedError(f"{error}\n{mail.node.kubectl('logs', *words)}") from error
    else:
        return mail.node.kubectl("logs", *words)
    finally:
        # A pod that has failed is never ready, and others wait for all of them.
        mail.node.kubectl("delete", "pod", *words)


def test_verification_finds_a_whole_release_in_order(watched: Stage) -> None:
    said = _verified(watched)
    assert "it does not prove the way from outside" in " ".join(said.split())
    found = re.findall(r"^(\d+) \S+ +\S+ +open\b", said, re.MULTILINE)
    assert {int(port) for port in found} == {25, 80, 110, 143, 443, 465, 587, 993, 995, 4190}
    assert "error[" not in said


def test_verification_fails_where_a_server_does_not_read_the_header(watched: Stage) -> None:
    whole = watched.manifest()
    try:
        watched.put(edited(whole, EDITS["mda reads no header"]))
        with pytest.raises(
            FailedError, match=r"\b993 imaps[^\n]* at [^\n]*\n(?:  [^\n]*\n)*?  error\[greeting\]"
        ):
            _verified(watched)
    finally:
        watched.put(whole)
