"""Whole ways from a door to the listener that records an address."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.listeners import Listener
from truehop.model.routes import Door, Link, Route
from truehop.model.terms import Role

#: Hops after which a way is given up: more edges in a row than anybody runs.
_LONGEST = 8


def find_routes(doors: list[Door], links: list[Link]) -> list[Route]:
    """One route per declared door, port and last listener; loops are left out."""
    by_entry: dict[int, list[Link]] = {}
    for link in links:
        if link.entry is not None and not link.is_client:
            by_entry.setdefault(id(link.entry), []).append(link)
    found: list[Route] = []
    seen: set[tuple[str, str, int, int]] = set()
    for door in doors:
        if door.is_side or (door.front is not None and not door.front.is_public):
            continue
        for first in door.links:
            for way in _ways((first,), by_entry):
                last = way[-1].to
                key = (door.kind.value, str(door.owner), door.port, id(last))
                if is_recorder(last) and key not in seen:
                    seen.add(key)
                    found.append(Route(door, way))
    return found


def _ways(way: tuple[Link, ...], by_entry: dict[int, list[Link]]) -> Iterator[tuple[Link, ...]]:
    here = way[-1].to
    onward = by_entry.get(id(here), [])
    if not onward:
        yield way
        return
    if len(way) >= _LONGEST:
        return
    for link in onward:
        if all(link.to is not passed.to for passed in way):
            yield from _ways((*way, link), by_entry)


def is_recorder(listener: Listener) -> bool:
    """Whether the listener's program records client addresses of mail or webmail: not a bare entry point."""
    serves = listener.serves.value
    if listener.hop.role is Role.EDGE:
        return False
    return serves.is_mail or (serves.is_http and listener.hop.role is Role.WEB)
