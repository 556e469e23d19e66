"""A release that is moved from one door to the next: by each of them the servers see the client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cluster.configuration import ADDRESSES
from tests.cluster.conftest import new_namespace
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.prediction import Verdict, predicted
from tests.cluster.stage import FRONTS, PORTS, Stage

BALANCED = {"203.0.113.7": "192.0.2.29", "2001:db8::7": "2001:db8:25::29"}
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


@pytest.fixture(scope="module")
def moved(world: Node) -> Iterator[Mail]:
    """A release that is moved from one door to the next by upgrades."""
    with new_namespace(world) as name:
        found = Mail(world, name, 3)
        yield found
        found.uninstall()


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
