"""Servers that are silent, close at once, send garbage, a byte now and then, or a flood."""

from __future__ import annotations

import socket
import time
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack, suppress
from socketserver import BaseRequestHandler

import pytest

from tests.unit.live.verify.servers import HANDLERS, HERE, mail_stack, serving_raw
from tests.unit.live.verify.tools import NAME, check, order, verdicts, verify
from truehop.live.verify.checks import Verdict
from truehop.live.verify.order import addresses_of
from truehop.live.verify.reports.base import formats
from truehop.reports.base import Look

ESCAPE = "\x1b]0;owned\x07\x9b31m"


def silent(client: socket.socket) -> None:
    client.recv(1)
    time.sleep(3)


def closing(client: socket.socket) -> None:
    client.recv(0)


def garbage(client: socket.socket) -> None:
    client.sendall(bytes(range(256)) * 20 + b"\r\n")
    client.recv(1)


def dribbling(client: socket.socket) -> None:
    for _ in range(30):
        client.sendall(b"2")
        time.sleep(0.1)


def flooding(client: socket.socket) -> None:
    for _ in range(20_000):
        client.sendall(b"220-" + b"x" * 60_000 + b"\r\n")


def flooding_answers(client: socket.socket) -> None:
    for _ in range(20_000):
        client.sendall(b"220-x\r\n" * 10_000)


def steering(client: socket.socket) -> None:
    client.sendall(f"554 {ESCAPE} go away\r\n".encode("latin-1"))
    client.recv(1)


@pytest.mark.parametrize("doing", [silent, closing, garbage, dribbling, flooding, flooding_answers])
def test_no_server_hangs_or_fills_a_run(doing: Callable[[socket.socket], None]) -> None:
    class Request(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                doing(self.request)

    measures = doing in (flooding, flooding_answers)  # which makes all slow
    if measures:
        tracemalloc.start()
    began = time.monotonic()
    with ExitStack() as exits:
        ports = {number: exits.enter_context(serving_raw(Request)) for number in HANDLERS}
        found = verify(ports, patience=0.4)
        seconds = time.monotonic() - began
    assert seconds < 30
    if measures:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 60_000_000
    greetings = [one.verdict for one in found.checks if one.id == "greeting"]
    assert len(greetings) == len(HANDLERS)
    assert Verdict.PASS not in greetings


@pytest.mark.parametrize("format_", ["text", "json", "junit", "sarif"])
def test_what_a_server_says_cannot_steer_a_terminal(format_: str) -> None:
    class Request(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                steering(self.request)

    with serving_raw(Request) as port:
        found = verify({25: port}, forges=False)
    assert "go away" in check(found, "greeting").message
    text = formats()[format_].write(found, Look(verbosity=1))
    assert not any((letter < " " and letter not in "\n\t") or "\x7f" <= letter < "\xa0" for letter in text)


def test_a_location_cannot_steer_a_terminal() -> None:
    with mail_stack((80,)) as (ports, stacks):
        stacks[80].page = ("HTTP/1.1 302 Found", "Location: /\x1b[2J")
        message = check(verify(ports, forges=False), "http-redirect").message
    assert "\x1b" not in message


def test_a_run_that_is_over_says_so() -> None:
    with mail_stack((25, 993)) as (ports, stacks):
        found = verify(ports, stacks, deadline=0.0)
    assert {(one.id, one.verdict) for one in found.checks} == {("session", Verdict.UNKNOWN)}
    assert found.is_empty


def test_a_port_that_nobody_listens_on() -> None:
    with socket.socket() as unused:
        unused.bind((HERE, 0))
        ports = {25: unused.getsockname()[1]}
        open_, none, closed = (
            verify(ports, open=frozenset({25})),
            verify(ports),
            verify(ports, closed=frozenset({25})),
        )
    assert verdicts(open_)["port-state"] == "fail"
    assert none.checks == ()
    assert none.is_empty
    assert verdicts(closed)["port-state"] == "pass"
    assert not closed.is_empty
    assert [seen.state for run in (open_, none, closed) for seen in run.ports] == ["closed"] * 3


def test_ports_that_should_be_closed_or_open() -> None:
    with mail_stack((25, 80)) as (ports, stacks):
        found = verify(ports, open=frozenset({80}), closed=frozenset({25}), forges=False)
        assert stacks[25].seen == [], "nothing is said to a port that should not be there"
    assert verdicts(found, 25) == {"port-state": "fail"}
    assert verdicts(found, 80)["port-state"] == "pass"


def test_ports_of_others_that_must_be_closed() -> None:
    with mail_stack((25,)) as (ports, _), socket.socket() as unused:
        unused.bind((HERE, 0))
        places = ((HERE, ports[25]), (HERE, unused.getsockname()[1]), ("nowhere.invalid", 6379))
        found = verify({}, closed_elsewhere=places)
    assert {(one.place.host, one.verdict.value) for one in found.checks} == {
        (HERE, "fail"),
        (HERE, "pass"),
        ("nowhere.invalid", "unknown"),
    }
    assert "closed" in next(one.message for one in found.checks if one.verdict is Verdict.PASS)


def test_a_host_without_an_address_is_not_judged() -> None:
    from dataclasses import replace

    from tests.unit.live.verify.tools import NOTHING, Impatient
    from truehop.live.verify.ports import BY_NUMBER
    from truehop.live.verify.run import Runner

    asked = replace(order({}), host="nowhere.invalid", ports=(BY_NUMBER[25],), families=(4,))
    found = Runner(asked, NOTHING, clock=Impatient()).run()
    assert verdicts(found) == {"port-state": "unknown"}
    assert check(found, "port-state").message == "nowhere.invalid has no IPv4 address here"


def test_a_family_that_has_no_way_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from truehop.live.verify import wire
    from truehop.live.verify.wire import TalkError, Trouble

    def refuse(*_: object) -> None:
        raise TalkError(Trouble.NO_WAY, "network is unreachable")

    monkeypatch.setattr(wire, "_connect", refuse)
    for number in (25, 443):
        found = verify({number: 1})
        assert verdicts(found) == {"port-state": "unknown"}
        assert "network is unreachable" in check(found, "port-state").message
    closed = verify({25: 1}, closed=frozenset({25}))
    assert verdicts(closed) == {"port-state": "unknown"}
    assert replace(order({}), host=NAME).host == NAME


def test_addresses_of_both_families_one_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [("198.51.100.1", 0), ("198.51.100.2", 0), ("fe80::1%lo", 0, 0, 0), ("2001:db8::1", 0, 0, 0)]

    def look_up(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        return [(0, 0, 0, "", answer) for answer in answers]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert addresses_of("x", (4, 6)) == ("198.51.100.1", "fe80::1%lo")
    assert addresses_of("x", (6,)) == ("fe80::1%lo",)


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: object, **__: object) -> list[object]:
        time.sleep(0.5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    began = time.monotonic()
    assert addresses_of("x", (4, 6), seconds=0.05) == ()
    assert time.monotonic() - began < 0.4
    time.sleep(0.5)
