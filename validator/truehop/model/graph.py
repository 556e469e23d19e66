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

    @property
    def named(self) -> dict[str, AddressSet]:
        """Those of hops that are known, by the names that the configuration has for them."""
        facts = {
            "networks.pods": self.pods,
            "networks.nodes": self.nodes,
            "networks.services": self.services,
            "networks.loadBalancers": self.load_balancers,
        }
        return {name: fact.value for name, fact in facts.items() if fact.value}

    @property
    def own_to_pods(self) -> AddressSet | None:
        """The pods' addresses without those that nodes have among them (a bridge's), None where unknown."""
        pods, nodes = self.pods.value, self.nodes.value
        return (pods - nodes) or pods if pods and nodes else pods


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
