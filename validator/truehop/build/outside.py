"""Proxies outside the cluster that no manifest shows, known by the list of the listener that trusts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri
from truehop.model.graph import Networks
from truehop.model.listeners import Hop, Listener, TrustList
from truehop.model.routes import Front
from truehop.model.terms import Role, Wire


def with_proxy(front: Front, listeners: Iterable[Listener], networks: Networks) -> Front:
    """The front of an unknown make as the outside proxy that the listeners' lists tell of, if they do.

    A single host outside every network of the cluster is one, as are the networks declared as the
    balancers' own.
    """
    if front.kind or front.is_declared or front.sends.is_known:
        return front
    for listener in listeners:
        trusts = _list_of(listener)
        if trusts is not None and (_is_balancers(trusts, networks) or _is_host_outside(trusts, networks)):
            return _declared(front, trusts)
    return front


def proxy_before(
    owner: ObjectRef, at: Location, listeners: Iterable[Listener], networks: Networks
) -> Front | None:
    """The outside proxy before a door that no balancer serves: only where its networks are declared."""
    trusts = next(
        (found for one in listeners if (found := _list_of(one)) and _is_balancers(found, networks)), None
    )
    if trusts is None:
        return None
    hop = Hop(f"front of {owner}", Role.FRONT, ref=owner, at=at)
    unknown: Fact[Wire] = Fact(Wire.NONE, basis=Basis.UNKNOWN)
    return _declared(Front(hop, "", unknown, Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN)), trusts)


def _list_of(listener: Listener) -> TrustList | None:
    """The list that decides about PROXY headers, where all of it is known."""
    trusts = listener.proxy.trusts
    is_clear = listener.proxy.is_on and trusts is not None and trusts.is_complete is Tri.YES
    return trusts if is_clear and trusts and trusts.addresses else None


def _is_balancers(trusts: TrustList, networks: Networks) -> bool:
    balancers = networks.load_balancers.value
    return balancers is not None and balancers.covers(trusts.addresses)


def _is_host_outside(trusts: TrustList, networks: Networks) -> bool:
    host = trusts.entries[0].network if len(trusts.entries) == 1 else None
    if host is None or not host.is_host:
        return False
    inside = (networks.pods, networks.nodes, networks.services)
    return not any(fact.value and fact.value.overlaps(trusts.addresses) for fact in inside)


def _declared(front: Front, trusts: TrustList) -> Front:
    at = trusts.entries[0].at
    origin = f"{trusts.name} trusts {trusts.addresses}"
    return replace(
        front,
        hop=replace(front.hop, addresses=Fact(trusts.addresses, at, Basis.ASSUMED)),
        sends=Fact(Wire.V2, at, Basis.ASSUMED, origin),
        keeps_source=Fact(Tri.NO, at, Basis.ASSUMED, origin),
        is_declared=True,
    )
