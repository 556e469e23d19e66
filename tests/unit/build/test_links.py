"""Links inside the cluster: what is sent, who is let through, what is broken."""

from __future__ import annotations

import pytest

from truehop.model.addresses import AddressSet
from truehop.model.facts import Fact, Tri
from truehop.model.hops import HopGraph, Link, Networks, Rewrite, Wire

from .hand import graph_of, program, service, values_of

MTA = program("mta", "jeboehm/mailserver-mta:8.0.0")
SERVICE = service("mta", "[{name: smtp, port: 25}]", "ClusterIP")
ARGS = '["--entryPoints.smtp.address=:25", "--entryPoints.other.address=:26", --providers.kubernetescrd]'
EDGE = program("edge", "traefik:v3.6.12", "traefik", container=f", args: {ARGS}")


def route(rule: str = "match: HostSNI(`*`)", more: str = "", port: str = ", proxyProtocol: {version: 2}",
          group: str = "traefik.io") -> str:  # fmt: skip
    return f"""\
apiVersion: {group}/v1alpha1
kind: IngressRouteTCP
metadata: {{name: smtp, namespace: mail}}
spec:
  entryPoints: [smtp]
  routes:
    - {rule or "kind: Rule"}
      services: [{{name: mta, port: 25{port}}}]
{more}
"""


def links(graph: HopGraph) -> list[Link]:
    return [link for link in graph.links if link.router is not None]


def only(graph: HopGraph) -> Link:
    (link,) = links(graph)
    return link


def test_a_rule_is_a_link_from_its_entry_to_the_server() -> None:
    link = only(graph_of(EDGE, MTA, SERVICE, route()))
    assert (str(link.entry), str(link.to)) == ("Deployment traefik/edge :25", "Deployment mail/mta :25")
    assert (link.sends.value, link.source.value) == (Wire.V2, Rewrite.POD)
    assert link.broken is None


def test_an_edge_on_the_host_network_shows_its_nodes_address() -> None:
    edge = program("edge", "traefik:v3.6.12", "traefik", "      hostNetwork: true", f", args: {ARGS}")
    assert only(graph_of(edge, MTA, SERVICE, route())).source.value is Rewrite.HOST


def test_a_rule_without_an_edge_in_the_input_comes_from_a_proxy_that_is_assumed() -> None:
    link = only(graph_of(MTA, SERVICE, route()))
    assert link.entry is None
    assert str(link.sender) == "the proxy of crd routes"
    assert not link.source.is_proven


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (route(group="traefik.containo.us"), "is gone, so the route is not read"),
        (route(""), "the route is not served: it has no match"),
        (route("match: ''"), "the route is not served: it"),
        (route("match: Nonsense("), "the route is not served: "),
        (route("match: HostSNI(`mail.example.com`)"), "HostSNI of a name needs tls"),
        (route(port=", proxyProtocol: {version: 7}"), "PROXY version 7 is unknown"),
    ],
)
def test_a_rule_that_is_not_served_breaks_its_links(text: str, why: str) -> None:
    broken = only(graph_of(EDGE, MTA, SERVICE, text)).broken
    assert broken is not None
    assert why in broken.value


def test_a_tls_rule_makes_its_entry_wait_for_the_client_unless_it_is_not_served() -> None:
    waits = only(graph_of(EDGE, MTA, SERVICE, route(more="  tls: {passthrough: true}"))).awaits_client
    assert waits is not None
    assert "waits for TLS" in waits.value
    gone = route(group="traefik.containo.us", more="  tls: {passthrough: true}").replace(
        "name: smtp,", "name: x,"
    )
    assert links(graph_of(EDGE, MTA, SERVICE, route(), gone))[0].awaits_client is None
    elsewhere = (
        route(more="  tls: {passthrough: true}")
        .replace("name: smtp,", "name: x,")
        .replace("[smtp]", "[other]")
    )
    found = links(graph_of(EDGE, MTA, SERVICE, route(), elsewhere))
    assert [link.awaits_client is None for link in found] == [True, False]


def test_a_redirect_leads_nowhere() -> None:
    text = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: mail}
spec:
  entryPoints: [other]
  routes:
    - kind: Rule
      match: Host(`mail.example.com`)
      middlewares: [{name: https}]
      services: [{name: mta, port: 25}]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: https, namespace: mail}
spec: {redirectScheme: {scheme: https}}
"""
    graph = graph_of(EDGE, MTA, SERVICE, text)
    assert [router.is_redirect for router in graph.routers] == [True]
    assert links(graph) == []


# --- policies ----------------------------------------------------------------------------------


def policy(selector: str, direction: str, rules: str, namespace: str = "mail") -> str:
    return f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: x, namespace: {namespace}}}
spec:
  podSelector: {{matchLabels: {{app: {selector}}}}}
  policyTypes: [{direction}]
  {direction.lower()}: {rules}
"""


def test_a_policy_on_either_side_blocks_a_link() -> None:
    assert only(graph_of(EDGE, MTA, SERVICE, route())).admitted.value is Tri.YES
    closed = policy("mta", "Ingress", "[]")
    assert only(graph_of(EDGE, MTA, SERVICE, route(), closed)).admitted.value is Tri.NO
    kept = policy("edge", "Egress", "[]", "traefik")
    assert only(graph_of(EDGE, MTA, SERVICE, route(), kept)).admitted.value is Tri.NO


PODS: Fact[AddressSet | None] = Fact(AddressSet.parse("10.42.0.0/16"))
NODES: Fact[AddressSet | None] = Fact(AddressSet.parse("192.168.178.0/28"))


@pytest.mark.parametrize(
    ("block", "host", "networks", "admitted"),
    [
        ("192.168.178.0/28", False, Networks(), Tri.UNKNOWN),
        ("192.168.178.0/28", False, Networks(pods=PODS), Tri.NO),
        ("10.42.7.0/24", False, Networks(pods=PODS), Tri.UNKNOWN),
        ("192.168.178.0/28", True, Networks(pods=PODS, nodes=NODES), Tri.UNKNOWN),
        ("10.42.7.0/24", True, Networks(pods=PODS, nodes=NODES), Tri.UNKNOWN),
        ("192.0.2.0/24", True, Networks(nodes=NODES), Tri.UNKNOWN),
        ("192.0.2.0/24", True, Networks(pods=PODS, nodes=NODES), Tri.NO),
    ],
)
def test_a_block_means_whom_the_networks_put_there(
    block: str, host: bool, networks: Networks, admitted: Tri
) -> None:
    edge = program(
        "edge", "traefik:v3.6.12", "traefik", f"      hostNetwork: {str(host).lower()}", f", args: {ARGS}"
    )
    guard = policy("mta", "Ingress", f"[{{from: [{{ipBlock: {{cidr: {block}}}}}]}}]")
    assert only(graph_of(edge, MTA, SERVICE, route(), guard, networks=networks)).admitted.value is admitted


def test_the_pods_of_values_and_of_absent_workloads_are_not_judged_by_policies() -> None:
    values = values_of("ports: {smtp: {port: 2525, exposedPort: 25, expose: {default: true}}}")
    assert only(graph_of(MTA, SERVICE, route(), values=(values,))).admitted.value is Tri.UNKNOWN
    assert only(graph_of(EDGE, SERVICE, route())).admitted.value is Tri.UNKNOWN


# --- clients -----------------------------------------------------------------------------------


def client(address: str) -> str:
    container = f', env: [{{name: FETCHMAIL_SMTP_ADDRESS, value: "{address}"}}]'
    return program("fetchmail", "ghcr.io/jeboehm/fetchmailmgr:0.4.0", container=container)


def called(*texts: str) -> list[tuple[str, str]]:
    return [(str(link.to), link.public_name) for link in graph_of(MTA, *texts).links if link.is_client]


@pytest.mark.parametrize(
    "name", ["mta:25", "mta.mail:25", "mta.mail.svc:25", "mta.mail.svc.cluster.local.:25"]
)
def test_a_client_reaches_a_service_by_each_of_its_names(name: str) -> None:
    assert ("Deployment mail/mta :25", "") in called(SERVICE, client(name))


@pytest.mark.parametrize("name", ["mta:26", "mta.other:25", "other:25", "mta.mail.example.com:25"])
def test_a_client_of_another_host_reaches_nothing_here(name: str) -> None:
    assert called(SERVICE, client(name)) == []


def test_a_client_reaches_a_balancer_by_its_public_name() -> None:
    annotation = (
        "annotations: {external-dns.alpha.kubernetes.io/hostname: 'a.example.com., Mail.example.com'}"
    )
    public = service("public", "[{port: 25}, {port: 587}]").replace("{app: public}", "{app: mta}")
    public = public.replace("metadata: {name: public,", f"metadata: {{name: public, {annotation},")
    assert called(public, client("mail.example.com:25")) == [("Deployment mail/mta :25", "mail.example.com")]
    assert called(public, client("b.example.com:25")) == []
