"""Headers byte by byte, and addresses to lie about."""

from __future__ import annotations

import ipaddress

from truehop.live.verify.headers import LOCAL, SIGNATURE, v1, v2
from truehop.live.verify.names import FOUR, SIX, Names

LIE4, AIM4 = ipaddress.ip_address("192.0.2.9"), ipaddress.ip_address("198.51.100.7")
LIE6, AIM6 = ipaddress.ip_address("2001:db8::9"), ipaddress.ip_address("2001:db8:1::7")


def test_version_1_is_a_line() -> None:
    assert v1(LIE4, AIM4, 25) == b"PROXY TCP4 192.0.2.9 198.51.100.7 40000 25\r\n"
    assert v1(LIE6, AIM6, 993) == b"PROXY TCP6 2001:db8::9 2001:db8:1::7 40000 993\r\n"


def test_version_2_has_family_length_and_addresses() -> None:
    four, six = v2(LIE4, AIM4, 25), v2(LIE6, AIM6, 25)
    assert four == SIGNATURE + b"\x21\x11\x00\x0c" + LIE4.packed + AIM4.packed + b"\x9c\x40\x00\x19"
    assert six[12:16] == b"\x21\x21\x00\x24"
    assert len(six) == 16 + 36


def test_local_states_no_address() -> None:
    assert LOCAL == SIGNATURE + b"\x20\0\0\0"


def test_lies_come_from_documentation_networks_each_once() -> None:
    names = Names()
    four = [names.address(4) for _ in range(200)]
    six = [names.address(6) for _ in range(200)]
    assert all(one in FOUR for one in four)
    assert all(one in SIX for one in six)
    assert len(set(four)) == len(set(six)) == 200


def test_lies_avoid_addresses_that_mean_somebody() -> None:
    avoided = frozenset(f"192.0.2.{host}" for host in range(1, 250))
    names = Names(avoided=avoided)
    assert {str(names.address(4)) for _ in range(20)} == {f"192.0.2.{host}" for host in range(250, 255)}


def test_names_are_of_one_run_and_differ() -> None:
    names = Names(run="abcd")
    assert names.host() == "truehop-abcd-1.verify.invalid"
    assert names.user() == "truehop-abcd-2@verify.invalid"
    assert names.word() == "truehop-abcd-3"
    assert Names().stem != Names().stem
