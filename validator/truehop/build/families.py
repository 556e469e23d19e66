"""The address families that a Service carries in a cluster whose networks are known."""

from __future__ import annotations

from dataclasses import replace

from truehop.kube.services import Service
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact
from truehop.model.graph import Networks

PREFERRED = "PreferDualStack"


def carried_families(service: Service, networks: Networks) -> Fact[tuple[int, ...] | None]:
    """The families a Service has; what it leaves to the cluster is told by the declared networks.

    A cluster of one family gives it that one. One of both gives both to a Service that prefers them,
    and one, nobody knows which, to any other (kubernetes/website
    content/en/docs/concepts/services-networking/dual-stack.md).
    """
    said = service.families
    if said.is_known:
        return said
    known = [fact for fact in (networks.pods, networks.services) if fact.is_known and fact.value]
    families = _families(known)
    if not families or (len(families) > 1 and service.family_policy != PREFERRED):
        return said
    origin = " and ".join(fact.origin for fact in known)
    return replace(said, value=families, basis=Basis.STATED, origin=origin)


def _families(known: list[Fact[AddressSet | None]]) -> tuple[int, ...]:
    return tuple(sorted({family for fact in known if fact.value for family in fact.value.families}))
