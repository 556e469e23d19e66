"""Routers that only redirect."""

from __future__ import annotations

import pytest

from .hand import http_route, route_one, traefik_object


def redirecting(middlewares: str, tls: str = "") -> str:
    return http_route(
        f"routes:\n- match: Host(`m.example`)\n  middlewares: [{middlewares}]\n"
        f"  services: [{{name: web, port: 80}}]\n{tls}"
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{redirectScheme: {scheme: https, permanent: true}}", True),
        ("{redirectScheme: {scheme: http}}", False),
        ("{redirectRegex: {regex: '^http://(.*)', replacement: 'https://${1}'}}", True),
        ("{redirectRegex: {regex: '^http://a/(.*)', replacement: 'https://${1}'}}", False),
        ("{redirectRegex: {regex: '^http://(.*)$', replacement: 'http://b/${1}'}}", False),
        ("{compress: {}}", False),
        ("{chain: {middlewares: [{name: m}]}}", False),
    ],
)
def test_a_router_is_a_redirect_if_all_of_it_goes_to_https(spec: str, expected: bool) -> None:
    router, _ = route_one(redirecting("{name: m}"), traefik_object("Middleware", "m", spec))
    assert router.is_redirect is expected


def test_chains_are_followed() -> None:
    router, _ = route_one(
        redirecting("{name: all}"),
        traefik_object("Middleware", "all", "{chain: {middlewares: [{name: other}, {name: go}]}}"),
        traefik_object("Middleware", "other", "{compress: {}}"),
        traefik_object("Middleware", "go", "{redirectScheme: {scheme: https}}"),
    )
    assert router.is_redirect


@pytest.mark.parametrize(("name", "expected"), [("redirect-to-https@file", True), ("compress@file", False)])
def test_a_middleware_outside_the_input_counts_by_its_name(name: str, expected: bool) -> None:
    assert route_one(redirecting(f"{{name: {name}}}"))[0].is_redirect is expected


def test_a_router_with_tls_is_no_redirect() -> None:
    router, _ = route_one(
        redirecting("{name: m}", "tls: {}"),
        traefik_object("Middleware", "m", "{redirectScheme: {scheme: https}}"),
    )
    assert not router.is_redirect
