"""The chart's NetworkPolicies at work: who reaches which port of the release is who truehop says it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.cluster import enforcer
from tests.cluster.api import Object
from tests.cluster.cast import QUIET, REACH
from tests.cluster.conftest import new_namespace
from tests.cluster.mail import RELEASE
from tests.cluster.node import Node
from tests.cluster.stage import Stage
from tests.unit.kube.hand import world_of
from truehop.kube.objects import World
from truehop.kube.policy import Peer
from truehop.kube.workloads import Workload
from truehop.model.facts import Tri, all_of

COMPONENT = "app.kubernetes.io/component"
#: Pods that are none of the release: one in its namespace, one in another.
INSIDE, OUTSIDE = "a stranger in the namespace", "a stranger elsewhere"


@dataclass(frozen=True)
class Door:
    """A port of a pod of the release, at one of its addresses."""

    component: str
    address: str
    port: int

    def __str__(self) -> str:
        """In words."""
        return f"{self.component} {self.port} at {self.address}"


@dataclass(frozen=True)
class Crowd:
    """Who asks, and at which doors."""

    node: Node
    #: The words before a command that has it run in the network of each asker.
    networks: Mapping[str, Sequence[str]]
    doors: Sequence[Door]

    def open_to(self, asker: str) -> set[Door]:
        """The doors at which an asker is let in."""
        return _ask(self.node, self.networks[asker], self.doors)


def _ask(node: Node, network: Sequence[str], doors: Sequence[Door]) -> set[Door]:
    orders = json.dumps([["", door.address, door.port, "TCP"] for door in doors])
    answers = json.loads(node.space.run(*network, *REACH, "ask", stdin=orders).stdout)
    return {door for door, is_open in zip(doors, answers, strict=True) if is_open}


def _running(node: Node, namespace: str) -> list[Object]:
    found = node.api.items(f"/api/v1/namespaces/{namespace}/pods")
    return [pod for pod in found if pod["status"]["phase"] == "Running"]


def _addresses(pod: Object) -> list[str]:
    return [one["ip"] for one in pod["status"]["podIPs"]]


def _doors(pods: Sequence[Object]) -> Iterator[Door]:
    for pod in pods:
        for container in pod["spec"]["containers"]:
            for port in container.get("ports", ()):
                if port.get("protocol", "TCP") == "TCP":
                    for address in _addresses(pod):
                        yield Door(pod["metadata"]["labels"][COMPONENT], address, port["containerPort"])


def _strangers(node: Node, *namespaces: str) -> Iterator[Sequence[str]]:
    node.load(QUIET)
    container = {"name": "main", "image": QUIET.name}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 0}
    labels = {"app": "stranger"}
    metadata = {"name": "stranger", "labels": labels}
    for namespace in namespaces:
        node.apply(namespace, {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    for namespace in namespaces:
        [pod] = node.wait_for_pods(namespace, "app=stranger")
        yield node.network_of(_addresses(pod)[0])
    enforcer.wait_for_pods(node, [(namespace, "stranger") for namespace in namespaces])


@pytest.fixture(scope="module")
def crowd(stage: Stage) -> Iterator[Crowd]:
    """All pods of the release and two strangers; doors are ports at which somebody listens."""
    node, namespace = stage.mail.node, stage.mail.namespace
    pods = [pod for pod in _running(node, namespace) if COMPONENT in pod["metadata"]["labels"]]
    networks = {pod["metadata"]["labels"][COMPONENT]: node.network_of(_addresses(pod)[0]) for pod in pods}
    with new_namespace(node) as elsewhere:
        inside, outside = _strangers(node, namespace, elsewhere)
        doors = sorted(_ask(node, (), list(_doors(pods))), key=str)  # the node itself is never kept out
        yield Crowd(node, {**networks, INSIDE: inside, OUTSIDE: outside}, doors)
    node.api.delete(f"/api/v1/namespaces/{namespace}/pods/stranger")


@pytest.fixture(scope="module")
def release(stage: Stage) -> World:
    """The release as truehop reads it."""
    return world_of(stage.manifest(), namespace=stage.mail.namespace)


def test_every_part_is_asked_at_its_doors(crowd: Crowd) -> None:
    parts = {"mta", "mda", "web", "filter", "database", "redis", "edge"}
    assert {door.component for door in crowd.doors} >= parts
    assert set(crowd.networks) >= {*parts, INSIDE, OUTSIDE}


def test_strangers_reach_nothing_but_what_is_everybodys(crowd: Crowd, release: World) -> None:
    for asker in (INSIDE, OUTSIDE):
        found = {str(door) for door in crowd.open_to(asker)}
        assert {one.split()[0] for one in found} == {"edge"}
        assert found == _predicted(crowd, release, asker)


def test_parts_reach_what_truehop_says(crowd: Crowd, release: World) -> None:
    parts = sorted(set(crowd.networks) - {INSIDE, OUTSIDE})
    with ThreadPoolExecutor(len(parts)) as pool:
        found = dict(zip(parts, pool.map(crowd.open_to, parts), strict=True))
    for asker in parts:
        # Its own pod is a part's own affair.
        open_doors = {str(door) for door in found[asker] if door.component != asker}
        assert open_doors == _predicted(crowd, release, asker), asker


def test_helms_outsider_passes_because_somebody_enforces(stage: Stage) -> None:
    said = stage.mail.test("mail-test-outsider")
    assert said.count("Succeeded") == 1


def _predicted(crowd: Crowd, world: World, asker: str) -> set[str]:
    return {
        str(door)
        for door in crowd.doors
        if door.component != asker and _is_let_in(world, asker, door) is Tri.YES
    }


def _is_let_in(world: World, asker: str, door: Door) -> Tri:
    target = _workload(world, door.component)
    if asker in {INSIDE, OUTSIDE}:
        namespace = target.namespace if asker == INSIDE else "elsewhere"
        return world.policies.admits(target, door.port, Peer(namespace, {"app": "stranger"})).value
    source = _workload(world, asker)
    return all_of(
        world.policies.admits(target, door.port, source).value,
        world.policies.admits_egress(source, target, door.port).value,
    )


def _workload(world: World, component: str) -> Workload:
    [found] = [one for one in world.workloads if one.name == f"{RELEASE}-{component}"]
    return found
