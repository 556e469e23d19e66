"""Rules find their entries and the servers behind their Services."""

from __future__ import annotations

import pytest

from truehop.model.hops import HopGraph, Router

from .hand import graph_of, program, service

MTA = program("mta", "jeboehm/mailserver-mta:8.0.0")
PORTS = "[{name: smtp, port: 25}, {name: submission, port: 587}]"
SERVICE = service("mta", PORTS, "ClusterIP")


def edge(*flags: str, name: str = "edge") -> str:
    quoted = ", ".join(f'"{flag}"' for flag in ("--entryPoints.smtp.address=:25", *flags))
    return program(name, "traefik:v3.6.12", "traefik", container=f", args: [{quoted}]")


CRD = edge("--entryPoints.web.address=:80", "--providers.kubernetescrd")


def route(service_entry: str = "name: mta, port: 25", entries: str = "entryPoints: [smtp]") -> str:
    return f"""\
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {{name: in, namespace: mail}}
spec:
  {entries}
  routes:
    - match: HostSNI(`*`)
      services: [{{{service_entry}}}]
"""


def routers(*texts: str) -> list[Router]:
    return graph_of(*texts).routers


def ends(graph: HopGraph) -> list[str]:
    return [
        str(listener) for router in graph.routers for back in router.backends for listener in back.listeners
    ]


@pytest.mark.parametrize("port", ["port: 25", "port: smtp", "port: '25'"])
def test_a_port_is_found_by_number_and_by_name(port: str) -> None:
    assert ends(graph_of(CRD, MTA, SERVICE, route(f"name: mta, {port}"))) == ["Deployment mail/mta :25"]


def test_a_port_that_the_service_lacks_is_certain() -> None:
    (router,) = routers(CRD, MTA, SERVICE, route("name: mta, port: 26"))
    (backend,) = router.backends
    assert backend.dangling == "Service mail/mta has no port 26 (it has 25, 587)"
    (router,) = routers(CRD, MTA, service("mta", "[]", "ClusterIP"), route("name: mta, port: 26"))
    assert router.backends[0].dangling == "Service mail/mta has no port 26 (it has none)"


def test_a_service_outside_the_cluster_is_not_followed() -> None:
    external = service("mta", PORTS, "ExternalName", "  externalName: mail.example.com")
    for texts in ((CRD, route()), FILED):
        (router,) = routers(external, *texts)
        assert (router.backends[0].listeners, router.backends[0].dangling) == ((), "")


def test_a_rule_without_entries_lands_on_the_default_ones() -> None:
    (router,) = routers(CRD, MTA, SERVICE, route(entries="tls: null"))
    assert router.lands_by_default
    assert [listener.name for listener in router.listeners] == ["smtp", "web"]


def test_an_entry_that_the_edge_lacks_is_told_where_all_are_known() -> None:
    (router,) = routers(CRD, MTA, SERVICE, route(entries="entryPoints: [SMTP, imap]"))
    assert [fact.value for fact in router.unknown_entries] == ["imap"]
    assert [listener.name for listener in router.listeners] == ["smtp"]


def test_an_entry_may_be_in_configuration_that_the_input_lacks() -> None:
    container = (
        ', args: ["--providers.kubernetescrd", "--configFile=/etc/traefik/traefik.yaml"], '
        "volumeMounts: [{name: static, mountPath: /etc/traefik}]"
    )
    volume = "      volumes: [{name: static, configMap: {name: absent}}]"
    half = program("edge", "traefik:v3.6.12", "traefik", volume, container)
    (router,) = routers(half, MTA, SERVICE, route(entries="entryPoints: [imap]"))
    assert (router.unknown_entries, router.listeners) == ((), ())
    (router,) = routers(half, MTA, SERVICE, route(entries="tls: null"))
    assert (router.lands_by_default, router.listeners) == (True, ())


def test_a_rule_is_served_by_every_edge_with_its_provider() -> None:
    other = edge("--providers.kubernetesingress", name="other")
    found = routers(CRD, edge("--providers.kubernetescrd", name="twin"), other, MTA, SERVICE, route())
    assert [str(router.edge) for router in found] == ["Deployment traefik/edge", "Deployment traefik/twin"]


#: An edge with rules of its own, in a file.
FILED = (
    program(
        "filed",
        "traefik:v3.6.12",
        "traefik",
        "      volumes: [{name: routes, configMap: {name: routes}}]",
        ', args: ["--entryPoints.smtp.address=:25", "--providers.file.directory=/routes"], '
        "volumeMounts: [{name: routes, mountPath: /routes}]",
    ),
    """\
apiVersion: v1
kind: ConfigMap
metadata: {name: routes, namespace: traefik}
data:
  mail.yaml: |
    tcp:
      routers: {smtp: {entryPoints: [smtp], rule: HostSNI(`*`), service: mta}}
      services: {mta: {loadBalancer: {servers: [{address: "mta.mail.svc:25"}]}}}
""",
)


def test_a_rule_of_an_edges_own_is_its_alone() -> None:
    (router,) = routers(CRD, *FILED, MTA, SERVICE)
    assert str(router.edge) == "Deployment traefik/filed"
    assert [str(listener) for listener in router.backends[0].listeners] == ["Deployment mail/mta :25"]


def test_a_backend_without_port_is_the_only_one_of_its_service() -> None:
    ingress = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: mail}
spec:
  entryPoints: [web]
  routes: [{kind: Rule, match: Host(`a.example.com`), services: [{name: mta}]}]
"""
    one = service("mta", "[{name: smtp, port: 25}]", "ClusterIP")
    assert ends(graph_of(CRD, MTA, one, ingress)) == ["Deployment mail/mta :25"]
    (router,) = routers(CRD, MTA, SERVICE, ingress)
    assert [backend.listeners for backend in router.backends] == [()]
