"""Other ways to the servers, and broken ones: what truehop predicts for each is what the servers log."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.configuration import ADDRESSES, OUTSIDE
from tests.cluster.conftest import new_namespace
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.prediction import observed, predicted
from tests.cluster.stage import FRONTS, PORTS, Stage

HEADER = "0d0a0d0a000d0a515549540a"
#: What an edit of the rendering breaks: the text before and after.
EDITS = {
    "edge sends no header": (
        "        mail:\n          proxyProtocol:\n            version: 2\n",
        "        mail: {}\n",
    ),
    "node's address before the edge": ("externalTrafficPolicy: Local", "externalTrafficPolicy: Cluster"),
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
    with new_namespace(world) as name:
        # Not those of the other release, which goes on.
        found = Stage(Mail(world, name, 3), {"203.0.113.7": "192.0.2.26", "2001:db8::7": "2001:db8:25::26"})
        found.open(
            clientAddress__front="external",
            clientAddress__balancerNetworks=[f"{OUTSIDE[0]}/32", f"{OUTSIDE[1]}/128"],
        )
        yield found
        found.mail.uninstall()


@pytest.mark.parametrize("client", ["198.51.100.23", "2001:db8:1::23"])
@pytest.mark.parametrize("protocol", PORTS)
def test_balancer_states_the_client(protocol: str, client: str, balanced: Stage) -> None:
    is_six = ":" in client
    header = stated(client, list(FRONTS.values())[is_six])
    assert balanced.seen(protocol, OUTSIDE[is_six], {"header": header}) == {client}


@pytest.mark.parametrize("protocol", ["smtp", "submission", "imap", "pop3", "sieve"])
def test_stranger_who_plays_a_balancer_is_not_believed(protocol: str, balanced: Stage) -> None:
    header = stated("198.51.100.99", "192.0.2.25")
    assert balanced.seen(protocol, order={"header": header}) == {"203.0.113.7"}


@pytest.fixture(scope="module")
def on_host(world: Node) -> Iterator[Stage]:
    """With the edge on the node's own network."""
    with new_namespace(world) as name:
        found = Stage(Mail(world, name, 3), dict(zip(FRONTS, ADDRESSES, strict=True)))
        found.open(
            clientAddress__front="none",
            clientAddress__nodeNetworks=["10.42.0.1/32", "fd42::1/128", *ADDRESSES],
            edge__exposure="hostNetwork",
        )
        yield found
        found.mail.uninstall()


@pytest.mark.parametrize("client", FRONTS)
@pytest.mark.parametrize("protocol", PORTS)
def test_edge_on_the_nodes_network_hands_the_client_on(protocol: str, client: str, on_host: Stage) -> None:
    assert on_host.seen(protocol, client) == {client}


def test_prediction_for_the_whole_release_is_what_the_servers_log(stage: Stage, tmp_path: Path) -> None:
    assert predicted(stage.manifest(), tmp_path) == observed(stage)


@pytest.mark.parametrize("fault", EDITS)
def test_prediction_for_a_broken_release_is_what_the_servers_log(
    fault: str, stage: Stage, tmp_path: Path
) -> None:
    whole = stage.manifest()
    broken = whole.replace(*EDITS[fault])
    assert broken != whole
    try:
        stage.put(broken)
        assert predicted(broken, tmp_path) == observed(stage)
    finally:
        stage.put(whole)
