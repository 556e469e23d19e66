"""Routes and walks end on any graph, loops included."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from truehop.build.routes import find_routes
from truehop.model.facts import Fact, ObjectRef
from truehop.model.hops import Door, DoorKind, Header, HopGraph, Link, Listener, Rewrite, Role, Serves, Wire
from truehop.model.walk import FORGERS, Believes, walk_all

from .hand import at, hop, listener, policy

SIZE = 5
EDGES = st.lists(
    st.tuples(
        st.integers(0, SIZE - 1),
        st.integers(0, SIZE - 1),
        st.sampled_from(list(Wire)),
        st.sampled_from(list(Rewrite)),
    ),
    max_size=14,
)
MODES = st.lists(st.sampled_from(list(Header)), min_size=SIZE, max_size=SIZE)


@given(EDGES, MODES, st.sets(st.integers(0, SIZE - 1), min_size=1, max_size=3))
def test_every_graph_of_edges_and_servers_is_walked_to_an_end(
    edges: list[tuple[int, int, Wire, Rewrite]], modes: list[Header], recorders: set[int]
) -> None:
    listeners: list[Listener] = [
        listener(
            hop(f"hop{index}", Role.MTA if index in recorders else Role.EDGE),
            1000 + index,
            Serves.SMTP if index in recorders else Serves.TCP,
            policy(mode, "10.42.0.0/16"),
        )
        for index, mode in enumerate(modes)
    ]
    links = [
        Link(listeners[a].hop, listeners[b], Fact(sends), Fact(source, at(5)), at=at(6), entry=listeners[a])
        for a, b, sends, source in edges
    ]
    first = Link(None, listeners[0], Fact(Wire.NONE), Fact(Rewrite.KEPT), at=at(4))
    door = Door(DoorKind.HOST_PORT, 25, at(4), ObjectRef("Pod", "x"), links=(first,))
    graph = HopGraph(doors=[door], links=[first, *links], listeners=listeners)
    graph.routes = find_routes([door], links)
    walks = walk_all(graph)
    for route in graph.routes:
        assert len({id(link.to) for link in route.links}) == len(route.links)
        assert walks.of(route).believes is not Believes.FORGED
        assert all(walks.of(route, walker).steps for walker in FORGERS)
