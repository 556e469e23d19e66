"""What routes send to their backends."""

from __future__ import annotations

import pytest

from truehop.model.facts import Basis
from truehop.model.hops import Effect, Wire

from .hand import SMTP, edge, effects, route_all, route_one, tcp_route, traefik_object, with_service


@pytest.mark.parametrize(
    ("setting", "wire", "place"),
    [
        ("proxyProtocol: {version: 1}", Wire.V1, "1"),
        ("proxyProtocol: {version: 2}", Wire.V2, "2"),
        ("proxyProtocol: {version: 0}", Wire.V2, "0"),
        ("proxyProtocol: {}", Wire.V2, "{}"),
        ("proxyProtocol: {version: }", Wire.V2, "{version: }"),
        ("proxyProtocol:", Wire.NONE, ""),
    ],
)
def test_the_services_setting_says_what_is_sent(setting: str, wire: Wire, place: str) -> None:
    router, made = route_one(with_service(setting))
    (backend,) = router.backends
    assert backend.sends.value is wire
    assert made.cut(backend.sends_at) == place
    assert backend.bad_version == ""


@pytest.mark.parametrize("version", ["3", "v2", "-1"])
def test_a_version_that_does_not_exist_is_told(version: str) -> None:
    router, made = route_one(with_service(f"proxyProtocol: {{version: {version}}}"))
    (backend,) = router.backends
    assert backend.bad_version == version
    assert backend.sends.value is Wire.NONE
    assert made.cut(backend.sends_at) == version


def test_a_version_that_is_no_scalar_is_bad_too() -> None:
    router, _ = route_one(with_service("proxyProtocol: {version: []}"))
    assert router.backends[0].bad_version == "of another type"


TRANSPORT = "serversTransport: plain\n    proxyProtocol: {version: 2}"


def transport(setting: str) -> str:
    return traefik_object("ServersTransportTCP", "plain", setting)


@pytest.mark.parametrize("version", ["3.5.3", "3.7.9"])
def test_a_named_transport_cancels_the_services_setting(version: str) -> None:
    routing, made = route_all(edge(version), with_service(TRANSPORT), transport("{dialTimeout: 1s}"))
    (router,) = routing.routers
    (backend,) = router.backends
    assert (backend.sends.value, backend.sends.basis) == (Wire.NONE, Basis.DEFAULT)
    assert made.cut(backend.sends_at) == "spec"
    (switch,) = routing.switches
    assert (switch.effect, switch.basis) == (Effect.CANCELLED, Basis.STATED)
    assert made.cut(switch.at) == "2"
    assert made.cut(switch.other) == "plain"


def test_before_the_takeover_the_services_setting_counts() -> None:
    routing, _ = route_all(edge("3.5.1"), with_service(TRANSPORT), transport("{proxyProtocol: {version: 1}}"))
    assert routing.routers[0].backends[0].sends.value is Wire.V2
    assert effects(routing.switches) == [("proxyProtocol", Effect.IGNORED)]


def test_very_old_routes_have_no_such_setting() -> None:
    routing, made = route_all(edge("2.3.7"), with_service("proxyProtocol: {version: 2}"))
    (backend,) = routing.routers[0].backends
    assert backend.sends.value is Wire.NONE
    assert effects(routing.switches) == [("proxyProtocol", Effect.IGNORED)]
    assert made.cut(routing.switches[0].at) == "proxyProtocol"


def test_an_old_transport_without_the_block_is_nothing_to_tell() -> None:
    assert not route_all(edge("3.5.1"), with_service(TRANSPORT), transport("{}"))[0].switches


def test_without_a_version_the_takeover_is_assumed() -> None:
    routing, _ = route_all(with_service(TRANSPORT), transport("{}"))
    (backend,) = routing.routers[0].backends
    assert (backend.sends.value, backend.sends.basis) == (Wire.NONE, Basis.ASSUMED)
    assert [switch.basis for switch in routing.switches] == [Basis.ASSUMED]


def test_a_transport_that_says_the_same_cancels_nothing() -> None:
    routing, made = route_all(
        edge("3.7.9"), with_service(TRANSPORT), transport("{proxyProtocol: {version: 2}}")
    )
    (backend,) = routing.routers[0].backends
    assert (backend.sends.value, backend.sends.basis) == (Wire.V2, Basis.STATED)
    assert made.cut(backend.sends_at) == "2"
    assert not routing.switches


def test_a_transport_that_says_otherwise_wins() -> None:
    routing, _ = route_all(edge("3.7.9"), with_service(TRANSPORT), transport("{proxyProtocol: {version: 1}}"))
    assert routing.routers[0].backends[0].sends.value is Wire.V1
    assert effects(routing.switches) == [("proxyProtocol", Effect.CANCELLED)]


def test_an_empty_block_in_a_transport_is_version_zero() -> None:
    routing, _ = route_all(
        edge("3.7.9"), with_service("serversTransport: plain"), transport("{proxyProtocol: {}}")
    )
    assert routing.routers[0].backends[0].bad_version == "0"


def test_a_transport_without_a_header_and_nothing_to_cancel_is_no_conflict() -> None:
    routing, _ = route_all(edge("3.7.9"), with_service("serversTransport: plain"), transport("{}"))
    assert routing.routers[0].backends[0].sends.value is Wire.NONE
    assert not routing.switches


def test_a_transport_that_is_not_in_the_input_leaves_it_unknown() -> None:
    routing, _ = route_all(edge("3.7.9"), with_service(TRANSPORT))
    assert not routing.routers[0].backends[0].sends.is_known
    assert not routing.switches


@pytest.mark.parametrize("name", ["mail-plain@kubernetescrd", "plain@kubernetescrd"])
def test_a_transport_may_be_named_with_its_provider(name: str) -> None:
    routing, _ = route_all(
        edge("3.7.9"), with_service(f"serversTransport: {name}"), transport("{proxyProtocol: {version: 2}}")
    )
    assert routing.routers[0].backends[0].sends.value is Wire.V2


def test_the_release_that_sends_wrong_addresses_is_known() -> None:
    setting = "proxyProtocol: {version: 2}"
    router, made = route_one(edge("3.5.2"), with_service(setting))
    (backend,) = router.backends
    assert backend.corrupts
    assert made.cut(backend.corrupts.at) == "traefik:v3.5.2"
    for text in (
        (edge("3.5.3"), with_service(setting)),
        (edge("3.5"), with_service(setting)),
        (edge("3.5.2"), tcp_route(SMTP)),
    ):
        assert route_one(*text)[0].backends[0].corrupts is None
