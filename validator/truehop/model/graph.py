"""The hop graph of one scope."""

from __future__ import annotations

from dataclasses import dataclass, field

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.listeners import Hop, Listener, TrustList
from truehop.model.observed import AddressUse, ApiUse, Misuse, Probe, Switch, TlsPolicy, ValueGap
from truehop.model.routes import Door, Link, Route, Router


@dataclass(slots=True, eq=False)
class Networks:
    """What the config (or proof in the input) says about addresses; None is unknown."""

    pods: Fact[AddressSet | None] = field(
        default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.pods")
    )
    nodes: Fact[AddressSet | None] = field(
        default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.nodes")
    )
    services: Fact[AddressSet | None] = field(
        default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.services")
    )
    load_balancers: Fact[AddressSet | None] = field(
        default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.loadBalancers")
    )
    other: dict[str, AddressSet] = field(default_factory=dict)
    datapath: str = ""  # "", "kube-proxy", "dsr", "calico-ebpf"


@dataclass(slots=True, eq=False)
class HopGraph:
    """Everything one scope says about hops; built once, then only read."""

    networks: Networks = field(default_factory=Networks)
    is_closed: Tri = Tri.UNKNOWN  # yes: declared by the user; unknown: taken as whole; no: open
    hops: list[Hop] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    routers: list[Router] = field(default_factory=list)
    trust_lists: list[TrustList] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    api_uses: list[ApiUse] = field(default_factory=list)
    tls_policies: list[TlsPolicy] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    address_uses: list[AddressUse] = field(default_factory=list)
    gaps: list[ValueGap] = field(default_factory=list)
    misuses: list[Misuse] = field(default_factory=list)

    def routes_to(self, listener: Listener) -> list[Route]:
        """The routes that pass this listener."""
        return [route for route in self.routes if any(link.to is listener for link in route.links)]

    def routes_by(self, hop: Hop) -> list[Route]:
        """The routes that pass this hop."""
        return [route for route in self.routes if any(link.to.hop is hop for link in route.links)]

    def senders_to(self, listener: Listener) -> list[Link]:
        """The links that end at this listener."""
        return [link for link in self.links if link.to is listener]

    def doors_to(self, listener: Listener) -> list[Door]:
        """The doors that open straight on this listener."""
        return [door for door in self.doors if any(link.to is listener for link in door.links)]

    def listeners_using(self, trust: TrustList) -> list[Listener]:
        """The listeners that believe this list, in any use."""
        return [
            listener
            for listener in self.listeners
            if trust in (listener.proxy.trusts, listener.forwarded.trusts if listener.forwarded else None)
            or trust in listener.own_networks
        ]
