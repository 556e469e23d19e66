"""Routes of objects: IngressRouteTCP, IngressRoute, Ingress and what they name."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik import read, read_routers, read_routing
from truehop.model.facts import Basis, ObjectRef, Tri
from truehop.model.hops import RouterTls, Wire

from .hand import (
    SMTP,
    edge,
    from_values,
    http_route,
    route_all,
    route_one,
    sample,
    tcp_route,
    traefik,
    traefik_object,
)


def test_a_tcp_route_is_read_with_its_places() -> None:
    router, made = route_one(tcp_route(SMTP))
    assert (router.protocol, router.namespace, router.provider, router.tls) == (
        "tcp",
        "mail",
        "crd",
        RouterTls.NONE,
    )
    assert [(entry.value, made.cut(entry.at)) for entry in router.entries] == [("smtp", "smtp")]
    assert made.cut(router.entries_at) == "entryPoints"
    assert router.match
    assert made.cut(router.match.at) == "HostSNI(`*`)"
    assert router.match_problem == ""
    assert router.host_names == ("*",)
    assert router.ref == ObjectRef("IngressRouteTCP", "smtp", "mail")
    (backend,) = router.backends
    assert (backend.service, backend.port) == (ObjectRef("Service", "mta", "mail"), "25")
    assert (made.cut(backend.at), made.cut(backend.port_at)) == ("mta", "25")
    assert router.api_use is None


def test_a_route_that_says_nothing_of_a_header_sends_none_and_names_the_nearest_key() -> None:
    router, made = route_one(tcp_route(SMTP))
    (backend,) = router.backends
    assert (backend.sends.value, backend.sends.basis) == (Wire.NONE, Basis.DEFAULT)
    assert made.cut(backend.sends_at) == "services"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [((edge("3.6.1"),), Tri.YES), ((edge("2.11.10"),), Tri.NO), ((), Tri.UNKNOWN), ((edge("3.0"),), Tri.YES)],
)
def test_the_old_api_group_is_gone_with_version_three(texts: tuple[str, ...], expected: Tri) -> None:
    routing, made = route_all(*texts, tcp_route(SMTP, group="traefik.containo.us"))
    (use,) = routing.api_uses
    assert use.is_gone.value is expected
    assert made.cut(use.at) == "traefik.containo.us/v1alpha1"
    assert routing.routers[0].api_use is not None


def test_each_object_of_the_old_group_is_told_once() -> None:
    two = SMTP + "- match: HostSNI(`a`)\n  services: []\n"
    middleware = "apiVersion: traefik.containo.us/v1alpha1\nkind: Middleware\nmetadata: {name: m}\nspec: {}\n"
    routing, _ = route_all(
        tcp_route(two, group="traefik.containo.us"), middleware, tcp_route(SMTP, name="new")
    )
    assert len(routing.api_uses) == 2
    assert len(routing.routers) == 3


def test_kinds_of_other_groups_are_left_alone() -> None:
    assert not route_all(tcp_route(SMTP, group="example.org"))[0].routers


def test_a_traefik_that_runs_says_its_version_better_than_values() -> None:
    made = sample(edge("3.6.1"), tcp_route(SMTP, group="traefik.containo.us"))
    values, _ = from_values("x: y")
    assert read_routing(made.world, [*read(made.world), values]).api_uses[0].is_gone.value is Tri.YES
    assert read_routing(made.world, [values]).api_uses[0].is_gone.value is Tri.UNKNOWN


def test_versions_that_differ_are_none() -> None:
    other = edge("2.11.10").replace("name: traefik, namespace", "name: other, namespace")
    routing, _ = route_all(edge("3.6.1"), other, tcp_route(SMTP, group="traefik.containo.us"))
    assert routing.api_uses[0].is_gone.value is Tri.UNKNOWN


def test_a_route_without_match_still_serves_and_names_the_nearest_key() -> None:
    router, made = route_one(tcp_route("entryPoints: [smtp]\nroutes:\n- services: [{name: mta, port: 25}]"))
    assert router.match is None
    assert made.cut(router.at) == "routes"
    assert router.backends
    assert router.entries


def test_an_empty_match_cannot_be_read() -> None:
    router, _ = route_one(tcp_route("routes:\n- match: ''\n  services: []"))
    assert router.match is not None
    assert router.match_problem


@pytest.mark.parametrize(
    ("texts", "problem"), [((edge("3.6.1"),), True), ((edge("2.11.10"),), False), ((), False)]
)
def test_the_version_chooses_the_dialect(texts: tuple[str, ...], problem: bool) -> None:
    router, _ = route_one(*texts, tcp_route("routes:\n- match: HostSNI(`a`, `b`)\n  services: []"))
    assert bool(router.match_problem) is problem


def test_a_route_or_the_configuration_may_choose_the_dialect() -> None:
    match = "routes:\n- match: HostSNI(`a`, `b`)\n  services: []"
    assert not route_one(edge("3.6.1"), tcp_route(match + "\n  syntax: v2"))[0].match_problem
    old = traefik(["--core.defaultRuleSyntax=v2", "--entrypoints.smtp.address=:25"])
    assert not route_one(old, tcp_route(match))[0].match_problem


def test_missing_entry_points_name_the_spec() -> None:
    router, made = route_one(tcp_route("routes:\n- match: HostSNI(`*`)\n  services: []"))
    assert router.entries == ()
    assert made.cut(router.entries_at) == "spec"


@pytest.mark.parametrize(
    ("tls", "expected", "place"),
    [
        ("tls: {passthrough: true}", RouterTls.PASSTHROUGH, "true"),
        ("tls: {}", RouterTls.TERMINATES, "tls"),
        ("tls: {secretName: x}", RouterTls.TERMINATES, "tls"),
        ("tls: {passthrough: false}", RouterTls.TERMINATES, "tls"),
    ],
)
def test_tls_ends_here_or_passes(tls: str, expected: RouterTls, place: str) -> None:
    router, made = route_one(tcp_route(SMTP + tls))
    assert router.tls is expected
    assert made.cut(router.tls_at) == place


def test_tls_that_is_null_is_none() -> None:
    router, made = route_one(tcp_route(SMTP + "tls:"))
    assert (router.tls, made.cut(router.tls_at)) == (RouterTls.NONE, "tls")


def test_tls_that_is_missing_should_stand_in_the_spec() -> None:
    router, made = route_one(tcp_route(SMTP))
    assert (router.tls, made.cut(router.tls_at)) == (RouterTls.NONE, "spec")


@pytest.mark.parametrize(
    ("spec", "minimum", "unknown"),
    [
        ("{minVersion: VersionTLS10}", "1.0", ""),
        ("{minVersion: VersionTLS12}", "1.2", ""),
        ("{minVersion: TLSv1.2}", None, "TLSv1.2"),
        ("{}", None, ""),
    ],
)
def test_a_tls_option_is_a_policy(spec: str, minimum: str | None, unknown: str) -> None:
    routing, _ = route_all(traefik_object("TLSOption", "strict", spec))
    (policy,) = routing.tls_policies
    assert (policy.minimum.value if policy.minimum else None) == minimum
    assert policy.unknown_minimum == unknown


def test_suites_have_their_places() -> None:
    routing, made = route_all(
        traefik_object("TLSOption", "strict", "{cipherSuites: [TLS_RSA_WITH_RC4_128_SHA, []]}")
    )
    (suite,) = routing.tls_policies[0].suites
    assert made.cut(suite.at) == "TLS_RSA_WITH_RC4_128_SHA"


@pytest.mark.parametrize(
    ("service", "opaque"),
    [
        ("{name: pool, kind: TraefikService}", "TraefikService pool"),
        ("{name: mta@file, port: 25}", "TraefikService mta@file"),
        ("{name: far, port: 25}", "ExternalName mx.example.org"),
        ("{name: mta, port: 25}", ""),
    ],
)
def test_backends_that_cannot_be_followed_say_what_they_are(service: str, opaque: str) -> None:
    far = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: far, namespace: mail}\n"
        "spec: {type: ExternalName, externalName: mx.example.org}\n"
    )
    router, _ = route_one(tcp_route(f"routes:\n- match: HostSNI(`*`)\n  services: [{service}]"), far)
    assert router.backends[0].opaque == opaque


def test_services_of_other_namespaces_and_tls_to_them() -> None:
    router, _ = route_one(
        tcp_route(
            "routes:\n- match: HostSNI(`*`)\n"
            "  services: [{name: mta, namespace: other, port: smtp, tls: true, nativeLB: true}]"
        )
    )
    (backend,) = router.backends
    assert backend.service == ObjectRef("Service", "mta", "other")
    assert backend.port == "smtp"
    assert backend.dials_tls


@pytest.mark.parametrize(
    ("service", "dials"),
    [
        ("{name: web, port: 8080}", False),
        ("{name: web, port: 8443, scheme: https}", True),
        ("{name: web, port: 443}", True),
        ("{name: web, port: https}", True),
        ("{name: web, port: 443, scheme: http}", False),
    ],
)
def test_http_routes_send_forwarded_headers(service: str, dials: bool) -> None:
    router, made = route_one(
        http_route(
            "entryPoints: [websecure]\nroutes:\n- match: Host(`m.example`)\n"
            f"  kind: Rule\n  services: [{service}]"
        )
    )
    assert (router.protocol, router.host_names) == ("http", ("m.example",))
    (backend,) = router.backends
    assert backend.sends.value is Wire.XFF
    assert made.cut(backend.sends_at) == "web"
    assert backend.dials_tls is dials


@pytest.mark.parametrize(
    "spec",
    [
        "routes: nonsense",
        "routes: [1, [], {}]",
        "[]",
        "routes:\n- match: [1]\n  services: {a: b}",
        "entryPoints: {a: b}\nroutes: [{services: [1, null]}]",
    ],
)
def test_shapes_that_are_wrong_crash_nothing(spec: str) -> None:
    routing, _ = route_all(tcp_route(spec), http_route(spec))
    assert isinstance(routing.routers, list)


def test_routers_alone_can_be_asked_for() -> None:
    world = sample(tcp_route(SMTP)).world
    assert len(read_routers(world, read(world))) == 1
