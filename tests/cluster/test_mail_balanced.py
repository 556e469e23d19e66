"""Behind a balancer that states the client."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.configuration import OUTSIDE
from tests.cluster.conftest import new_namespace
from tests.cluster.edits import BALANCED_EDITS, edited
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.prediction import Client, observed, predicted
from tests.cluster.stage import FRONTS, PORTS, Stage
from tests.cluster.ways import go_all_ways

HEADER = "0d0a0d0a000d0a515549540a"
BALANCED = {"203.0.113.7": "192.0.2.26", "2001:db8::7": "2001:db8:25::26"}
NETWORKS = [f"{OUTSIDE[0]}/32", f"{OUTSIDE[1]}/128"]
#: The same balancer for truehop, which no edit of the edge hides from it then.
FRONT = {"service": "*/mail-edge*", "sends": "v2", "keepsSource": False, "from": NETWORKS}


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
