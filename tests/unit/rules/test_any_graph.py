"""No graph makes a rule raise, and no rule reports one place twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from truehop.build.routes import find_routes
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Header, Link, Rewrite, Role, Serves, TrustUse, Untrusted, Wire
from truehop.model.walk import walk_all
from truehop.rules.catalogue import all_rules

from . import graphs as g

SIZE = 4
TEXTS = (
    "10.42.0.0/16",
    "10.0.0.0/8",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "::/0",
    "93.184.216.0/24",
    "*",
    "no address",
)
LISTS = st.builds(
    lambda texts, active, complete: (texts, active, complete),
    st.lists(st.sampled_from(TEXTS), max_size=3),
    st.sampled_from(Tri),
    st.sampled_from(Tri),
)
ENDS = st.tuples(
    st.sampled_from(Role), st.sampled_from(Serves), st.sampled_from(Header), st.sampled_from(Untrusted),
    st.sampled_from(["works", "stalls", "refused"]), st.sampled_from(Basis), st.one_of(st.none(), LISTS),
)  # fmt: skip
WAYS = st.tuples(
    st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.sampled_from(Wire), st.sampled_from(Rewrite),
    st.sampled_from(Basis), st.booleans(),
)  # fmt: skip
JUDGES = [rule for rule in all_rules() if rule.group in {"trust", "header"}]


@given(
    st.lists(ENDS, min_size=SIZE, max_size=SIZE),
    st.lists(WAYS, max_size=10),
    st.lists(st.tuples(WAYS, st.booleans(), st.booleans()), max_size=3),
    st.booleans(),
)
def test_every_graph_is_judged_and_each_place_once(
    ends: list[tuple[Role, Serves, Header, Untrusted, str, Basis, tuple[list[str], Tri, Tri] | None]],
    ways: list[tuple[int, int, Wire, Rewrite, Basis, bool]],
    doors: list[tuple[tuple[int, int, Wire, Rewrite, Basis, bool], bool, bool]],
    has_networks: bool,
) -> None:
    listeners, lists = [], []
    for index, (role, serves, mode, untrusted, absent, basis, listed) in enumerate(ends):
        owner, trust = g.hop(f"hop{index}", role), None
        if listed is not None:
            texts, active, complete = listed
            trust = g.trust(
                *texts, line=100 + 10 * index, owner=owner, is_active=active, is_complete=complete
            )
            lists.append(trust)
        own = (g.trust("10.42.0.0/16", line=200 + 10 * index, use=TrustUse.RELAY),)
        proxy = g.policy(mode, trust, untrusted, absent, basis)
        listeners.append(
            g.listener(
                owner,
                25 + index,
                proxy,
                serves,
                30 + index,
                own_networks=own,
                admission=g.admission(pods=Tri.YES),
            )
        )
    links: list[Link] = [
        g.link(
            listeners[a].hop,
            listeners[b],
            sends,
            source,
            300 + number,
            basis,
            is_client=client,
            entry=listeners[a],
        )
        for number, (a, b, sends, source, basis, client) in enumerate(ways)
    ]
    entries = [
        g.door(
            g.link(None, listeners[b], sends, source, 400 + number, basis), is_side=side,
            before=g.front(sends) if fronted else None, line=500 + number,
        )
        for number, ((_, b, sends, source, basis, _), side, fronted) in enumerate(doors)
    ]  # fmt: skip
    built = g.graph(
        *listeners, links=links, doors=entries, lists=lists,
        networks={"pods": "10.42.0.0/16", "nodes": "192.168.7.0/24"} if has_networks else {},
    )  # fmt: skip
    built.routes = find_routes([door for door in entries if not door.is_side], links)
    walks = walk_all(built)
    for rule in JUDGES:
        reports = list(rule.check(built, walks, {setting.name: setting.default for setting in rule.settings}))
        places = [report.at for report in reports]
        assert len(set(places)) == len(places)
        assert all(report.message and "\n" not in report.message for report in reports)
