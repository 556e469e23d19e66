"""Old versions and weak suites, against OpenSSL as a server and against bytes."""

from __future__ import annotations

import ssl
from contextlib import suppress
from socketserver import BaseRequestHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.live.verify.certificates import make
from tests.unit.live.verify.protocols import imap
from tests.unit.live.verify.servers import HERE, mail_stack, serving, serving_raw
from tests.unit.live.verify.sessions import Stack
from tests.unit.live.verify.tools import check, verify
from truehop.live.verify.hello import TLS_1_1, TLS_1_2, Chosen, ask_for, client_hello, server_hello
from truehop.live.verify.suites import BEFORE_1_2, WEAK
from truehop.live.verify.wire import Endpoint, TalkError, Trouble, connected
from truehop.rules.base import Severity
from truehop.rules.suites import is_outside

SERVER_HELLO = b"\x02\0\0\x26\x03\x03" + bytes(32) + b"\0" + b"\x00\x2f" + b"\0"


class Saying(BaseRequestHandler):
    answer = b""

    def handle(self) -> None:
        with suppress(OSError):
            self.request.recv(4096)
            self.request.sendall(self.answer)


def saying(octets: bytes) -> type[Saying]:
    return type("Said", (Saying,), {"answer": octets})


@pytest.mark.parametrize("number", [993, 143, 587, 110, 4190])
@pytest.mark.parametrize("is_weak", [True, False])
def test_weak_servers_are_found_and_good_ones_are_not(number: int, *, is_weak: bool) -> None:
    context = make(is_rsa=is_weak).context(is_weak=is_weak)
    with mail_stack((number,), tls=context) as (ports, _):
        found = verify(ports, forges=False)
    versions, suites = check(found, "tls-versions"), check(found, "tls-suites")
    assert suites.fails is is_weak
    # Whether OpenSSL's library still has TLS 1.0 and 1.1 is its builder's choice.
    assert versions.fails is (is_weak and ssl.HAS_TLSv1_1)
    if is_weak:
        assert suites.message.startswith("the server takes TLS_")
        assert suites.severity is Severity.WARNING
        assert "the server takes TLS 1." in versions.message


def test_port_25_is_not_judged_for_it() -> None:
    with mail_stack((25, 80)) as (ports, _):
        found = verify(ports, forges=False)
    assert not {one.id for one in found.checks} & {"tls-versions", "tls-suites"}


@pytest.mark.parametrize(
    ("octets", "chosen"),
    [
        (b"", None),  # it hangs up
        (b"\x15\x03\x01\0\x02\x02\x46", None),  # an alert
        (b"\x16\x03\x03\0\x2a" + SERVER_HELLO[:42], Chosen(TLS_1_2, 0x2F)),
    ],
)
def test_answers_to_a_hello(octets: bytes, chosen: Chosen | None) -> None:
    with serving_raw(saying(octets)) as port, connected(Endpoint(HERE, port), 1, 2) as wire:
        assert ask_for(wire, TLS_1_2, tuple(WEAK), "mail.example.com") == chosen


@pytest.mark.parametrize(
    "octets",
    [b"220 hello there\r\n", b"\x16\x03\x01\xff\xff", b"\x16\x03\x03\0\x01\x02", b"\x16\x02\0\0\0\0\0"],
)
def test_what_is_no_tls_is_told(octets: bytes) -> None:
    with (
        serving_raw(saying(octets)) as port,
        connected(Endpoint(HERE, port), 1, 2) as wire,
        pytest.raises(TalkError) as caught,
    ):
        ask_for(wire, TLS_1_1, BEFORE_1_2, "")
    assert caught.value.trouble is Trouble.GARBAGE


@given(st.binary(max_size=120))
def test_no_server_hello_makes_it_crash(octets: bytes) -> None:
    with suppress(TalkError):
        assert isinstance(server_hello(octets), Chosen)


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("mail.example.com", True), ("198.51.100.7", False), ("2001:db8::7", False), ("", False)],
)
def test_sni_holds_names_alone(name: str, *, is_there: bool) -> None:
    assert (name.encode() in client_hello(TLS_1_2, (0x2F,), name) if name else False) is is_there


def test_suites_are_all_below_intermediate() -> None:
    ours = [name for name in WEAK.values() if "anon" not in name and "EXPORT" not in name]
    assert [name for name in ours if not is_outside(name)] == []
    assert set(BEFORE_1_2) < set(WEAK)


def test_a_server_that_breaks_off_is_not_judged() -> None:
    """TLS works once, and every further connection is turned away."""
    stack = Stack(tls=make().context())
    seen = []

    def once(session: object) -> None:
        seen.append(session)
        if len(seen) == 1:
            imap(session)  # type: ignore[arg-type]

    with serving(once, stack) as port:
        found = verify({143: port}, forges=False)
    for id_ in ("tls-versions", "tls-suites"):
        assert check(found, id_).verdict.value == "unknown"
        assert "cannot be tried" in check(found, id_).message
