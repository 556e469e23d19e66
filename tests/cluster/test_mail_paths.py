"""Other ways to the servers: behind a balancer that states the client, and by each door of an edge."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cluster.configuration import ADDRESSES, OUTSIDE
from tests.cluster.conftest import new_namespace
from tests.cluster.edits import BALANCED_EDITS, edited
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.prediction import Client, Verdict, observed, predicted
from tests.cluster.stage import FRONTS, PORTS, Stage
from tests.cluster.ways import go_all_ways

HEADER = "0d0a0d0a000d0a515549540a"
#: Not the addresses of the other release, which goes on.
BALANCED = {"203.0.113.7": "192.0.2.26", "2001:db8::7": "2001:db8:25::26"}
NETWORKS = [f"{OUTSIDE[0]}/32", f"{OUTSIDE[1]}/128"]
#: The same balancer for truehop, which no edit of the edge hides from it then.
FRONT = {"service": "*/mail-edge*", "sends": "v2", "keepsSource": False, "from": NETWORKS}
ON_NODE = dict(zip(FRONTS, ADDRESSES, strict=True))
#: As pods see the node.
GATEWAYS = ["10.42.0.1/32", "fd42::1/128"]
NODE_PORTS = {
    "smtp": 30025,
    "submissions": 30465,
    "submission": 30587,
    "imaps": 30993,
    "imap": 30143,
    "pop3s": 30995,
    "pop3": 30110,
    "sieve": 30190,
}


def stated(source: str, target: str) -> str:
    """A header of version 2 that states a client."""
    four = ipaddress.ip_address(source).version == 4
    addresses = b"".join(ipaddress.ip_address(one).packed for one in (source, target))
    ports = (4321).to_bytes(2, "big") + (25).to_bytes(2, "big")
    length = len(addresses) + len(ports)
    return f"{HEADER}21{'11' if four else '21'}{length:04x}{addresses.hex()}{ports.hex()}"


@pytest.fixture(scope="module")
def balanced(world: Node) -> Iterator[Stage]:
    """Behind a balancer that states the client; the world outside plays it from one address of its own."""
    values = {"clientAddress__front": "external", "clientAddress__balancerNetworks": NETWORKS}
    with new_namespace(world) as name:
        found = Stage(Mail(world, name, 3), BALANCED, values)
        found.open()
        yield found
        found.mail.uninstall()


@pytest.mark.parametrize("client", ["198.51.100.23", "2001:db8:1::23"])
def test_balancer_states_the_client(client: str, balanced: Stage) -> None:
    is_six = ":" in client
    header = stated(client, list(FRONTS.values())[is_six])
    seen = balanced.seen_by_all(OUTSIDE[is_six], order={"header": header})
    assert seen == {protocol: {client} for protocol in PORTS}


def test_stranger_who_plays_a_balancer_is_not_believed(balanced: Stage) -> None:
    plain = ("smtp", "submission", "imap", "pop3", "sieve")
    order = {"header": stated("198.51.100.99", "192.0.2.25")}
    assert balanced.seen_by_all(protocols=plain, order=order) == {one: {"203.0.113.7"} for one in plain}


def test_no_mail_secret_or_claim_is_lost_on_any_way(balanced: Stage) -> None:
    go_all_ways(balanced)


@pytest.mark.parametrize("fault", ["", *BALANCED_EDITS])
def test_prediction_behind_a_balancer_is_what_the_servers_log(
    fault: str, balanced: Stage, tmp_path: Path
) -> None:
    manifest = edited(balanced.manifest(), BALANCED_EDITS.get(fault, ()))
    balanced.put(manifest)
    client = Client("198.51.100.23", OUTSIDE[0], stated("198.51.100.23", FRONTS["203.0.113.7"]))
    assert predicted(manifest, tmp_path, front=FRONT) == observed(balanced, client)


@pytest.fixture(scope="module")
def moved(world: Node) -> Iterator[Mail]:
    """A release that is moved from one door to the next by upgrades."""
    with new_namespace(world) as name:
        yield Mail(world, name, 3)


def _at(mail: Mail, fronts: Mapping[str, str], **values: object) -> Stage:
    """The release at a door: installed there, or moved there."""
    found = Stage(mail, fronts, values)
    if mail.node.api.items(f"/apis/apps/v1/namespaces/{mail.namespace}/statefulsets"):
        found.move()
    else:
        found.install()
    return found


def _log_in_from_both(found: Stage, folder: Path, protocols: tuple[str, ...] = tuple(PORTS)) -> None:
    """Both kinds of clients are seen as who they are, and truehop says so too."""
    found.wait()
    for client in FRONTS:
        assert found.seen_by_all(client, protocols) == {protocol: {client} for protocol in protocols}
    said = predicted(found.manifest(), folder, found.ports)
    assert said == {protocol: {Verdict("client", "no")} for protocol in protocols}


def test_edge_on_the_nodes_network_is_refused_where_its_address_there_is_not_named(moved: Mail) -> None:
    found = _at(
        moved,
        ON_NODE,
        clientAddress__front="none",
        clientAddress__podNetworks=["10.42.0.128/25", "fd42::1:0:0:0/80"],
        clientAddress__nodeNetworks=list(ADDRESSES),
        edge__exposure="hostNetwork",
    )
    found.settle()
    order = {"seconds": 8}
    assert "" not in {found.log_in(one, order=order).error for one in ("imaps", "imap", "pop3s", "sieve")}


def test_edge_on_the_nodes_network_hands_the_client_on(moved: Mail, tmp_path: Path) -> None:
    found = _at(
        moved,
        ON_NODE,
        clientAddress__front="none",
        clientAddress__podNetworks=["10.42.0.128/25", "fd42::1:0:0:0/80"],
        clientAddress__nodeNetworks=[*GATEWAYS, *ADDRESSES],
        edge__exposure="hostNetwork",
    )
    _log_in_from_both(found, tmp_path)


def test_edge_at_ports_of_the_node_hands_the_client_on(moved: Mail, tmp_path: Path) -> None:
    found = _at(moved, ON_NODE, clientAddress__front="none", edge__exposure="hostPort")
    _log_in_from_both(found, tmp_path)


def test_edge_at_node_ports_hands_the_client_on(moved: Mail, tmp_path: Path) -> None:
    found = _at(
        moved,
        ON_NODE,
        clientAddress__front="none",
        edge__exposure="NodePort",
        edge__service__webNodePorts={"http": 30080, "https": 30443},
        **{f"ports__{name}__nodePort": port for name, port in NODE_PORTS.items()},
    )
    _log_in_from_both(Stage(moved, ON_NODE, found.values, ports={**NODE_PORTS, "https": 30443}), tmp_path)


def test_servers_without_an_edge_see_the_client(moved: Mail, tmp_path: Path) -> None:
    found = _at(
        moved,
        BALANCED,
        edge__mode="direct",
        edge__direct__mdaHostname="mailboxes.example.com",
        web__exposure="none",
    )
    _log_in_from_both(found, tmp_path, tuple(NODE_PORTS))


def test_defaults_of_k3s_hand_clients_of_both_kinds_on(moved: Mail, tmp_path: Path) -> None:
    found = _at(moved, BALANCED, clientAddress__platform="k3s", clientAddress__podNetworks=[])
    _log_in_from_both(found, tmp_path)
