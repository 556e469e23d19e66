"""The ways in from outside."""

from __future__ import annotations

import pytest

from truehop.build import DeclaredFront
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact
from truehop.model.hops import DoorKind, Front, Networks, Rewrite, Wire

from .hand import doors_of, graph_of, program, service, values_of

MTA = program("mta", "jeboehm/mailserver-mta:8.0.0")
SMTP = "Deployment mail/mta :25"
SUBMISSION = "Deployment mail/mta :587"
PORTS = "[{name: smtp, port: 25}]"


def test_a_balancer_comes_with_its_node_port() -> None:
    graph = graph_of(
        MTA, service("mta", "[{name: smtp, port: 25, nodePort: 30025}, {name: submission, port: 587}]")
    )
    assert doors_of(graph) == [
        f"LoadBalancer 25 > {SMTP}",
        f"NodePort 30025 side > {SMTP}",
        f"LoadBalancer 587 > {SUBMISSION}",
        f"NodePort 0 side > {SUBMISSION}",
    ]


def test_a_balancer_without_node_ports_has_no_side_door() -> None:
    graph = graph_of(MTA, service("mta", PORTS, more="  allocateLoadBalancerNodePorts: false"))
    assert doors_of(graph) == [f"LoadBalancer 25 > {SMTP}"]


def test_a_service_inside_the_cluster_is_no_door() -> None:
    assert doors_of(graph_of(MTA, service("mta", PORTS, "ClusterIP"))) == []


def test_an_external_address_is_a_door_whatever_the_type() -> None:
    graph = graph_of(MTA, service("mta", PORTS, "ClusterIP", "  externalIPs: [198.51.100.7, 198.51.100.8]"))
    assert doors_of(graph) == [f"externalIP 25 > {SMTP}"] * 2


def test_a_port_that_leads_nowhere_is_no_door() -> None:
    graph = graph_of(MTA, service("mta", "[{name: other, port: 9000}, {name: smtp, port: 25}]", "NodePort"))
    assert doors_of(graph) == [f"NodePort 25 > {SMTP}"]
    assert doors_of(graph_of(MTA, service("mta", "[{name: other, port: 9000}]"))) == []


def test_a_node_port_stands_where_its_number_is_written() -> None:
    chosen = graph_of(MTA, service("mta", "[{name: smtp, port: 25, nodePort: 30025}]", "NodePort")).doors[0]
    given = graph_of(MTA, service("mta", PORTS, "NodePort")).doors[0]
    assert (chosen.port, chosen.at.pointer) == (30025, "1#/spec/ports/0/nodePort")
    assert (given.port, given.at.pointer) == (25, "1#/spec/ports/0/port")
    assert chosen.front is None


def test_what_is_declared_before_a_node_port_is_a_front_and_the_port_itself_a_side_door() -> None:
    front = DeclaredFront("mail/*", sends="v2", keeps_source=False, addresses=AddressSet.parse("192.0.2.1"))
    graph = graph_of(MTA, service("mta", PORTS, "NodePort"), fronts=(front,))
    assert doors_of(graph) == [f"NodePort 25 > {SMTP}", f"NodePort 0 side > {SMTP}"]
    found = graph.doors[0].front
    assert found is not None
    assert (found.is_declared, found.sends.value, found.hop.addresses.value) == (
        True,
        Wire.V2,
        front.addresses,
    )


# --- an outside proxy known by the list that trusts it ------------------------------------------


def trusting(hosts: str, *, networks: Networks | None = None, header: str = "true") -> Front:
    """The front of a Dovecot that trusts some hosts."""
    switch = f'{{name: MDA_UPSTREAM_PROXY, value: "{header}"}}'
    mda = program(
        "mda",
        "jeboehm/mailserver-mda:8.0.0",
        container=f', env: [{switch}, {{name: TRUSTED_PROXIES, value: "{hosts}"}}]',
    )
    ports = "[{name: imaps, port: 993, targetPort: 31993}]"
    door = service("mda", ports, more="  externalTrafficPolicy: Local")
    front = graph_of(mda, door, networks=networks).doors[0].front
    assert front is not None
    return front


def test_a_single_trusted_host_outside_the_cluster_is_a_declared_front() -> None:
    front = trusting("192.0.2.1")
    assert front.is_declared
    assert (front.sends.value, front.sends.basis) == (Wire.V2, Basis.ASSUMED)
    assert front.hop.addresses.value == AddressSet.parse("192.0.2.1")


@pytest.mark.parametrize("hosts", ["192.0.2.0/24", "192.0.2.1 192.0.2.2", "mail.example.com", ""])
def test_anything_but_a_single_host_declares_nothing(hosts: str) -> None:
    assert not trusting(hosts).is_declared


def test_a_trusted_host_inside_the_cluster_declares_nothing() -> None:
    pods: Fact[AddressSet | None] = Fact(AddressSet.parse("10.42.0.0/16"))
    assert not trusting("10.42.0.7", networks=Networks(pods=pods)).is_declared


def test_a_host_trusted_by_a_listener_that_reads_no_header_declares_nothing() -> None:
    assert not trusting("192.0.2.1", header="false").is_declared


BALANCERS = Networks(load_balancers=Fact(AddressSet.parse("198.51.100.0/28")))


@pytest.mark.parametrize("hosts", ["198.51.100.0/28", "198.51.100.1 198.51.100.2"])
def test_trusted_networks_that_are_declared_as_balancers_are_a_declared_front(hosts: str) -> None:
    front = trusting(hosts, networks=BALANCERS)
    assert (front.is_declared, front.sends.value, front.sends.basis) == (True, Wire.V2, Basis.ASSUMED)
    assert front.sends.origin == f"TRUSTED_PROXIES trusts {front.hop.addresses.value}"


@pytest.mark.parametrize("hosts", ["198.51.100.0/27", "198.51.100.1 192.0.2.1", ""])
def test_a_list_that_holds_others_too_tells_of_no_balancer(hosts: str) -> None:
    assert not trusting(hosts, networks=BALANCERS).is_declared


EDGE = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: edge, namespace: mail}
spec:
  selector: {matchLabels: {app: edge}}
  template:
    metadata: {labels: {app: edge}}
    spec:
      %s
      containers:
        - name: edge
          image: traefik:v3.6.14
          args: [--entrypoints.smtp.address=:25, --entrypoints.smtp.proxyprotocol.trustedips=198.51.100.1]
          ports: [{name: smtp, containerPort: 25%s}]
"""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            (EDGE % ("priority: 0", ""), service("edge", "[{port: 25, nodePort: 30025}]", "NodePort")),
            ["NodePort 25", "NodePort 30025 side"],
        ),
        (
            (
                EDGE % ("priority: 0", ""),
                service("edge", "[{port: 25}]", "ClusterIP", "  externalIPs: [192.0.2.7]"),
            ),
            ["externalIP 25", "externalIP 25 side"],
        ),
        ((EDGE % ("priority: 0", ", hostPort: 2525"),), ["hostPort 2525", "hostPort 2525 side"]),
        ((EDGE % ("hostNetwork: true", ""),), ["hostNetwork 25", "hostNetwork 25 side"]),
    ],
    ids=["NodePort", "externalIP", "hostPort", "hostNetwork"],
)
def test_an_outside_proxy_stands_before_any_door_whose_list_holds_balancers_alone(
    texts: tuple[str, ...], expected: list[str]
) -> None:
    graph = graph_of(*texts, networks=BALANCERS)
    assert doors_of(graph) == [f"{door} > DaemonSet mail/edge :25" for door in expected]
    front = graph.doors[0].front
    assert front is not None
    assert (front.is_declared, front.sends.value) == (True, Wire.V2)
    assert graph.doors[0].links[0].source.value in {Rewrite.BALANCER, Rewrite.NODE}
    assert [door.is_side for door in graph_of(*texts).doors] == [False]


# --- hosts -------------------------------------------------------------------------------------


def test_every_listener_of_a_pod_on_the_host_network_is_a_door() -> None:
    graph = graph_of(program("mta", "jeboehm/mailserver-mta:8.0.0", spec="      hostNetwork: true"))
    assert doors_of(graph) == [f"hostNetwork 25 > {SMTP}", f"hostNetwork 587 > {SUBMISSION}"]


def test_a_host_port_is_a_door_where_a_listener_takes_tcp() -> None:
    ports = (
        "{containerPort: 25, hostPort: 2525}, {containerPort: 587}, "
        "{containerPort: 9000, hostPort: 9000}, {containerPort: 587, hostPort: 587, protocol: UDP}"
    )
    text = program("mta", "jeboehm/mailserver-mta:8.0.0", container=f", ports: [{ports}]")
    graph = graph_of(text)
    assert doors_of(graph) == [f"hostPort 2525 > {SMTP}"]
    assert graph.doors[0].links[0].source.value is Rewrite.KEPT


# --- Services that only values describe ---------------------------------------------------------

ENTRIES = """\
ports:
  web: {expose: {default: false}}
  websecure: {expose: {default: false}}
  smtp: {port: 2525, exposedPort: 25, expose: {default: true}%s}
"""


def doors_of_values(service_values: str, port: str = "", **about: object) -> list[str]:
    values = values_of(f"{ENTRIES % port}service:\n  {service_values}\n")
    return doors_of(graph_of(values=(values,), **about))  # type: ignore[arg-type]


def test_the_charts_balancer_has_a_side_door_unless_it_is_told_not_to() -> None:
    assert doors_of_values("type: LoadBalancer") == [
        "LoadBalancer 25 > Traefik values values.yaml :2525",
        "NodePort 0 side > Traefik values values.yaml :2525",
    ]
    assert doors_of_values("spec: {allocateLoadBalancerNodePorts: false}") == [
        "LoadBalancer 25 > Traefik values values.yaml :2525"
    ]


def test_the_charts_node_port_is_a_door_of_its_own_number() -> None:
    door = "NodePort 30025 > Traefik values values.yaml :2525"
    assert doors_of_values("type: NodePort", ", nodePort: 30025") == [door]


def test_the_charts_node_port_behind_a_declared_front_is_a_side_door() -> None:
    front = DeclaredFront("*", sends="v2")
    assert doors_of_values("type: NodePort", ", nodePort: 30025", fronts=(front,)) == [
        "NodePort 25 > Traefik values values.yaml :2525",
        "NodePort 30025 side > Traefik values values.yaml :2525",
    ]


def test_the_charts_host_port_is_a_door_beside_a_service_inside_the_cluster() -> None:
    found = doors_of_values("type: ClusterIP", ", hostPort: 25")
    assert found == ["hostPort 25 > Traefik values values.yaml :2525"]


def test_the_chart_on_the_host_network_has_a_door_for_each_entry() -> None:
    values = values_of(f"{ENTRIES % ''}hostNetwork: true\nservice: {{enabled: true, type: ClusterIP}}\n")
    graph = graph_of(values=(values,))
    assert {door.kind for door in graph.doors} == {DoorKind.HOST_NETWORK}
    assert 2525 in {door.port for door in graph.doors}
    assert all(link.to.hop.on_host_network for door in graph.doors for link in door.links)


def test_an_internal_balancer_is_not_for_the_internet() -> None:
    annotation = 'annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: "true"}'
    text = service("mta", PORTS).replace("metadata: {name: mta,", f"metadata: {{name: mta, {annotation},")
    graph = graph_of(MTA, text)
    front = graph.doors[0].front
    assert front is not None
    assert not front.is_public
    assert graph.routes == []
