"""Questions that several rules put to the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from truehop.model.addresses import AddressSet
from truehop.model.claims import weakest
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import HopGraph, Link, Listener, Rewrite, Role, TrustList, Untrusted
from truehop.model.walk import Believes, Walks
from truehop.rules.base import WARNING, Confidence, Report, Severity
from truehop.rules.index import Index

LOOPBACK = AddressSet.parse("127.0.0.0/8", "::1/128")
_CERTAINTY = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}
_WEIGHT = {None: 2, Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0}


def is_live(trust: TrustList) -> bool:
    """Whether the list may decide anything: the feature it guards is not known to be off."""
    return trust.is_active is not Tri.NO


def told(trust: TrustList) -> str:
    """A trust list in words: its name and whose it is."""
    return f"{trust.name} of {trust.hop}" if trust.hop else trust.name


class _Said(Protocol):
    """A fact of any type."""

    @property
    def is_proven(self) -> bool:
        """Whether it is stated or a documented default."""


def softened(*facts: _Said) -> Severity | None:
    """Warning where one of the facts is an assumption, else the rule's own severity."""
    return None if all(fact.is_proven for fact in facts) else WARNING


def is_heard(index: Index, walks: Walks, link: Link) -> bool:
    """Whether every route over this link still ends with the client's address.

    A hop that reads no header may pass it on as payload to one that does.
    """
    routes = index.routes_over(link)
    return bool(routes) and all(walks.of(route).believes is Believes.CLIENT for route in routes)


def greets_first(index: Index, link: Link) -> bool:
    """Whether a server that speaks first stands at the end of this link or of a route over it.

    A client inside the cluster takes the rest of the way that the routes through its listener take.
    """
    routes = index.routes_through([link.to]) if link.is_client else index.routes_over(link)
    ends = [link.to, *(route.listener for route in routes)]
    return any(end.serves.is_known and end.serves.value.is_server_first for end in ends)


def believes_anyone(listener: Listener) -> bool:
    """Whether the listener reads PROXY headers and has no list of those who may send them."""
    policy = listener.proxy
    return policy.is_on and policy.trusts is None and policy.untrusted is Untrusted.BELIEVED


def shown_source(graph: HopGraph, link: Link) -> Fact[AddressSet | None]:
    """The addresses that the listener sees as this link's source, as far as they are known.

    A pod that talks to a ClusterIP keeps its address: a promise of Kubernetes, no guess.
    """
    source, sender, networks = link.source, link.sender, graph.networks
    unknown: Fact[AddressSet | None] = Fact(None, basis=Basis.UNKNOWN, settles=networks.pods.settles)
    own = sender.addresses if sender is not None else unknown
    is_inside = sender is not None and sender.role is not Role.FRONT
    place: dict[Rewrite, tuple[Fact[AddressSet | None], ...]] = {
        Rewrite.POD: (own, networks.pods) if is_inside else (networks.pods,),
        Rewrite.NODE: (networks.nodes,),
        Rewrite.HOST: (own, networks.nodes),
        Rewrite.BALANCER: (own, networks.load_balancers),
        Rewrite.KEPT: (own,),
    }
    for fact in place[source.value] if source.is_known else ():
        if fact.is_known and fact.value is not None:
            basis = fact.basis if is_inside else weakest(fact.basis, source.basis)
            return replace(fact, value=link.part_shown(fact.value), basis=basis)
    return unknown


def sender_place(link: Link) -> Location:
    """Where the sender's header is set or would be; the receiver's switch for a sender outside the input."""
    is_inside = link.sender is not None and link.sender.role is not Role.FRONT
    setting = link.at if is_inside else link.sends.at
    return setting or link.to.proxy.at or link.at or link.to.at


def here(listener: Listener) -> tuple[Location, str]:
    """A related place: the listener."""
    return listener.at, f"{listener} is concerned"


def merged(reports: Iterable[Report]) -> Iterator[Report]:
    """One report per place: the gravest, with the related places and routes of all, and how many more."""
    places: dict[Location, list[Report]] = {}
    for report in reports:
        places.setdefault(report.at, []).append(report)
    for at, found in places.items():
        gravest = max(found, key=lambda report: _WEIGHT[report.severity])
        more = len({report.message for report in found}) - 1
        related = dict.fromkeys(place for report in found for place in report.related if place[0] != at)
        routes = {id(route): route for report in found for route in report.routes}
        yield replace(
            gravest,
            message=f"{gravest.message} (and {more} more)" if more else gravest.message,
            related=tuple(related),
            routes=tuple(routes.values()),
            confidence=min((report.confidence for report in found), key=_CERTAINTY.__getitem__),
        )


__all__ = [
    "LOOPBACK",
    "believes_anyone",
    "greets_first",
    "here",
    "is_heard",
    "is_live",
    "merged",
    "sender_place",
    "shown_source",
    "softened",
    "told",
]
