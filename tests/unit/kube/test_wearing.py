"""The index that finds a Service's pods says what a search through all workloads says."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from truehop.kube.selectors import match_labels
from truehop.model.facts import Tri

from .hand import world_of

KEYS = ("app", "tier", "job-name", "pod-template-hash")
LABELS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(("a", "b", "a-1")), max_size=3)
NAMESPACES = st.sampled_from((None, "mail"))
PODS = st.tuples(
    st.sampled_from((("apps/v1", "Deployment"), ("batch/v1", "Job"), ("apps/v1", "DaemonSet"))),
    NAMESPACES,
    LABELS,
)


def workload(number: int, pod: tuple[tuple[str, str], str | None, dict[str, str]]) -> str:
    (api, kind), namespace, labels = pod
    metadata = {"name": f"a-{number}", **({"namespace": namespace} if namespace else {})}
    template = {"metadata": {"labels": labels}, "spec": {"containers": []}}
    return json.dumps({"apiVersion": api, "kind": kind, "metadata": metadata, "spec": {"template": template}})


@given(st.lists(PODS, max_size=6), NAMESPACES, LABELS.filter(bool))
def test_the_pods_of_a_service_are_those_that_a_search_finds(
    pods: list[tuple[tuple[str, str], str | None, dict[str, str]]],
    namespace: str | None,
    wanted: dict[str, str],
) -> None:
    metadata = {"name": "mta", **({"namespace": namespace} if namespace else {})}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": wanted}}
    world = world_of(json.dumps(service), *(workload(number, pod) for number, pod in enumerate(pods)))
    searched = [
        one
        for one in world.workloads
        if one.namespace == namespace and match_labels(wanted, one.labels) is not Tri.NO
    ]
    assert world.services[0].pods(world) == searched
