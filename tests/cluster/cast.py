"""The pods and the world of the table of policies, on the node: who reaches whom there."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import enforcer
from tests.cluster.images import Image
from tests.cluster.node import OUTSIDE, Node
from tests.unit.kube import policy_cases
from tests.unit.kube.policy_cases import NODE, Question, is_pod
from truehop.model.facts import Tri

#: What the pods run: nothing. Who listens in their networks is started from outside of them.
QUIET = Image("registry.example.com/quiet:1.0.0")
REACH = (sys.executable, "-I", str(Path(__file__).with_name("reach.py")))
#: What this kernel, and that of many machines, has no sockets for.
UNHEARD = {"SCTP"}


@dataclass(frozen=True)
class Cast:
    """Everybody who is in the table's questions."""

    node: Node
    #: The addresses of each pod, and the words before a command that has it run in a party's network.
    addresses: Mapping[str, Sequence[str]]
    networks: Mapping[str, Sequence[str]]

    def answers(self, questions: Iterable[Question]) -> dict[str, bool]:
        """Who connects, over every kind of address that both have."""
        by_source: dict[str, list[tuple[str, str, str, int, str]]] = {}
        for one in questions:
            for address in self.addresses.get(one.target, [one.target]):
                source = "" if is_pod(one.source) or one.source == NODE else one.source
                if not source or (":" in source) == (":" in address):
                    order = (f"{one} at {address}", source, address, one.port, one.protocol)
                    by_source.setdefault(one.source, []).append(order)
        with ThreadPoolExecutor(len(by_source)) as pool:
            found = pool.map(lambda source: self._ask(source, by_source[source]), by_source)
            return {told: is_so for answers in found for told, is_so in answers.items()}

    def _ask(self, source: str, orders: Sequence[tuple[str, str, str, int, str]]) -> dict[str, bool]:
        asked = json.dumps([order[1:] for order in orders])
        words = (*self.networks.get(source, OUTSIDE), *REACH, "ask")
        answers = json.loads(self.node.space.run(*words, stdin=asked).stdout)
        return {order[0]: bool(is_so) for order, is_so in zip(orders, answers, strict=True)}


def settled(questions: Iterable[Question]) -> list[Question]:
    """Those that Kubernetes answers, and that can be asked here."""
    return [one for one in questions if one.answer is not Tri.UNKNOWN and one.protocol not in UNHEARD]


def expected(cast: Cast, questions: Iterable[Question]) -> dict[str, bool]:
    """What the table says of each kind of address."""
    return {
        f"{one} at {address}": one.answer is Tri.YES
        for one in questions
        for address in cast.addresses.get(one.target, [one.target])
        if is_pod(one.source) or one.source == NODE or (":" in one.source) == (":" in address)
    }


@contextmanager
def assembled(node: Node) -> Iterator[Cast]:
    """The table's namespaces and pods, each of which answers at all of the table's ports."""
    asked = [question for case in policy_cases.cases() for question in settled(case.questions)]
    ports = sorted({question.port for question in asked})
    strangers = sorted(
        {party for one in asked for party in (one.source, one.target) if not is_pod(party)} - {NODE}
    )
    node.load(QUIET)
    for made in policy_cases.namespaces():
        node.api.create("/api/v1/namespaces", made)
    try:
        yield _cast(node, ports, strangers)
    finally:
        for made in policy_cases.namespaces():
            node.api.delete(f"/api/v1/namespaces/{made['metadata']['name']}")


def _cast(node: Node, ports: Sequence[int], strangers: Sequence[str]) -> Cast:
    addresses: dict[str, Sequence[str]] = {}
    networks: dict[str, Sequence[str]] = {NODE: ()}
    for made in policy_cases.pods(QUIET.name):
        namespace = made["metadata"]["namespace"]
        # No pod is admitted before its account exists.
        account = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
        node.space.wait_until(
            functools.partial(_is_there, node, account), f"the account of {namespace} exists"
        )
        node.apply(namespace, made)
    for namespace in {made["metadata"]["namespace"] for made in policy_cases.pods("")}:
        for pod in node.wait_for_pods(namespace):
            name = f"{namespace}/{pod['metadata']['name']}"
            if pod["spec"].get("hostNetwork"):
                networks[name] = ()
                continue
            addresses[name] = [one["ip"] for one in pod["status"]["podIPs"]]
            networks[name] = node.network_of(addresses[name][0])
            _listen(node, name.replace("/", "-"), networks[name], addresses[name], ports)
    for stranger in strangers:
        width = "128" if ":" in stranger else "32"
        known = ["ip", "addr", "replace", f"{stranger}/{width}", "dev", "lo"]
        node.space.run(*OUTSIDE, *known, *(["nodad"] if ":" in stranger else []))
    _listen(node, "strangers", OUTSIDE, strangers, ports)
    enforcer.wait_for_pods(node, [_parts(name) for name in addresses])
    return Cast(node, addresses, networks)


def _is_there(node: Node, where: str) -> bool:
    return node.api.find(where) is not None


def _parts(place: str) -> tuple[str, str]:
    namespace, _, name = place.partition("/")
    return namespace, name


def _listen(
    node: Node, name: str, network: Sequence[str], addresses: Sequence[str], ports: Sequence[int]
) -> None:
    words = (*network, *REACH, "listen", ",".join(addresses), ",".join(map(str, ports)))
    program = node.space.start(f"listen-{name}", *words)
    node.space.wait_until(lambda: "ready" in program.log.read_text(), f"{name} listens")
