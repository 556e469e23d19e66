"""What truehop says of a row before anybody runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tests.lab.logs import Recorded
from tests.lab.manifests import config_of, manifests_of
from tests.lab.places import network_of
from tests.lab.table import Row
from truehop.engine.config.read import parse_config
from truehop.engine.loading import LoadedText
from truehop.engine.scope import ScopeInput, view_of
from truehop.engine.scope import graph_of as built
from truehop.engine.scopes import add_texts
from truehop.model.addresses import AddressSet
from truehop.model.claims import CLIENT, FORGED, Connection, Headers
from truehop.model.hops import HopGraph, Route, TrustUse, Wire
from truehop.model.walkers import _go, _go_from, honest_walk
from truehop.rules.catalogue import all_rules
from truehop.source.kinds import kind_of
from truehop.source.tree import SourceFile

#: The headers before everything else, by the row's client: with an address that it chose, or with none.
HEADERS: dict[str, Headers] = {
    "v1": ((Wire.V1, FORGED),),
    "v2": ((Wire.V2, FORGED),),
    "two": ((Wire.V1, FORGED), (Wire.V1, FORGED)),
    "local": ((Wire.V2, None),),
    "unknown": ((Wire.V1, None),),
    "unknown-named": ((Wire.V1, None),),
    "local-v1": ((Wire.V2, None), (Wire.V1, FORGED)),
}
#: How the walk says that a proxy waits for a header.
WAITING = re.compile(r"after waiting (\d+) s")
#: Forged headers of HTTP that no program of the way takes for the chain of X-Forwarded-For.
OTHER_HEADERS = {"xff-twin", "real-ip", "rfc7239"}


@lru_cache(maxsize=2)
def graph_of(row: Row) -> tuple[HopGraph, Route]:
    """The row's graph and its only route."""
    settings = parse_config(config_of(row), "truehop.yaml", ".", all_rules())
    source = SourceFile("manifests.yaml", manifests_of(row))
    scope = ScopeInput(settings)
    add_texts(scope, [LoadedText.of(source, kind_of(source.path))])
    assert not scope.problems
    graph = built(scope, view_of(scope))
    [route] = graph.routes
    return graph, route


def predicted(row: Row) -> set[str]:
    """What the server may record by the walk: one answer, or several where it is open to it."""
    graph, route = graph_of(row)
    if any(_refusals(row, graph, route)):
        return {"refused"}
    if row.client == "honest" or row.client in OTHER_HEADERS:
        walk = honest_walk(graph, route)
        return {walk.believes.value}
    chain = (FORGED,) if row.client == "xff" else ()
    headers = HEADERS.get(row.client, ())
    address = row.address("client")
    own = AddressSet.parse(address if ":" in address else network_of("client"))
    sent = Connection(replace(CLIENT, addresses=own), headers, chain)
    if len(headers) == 1 and headers[0][1] is None:  # so do probes; who lies has an address to tell
        return {end.believes.value for end in _go(graph, route, 0, sent, (), is_forger=False)}
    return {end.believes.value for end in _go_from(graph, route, route.links[0], sent)}


def predicted_wait(row: Row) -> int:
    """The seconds that an honest client waits by the walk before its session begins."""
    walk = honest_walk(*graph_of(row))
    return sum(int(found[1]) for step in walk.steps if (found := WAITING.search(step.does)))


def _refusals(row: Row, graph: HopGraph, route: Route) -> Iterator[bool]:
    """What rules tell beside the walk: families that are off, and lists that a server cannot read."""
    families = route.listener.families.value
    claims = [row.address("client")] if route.links[-1].sends.value.is_proxy else []
    claims += [row.address("forged")] if FORGED in dict(HEADERS.get(row.client, ())).values() else []
    yield families is not None and 6 not in families and any(":" in claim for claim in claims)
    yield any(
        entry.problem and not entry.is_reinterpreted
        for trusts in graph.trust_lists
        if trusts.use is TrustUse.RELAY
        for entry in trusts.entries
    )


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
