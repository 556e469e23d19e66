"""The index finds what passes by a listener, a hop or a list."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.model.hand import graph_of, hop, listener, policy
from truehop.model.hops import Header, HopGraph, Role, Serves, Wire
from truehop.rules.index import Index


def test_a_graph_finds_what_passes_by() -> None:
    graph, route = graph_of(entry=policy(), sends=Wire.V2, backend=policy(Header.REQUIRED, "10.42.0.0/16"))
    index = Index(graph)
    first, last = route.links
    assert index.routes_through([first.to]) == (route,)
    assert index.routes_by(last.to.hop) == (route,)
    assert index.links_into(last.to) == [last]
    assert index.doors_to(first.to) == graph.doors
    assert index.doors_to(last.to) == []
    trust = last.to.proxy.trusts
    assert trust is not None
    assert index.users_of(trust) == [last.to]
    assert Index(HopGraph()).users_of(trust) == []
    own = replace(listener(hop("x", Role.MTA), 25, Serves.SMTP, policy()), own_networks=(trust,))
    assert Index(HopGraph(listeners=[own])).users_of(trust) == [own]
