"""From options to an order, and what is refused with its cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from truehop.errors import UserError
from truehop.live.verify.knowledge import Knowledge
from truehop.live.verify.order import Account, Order
from truehop.live.verify.ports import KINDS, kind_of
from truehop.live.verify.request import Asked, order_of

NOTHING = Knowledge()
CHART = Knowledge(hosts=("mail.example.com", "web.example.com"), open=frozenset({25, 443, 993}))
ALL = frozenset(kind.number for kind in KINDS)


def order(knowledge: Knowledge = NOTHING, **changes: Any) -> Order:  # noqa: ANN401 (any option's)
    return order_of(Asked(**{"host": "mail.example.com", **changes}), knowledge, {})


def test_a_host_alone_is_tried_on_every_port() -> None:
    found = order()
    assert found.ports == KINDS
    assert found.forges
    assert found.certificate_names == ("mail.example.com",)
    assert found.open == found.closed == frozenset()


def test_ports_by_number_or_name() -> None:
    assert [kind.number for kind in order(ports="imaps,25").ports] == [25, 993]
    assert order(local="all").local == ALL
    assert kind_of("99999999999999999999") is None


def test_ports_elsewhere_are_the_only_ones() -> None:
    found = order(elsewhere=["25=mta:2525", "imaps=[2001:db8::1]:31993"], expect_closed="110,redis:6379")
    assert found.elsewhere == {25: ("mta", 2525), 993: ("2001:db8::1", 31993)}
    assert [kind.number for kind in found.ports] == [25, 993, 110]
    assert found.closed == {110}
    assert found.closed_elsewhere == (("redis", 6379),)


def test_manifests_say_what_is_open_and_closed_and_the_user_has_the_last_word() -> None:
    found = order(CHART, expect_closed="443", expect_open="110")
    assert found.open == {25, 993, 110}
    assert found.closed == ALL - {25, 993, 110}


def test_a_host_that_only_manifests_name_is_never_lied_to() -> None:
    found = order(CHART, host="")
    assert found.host == "mail.example.com"
    assert not found.forges
    assert order(CHART).forges


def test_a_password_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("sesame\n", encoding="utf-8")
    assert order(user="me", password_file=str(path)).account == Account("me", "sesame")
    found = order_of(Asked(host="x", user="me"), NOTHING, {"TRUEHOP_PASSWORD": "sesame"})
    assert found.account == Account("me", "sesame")
    assert "sesame" not in repr(found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"host": ""}, "no host is named"),
        ({"host": "https://mail.example.com/"}, "HOST is a name or an address"),
        ({"host": "-" * 300}, "HOST is a name"),
        ({"ports": "26"}, "no port of a mail stack"),
        ({"expect_open": "25,smtps"}, "--expect-open"),
        ({"elsewhere": ["mta:25"]}, "no PORT=HOST:PORT"),
        ({"elsewhere": ["25=mta"]}, "no HOST:PORT"),
        ({"elsewhere": ["25=mta:70000"]}, "no HOST:PORT"),
        ({"expect_open": "25", "expect_closed": "25"}, "open and closed: '25'"),
        ({"expected": ["me"]}, "--expect-ip: no address"),
        ({"user": "me"}, "there is no password"),
        ({"password_file": "x"}, "a password without a user"),
        ({"user": "me", "password_file": "/nowhere/x"}, "the password cannot be read"),
    ],
)
def test_what_says_nothing_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError) as caught:
        order(**changes)
    assert words in str(caught.value)


def test_manifests_without_a_host_need_one() -> None:
    with pytest.raises(UserError, match="the manifests name no host"):
        order(Knowledge(open=frozenset({25})), host="")
