"""What truehop says of a row before anybody runs it."""

from __future__ import annotations

from tests.lab.logs import Recorded
from tests.lab.manifests import config_of, manifests_of
from tests.lab.table import Row
from truehop.engine.config.read import parse_config
from truehop.engine.loading import LoadedText
from truehop.engine.scope import ScopeInput, _graph, view_of
from truehop.engine.scopes import add_texts
from truehop.model.claims import CLIENT, FORGED, Connection
from truehop.model.hops import HopGraph, Route, Wire
from truehop.model.walkers import _go_from, honest_walk
from truehop.rules.catalogue import all_rules
from truehop.source.kinds import kind_of
from truehop.source.tree import SourceFile

#: The headers that the walk knows a forger to send.
FORGERIES = {"v1": (Wire.V1,), "v2": (Wire.V2,), "two": (Wire.V1, Wire.V1)}


def graph_of(row: Row) -> tuple[HopGraph, Route]:
    """The row's graph and its only route."""
    settings = parse_config(config_of(row), "truehop.yaml", ".", all_rules())
    source = SourceFile("manifests.yaml", manifests_of(row))
    scope = ScopeInput(settings)
    add_texts(scope, [LoadedText.of(source, kind_of(source.path))])
    assert not scope.problems
    graph, _ = _graph(scope, view_of(scope))
    [route] = graph.routes
    return graph, route


def predicted(row: Row) -> set[str]:
    """What the server may record by the walk: one answer, or several where it is open to it."""
    graph, route = graph_of(row)
    if row.client == "honest":
        walk = honest_walk(graph, route)
        return {walk.believes.value}
    wire = tuple((one, FORGED) for one in FORGERIES[row.client])
    ends = _go_from(graph, route, route.links[0], Connection(CLIENT, wire))
    return {end.believes.value for end in ends}


def recorded(row: Row, kept: Recorded) -> set[str]:
    """What the server did record, in the walk's words: one, or for a forger two.

    A forger who got no working session may have been recorded before it ended.
    """
    address = {"client": "client", "forged": "forged", "": "refused"}.get(kept.get("address", ""), "hop")
    if " or " in kept.get("address", ""):
        return {"unknown"}
    if kept["session"] == "works":
        return {address}
    return {"refused", address} if row.client != "honest" else {"refused"}
