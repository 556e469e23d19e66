"""Who forges: every lie that counts is told, and none that does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.live.verify import servers
from tests.unit.live.verify.servers import HANDLERS, mail_stack
from tests.unit.live.verify.sessions import Session
from tests.unit.live.verify.tools import check, failures, port, verdicts, verify
from truehop.live.verify.checks import Recorded
from truehop.live.verify.names import FOUR, SIX

BEFORE = {"forged-proxy-v1", "forged-proxy-v2"}
STARTTLS = (25, 587, 143, 110, 4190)
IMPLICIT = (465, 993, 995, 443)


def lies(found: object) -> set[tuple[int, str]]:
    return {one for one in failures(found) if one[1].startswith("forged")}  # type: ignore[arg-type]


def test_whoever_is_believed_is_told_on_every_port() -> None:
    with mail_stack(header="believed") as (ports, stacks):
        found = verify(ports, stacks, logins=5)
    expected = {(number, id_) for number in HANDLERS for id_ in BEFORE}
    doubled = {(number, "forged-proxy-doubled") for number in STARTTLS}
    assert expected <= lies(found) <= expected | doubled
    assert {seen.recorded for seen in found.ports} == {Recorded.CLIENT}, "who does not lie is recorded right"
    assert "which this client made up" in check(found, "forged-proxy-v1", 25).message


def test_a_port_that_demands_a_header_believes_whoever_sends_one() -> None:
    with mail_stack((25, 993), header="required") as (ports, stacks):
        found = verify(ports, stacks, demanding=frozenset({25, 993}))
    assert {(number, id_) for number in (25, 993) for id_ in BEFORE} <= lies(found)
    assert verdicts(found, 25)["direct-refused"] == "pass"


@pytest.mark.parametrize("header", ["never", "stripped"])
def test_lies_that_nobody_believes_pass(header: str) -> None:
    with mail_stack(header=header) as (ports, stacks):
        found = verify(ports, stacks, logins=5)
    assert lies(found) == set()
    told = {one.id for one in found.checks if one.id.startswith("forged") and one.place.number == 443}
    assert len(told) == 9


def test_a_header_inside_tls_counts_where_a_proxy_ends_tls() -> None:
    numbers = (993, 995, 465)
    with mail_stack(numbers, believes_inner=True) as (ports, stacks):
        found = verify(ports, stacks, logins=5)
    assert {(number, "forged-proxy-inside-tls") for number in numbers} <= lies(found)


@pytest.mark.parametrize(
    ("header", "id_"),
    [
        ("X-Forwarded-For", "forged-x-forwarded-for"),
        ("Forwarded", "forged-forwarded"),
        ("X-Real-IP", "forged-x-real-ip"),
        ("X_Forwarded_For", "forged-x-forwarded-for-underscore"),
        ("X_Real_IP", "forged-x-real-ip-underscore"),
    ],
)
@pytest.mark.parametrize("keeps", [True, False])
def test_a_header_of_a_proxy_that_counts_is_told(header: str, id_: str, *, keeps: bool) -> None:
    with mail_stack((443,), trusted_header=header, keeps=keeps) as (ports, stacks):
        found = verify(ports, stacks)
    assert lies(found) == {(443, id_)}
    assert port(found, 443).recorded is Recorded.CLIENT


def test_headers_with_underscores_may_be_refused() -> None:

    def strict(session: Session) -> None:
        while True:
            request = session.hear()
            names = []
            while line := session.hear():
                names.append(line.partition(":")[0])
            if any("_" in name for name in names):
                return
            session.stack.write(f'{session.peer} - - [26/Nov/2026:16:00:00 +0000] "{request}" 404 0')
            session.say("HTTP/1.1 404 Not Found", "Content-Length: 0", "")

    before = servers.HANDLERS[443]
    servers.HANDLERS[443] = (strict, True)
    try:
        with mail_stack((443,)) as (ports, stacks):
            found = verify(ports, stacks)
    finally:
        servers.HANDLERS[443] = before
    assert verdicts(found)["forged-x-real-ip-underscore"] == "pass"
    assert "turned away" in check(found, "forged-x-real-ip-underscore").message
    assert verdicts(found)["forged-x-real-ip"] == "pass"


def test_without_a_log_a_lie_that_was_not_turned_away_is_left_out() -> None:
    with mail_stack((25,), header="stripped") as (ports, _):
        found = verify(ports)
    assert verdicts(found)["forged-proxy-v1"] == "left-out"
    assert "--kube-context" in check(found, "forged-proxy-v1").help


def test_who_comes_too_often_is_not_judged() -> None:
    with mail_stack((25,), limited=True, header="stripped") as (ports, stacks):
        found = verify(ports, stacks)
    assert verdicts(found)["forged-proxy-v1"] == verdicts(found)["greeting"] == "unknown"
    assert "comes too often" in check(found, "greeting").message
    assert port(found, 25).recorded is Recorded.UNKNOWN


def test_a_log_of_another_server_proves_nothing() -> None:
    with mail_stack((25,), header="stripped") as (ports, stacks), mail_stack((993,)) as (_, others):
        found = verify(ports, {25: others[993]})
    assert verdicts(found)["forged-proxy-v1"] == "unknown"
    assert verdicts(found)["recorded-address"] == "unknown"
    assert stacks[25].log


def test_a_log_that_is_lost_is_told_and_what_was_read_counts() -> None:
    from tests.unit.live.verify.tools import NOTHING, Impatient, Written, order
    from truehop.errors import UserError
    from truehop.live.verify.evidence import Entry
    from truehop.live.verify.run import Runner

    class Lost(Written):
        def read(self) -> Iterator[Entry]:
            yield from list(super().read())
            raise UserError("the API is gone")

    said: list[str] = []
    with mail_stack((25,), header="believed") as (ports, stacks):
        found = Runner(order(ports), NOTHING, Lost(stacks), warn=said.append, clock=Impatient()).run()
    assert said == ["the log is read no further: the API is gone"]
    assert (25, "forged-proxy-v1") in failures(found)
    assert port(found, 25).recorded is Recorded.CLIENT


def test_from_inside_nobody_lies() -> None:
    with mail_stack((25, 443)) as (ports, stacks):
        found = verify(ports, stacks, is_inside=True)
        said = b"".join(stacks[25].seen + stacks[443].seen)
    assert not any(one.id.startswith("forged") for one in found.checks)
    assert b"PROXY" not in said
    assert b"X-Forwarded-For" not in said


def test_lies_are_of_documentation_networks_alone() -> None:
    import ipaddress

    with mail_stack((25, 443), header="believed", trusted_header="X-Forwarded-For") as (ports, stacks):
        verify(ports, stacks)
        lines = [line for stack in stacks.values() for line in stack.log]
    addresses = {
        line.split("[")[2].split("]")[0] if line.startswith("Nov") else line.split()[0]
        for line in lines
        if "connect from" in line or "HEAD" in line
    } - {"127.0.0.1"}
    assert addresses
    for one in map(ipaddress.ip_address, addresses):
        assert one in (FOUR if one.version == 4 else SIX)
