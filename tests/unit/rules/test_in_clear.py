"""What is open in clear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Front, HopGraph, Listener, Role, Route, RouterTls, Serves, Tls, TlsPolicy, Wire
from truehop.rules.base import Severity
from truehop.rules.suites import is_outside

from . import graphs as g
from .scenes import public

EDGE = g.hop("edge", Role.EDGE)
MDA = g.hop("mda", Role.MDA)

# --- cleartext-auth ---------------------------------------------------------------------------------


def _takes(value: Tri = Tri.YES, basis: Basis = Basis.STATED, **more: object) -> Listener:
    fact = Fact(value, g.at(33), basis, "a setting says so")
    return replace(g.listener(MDA, 143, serves=Serves.IMAP), cleartext_auth=fact, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("listener", "expected"),
    [
        (_takes(), [None]),
        (_takes(basis=Basis.DEFAULT), [None]),
        (_takes(basis=Basis.ASSUMED), [Severity.WARNING]),
        (_takes(basis=Basis.UNKNOWN), []),
        (_takes(Tri.NO), []),
        (_takes(offers_auth=Fact(Tri.NO)), []),
        (_takes(serves=Fact(Serves.LMTP)), []),
    ],
    ids=["stated", "default", "assumed", "unknown", "no", "no-auth", "no-mail"],
)
def test_passwords_in_clear_at_a_door(listener: Listener, expected: list[Severity | None]) -> None:
    assert [report.severity for report in g.reports("cleartext-auth", public(listener))] == expected


@pytest.mark.parametrize(
    ("is_placed", "is_closed", "expected"),
    [
        (True, Tri.YES, []),
        (True, Tri.UNKNOWN, []),
        (True, Tri.NO, [Severity.WARNING]),
        (False, Tri.UNKNOWN, [Severity.WARNING]),
    ],
)
def test_passwords_in_clear_where_no_door_is_known(
    is_placed: bool, is_closed: Tri, expected: list[Severity]
) -> None:
    built = g.graph(_takes(admission=g.admission() if is_placed else None))
    built.is_closed = is_closed
    assert [report.severity for report in g.reports("cleartext-auth", built)] == expected


def test_passwords_in_clear_by_default_where_no_door_is_known() -> None:
    assert g.reports("cleartext-auth", g.graph(_takes(basis=Basis.DEFAULT))) == []


def test_passwords_in_clear_without_words_are_told_at_the_listener() -> None:
    (report,) = g.reports("cleartext-auth", public(replace(_takes(), cleartext_auth=Fact(Tri.YES))))
    assert (report.at.line, report.message) == (30, "Deployment mail/mda :143 takes passwords without TLS")


# --- plaintext-exposed ------------------------------------------------------------------------------


def _web(
    *, tls: Tls = Tls.PLAIN, router_tls: RouterTls = RouterTls.NONE, entry_tls: Tls = Tls.PLAIN,
    redirects: Tri = Tri.NO, serves: Serves = Serves.HTTP, protocol: str = "http", has_tls_place: bool = True,
) -> HopGraph:  # fmt: skip
    entry = replace(g.listener(EDGE, 80, serves=Serves.TCP), tls=Fact(entry_tls), redirects=redirects)
    server = replace(
        g.listener(g.hop("web", Role.WEB), 8080, serves=serves), tls=Fact(tls, basis=Basis.DEFAULT)
    )
    router = replace(
        g.router(EDGE, entry, protocol=protocol), tls=router_tls, tls_at=g.at(64) if has_tls_place else None
    )
    first = g.link(None, entry)
    second = g.link(EDGE, server, Wire.XFF, router=router, entry=entry)
    entrance = replace(g.door(first), port=80)
    return g.graph(entry, server, routes=[Route(entrance, (first, second))])


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (_web(), [64]),
        (_web(has_tls_place=False), [60]),
        (_web(router_tls=RouterTls.TERMINATES), []),
        (_web(entry_tls=Tls.IMPLICIT), []),
        (_web(entry_tls=Tls.UNKNOWN), []),
        (_web(redirects=Tri.YES), []),
        (_web(redirects=Tri.UNKNOWN), []),
        (_web(tls=Tls.IMPLICIT), []),
        (_web(serves=Serves.HTTPS), []),
        (_web(serves=Serves.IMAP, protocol="tcp"), [64]),
        (_web(serves=Serves.IMAP, protocol="tcp", entry_tls=Tls.IMPLICIT), [64]),
        (_web(serves=Serves.IMAP, protocol="tcp", router_tls=RouterTls.PASSTHROUGH), []),
    ],
)
def test_a_way_without_tls(built: HopGraph, expected: list[int]) -> None:
    assert g.lines("plaintext-exposed", built) == expected


def _mail(port: int = 143, before: Front | None = None, **change: object) -> HopGraph:
    listener = replace(g.listener(MDA, port, serves=Serves.IMAP), **change)  # type: ignore[arg-type]
    return public(listener, before=before, port=port)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"tls": Fact(Tls.PLAIN, g.at(34))}, [34]),
        ({"tls": Fact(Tls.PLAIN, g.at(34), Basis.DEFAULT)}, [9]),
        ({"tls": Fact(Tls.PLAIN, basis=Basis.UNKNOWN)}, []),
        ({"demands_tls": Fact(Tri.NO, g.at(35))}, [35]),
        ({"demands_tls": Fact(Tri.NO)}, [9]),
        ({"demands_tls": Fact(Tri.NO, basis=Basis.UNKNOWN)}, []),
        ({"demands_tls": Fact(Tri.YES)}, []),
        ({"demands_tls": Fact(Tri.NO), "serves": Fact(Serves.SMTP)}, []),
        ({"tls": Fact(Tls.IMPLICIT), "demands_tls": Fact(Tri.NO)}, []),
    ],
)
def test_a_mail_port_without_tls(change: dict[str, object], expected: list[int]) -> None:
    assert g.lines("plaintext-exposed", _mail(**change)) == expected  # type: ignore[arg-type]


def test_a_protocol_that_is_guessed_is_a_warning() -> None:
    built = _mail(tls=Fact(Tls.PLAIN), serves=Fact(Serves.IMAP, basis=Basis.ASSUMED))
    assert [report.severity for report in g.reports("plaintext-exposed", built)] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("port", "ends_tls", "expected"),
    [(993, Tri.UNKNOWN, 0), (443, Tri.UNKNOWN, 0), (993, Tri.NO, 1), (143, Tri.UNKNOWN, 1)],
)
def test_a_balancer_that_may_end_tls(port: int, ends_tls: Tri, expected: int) -> None:
    before = replace(g.front(), ends_tls=ends_tls)
    assert len(g.lines("plaintext-exposed", _mail(port, before, tls=Fact(Tls.PLAIN)))) == expected


# --- weak-tls ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (TlsPolicy(g.at(1), "x", Fact("1.0", g.at(2))), [2]),
        (TlsPolicy(g.at(1), "x", Fact("1.1")), [1]),
        (TlsPolicy(g.at(1), "x", Fact("1.2", g.at(2))), []),
        (TlsPolicy(g.at(1), "x", Fact("1.0", basis=Basis.ASSUMED)), []),
        (TlsPolicy(g.at(1), "x"), []),
        (TlsPolicy(g.at(1), "x", unknown_minimum="TLS1.2"), [1]),
        (TlsPolicy(g.at(1), "x", Fact("", g.at(2)), unknown_minimum="TLS1.2"), [2]),
        (TlsPolicy(g.at(1), "x", suites=(Fact("AES128-SHA", g.at(3)),)), [3]),
        (TlsPolicy(g.at(1), "x", suites=(Fact("AES128-SHA"),)), []),
        (TlsPolicy(g.at(1), "x", suites=(Fact("ECDHE-RSA-AES128-GCM-SHA256", g.at(3)),)), []),
    ],
)
def test_old_tls(policy: TlsPolicy, expected: list[int]) -> None:
    assert g.lines("weak-tls", HopGraph(tls_policies=[policy])) == expected


@pytest.mark.parametrize(("serves", "expected"), [(Serves.SMTP, []), (Serves.SUBMISSION, [3])])
def test_suites_of_the_relay_port_are_left_alone(serves: Serves, expected: list[int]) -> None:
    covered = g.listener(g.hop(), 25, serves=serves)
    policy = TlsPolicy(g.at(1), "x", suites=(Fact("AES128-SHA", g.at(3)),), listeners=(covered,))
    assert g.lines("weak-tls", HopGraph(tls_policies=[policy])) == expected


@pytest.mark.parametrize(
    ("suite", "expected"),
    [
        ("TLS_AES_128_GCM_SHA256", False),
        ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", False),
        ("DHE-RSA-AES256-GCM-SHA384", False),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", True),
        ("ECDHE-RSA-DES-CBC3-SHA", True),
        ("RC4-MD5", True),
        ("HIGH", False),
        ("!aNULL", False),
        ("ECDHE+AESGCM", False),
        ("", False),
    ],
)
def test_suites_that_nobody_should_offer(suite: str, expected: bool) -> None:
    assert is_outside(suite) is expected
