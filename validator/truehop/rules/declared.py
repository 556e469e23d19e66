"""Networks that the config or the input declares, as a measure for trust lists."""

from __future__ import annotations

from truehop.model.addresses import NOT_ROUTABLE, AddressSet, network
from truehop.model.hops import HopGraph, TrustUse

#: Keys of ``networks.other`` that hold the published ranges of content delivery networks.
PUBLISHED = "cdn:"

#: Pod networks that distributions ship with: k3s (docs.k3s.io, ``cluster-cidr``), kubeadm with flannel and
#: kind (flannel-io/flannel ``Documentation/kube-flannel.yml``, ``net-conf.json``).
USUAL_POD_NETWORKS = (network("10.42.0.0/16"), network("10.244.0.0/16"))


def declared_networks(graph: HopGraph, use: TrustUse) -> AddressSet:
    """Everything declared that a list of this use may rightly name.

    Published delivery networks speak HTTP for anybody's site: they may state addresses in
    forwarded headers, not in PROXY headers.
    """
    networks = graph.networks
    found = AddressSet()
    for fact in (networks.pods, networks.nodes, networks.services, networks.load_balancers):
        if fact.is_known and fact.value is not None:
            found |= fact.value
    for name, addresses in networks.other.items():
        if use is not TrustUse.PROXY or not name.startswith(PUBLISHED):
            found |= addresses
    for front in (door.front for door in graph.doors if door.front is not None):
        own = front.hop.addresses
        # Where a known make's address lies is a guess, unless it is proven; nobody named it.
        if own.value is not None and (own.is_proven or not front.kind):
            found |= own.value
    return found


def public_part(addresses: AddressSet) -> AddressSet:
    """What of a set is globally routable."""
    return addresses - NOT_ROUTABLE


__all__ = ["PUBLISHED", "USUAL_POD_NETWORKS", "declared_networks", "public_part"]
