"""Scenes that several tests of rules share."""

from __future__ import annotations

from dataclasses import replace

from truehop.model.hops import Front, HeaderPolicy, HopGraph, Listener, Rewrite, Role, Route, Wire

from . import graphs as g

PODS = {"pods": "10.42.0.0/16"}
NODES = {"nodes": "192.168.7.0/24"}
EDGE = g.hop("edge", Role.EDGE)
WEB = g.hop("web", Role.WEB)


def trusting_entry(*texts: str, **more: object) -> HopGraph:
    """An edge's entry with one trust list."""
    trust = g.trust(*texts, **more)  # type: ignore[arg-type]
    entry = g.listener(g.hop("edge", Role.EDGE), proxy=g.entry_policy(trust))
    return g.graph(entry, lists=[trust])


def behind_edge(text: str, networks: dict[str, str], source: Rewrite = Rewrite.POD) -> HopGraph:
    """A server with one trust list, and an edge that sends it headers."""
    trust = g.trust(text)
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=trust))
    way = g.link(g.hop("edge", Role.EDGE), server, Wire.V2, source)
    return g.graph(server, links=[way], lists=[trust], networks=networks)


def one_way(proxy: HeaderPolicy, sends: Wire, **more: object) -> HopGraph:
    """One edge and one server, and the link between them."""
    server = g.listener(g.hop(), proxy=proxy)
    return g.graph(server, links=[g.link(EDGE, server, sends, **more)])  # type: ignore[arg-type]


def routed(built: HopGraph) -> HopGraph:
    """The same graph with a door before its first link and a route over all of them."""
    first = built.links[0]
    entry_door = g.door(first)
    built.doors.append(entry_door)
    built.routes.append(Route(entry_door, tuple(built.links)))
    return built


def public(
    *listeners: Listener, before: Front | None = None, is_side: bool = False, port: int = 25
) -> HopGraph:
    """Listeners with a door each, straight to them."""
    links = [g.link(before.hop if before else None, one) for one in listeners]
    doors = [replace(g.door(way, before=before, is_side=is_side), port=port) for way in links]
    routes = [] if is_side else [Route(door, (way,)) for door, way in zip(doors, links, strict=True)]
    return g.graph(*listeners, links=links, doors=doors, routes=routes)
