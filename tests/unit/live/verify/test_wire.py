"""A connection that can neither hang nor fill anything."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from socketserver import BaseRequestHandler

import pytest

from tests.unit.live.verify.certificates import make
from tests.unit.live.verify.servers import HERE, serving_raw
from truehop.live.verify import wire as wires
from truehop.live.verify.caller import blind
from truehop.live.verify.wire import Endpoint, TalkError, Trouble, Wire, connected, own_address

Doing = Callable[[socket.socket], None]


def read_all(wire: Wire) -> None:
    while True:
        wire.read_line()


def serving(doing: Doing) -> type[BaseRequestHandler]:
    class Request(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                doing(self.request)

    return Request


def silent(client: socket.socket) -> None:
    client.recv(1)


def closing(client: socket.socket) -> None:
    del client


def dribbling(client: socket.socket) -> None:
    for _ in range(40):
        client.sendall(b"x")
        time.sleep(0.1)


def flooding(client: socket.socket) -> None:
    for _ in range(20_000):
        client.sendall(b"x" * 65536)


def flooding_lines(client: socket.socket) -> None:
    for _ in range(20_000):
        client.sendall(b"220-no end\r\n" * 5000)


HOSTILE: dict[str, tuple[Doing, Trouble]] = {
    "silent": (silent, Trouble.SILENT),
    "closing": (closing, Trouble.CLOSED),
    "dribbling": (dribbling, Trouble.SILENT),
    "flooding": (flooding, Trouble.FLOOD),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_ends_in_time_with_its_name(name: str) -> None:
    doing, trouble = HOSTILE[name]
    began = time.monotonic()
    with serving_raw(serving(doing)) as port, connected(Endpoint(HERE, port), 0.4, 2) as wire:
        with pytest.raises(TalkError) as caught:
            wire.read_line()
        assert caught.value.trouble is trouble
        assert len(wire.pending) <= wires.LONGEST_LINE + 4096
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("name", ["silent", "closing", "dribbling", "flooding"])
def test_a_hostile_server_does_not_hang_tls(name: str) -> None:
    began = time.monotonic()
    with serving_raw(serving(HOSTILE[name][0])) as port, connected(Endpoint(HERE, port), 0.4, 2) as wire:
        with pytest.raises(TalkError) as caught:
            wire.start_tls(blind(), "mail.example.com")
        assert caught.value.trouble in {Trouble.SILENT, Trouble.CLOSED, Trouble.TLS}
    assert time.monotonic() - began < 2


def test_lines_without_end_are_a_flood() -> None:
    with serving_raw(serving(flooding_lines)) as port, connected(Endpoint(HERE, port), 2, 5) as wire:
        with pytest.raises(TalkError) as caught:
            read_all(wire)
        assert caught.value.trouble is Trouble.FLOOD
        assert f"more than {wires.MOST_BYTES} bytes" in caught.value.words


def test_all_of_a_connection_has_an_end() -> None:
    def lines(client: socket.socket) -> None:
        for _ in range(100):
            client.sendall(b"a line\r\n")
            time.sleep(0.05)

    with serving_raw(serving(lines)) as port, connected(Endpoint(HERE, port), 5, 0.3) as wire:
        with pytest.raises(TalkError) as caught:
            read_all(wire)
        assert caught.value.trouble is Trouble.SILENT
        with pytest.raises(TalkError):
            wire.send(b"too late")


def test_a_server_that_does_not_read_cannot_hang_who_sends() -> None:
    def deaf(client: socket.socket) -> None:
        del client
        time.sleep(1)

    with serving_raw(serving(deaf)) as port, connected(Endpoint(HERE, port), 0.3, 1) as wire:
        with pytest.raises(TalkError) as caught:
            wire.send(b"x" * 50_000_000)
        assert caught.value.trouble is Trouble.SILENT


def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind((HERE, 0))
        endpoint = Endpoint(HERE, unused.getsockname()[1])
        with pytest.raises(TalkError) as caught, connected(endpoint, 1, 1):
            pass
    assert caught.value.trouble is Trouble.REFUSED


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (TimeoutError(), Trouble.UNREACHABLE),
        (OSError(101, "Network is unreachable"), Trouble.NO_WAY),
        (OSError(113, "No route to host"), Trouble.UNREACHABLE),
        (OSError("odd"), Trouble.UNREACHABLE),
    ],
)
def test_no_way_is_told_from_no_answer(
    error: OSError, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise error

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(TalkError) as caught, connected(Endpoint("2001:db8::1", 25), 1, 1):
        pass
    assert caught.value.trouble is trouble


def test_a_machine_without_the_family(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*_: object) -> socket.socket:
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", no_socket)
    with pytest.raises(TalkError) as caught, connected(Endpoint("2001:db8::1", 25), 1, 1):
        pass
    assert caught.value.trouble is Trouble.NO_WAY
    assert own_address("2001:db8::1") == ""


def test_what_was_said_before_tls_is_dropped() -> None:
    def injecting(client: socket.socket) -> None:
        client.sendall(b"220 go\r\n250 injected\r\n")
        client.recv(1, socket.MSG_PEEK)
        with make().context().wrap_socket(client, server_side=True) as tls:
            tls.sendall(b"250 real\r\n")
            tls.recv(1)

    with serving_raw(serving(injecting)) as port, connected(Endpoint(HERE, port), 2, 5) as wire:
        assert wire.read_line() == "220 go"
        time.sleep(0.05)
        wire.start_tls(blind(), "mail.example.com")
        assert wire.tls
        assert wire.read_line() == "250 real"


def test_a_server_that_speaks_in_clear_where_tls_is_expected() -> None:
    def clear(client: socket.socket) -> None:
        client.sendall(b"220 mail.example.com ESMTP\r\n")
        client.recv(1000)

    with (
        serving_raw(serving(clear)) as port,
        connected(Endpoint(HERE, port), 2, 5) as wire,
        pytest.raises(TalkError, match="the server speaks without TLS"),
    ):
        wire.start_tls(blind(), "x")


def test_bytes_that_are_no_text_and_endpoints_as_people_write_them() -> None:
    def odd(client: socket.socket) -> None:
        client.sendall(b"220 \xff\xfe\r\nabcdef")
        client.recv(1)

    with serving_raw(serving(odd)) as port, connected(Endpoint(HERE, port), 2, 5) as wire:
        assert wire.read_line() == "220 \ufffd\ufffd"
        assert wire.read(3) == b"abc"
        assert wire.read(3) == b"def"
        assert wire.own_address == HERE
    assert str(Endpoint("2001:db8::1", 25)) == "[2001:db8::1]:25"
    assert str(Endpoint(HERE, 25)) == "127.0.0.1:25"


def test_this_machines_address_on_the_way() -> None:
    assert own_address(HERE) == HERE
