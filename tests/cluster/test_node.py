"""The node is a Kubernetes: what the other tests take for granted."""

from __future__ import annotations

import pytest

from tests.cluster.api import Object
from tests.cluster.configuration import ADDRESSES, NODE, PODS
from tests.cluster.node import Node
from tests.cluster.samples import STAND_IN, claim, pod, service

CLIENTS = ("203.0.113.9", "2001:db8::9")


@pytest.fixture(scope="session", autouse=True)
def _stand_in(node: Node) -> None:
    node.load(STAND_IN)


def _service(node: Node, namespace: str, name: str) -> Object:
    return node.api.get(f"/api/v1/namespaces/{namespace}/services/{name}")


def test_node_is_ready_with_addresses_and_pod_networks_of_both_kinds(node: Node) -> None:
    found = node.api.get(f"/api/v1/nodes/{NODE}")
    conditions = {one["type"]: one["status"] for one in found["status"]["conditions"]}
    addresses = [one["address"] for one in found["status"]["addresses"] if one["type"] == "InternalIP"]
    assert conditions["Ready"] == "True"
    assert addresses == list(ADDRESSES)
    assert found["spec"]["podCIDRs"] == list(PODS)


def test_pod_runs_and_can_be_entered_and_read(node: Node, namespace: str) -> None:
    node.apply(namespace, pod("one"))
    (found,) = node.wait_for_pods(namespace)
    assert len(found["status"]["podIPs"]) == 2
    assert node.kubectl("exec", "-n", namespace, "one", "--", "hostname") == "one\n"
    assert node.kubectl("logs", "-n", namespace, "one") == ""


def test_service_leads_clients_on_the_node_to_the_pod(node: Node, namespace: str) -> None:
    node.apply(namespace, pod("one"), service("one"))
    node.wait_for_pods(namespace)
    for address in _service(node, namespace, "one")["spec"]["clusterIPs"]:
        reply = node.ask_from_node(address, 25, "hello\n")
        assert (reply.pod, reply.text.splitlines()[-1]) == ("one", "hello")


def test_service_leads_another_pod_to_the_pod_which_sees_that_pods_address(
    node: Node, namespace: str
) -> None:
    node.apply(namespace, pod("one"), pod("two"), service("one"))
    found = {one["metadata"]["name"]: one for one in node.wait_for_pods(namespace)}
    address = _service(node, namespace, "one")["spec"]["clusterIP"]
    script = f"echo | nc -w 5 {address} 25"
    said = node.kubectl("exec", "-n", namespace, "two", "--", "sh", "-c", script)
    assert node.reply(said).client == found["two"]["status"]["podIP"]


@pytest.mark.parametrize(("policy", "is_seen"), [("Local", True), ("Cluster", False)])
def test_outside_clients_address_reaches_the_pod_under_policy_local_only(
    policy: str, is_seen: bool, node: Node, namespace: str
) -> None:
    node.apply(namespace, pod("one"), service("one", type="NodePort", externalTrafficPolicy=policy))
    node.wait_for_pods(namespace)
    port = _service(node, namespace, "one")["spec"]["ports"][0]["nodePort"]
    for address, client in zip(ADDRESSES, CLIENTS, strict=True):
        seen = node.ask(address, port, source=client).client
        assert (seen == client) == is_seen, seen


def test_claim_gets_a_folder_that_grows_and_goes_with_it(node: Node, namespace: str) -> None:
    where = f"/api/v1/namespaces/{namespace}"
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    node.apply(namespace, claim("data", "1Gi"), pod("one", volumes=[volume]))
    node.wait_for_pods(namespace)
    node.kubectl(
        "patch", "pvc", "data", "-n", namespace, "-p", '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'
    )

    def has_grown() -> bool:
        found = node.api.get(f"{where}/persistentvolumeclaims/data")["status"]
        return bool(found["capacity"]["storage"] == "2Gi")

    node.space.wait_until(has_grown, "the claim has grown", seconds=10)
    volume_name = node.api.get(f"{where}/persistentvolumeclaims/data")["spec"]["volumeName"]
    folder = node.state / "volumes" / volume_name
    assert folder.is_dir()
    node.api.delete(f"{where}/pods/one")
    node.api.delete(f"{where}/persistentvolumeclaims/data")
    node.space.wait_until(lambda: not folder.exists(), "the folder is gone", seconds=20)
