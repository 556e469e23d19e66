"""Services as Kubernetes reads them."""

from __future__ import annotations

import json

import pytest

from truehop.kube.objects import World
from truehop.kube.services import Service
from truehop.model.facts import Basis

from .hand import cut, deployment, workload_of, world_of


def service(spec: object, *others: str, **more: object) -> tuple[Service, World]:
    about = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "mta"}, "spec": spec, **more}
    world = world_of(json.dumps(about), *others)
    return world.services[0], world


def test_a_bare_service_has_kubernetes_defaults() -> None:
    found, world = service({"ports": []})
    assert (found.type, found.selector, found.ports, found.ingress) == ("ClusterIP", None, [], [])
    assert (found.is_headless, found.external_name, found.publishes_not_ready) == (False, None, False)
    assert found.allocates_node_ports
    assert not found.load_balancer_class.exists
    assert (found.source_ranges, found.external_ips) == ([], [])
    assert str(found) == "Service mta"
    assert (found.name, found.namespace, found.ref) == ("mta", None, found.resource.ref)
    assert cut(world, found.name_location()) == "mta"


def test_a_missing_traffic_policy_is_cluster_at_the_key_of_the_spec() -> None:
    found, world = service({"ports": []})
    policy = found.external_traffic_policy
    assert (policy.value, policy.basis) == ("Cluster", Basis.DEFAULT)
    assert policy.at is not None
    assert cut(world, policy.at) == "spec"
    assert found.internal_traffic_policy.value == "Cluster"


def test_a_written_traffic_policy_stands_at_its_value() -> None:
    found, world = service({"externalTrafficPolicy": "Local", "internalTrafficPolicy": "Local"})
    assert found.external_traffic_policy.value == found.internal_traffic_policy.value == "Local"
    assert found.external_traffic_policy.at is not None
    assert cut(world, found.external_traffic_policy.at) == "Local"


def test_a_load_balancer_tells_its_addresses_and_class() -> None:
    found, _ = service(
        {
            "type": "LoadBalancer", "loadBalancerClass": "x/y", "loadBalancerSourceRanges": ["10.0.0.0/8",
             ""],
            "externalIPs": ["1.2.3.4"], "allocateLoadBalancerNodePorts": False,
             "publishNotReadyAddresses": True,
        },
        status={"loadBalancer": {"ingress": [{"ip": "1.1.1.1", "ipMode": "Proxy"},
        {"hostname": "lb.example"}]}},
    )  # fmt: skip
    assert found.load_balancer_class.string() == "x/y"
    assert [place.string() for place in found.source_ranges] == ["10.0.0.0/8"]
    assert [place.string() for place in found.external_ips] == ["1.2.3.4"]
    assert not found.allocates_node_ports
    assert found.publishes_not_ready
    assert [(entry.ip, entry.host_name, entry.ip_mode) for entry in found.ingress] == [
        ("1.1.1.1", "", "Proxy"), ("", "lb.example", ""),
    ]  # fmt: skip


def test_an_external_name_stands_for_another_name() -> None:
    assert service({"type": "ExternalName", "externalName": "mx.example"})[0].external_name == "mx.example"
    assert service({"externalName": "mx.example"})[0].external_name is None


PORTS = [
    {"name": "smtp", "port": 25, "targetPort": "smtp", "nodePort": 30025, "appProtocol": "x"},
    {"name": "imap", "port": 143}, {"port": 993, "targetPort": 1993, "protocol": "tcp"}, {"name": "bad"},
     "word",
]  # fmt: skip


def test_ports_are_those_with_a_number() -> None:
    found, _ = service({"ports": PORTS})
    assert [(port.name, port.port, port.target, port.node_port, port.protocol) for port in found.ports] == [
        ("smtp", 25, "smtp", 30025, "TCP"), ("imap", 143, None, None, "TCP"), ("", 993, 1993, None, "TCP"),
    ]  # fmt: skip
    assert found.ports[0].app_protocol == "x"


def test_a_port_is_found_by_name_or_number() -> None:
    found, _ = service({"ports": PORTS})
    assert found.find_port("imap") is found.ports[1]
    assert found.find_port("993") is found.ports[2]
    assert found.find_port("none") is None


def test_a_target_port_is_the_containers_own_number() -> None:
    found, world = service({"ports": PORTS}, deployment("mta", ports="[{name: smtp, containerPort: 2525}]"))
    mta = workload_of(world, "mta")
    assert [found.target_port(port, mta) for port in found.ports] == [2525, 143, 1993]


def test_a_service_selects_pods_of_its_own_namespace() -> None:
    found, world = service(
        {"selector": {"app": "mta"}},
        deployment("a", "app: mta"),
        deployment("b", "app: mta", "mail"),
        deployment("c"),
    )
    assert [workload.name for workload in found.pods(world)] == ["a"]


@pytest.mark.parametrize("spec", [{}, {"selector": {}}, {"selector": None}, {"selector": "word"}])
def test_a_service_without_a_selector_has_no_pods(spec: object) -> None:
    found, world = service(spec, deployment("mta"))
    assert found.pods(world) == []


def test_a_service_may_select_one_pod_of_a_stateful_set() -> None:
    stateful = deployment("mta").replace("Deployment", "StatefulSet")
    found, world = service(
        {"selector": {"statefulset.kubernetes.io/pod-name": "mta-0"}}, stateful, deployment("x")
    )
    assert [workload.kind for workload in found.pods(world)] == ["StatefulSet"]


@pytest.mark.parametrize(
    ("spec", "families"),
    [
        ({}, None), ({"ipFamilies": ["IPv4"]}, (4,)), ({"ipFamilies": ["IPv6", "IPv4"]}, (4, 6)),
        ({"ipFamilyPolicy": "RequireDualStack"}, (4, 6)), ({"ipFamilyPolicy": "PreferDualStack"}, None),
        ({"ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv4"]}, None),
        ({"clusterIP": "10.0.0.1"}, (4,)),
        ({"clusterIP": "fd00::1"}, (6,)),
        ({"clusterIPs": ["10.0.0.1", "fd00::1"], "clusterIP": "10.0.0.1"}, (4, 6)),
        ({"clusterIP": "None"}, None), ({"ipFamilies": ["odd"]}, None),
    ],
)  # fmt: skip
def test_address_families_are_known_where_the_input_tells_them(
    spec: object, families: tuple[int, ...] | None
) -> None:
    found = service(spec)[0].families
    assert found.value == families
    assert found.is_known is (families is not None)


def test_a_headless_service_is_told() -> None:
    assert service({"clusterIP": "None"})[0].is_headless
