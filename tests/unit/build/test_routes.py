"""Whole ways from doors to the servers that record an address."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.unit.model.hand import at, hop, listener, policy
from truehop.build.routes import find_routes, is_recorder
from truehop.model.facts import Fact, ObjectRef, Tri
from truehop.model.hops import Door, DoorKind, Front, Link, Listener, Rewrite, Role, Route, Serves, Wire

FIRST = listener(hop("edge", Role.EDGE), 2525, Serves.TCP, policy())
SERVER = listener(hop("server", Role.MTA), 25, Serves.SMTP, policy())
OWNER = ObjectRef("Service", "edge", "edge")


def link(to: Listener, entry: Listener | None = None, *, is_client: bool = False) -> Link:
    sender = entry.hop if entry is not None else None
    return Link(sender, to, Fact(Wire.NONE), Fact(Rewrite.KEPT), at(3), entry=entry, is_client=is_client)


def door(*links: Link, **about: object) -> Door:
    return Door(DoorKind.LOAD_BALANCER, 25, at(1), OWNER, links=links, **about)  # type: ignore[arg-type]


def ways(found: list[Route]) -> list[list[int]]:
    return [[one.to.port for one in route.links] for route in found]


def test_a_way_goes_on_from_the_entry_it_came_in_by() -> None:
    other = listener(FIRST.hop, 2587, Serves.TCP, policy())
    links = [link(SERVER, FIRST), link(SERVER, other)]
    assert ways(find_routes([door(link(FIRST))], links)) == [[2525, 25]]


def test_the_same_server_by_the_same_door_is_one_route() -> None:
    assert ways(find_routes([door(link(FIRST))], [link(SERVER, FIRST), link(SERVER, FIRST)])) == [[2525, 25]]


def test_an_entry_without_a_way_on_is_no_route() -> None:
    assert find_routes([door(link(FIRST))], []) == []


def test_clients_inside_are_no_part_of_a_way() -> None:
    assert find_routes([door(link(FIRST))], [link(SERVER, FIRST, is_client=True)]) == []


@pytest.mark.parametrize("about", [{"is_side": True}, {"front": None}])
def test_side_doors_and_balancers_inside_are_no_way_from_the_internet(about: dict[str, object]) -> None:
    front = Front(hop("front", Role.FRONT), "x", Fact(Wire.NONE), Fact(Tri.YES))
    if "front" in about:
        about = {"front": replace(front, is_public=False)}
    assert find_routes([door(link(SERVER), **about)], []) == []
    assert ways(find_routes([door(link(SERVER), front=front)], [])) == [[25]]


def test_a_loop_is_left_out() -> None:
    second = listener(hop("second", Role.EDGE), 2626, Serves.TCP, policy())
    links = [link(second, FIRST), link(FIRST, second), link(SERVER, second)]
    assert ways(find_routes([door(link(FIRST))], links)) == [[2525, 2626, 25]]


def test_more_edges_in_a_row_than_anybody_runs_are_given_up() -> None:
    edges = [
        listener(hop(f"edge{index}", Role.EDGE), 3000 + index, Serves.TCP, policy()) for index in range(9)
    ]
    links = [link(onward, entry) for entry, onward in pairwise(edges)]
    assert find_routes([door(link(edges[0]))], [*links, link(SERVER, edges[-1])]) == []
    assert len(find_routes([door(link(edges[2]))], [*links, link(SERVER, edges[-1])])) == 1


@pytest.mark.parametrize(
    ("role", "serves", "expected"),
    [
        (Role.MTA, Serves.SMTP, True),
        (Role.OTHER, Serves.IMAP, True),
        (Role.MDA, Serves.LMTP, False),
        (Role.WEB, Serves.HTTP, True),
        (Role.OTHER, Serves.HTTP, False),
        (Role.EDGE, Serves.SMTP, False),
    ],
)
def test_servers_of_mail_and_webmail_record_addresses(role: Role, serves: Serves, *, expected: bool) -> None:
    assert is_recorder(listener(hop("x", role), 1, serves, policy())) is expected
