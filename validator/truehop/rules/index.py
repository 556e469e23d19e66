"""What stands where in a graph, looked up instead of searched: large inputs hold thousands of lists."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from truehop.model.hops import Door, Hop, HopGraph, Link, Listener, Route, Router, TrustList


class Index:
    """Look-ups over one graph; each is made when it is first asked for, in linear time."""

    def __init__(self, graph: HopGraph) -> None:
        """Over this graph, which is only read."""
        self.graph = graph

    @cached_property
    def links(self) -> list[Link]:
        """Every link once, those of doors included."""
        found = {id(link): link for link in self.graph.links}
        found.update((id(link), link) for door in self.graph.doors for link in door.links)
        return list(found.values())

    @cached_property
    def _into(self) -> dict[int, list[Link]]:
        found: dict[int, list[Link]] = {}
        for link in self.links:
            found.setdefault(id(link.to), []).append(link)
        return found

    def links_into(self, listener: Listener) -> list[Link]:
        """The links that end at a listener."""
        return self._into.get(id(listener), [])

    @cached_property
    def _doors(self) -> dict[int, list[Door]]:
        found: dict[int, list[Door]] = {}
        for door in self.graph.doors:
            for link in door.links:
                found.setdefault(id(link), []).append(door)
        return found

    def doors_of(self, link: Link) -> list[Door]:
        """The doors a link starts at."""
        return self._doors.get(id(link), [])

    def is_only_side(self, link: Link) -> bool:
        """Whether a link starts at side doors and at no declared one."""
        doors = self.doors_of(link)
        return bool(doors) and all(door.is_side for door in doors)

    def doors_to(self, listener: Listener) -> list[Door]:
        """The doors that open straight on a listener."""
        doors = [door for link in self.links_into(listener) for door in self.doors_of(link)]
        return list({id(door): door for door in doors}.values())

    @cached_property
    def _routes(self) -> dict[int, dict[int, Route]]:
        """Routes by the identity of each link and listener they pass."""
        found: dict[int, dict[int, Route]] = {}
        for route in self.graph.routes:
            for link in route.links:
                for part in (link, link.to):
                    found.setdefault(id(part), {})[id(route)] = route
        return found

    def routes_over(self, link: Link) -> tuple[Route, ...]:
        """The routes that take a link."""
        return tuple(self._routes.get(id(link), {}).values())

    def routes_through(self, listeners: Iterable[Listener]) -> tuple[Route, ...]:
        """The routes that pass any of the listeners."""
        found: dict[int, Route] = {}
        for listener in listeners:
            found.update(self._routes.get(id(listener), {}))
        return tuple(found.values())

    @cached_property
    def _by_hop(self) -> dict[int, dict[int, Route]]:
        found: dict[int, dict[int, Route]] = {}
        for route in self.graph.routes:
            for link in route.links:
                found.setdefault(id(link.to.hop), {})[id(route)] = route
        return found

    def routes_by(self, hop: Hop) -> tuple[Route, ...]:
        """The routes that pass a hop."""
        return tuple(self._by_hop.get(id(hop), {}).values())

    @cached_property
    def _routers(self) -> dict[int, list[Router]]:
        found: dict[int, list[Router]] = {}
        for router in self.graph.routers:
            found.setdefault(id(router.edge), []).append(router)
        return found

    def routers_of(self, edge: Hop) -> list[Router]:
        """The routing rules of an edge."""
        return self._routers.get(id(edge), [])

    @cached_property
    def _users(self) -> dict[TrustList, list[Listener]]:
        found: dict[TrustList, list[Listener]] = {}
        for listener in self.graph.listeners:
            forwarded = listener.forwarded.trusts if listener.forwarded else None
            lists = {trust for trust in (listener.proxy.trusts, forwarded, *listener.own_networks) if trust}
            for trust in lists:
                found.setdefault(trust, []).append(listener)
        return found

    def users_of(self, trust: TrustList) -> list[Listener]:
        """The listeners that use a list, whatever for."""
        return self._users.get(trust, [])


__all__ = ["Index"]
