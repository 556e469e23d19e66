"""Whole renderings, given alone on standard input: understood completely, and blind to no fault."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.renderings.stack import BALANCERS, BOTH, HETZNER, MAIL, METALLB, NODES, PODS, STACKS, Stack
from truehop.engine import Request, load_settings, run
from truehop.findings.outcome import Outcome

FOLDER = Path(__file__).parent
#: The graphs that are held as text.
DRAWN = ("metallb", "hetzner", "host-network", "direct")


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Outcome]:
    """What a user sees who pipes a rendering to truehop, without any configuration."""
    monkeypatch.chdir(tmp_path)

    def judge(text: str) -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        request = Request(paths=("-",), tells_graph=True)
        outcome = run(request, load_settings(request))
        assert not outcome.crashes
        return outcome

    return judge


@pytest.mark.parametrize("name", STACKS)
def test_a_rendering_is_silent_and_every_port_sees_its_clients(
    name: str, judged: Callable[[str], Outcome]
) -> None:
    stack = STACKS[name]
    outcome = judged(stack.render())
    assert [(one.rule, str(one.at), one.report.message) for one in outcome.findings] == []
    assert not outcome.unjudged
    ports = [*MAIL.values(), *([] if stack.ingress_class else [443])]
    assert [route.port for route in outcome.routes] == ([] if stack.edge == "existing" else sorted(ports))
    for route in outcome.routes:
        assert (route.believes, route.settles) == ("client", ()), f"port {route.port}"
        assert set(dict(route.forgeable_by).values()) == {"no"}, f"port {route.port}: {route.forgeable_by}"


@pytest.mark.parametrize("name", DRAWN)
def test_the_graph_of_a_rendering_is_what_it_was(
    name: str, judged: Callable[[str], Outcome], golden: Callable[[Path, str], None]
) -> None:
    [lines] = judged(STACKS[name].render()).graphs
    golden(FOLDER / "graphs" / f"{name}.txt", "".join(f"{line}\n" for line in lines))


PLAIN, HEADED, HOST = STACKS["metallb"], STACKS["hetzner"], STACKS["host-network"]
DIRECT = STACKS["direct"]
VERSION = "          proxyProtocol:\n            version: 2\n"
POSTFIX, DOVECOT = "MTA_UPSTREAM_PROXY, value: ", "MDA_UPSTREAM_PROXY, value: "
LIST, INNER = "TRUSTED_PROXIES, value: ", "internal.mail.svc.cluster.local:587"
HETZNERS = 'uses-proxyprotocol": '
#: A fault by what it replaces in a rendering; empty is no fault.
FAULTS: list[tuple[Stack, str, str, str]] = [
    (PLAIN, "            version: 2\n", "            {}\n", ""),
    (PLAIN, VERSION, "          dialTimeout: 5s\n", "header-missing"),
    (PLAIN, f'{POSTFIX}"true"', f'{POSTFIX}"false"', "header-unexpected"),
    (PLAIN, f'{DOVECOT}"true"', f'{DOVECOT}"yes"', "header-switch-ignored"),
    (PLAIN, "haproxy = yes", "haproxy = no", "header-unexpected"),
    (PLAIN, f"mta-{INNER}", f"mta.{INNER.partition('.')[2]}", "header-breaks-client"),
    (PLAIN, f'{LIST}"{PODS}"', f'{LIST}"10.244.0.0/16"', "trust-missing-hop"),
    (PLAIN, f'{LIST}"{PODS}"', f'{LIST}"10.0.0.0/8"', "trust-wide-range"),
    (PLAIN, "externalTrafficPolicy: Local", "externalTrafficPolicy: Cluster", "address-lost"),
    (PLAIN, "smtpd_tls_wrappermode=yes", "smtpd_tls_wrappermode=no", "route-tls-mismatch"),
    (PLAIN, "targetPort: submissions", "targetPort: smtps", "route-dangling"),
    (PLAIN, "local:4190", "local:4191", "route-dangling"),
    (PLAIN, 'component": "edge"', 'component": "web"', "policy-blocks-hop"),
    (PLAIN, "asDefault=true", "asDefault=false", ""),
    (PLAIN, f'pods: ["{PODS}"]', f'pods: ["{PODS}/8"]', "header-switch-ignored"),
    (
        HEADED,
        f"smtp.proxyProtocol.trustedIPs={BALANCERS}",
        "smtp.proxyProtocol.insecure",
        "trust-any-address",
    ),
    (HEADED, f'{HETZNERS}"true"', f'{HETZNERS}"false"', "header-missing"),
    (HOST, f'"cidr": "{NODES}"', '"cidr": "192.0.2.0/24"', "policy-blocks-hop"),
    (HOST, f'{LIST}"{NODES}"', f'{LIST}"{PODS}"', "trust-missing-hop"),
    (DIRECT, f'{POSTFIX}"false"', f'{POSTFIX}"true"', "header-missing"),
    (DIRECT, "externalTrafficPolicy: Local", "externalTrafficPolicy: Cluster", "address-lost"),
]


@pytest.mark.parametrize(("stack", "old", "new", "rule"), FAULTS)
def test_a_fault_in_a_rendering_is_found_by_its_rule(
    stack: Stack, old: str, new: str, rule: str, judged: Callable[[str], Outcome]
) -> None:
    text = stack.render()
    assert old in text
    rules = {finding.rule for finding in judged(text.replace(old, new)).findings}
    assert rule in rules if rule else not rules


def test_a_cluster_of_both_families_needs_a_list_of_both(judged: Callable[[str], Outcome]) -> None:
    outcome = judged(replace(PLAIN, pods=BOTH).render())
    assert {finding.rule for finding in outcome.findings} == {"trust-one-family"}
    assert [route.port for route in outcome.routes if route.believes == "unknown"] == [443, 993, 4190]


def test_without_its_networks_a_rendering_tells_what_is_missing(judged: Callable[[str], Outcome]) -> None:
    text = PLAIN.render().replace("truehop/networks", "example.com/networks")
    outcome = judged(text)
    assert not outcome.findings
    settles = {route.settles for route in outcome.routes if route.believes == "unknown"}
    assert settles == {("networks.pods",)}


def test_two_doors_of_different_makes_are_told_apart(judged: Callable[[str], Outcome]) -> None:
    """A front that sends headers before entries that read none, and the reverse."""
    sends = replace(PLAIN, annotations=tuple(HETZNER.items()))
    assert "header-unexpected" in {finding.rule for finding in judged(sends.render()).findings}
    reads = replace(HEADED, annotations=tuple(METALLB.items()))
    assert "header-missing" in {finding.rule for finding in judged(reads.render()).findings}
