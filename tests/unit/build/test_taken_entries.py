"""Which rules an entry point asks."""

from __future__ import annotations

import pytest

from truehop.model.hops import HopGraph, Serves
from truehop.model.walk import Believes, walk_all

from .hand import graph_of, program, service

EDGE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  selector: {matchLabels: {app: traefik}}
  template:
    metadata: {labels: {app: traefik}}
    spec:
      containers:
        - name: traefik
          image: traefik:v3.6.12
          args:
            - --entryPoints.web.address=:80
            - --entryPoints.smtp.address=:25%s
            - --providers.kubernetescrd
            - --providers.kubernetesingress
          ports: [{containerPort: 80, hostPort: 80}, {containerPort: 25, hostPort: 25}]
"""
WEB = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: mail, annotations: {traefik.ingress.kubernetes.io/router.priority: "1"}}
spec:
  rules:
    - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
"""
ROUTE = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: smtp, namespace: mail}
spec:
  entryPoints: [smtp]
  routes: [{match: '%s', services: [{name: mta, port: 25}]}]
"""
SERVERS = (
    program("mta", "jeboehm/mailserver-mta:8.0.0"),
    program("web", "jeboehm/mailserver-web:8.0.0"),
    service("mta", "[{name: smtp, port: 25}]", "ClusterIP"),
    service("web", "[{name: http, port: 80, targetPort: 8080}]", "ClusterIP"),
)


def ways(graph: HopGraph) -> set[tuple[int, str]]:
    return {(route.door.port, route.listener.hop.name) for route in graph.routes}


def test_a_rule_for_http_without_entry_points_is_not_asked_where_a_tcp_rule_takes_all() -> None:
    graph = graph_of(EDGE % "", WEB, ROUTE % "HostSNI(`*`)", *SERVERS)
    assert ways(graph) == {(80, "Deployment mail/web"), (25, "Deployment mail/mta")}


@pytest.mark.parametrize(
    "match", ["ClientIP(`10.0.0.0/8`)", "!HostSNI(`*`)", "HostSNI(`*`) && ClientIP(`::1`)"]
)
def test_a_tcp_rule_that_is_choosy_leaves_the_others_to_http(match: str) -> None:
    graph = graph_of(EDGE % "", WEB, ROUTE % match, *SERVERS)
    assert (25, "Deployment mail/web") in ways(graph)


def test_an_entry_with_tls_of_its_own_serves_https_beside_a_tcp_rule() -> None:
    tls = "\n            - --entryPoints.smtp.http.tls=true"
    graph = graph_of(EDGE % tls, WEB, ROUTE % "HostSNI(`*`)", *SERVERS)
    assert (25, "Deployment mail/web") in ways(graph)


def test_an_entry_with_tls_of_its_own_waits_for_a_clients_first_word() -> None:
    tls = "\n            - --entryPoints.smtp.http.tls=true"
    graph = graph_of(EDGE % tls, WEB, ROUTE % "HostSNI(`*`)", *SERVERS)
    mail = next(route for route in graph.routes if route.listener.serves.value is Serves.SMTP)
    walk = walk_all(graph).of(mail)
    assert walk.believes is Believes.REFUSED
    assert "waits for TLS" in walk.steps[-1].does
