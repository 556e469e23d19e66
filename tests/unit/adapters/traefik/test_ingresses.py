"""Ingress objects."""

from __future__ import annotations

import pytest

from truehop.model.hops import RouterTls, Wire

from .hand import route_all, route_one, traefik, traefik_object

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: webmail
  namespace: mail
  annotations:
    traefik.ingress.kubernetes.io/router.entrypoints: web, websecure
    traefik.ingress.kubernetes.io/router.tls: "true"
spec:
  rules:
  - host: m.example
    http:
      paths:
      - path: /
        backend: {service: {name: web, port: {number: 8080}}}
  defaultBackend: {service: {name: other, port: {name: http}}}
"""


def test_an_ingress_with_annotations_is_read() -> None:
    routing, made = route_all(INGRESS)
    first, second = routing.routers
    assert (first.provider, first.protocol, first.tls, first.host_names) == (
        "ingress",
        "http",
        RouterTls.TERMINATES,
        ("m.example",),
    )
    assert [(entry.value, made.cut(entry.at)) for entry in first.entries] == [
        ("web", "web"),
        ("websecure", "websecure"),
    ]
    assert made.cut(first.tls_at) == "true"
    assert first.match
    assert not first.match_problem
    assert (first.backends[0].service.name, first.backends[0].port) == ("web", "8080")
    assert (second.backends[0].service.name, second.backends[0].port) == ("other", "http")
    assert first.backends[0].sends.value is Wire.XFF


def plain_ingress(spec: str = "", annotations: str = "{}") -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
        f"metadata: {{name: webmail, namespace: mail, annotations: {annotations}}}\n"
        f"spec:\n  {spec}\n  tls: [{{secretName: x}}]\n"
        "  rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]\n"
    )


def ingress_class(name: str, controller: str) -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: IngressClass\n"
        f"metadata: {{name: {name}}}\nspec: {{controller: {controller}}}\n"
    )


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((plain_ingress("ingressClassName: traefik"),), 1),
        ((plain_ingress("ingressClassName: nginx"),), 0),
        ((plain_ingress(),), 0),
        (
            (
                plain_ingress("ingressClassName: public"),
                ingress_class("public", "traefik.io/ingress-controller"),
            ),
            1,
        ),
        ((plain_ingress("ingressClassName: traefik"), ingress_class("traefik", "example.org/other")), 0),
        ((plain_ingress(annotations="{kubernetes.io/ingress.class: traefik}"),), 1),
        ((plain_ingress(annotations="{kubernetes.io/ingress.class: nginx}"),), 0),
        ((plain_ingress(), traefik(["--providers.kubernetesingress", "--entrypoints.web.address=:80"])), 1),
        ((plain_ingress(), traefik(["--providers.kubernetescrd", "--entrypoints.web.address=:80"])), 0),
        ((plain_ingress("ingressClassName: traefik").replace("networking.k8s.io", "config.example.org"),), 0),
    ],
)
def test_an_ingress_is_traefiks_by_class_annotation_or_for_want_of_others(
    texts: tuple[str, ...], expected: int
) -> None:
    assert len(route_all(*texts)[0].routers) == expected


def test_a_tls_section_of_an_ingress_only_loads_certificates() -> None:
    router, made = route_one(plain_ingress("ingressClassName: traefik"))
    assert router.tls is RouterTls.NONE
    assert made.cut(router.entries_at) == "annotations"


def test_middlewares_of_an_ingress_may_redirect() -> None:
    annotations = "{traefik.ingress.kubernetes.io/router.middlewares: mail-go@kubernetescrd}"
    router, _ = route_one(
        plain_ingress(annotations=annotations),
        traefik_object("Middleware", "go", "{redirectScheme: {scheme: https}}"),
    )
    assert router.is_redirect
