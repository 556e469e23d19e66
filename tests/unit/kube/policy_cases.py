"""The table of cases on NetworkPolicies (policy_table.yaml), for each judge that is held against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from truehop.model.facts import Tri

TABLE = Path(__file__).with_name("policy_table.yaml")
ANSWERS: Mapping[object, Tri] = {True: Tri.YES, False: Tri.NO, "depends": Tri.UNKNOWN}
NAMESPACE = "mail"
#: The one that is no pod and no address: whatever runs on the pods' own node, and is none.
NODE = "node"

Json = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """Whether a source may connect to a port of a target."""

    source: str
    target: str
    port: int
    protocol: str
    answer: Tri

    @classmethod
    def read(cls, text: str, answer: object) -> Question:
        """From the table's words."""
        source, _, called = text.partition(" > ")
        target, _, port = called.partition(" ")
        number, _, protocol = port.partition("/")
        return cls(source, target, int(number), protocol or "TCP", ANSWERS[answer])

    def __str__(self) -> str:
        """In the table's words."""
        return f"{self.source} > {self.target} {self.port}/{self.protocol}"


@dataclass(frozen=True)
class Case:
    """Policies, and who may connect to whom under them."""

    name: str
    policies: Sequence[Json]
    questions: Sequence[Question]

    def objects(self) -> list[Json]:
        """The policies as objects."""
        return [_policy(number, dict(told)) for number, told in enumerate(self.policies)]


def is_pod(party: str) -> bool:
    """Whether a source or target is a pod; the others are addresses of the world outside, and the node."""
    return "/" in party


@cache
def cases() -> list[Case]:
    """All of them."""
    return [
        Case(
            told["case"],
            told["policies"],
            [Question.read(text, is_so) for text, is_so in told["asks"].items()],
        )
        for told in _table()["cases"]
    ]


def namespaces() -> list[Json]:
    """The namespaces as objects."""
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for name, labels in _table()["namespaces"].items()
    ]


def pods(image: str) -> list[Json]:
    """The pods as objects."""
    return [_pod(name, told, image) for name, told in _table()["pods"].items()]


@cache
def _table() -> Json:
    found = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _policy(number: int, spec: Json) -> Json:
    namespace = spec.pop("in", NAMESPACE)
    metadata = {"name": f"policy-{number}", "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _pod(place: str, told: Json, image: str) -> Json:
    namespace, _, name = place.partition("/")
    container = {"name": "main", "image": image, "ports": list(_ports(told.get("ports", {})))}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 0}
    if told.get("host"):
        spec["hostNetwork"] = True
    metadata = {"name": name, "namespace": namespace, "labels": told["labels"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _ports(named: Mapping[str, object]) -> Iterator[Json]:
    for name, told in named.items():
        number, _, protocol = str(told).partition("/")
        yield {"name": name, "containerPort": int(number), "protocol": protocol or "TCP"}
