"""Readings of all adapters become one graph."""

from __future__ import annotations

from truehop.build import ConfigFile
from truehop.model.facts import Tri
from truehop.model.hops import HopGraph
from truehop.source.tree import SourceFile
from truehop.source.yaml import text_document

from .hand import doors_of, graph_of, program, service, values_of

MTA = program("mta", "jeboehm/mailserver-mta:8.0.0")
SERVICE = service("mta", "[{name: smtp, port: 25}]", "ClusterIP")
VALUES = "ports: {smtp: {port: 2525, exposedPort: 25, expose: {default: true}}}\n"
EDGE = program("edge", "traefik:v3.6.12", "traefik", container=', args: ["--entryPoints.smtp.address=:2525"]')


def names(graph: HopGraph) -> list[str]:
    return [str(hop) for hop in graph.hops]


def test_values_of_the_proxys_chart_are_an_edge_with_doors() -> None:
    graph = graph_of(values=(values_of(VALUES),))
    assert names(graph) == ["Traefik values values.yaml"]
    assert "LoadBalancer 25 > Traefik values values.yaml :2525" in doors_of(graph)


def test_values_that_look_like_the_charts_are_read_without_its_name() -> None:
    assert names(graph_of(values=(values_of(VALUES, chart=""),))) == ["Traefik values values.yaml"]
    assert names(graph_of(values=(values_of("replicas: 1\n", chart="mail"),))) == []


def test_beside_the_rendered_proxy_its_values_have_no_doors() -> None:
    graph = graph_of(EDGE, values=(values_of(VALUES),))
    assert names(graph) == ["Deployment traefik/edge", "Traefik values values.yaml"]
    assert graph.doors == []


def test_values_inside_an_object_are_named_after_it() -> None:
    release = f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: edge, namespace: flux}}
spec:
  targetNamespace: traefik
  chart: {{spec: {{chart: traefik, version: 39.0.7}}}}
  values:
    {VALUES}"""
    assert names(graph_of(release)) == ["HelmRelease flux/edge"]


def test_a_static_configuration_of_its_own_is_an_edge_and_no_values() -> None:
    static = values_of("entryPoints: {smtp: {address: ':25'}}\n", chart="", name="traefik.yaml")
    (listener,) = graph_of(values=(static,)).listeners
    assert (listener.port, listener.name) == (25, "smtp")


def test_values_of_a_chart_that_cannot_be_read_are_left_out() -> None:
    assert graph_of(values=(values_of("[1, 2]\n"),)).hops == []


def test_a_configuration_file_is_a_program() -> None:
    source = SourceFile("main.cf", "mynetworks = 10.42.0.0/16\n")
    text = text_document(source).cursor().text
    assert text is not None
    graph = graph_of(files=(ConfigFile("main.cf", text),))
    assert [str(trust.addresses) for trust in graph.trust_lists] == ["10.42.0.0/16"]


def test_a_listener_is_one_object_wherever_the_graph_names_it() -> None:
    route = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: smtp, namespace: mail}
spec:
  entryPoints: [smtp]
  routes: [{match: HostSNI(`*`), services: [{name: mta, port: 25, proxyProtocol: {version: 2}}]}]
"""
    edge_service = service("edge", "[{port: 25, targetPort: 2525}]").replace(
        "namespace: mail", "namespace: traefik"
    )
    edge = EDGE.replace('2525"', '2525", --providers.kubernetescrd')
    graph = graph_of(edge, edge_service, MTA, SERVICE, route)
    known = {id(listener) for listener in graph.listeners}
    used = [link.to for link in graph.links] + [link.entry for link in graph.links if link.entry]
    used += [link.to for door in graph.doors for link in door.links]
    used += [listener for router in graph.routers for listener in router.listeners]
    used += [listener for use in graph.address_uses for listener in use.listeners]
    assert {id(listener) for listener in used} <= known
    assert len(graph.routes) == 1


def test_the_senders_own_pods_are_no_strangers_to_a_listener() -> None:
    policy = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: mta, namespace: mail}
spec:
  podSelector: {matchLabels: {app: mta}}
  ingress:
    - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: edge}}}]
"""
    route = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: smtp, namespace: mail}
spec:
  entryPoints: [smtp]
  routes: [{match: HostSNI(`*`), services: [{name: mta, port: 25}]}]
"""
    (before,) = [
        one for one in graph_of(EDGE, MTA, SERVICE, policy).listeners if str(one).endswith("mta :25")
    ]
    (after,) = [
        one for one in graph_of(EDGE, MTA, SERVICE, policy, route).listeners if str(one).endswith("mta :25")
    ]
    assert before.admission is not None
    assert after.admission is not None
    assert before.admission.pods.value is Tri.YES
    assert after.admission.pods.value is Tri.NO


def test_published_ranges_are_known_networks() -> None:
    assert "cdn:cloudflare" in graph_of().networks.other


def test_a_list_is_told_once_however_many_read_it() -> None:
    container = (
        ", env: [{name: TRUSTED_PROXIES, value: 10.0.0.0/8}, {name: MDA_UPSTREAM_PROXY, value: 'true'}]"
    )
    graph = graph_of(program("mda", "jeboehm/mailserver-mda:8.0.0", container=container))
    assert len([trust for trust in graph.trust_lists if trust.name == "TRUSTED_PROXIES"]) == 1


def test_an_old_api_is_told_at_each_object_once() -> None:
    route = """\
apiVersion: traefik.containo.us/v1alpha1
kind: IngressRouteTCP
metadata: {name: smtp, namespace: mail}
spec:
  entryPoints: [smtp]
  routes:
    - {match: HostSNI(`*`), services: [{name: mta, port: 25}]}
    - {match: HostSNI(`*`), services: [{name: mta, port: 587}]}
"""
    assert len(graph_of(EDGE, MTA, SERVICE, route).api_uses) == 1


def test_an_entry_that_something_else_fills_in_is_a_gap() -> None:
    env = "{name: TRUSTED_PROXIES, value: '${POD_CIDR}'}, {name: MDA_UPSTREAM_PROXY, value: 'true'}"
    graph = graph_of(program("mda", "jeboehm/mailserver-mda:8.0.0", container=f", env: [{env}]"))
    assert [(gap.name, gap.wants) for gap in graph.gaps] == [("TRUSTED_PROXIES", "the value of ${POD_CIDR}")]
