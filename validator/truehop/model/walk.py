"""The walk: a symbolic connection goes through the graph and says what each server believes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from truehop.model.facts import Basis, Location, Tri
from truehop.model.hops import HopGraph, Route


class Walker(StrEnum):
    """Who walks: an honest client, or a forger by where it stands."""

    HONEST = "honest"
    INTERNET = "internet"
    PODS = "pods"
    NAMESPACE = "namespace"
    NODES = "nodes"


FORGERS = (Walker.INTERNET, Walker.PODS, Walker.NAMESPACE, Walker.NODES)


class Believes(StrEnum):
    """What the last server records."""

    CLIENT = "client"
    HOP = "hop"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a walk: at which hop, what happens, and where that is written."""

    hop: str
    does: str
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A walker's result on one route.

    ``turned_at`` is the place whose setting loses or opens the address (the key a finding stands
    on); ``because`` that step in words; ``basis`` the weakest basis of what decided;
    ``rests_on_absence`` says that something missing in the input decided.
    """

    route: Route
    walker: Walker
    believes: Believes
    steps: tuple[Step, ...] = ()
    settles: tuple[str, ...] = ()
    turned_at: Location | None = None
    because: str = ""
    basis: Basis = Basis.STATED
    rests_on_absence: bool = False

    @property
    def forges(self) -> Tri:
        """Whether a forger chose the recorded address."""
        if self.believes is Believes.FORGED:
            return Tri.YES
        return Tri.UNKNOWN if self.believes is Believes.UNKNOWN else Tri.NO


@dataclass(slots=True, eq=False)
class Walks:
    """All walks of one graph."""

    honest: dict[str, Walk] = field(default_factory=dict)  # by route key
    forgers: dict[tuple[str, Walker], Walk] = field(default_factory=dict)

    def of(self, route: Route, walker: Walker = Walker.HONEST) -> Walk:
        """The walk of one walker on one route."""
        return self.honest[route.key] if walker is Walker.HONEST else self.forgers[route.key, walker]

    def forgeable_by(self, route: Route) -> dict[str, Tri]:
        """For each forger whether it can choose the address."""
        return {walker.value: self.of(route, walker).forges for walker in FORGERS}


def walk_all(graph: HopGraph) -> Walks:
    """Walk every route of the graph with every walker."""
    from truehop.model.walkers import forger_walk, honest_walk  # noqa: PLC0415 (they build these types)

    walks = Walks()
    for route in graph.routes:
        walks.honest[route.key] = honest_walk(graph, route)
        for walker in FORGERS:
            walks.forgers[route.key, walker] = forger_walk(graph, route, walker)
    return walks
