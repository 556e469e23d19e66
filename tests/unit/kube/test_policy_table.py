"""truehop's judgement of NetworkPolicies against the table of Kubernetes' own."""

from __future__ import annotations

import json

import pytest

from truehop.kube.objects import World
from truehop.kube.policy import Peer
from truehop.kube.workloads import Workload
from truehop.model.addresses import AddressSet
from truehop.model.facts import Tri, all_of

from .hand import world_of
from .policy_cases import NODE, Case, Question, cases, is_pod, namespaces, pods

#: Where pods have their addresses.
PODS = AddressSet.parse("10.42.0.0/16", "fd42::/56")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_who_may_connect_is_what_kubernetes_says(case: Case) -> None:
    world = world_of(*map(json.dumps, [*namespaces(), *pods("x"), *case.objects()]))
    found = {str(question): _may_connect(world, question) for question in case.questions}
    assert found == {str(question): question.answer for question in case.questions}


def test_each_case_has_a_name_of_its_own_and_questions() -> None:
    names = [case.name for case in cases()]
    assert sorted(set(names)) == sorted(names)
    assert all(case.questions for case in cases())


def _may_connect(world: World, question: Question) -> Tri:
    """Both sides have to agree; what is no pod has no policies."""
    verdicts = []
    port, protocol = question.port, question.protocol
    if is_pod(question.target):
        target = _pod(world, question.target)
        if question.source == NODE:
            return world.policies.admission(target, port, []).nodes.value
        verdicts.append(world.policies.admits(target, port, _peer(world, question.source), protocol).value)
    if is_pod(question.source):
        source = _pod(world, question.source)
        peer = _peer(world, question.target)
        verdicts.append(world.policies.admits_egress(source, peer, port, protocol).value)
    return all_of(*verdicts)


def _peer(world: World, party: str) -> Peer:
    if is_pod(party):
        return Peer.of(_pod(world, party), PODS)
    return Peer(is_outside=True, addresses=AddressSet.parse(party))


def _pod(world: World, place: str) -> Workload:
    [found] = [one for one in world.workloads if f"{one.namespace}/{one.name}" == place]
    return found
