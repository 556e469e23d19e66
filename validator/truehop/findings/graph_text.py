"""A hop graph as plain text: what ``truehop path -v`` prints, and what profiles are tested by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from truehop.model.facts import Basis, Location, Tri
from truehop.model.hops import (
    Door,
    Front,
    HeaderPolicy,
    HopGraph,
    Link,
    Listener,
    Route,
    Tls,
    TrustList,
    Wire,
)
from truehop.model.walk import FORGERS, Step, Walker, Walks

_MARKS = {Basis.STATED: "", Basis.DEFAULT: " by default", Basis.ASSUMED: " as assumed", Basis.UNKNOWN: ""}
_FIRST = "  "
_SECOND = "    "
_THIRD = "      "


def graph_lines(graph: HopGraph) -> Iterator[str]:
    """Hops with their listeners, doors with their fronts, links; one line each."""
    yield "hops"
    for hop in graph.hops:
        version = f" {hop.version.value}" if hop.version is not None and hop.version.is_known else ""
        host = ", on the host network" if hop.on_host_network else ""
        stops = f", does not start: {hop.starts.origin}" if hop.starts.value is Tri.NO else ""
        yield f"{_FIRST}{hop}: {hop.role.value}{_after(hop.profile)}{version}{host}{stops}"
        for listener in graph.listeners:
            if listener.hop is hop:
                yield from _listener(listener)
    yield "doors"
    for door in graph.doors:
        yield from _door(door)
    yield "links"
    doorways = {id(link) for door in graph.doors for link in door.links}
    for link in graph.links:
        if id(link) not in doorways:
            yield f"{_FIRST}{_link(link)}"


def walk_lines(graph: HopGraph, walks: Walks) -> Iterator[str]:
    """Routes with the result and the steps of every walk."""
    yield "routes"
    for route in graph.routes:
        yield f"{_FIRST}{route.door.kind.value} :{route.door.port} to {route.listener}"
        for walker in (Walker.HONEST, *FORGERS):
            yield from _walk(route, walker, walks)


def _walk(route: Route, walker: Walker, walks: Walks) -> Iterator[str]:
    walk = walks.of(route, walker)
    answer = walk.believes if walker is Walker.HONEST else walk.forges
    settles = f" (to settle this: {', '.join(walk.settles)})" if walk.settles else ""
    yield f"{_SECOND}{walker.value}: {answer.value}{settles}"
    if walker is Walker.HONEST or walk.forges is not Tri.NO:
        yield from (f"{_THIRD}{_step(step)}" for step in walk.steps)


def _step(step: Step) -> str:
    return f"{step.hop}: {step.does}{_place(step.at)}"


def _listener(listener: Listener) -> Iterator[str]:
    words = [_said(listener.serves), _tls(listener), *_header("PROXY", listener.proxy)]
    if listener.forwarded is not None:
        words.extend(_header("X-Forwarded-For", listener.forwarded))
    words.extend(f"{trust.use.value} for {_entries(trust)}" for trust in listener.own_networks)
    name = f" {listener.name}" if listener.name else ""
    yield f"{_SECOND}:{listener.port}{name}: {', '.join(word for word in words if word)}"
    admission = listener.admission
    if admission is not None:
        answers = {
            "internet": admission.internet,
            "pods": admission.pods,
            "namespace": admission.namespace,
            "nodes": admission.nodes,
        }
        found = ", ".join(f"{who} {_said(fact)}" for who, fact in answers.items())
        yield f"{_THIRD}policies admit {found}"


def _tls(listener: Listener) -> str:
    if listener.tls.value is Tls.UNKNOWN:
        return "TLS unknown"
    demands = (
        " demanded" if listener.demands_tls.value is Tri.YES and listener.tls.value is Tls.STARTTLS else ""
    )
    return f"{listener.tls.value.value}{demands}"


def _header(name: str, policy: HeaderPolicy) -> Iterator[str]:
    yield f"{name} {_said(policy.mode)}{_place(policy.at) if policy.is_on else ''}"
    if policy.is_off:
        return
    if policy.trusts is not None:
        yield f"from {_entries(policy.trusts)}, others {policy.untrusted.value}"
    stall = f" {policy.stall_seconds} s" if policy.absent == "stalls" and policy.stall_seconds else ""
    yield f"without one {policy.absent}{stall}"


def _entries(trust: TrustList) -> str:
    words = " ".join(entry.text for entry in trust.entries) or "nobody"
    return words if trust.is_complete is Tri.YES else f"{words} and more that is not in the input"


def _door(door: Door) -> Iterator[str]:
    policy = f", policy {_said(door.traffic_policy)}" if door.traffic_policy is not None else ""
    side = ", a side door" if door.is_side else ""
    port = f" :{door.port}" if door.port else ""  # a node port that the cluster chooses
    yield f"{_FIRST}{door.kind.value}{port} of {door.owner}{policy}{side}{_place(door.at)}"
    if door.front is not None:
        yield f"{_SECOND}{_front(door.front)}"
    for link in door.links:
        yield f"{_SECOND}{_link(link)}"


def _front(front: Front) -> str:
    words = [
        f"front {front.kind or 'of unknown make'}",
        "declared" if front.is_declared else "",
        f"sends {_said(front.sends)}",
        f"keeps the source: {_said(front.keeps_source)}",
        "" if front.is_public else "not for the internet",
    ]
    return ", ".join(word for word in words if word)


def _link(link: Link) -> str:
    sender = link.entry or link.sender or "the outside"
    sends = "no header" if link.sends.value is Wire.NONE and link.sends.is_known else _said(link.sends)
    words = [
        f"via {link.via}" if link.via else "",
        f"sends {sends}",
        f"source {_said(link.source)}",
        "a client" if link.is_client else "",
        "blocked by a policy" if link.admitted.value is Tri.NO else "",
        f"broken: {link.broken.value}" if link.broken is not None else "",
        f"mute: {link.awaits_client.value}" if link.awaits_client is not None else "",
        "the header is held back" if link.withholds.value is Tri.YES else "",
        f"wrong address: {link.corrupts.value}" if link.corrupts is not None else "",
    ]
    return f"{sender} -> {link.to}: {', '.join(word for word in words if word)}{_place(link.at)}"


class _Said(Protocol):
    """A fact of any type."""

    @property
    def value(self) -> object: ...
    @property
    def basis(self) -> Basis: ...
    @property
    def is_known(self) -> bool: ...
    @property
    def settles(self) -> str: ...


def _said(fact: _Said) -> str:
    """A fact's value, and how it is known unless it is written."""
    if not fact.is_known:
        return f"unknown ({fact.settles})" if fact.settles else "unknown"
    return f"{fact.value}{_MARKS[fact.basis]}"


def _after(profile: str) -> str:
    return f", {profile}" if profile else ""


def _place(at: Location | None) -> str:
    return f" ({at.path}:{at.line})" if at is not None and at.line else ""
