"""What the walk says of the table of senders and receivers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Header, HeaderPolicy, Rewrite, RouterTls, Serves, Untrusted, Wire
from truehop.model.walk import Walker, walk_all

from .hand import POSTFIX, admission, at, graph_of, policy

OFF = policy()


def believes(**about: object) -> str:
    graph, route = graph_of(**about)  # type: ignore[arg-type]
    return walk_all(graph).of(route).believes.value


def forgeable(**about: object) -> dict[str, str]:
    graph, route = graph_of(**about)  # type: ignore[arg-type]
    return {name: found.value for name, found in walk_all(graph).forgeable_by(route).items()}


# --- honest clients ----------------------------------------------------------------------------


def test_a_kept_source_and_a_header_to_the_backend_bring_the_client() -> None:
    assert believes(entry=OFF, sends=Wire.V2, backend=POSTFIX) == "client"


def test_no_header_to_the_backend_shows_the_edge() -> None:
    graph, route = graph_of(entry=OFF, sends=Wire.NONE, backend=OFF)
    walk = walk_all(graph).of(route)
    assert walk.believes.value == "hop"
    assert walk.turned_at == at(21)


def test_a_rewritten_source_without_header_is_lost_at_the_traffic_policy() -> None:
    graph, route = graph_of(entry=OFF, sends=Wire.V2, backend=POSTFIX, source=Rewrite.NODE)
    walk = walk_all(graph).of(route)
    assert walk.believes.value == "hop"
    assert walk.turned_at == at(10)


def test_a_balancer_with_header_and_trust_brings_the_client() -> None:
    assert (
        believes(
            entry=policy(Header.OPTIONAL, "172.31.0.10"),
            sends=Wire.V1,
            backend=POSTFIX,
            source=Rewrite.BALANCER,
            front_sends=Fact(Wire.V2),
        )
        == "client"
    )


def test_an_untrusted_balancers_header_is_stripped_and_its_address_counts() -> None:
    graph, route = graph_of(
        entry=policy(Header.OPTIONAL, "10.9.9.9"),
        sends=Wire.V1,
        backend=POSTFIX,
        source=Rewrite.BALANCER,
        front_sends=Fact(Wire.V2),
    )
    walk = walk_all(graph).of(route)
    assert walk.believes.value == "hop"
    assert walk.turned_at == at(50)


def test_a_backend_that_demands_a_header_refuses_without_one() -> None:
    assert believes(entry=OFF, sends=Wire.NONE, backend=POSTFIX) == "refused"


def test_a_backend_that_reads_no_header_refuses_one() -> None:
    assert believes(entry=OFF, sends=Wire.V2, backend=OFF) == "refused"


def test_a_backend_that_drops_untrusted_senders_refuses() -> None:
    dovecot = policy(Header.REQUIRED, "10.99.0.0/16", untrusted=Untrusted.DROPPED, absent="refused")
    assert believes(entry=OFF, sends=Wire.V2, backend=dovecot) == "refused"


def test_an_entry_that_waits_for_a_header_works_after_the_stall() -> None:
    graph, route = graph_of(entry=policy(Header.OPTIONAL, "172.31.0.10"), sends=Wire.V2, backend=POSTFIX)
    walk = walk_all(graph).of(route)
    assert walk.believes.value == "client"
    assert any("60 s" in step.does for step in walk.steps)


def test_a_program_that_does_not_start_refuses() -> None:
    graph, route = graph_of(entry=OFF, sends=Wire.V2, backend=POSTFIX)
    first, last = route.links
    stopped = replace(first.to.hop, starts=Fact(Tri.NO, at(7), origin="ends at start: no trusted IPs"))
    links = (replace(first, to=replace(first.to, hop=stopped)), last)
    graph.routes = [replace(route, links=links)]
    walk = walk_all(graph).of(graph.routes[0])
    assert walk.believes.value == "refused"
    assert walk.steps[-1].at == at(7)


def test_a_version_that_sends_a_wrong_address_loses_it() -> None:
    graph, route = graph_of(entry=OFF, sends=Wire.V2, backend=POSTFIX)
    first, last = route.links
    graph.routes = [
        replace(route, links=(first, replace(last, corrupts=Fact("3.5.2 sends its own", at(30)))))
    ]
    walk = walk_all(graph).of(graph.routes[0])
    assert (walk.believes.value, walk.turned_at) == ("hop", at(30))


def test_a_broken_or_blocked_link_refuses() -> None:
    graph, route = graph_of(entry=OFF, sends=Wire.V2, backend=POSTFIX)
    first, last = route.links
    for spoilt in (
        replace(last, broken=Fact("no match", at(31))),
        replace(last, admitted=Fact(Tri.NO, at(32))),
    ):
        graph.routes = [replace(route, links=(first, spoilt))]
        assert walk_all(graph).of(graph.routes[0]).believes.value == "refused"


def test_a_balancer_of_unknown_make_with_local_is_unknown_and_says_what_settles_it() -> None:
    graph, route = graph_of(
        entry=OFF,
        sends=Wire.V2,
        backend=POSTFIX,
        source_basis=Basis.UNKNOWN,
        front_sends=Fact(Wire.NONE, basis=Basis.UNKNOWN, settles="front"),
    )
    walk = walk_all(graph).of(route)
    assert walk.believes.value == "unknown"
    assert walk.settles == ("front",)


def test_an_unknown_make_with_cluster_loses_the_address_by_assumption() -> None:
    graph, route = graph_of(
        entry=OFF,
        sends=Wire.V2,
        backend=POSTFIX,
        source=Rewrite.NODE,
        source_basis=Basis.ASSUMED,
        front_sends=Fact(Wire.NONE, basis=Basis.UNKNOWN, settles="front"),
    )
    walk = walk_all(graph).of(route)
    assert (walk.believes.value, walk.basis) == ("hop", Basis.ASSUMED)


def test_an_unknown_switch_is_unknown_unless_both_ways_end_alike() -> None:
    unknown = replace(OFF, mode=Fact(Header.NEVER, basis=Basis.UNKNOWN, settles="MTA_UPSTREAM_PROXY"))
    graph, route = graph_of(entry=OFF, sends=Wire.V2, backend=unknown)
    assert walk_all(graph).of(route).settles == ("MTA_UPSTREAM_PROXY",)


# --- forgers -----------------------------------------------------------------------------------


def test_an_entry_that_passes_bytes_lets_anybody_forge_to_a_backend_that_gets_no_header() -> None:
    found = forgeable(entry=OFF, sends=Wire.NONE, backend=POSTFIX, admitted=admission(Tri.NO, Basis.STATED))
    assert found["internet"] == "yes"


def test_a_tls_router_cannot_pass_a_forged_header() -> None:
    found = forgeable(
        entry=OFF,
        sends=Wire.NONE,
        backend=POSTFIX,
        tls=RouterTls.PASSTHROUGH,
        admitted=admission(Tri.NO, Basis.STATED),
    )
    assert found["internet"] == "no"


def test_an_entry_that_strips_one_header_passes_the_second() -> None:
    found = forgeable(
        entry=policy(Header.OPTIONAL, "172.31.0.10"),
        sends=Wire.NONE,
        backend=POSTFIX,
        admitted=admission(Tri.NO, Basis.STATED),
    )
    assert found["internet"] == "yes"


@pytest.mark.parametrize("tls", [RouterTls.PASSTHROUGH, RouterTls.TERMINATES])
def test_a_second_header_before_tls_reaches_no_server(tls: RouterTls) -> None:
    found = forgeable(
        entry=policy(Header.OPTIONAL, "172.31.0.10"),
        sends=Wire.NONE,
        backend=POSTFIX,
        tls=tls,
        admitted=admission(Tri.NO, Basis.STATED),
    )
    assert found["internet"] == "no"


def test_a_header_of_ones_own_hides_the_forged_one() -> None:
    found = forgeable(entry=OFF, sends=Wire.V2, backend=POSTFIX, admitted=admission(Tri.NO, Basis.STATED))
    assert set(found.values()) == {"no"}


def test_masquerade_makes_everybody_trusted() -> None:
    found = forgeable(
        entry=policy(Header.OPTIONAL, "10.42.0.0/16"),
        sends=Wire.V2,
        backend=POSTFIX,
        source=Rewrite.POD,
        admitted=admission(Tri.NO, Basis.STATED),
    )
    assert found["internet"] == "yes"


def test_pods_forge_where_no_policy_guards_a_believer() -> None:
    graph, route = graph_of(entry=OFF, sends=Wire.V2, backend=POSTFIX, admitted=admission())
    walk = walk_all(graph).of(route, Walker.NAMESPACE)
    assert walk.forges is Tri.YES
    assert walk.rests_on_absence


def test_pods_forge_through_a_trusting_policy_at_its_peer() -> None:
    graph, route = graph_of(
        entry=OFF, sends=Wire.V2, backend=POSTFIX, admitted=admission(Tri.YES, Basis.STATED)
    )
    walk = walk_all(graph).of(route, Walker.PODS)
    assert (walk.forges, walk.turned_at, walk.rests_on_absence) == (Tri.YES, at(2), False)


def test_unknown_pods_make_a_listed_backend_unknown() -> None:
    dovecot = policy(Header.REQUIRED, "10.42.0.0/16", untrusted=Untrusted.DROPPED, absent="refused")
    graph, route = graph_of(entry=OFF, sends=Wire.V2, backend=dovecot, pods=None, admitted=admission())
    walk = walk_all(graph).of(route, Walker.PODS)
    assert (walk.forges, walk.settles) == (Tri.UNKNOWN, ("networks.pods",))


def test_a_node_port_brings_a_nodes_address_that_must_not_be_trusted() -> None:
    about = {"sends": Wire.V2, "backend": POSTFIX, "side": True, "admitted": admission(Tri.NO, Basis.STATED)}
    assert forgeable(entry=policy(Header.OPTIONAL, "192.168.1.0/24"), **about)["nodes"] == "yes"
    assert forgeable(entry=policy(Header.OPTIONAL, "172.31.0.10"), **about)["nodes"] == "no"


@pytest.mark.parametrize("admitted", [None, admission(Tri.UNKNOWN, Basis.UNKNOWN)])
def test_who_may_connect_unknown_makes_the_answer_unknown(admitted: object) -> None:
    found = forgeable(entry=OFF, sends=Wire.V2, backend=POSTFIX, admitted=admitted)
    assert found["pods"] == "unknown"


# --- webmail -----------------------------------------------------------------------------------

WEB = {"sends": Wire.XFF, "backend": OFF, "serves": Serves.HTTP, "admitted": admission(Tri.NO, Basis.STATED)}


def test_a_trusted_edge_brings_the_client_to_the_web() -> None:
    web = policy(Header.OPTIONAL, "10.42.0.0/16")
    assert believes(entry=OFF, forwarded=web, **WEB) == "client"
    assert set(forgeable(entry=OFF, forwarded=web, **WEB).values()) == {"no"}


def test_a_web_that_trusts_nobody_shows_the_edge() -> None:
    assert believes(entry=OFF, forwarded=policy(Header.OPTIONAL), **WEB) == "hop"
    assert believes(entry=OFF, forwarded=policy(Header.NEVER, has_list=False), **WEB) == "hop"


def test_an_edge_and_a_web_that_trust_everyones_forwarded_header_let_anybody_forge() -> None:
    found = forgeable(
        entry=OFF,
        entry_forwarded=policy(Header.OPTIONAL, "0.0.0.0/0"),
        forwarded=policy(Header.OPTIONAL, "0.0.0.0/0"),
        **WEB,
    )
    assert found["internet"] == "yes"


def test_unknown_trusted_proxies_of_the_web_are_unknown() -> None:
    unknown = replace(
        policy(Header.OPTIONAL), mode=Fact(Header.OPTIONAL, basis=Basis.UNKNOWN, settles="the proxies")
    )
    assert believes(entry=OFF, forwarded=unknown, **WEB) == "unknown"


@pytest.mark.parametrize(
    "web",
    [
        policy(Header.OPTIONAL, "10.42.0.0/16"),
        replace(
            policy(Header.OPTIONAL), mode=Fact(Header.OPTIONAL, basis=Basis.UNKNOWN, settles="the proxies")
        ),
    ],
)
def test_what_lost_the_address_before_an_undecided_list_is_the_cause(web: HeaderPolicy) -> None:
    graph, route = graph_of(entry=OFF, forwarded=web, source=Rewrite.NODE, nodes=None, pods=None, **WEB)  # type: ignore[arg-type]
    walk = walk_all(graph).of(route)
    assert walk.believes.value == "hop"
    assert walk.turned_at == at(10)
