"""Mail and webmail through the cluster's own Traefik, by its own kinds of routes and by Ingress."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster import traefik
from tests.cluster.conftest import new_namespace
from tests.cluster.definitions import define
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.prediction import FORWARDED, HEADERS
from tests.cluster.stage import FRONTS, PORTS, Stage
from tests.cluster.ways import go_all_ways

ADDRESSES = {"203.0.113.7": "192.0.2.27", "2001:db8::7": "2001:db8:25::27"}


@pytest.fixture(scope="module", params=[3, 4], ids=["helm3", "helm4"])
def existing(request: pytest.FixtureRequest, world: Node) -> Iterator[Stage]:
    """By the cluster's own Traefik, which has what NOTES say that it needs."""
    define(world, "traefik")
    with new_namespace(world) as name, new_namespace(world) as door:
        values = {
            "edge__mode": "existing",
            "edge__existing__version": "3.6.12",
            "edge__existing__namespace": door,
        }
        found = Stage(Mail(world, name, request.param), ADDRESSES, values, door)
        notes = found.install()
        traefik.install(world, door, traefik.told(notes))
        found.wait()
        yield found
        found.mail.uninstall()
        traefik.remove(world, door)


@pytest.mark.parametrize("client", FRONTS)
def test_servers_log_the_clients_own_address(client: str, existing: Stage) -> None:
    assert existing.seen_by_all(client) == {key: {client} for key in PORTS}


@pytest.mark.parametrize("version", HEADERS)
def test_header_that_a_client_sends_changes_nothing(version: str, existing: Stage) -> None:
    plain = ("smtp", "submission", "imap", "pop3", "sieve")
    seen = existing.seen_by_all(protocols=plain, order={"header": HEADERS[version]})
    assert seen == {key: {"203.0.113.7"} for key in plain}


def test_address_that_a_browser_states_is_not_believed(existing: Stage) -> None:
    assert existing.seen("https", order={"headers": FORWARDED}) == {"203.0.113.7"}


def test_no_mail_secret_or_claim_is_lost_on_any_way(existing: Stage) -> None:
    go_all_ways(existing)


def test_webmail_by_ingress_sees_the_client(existing: Stage) -> None:
    existing.upgrade(
        web__exposure="ingress",
        web__ingress__className=traefik.CLASS,
        web__ingress__namespace=existing.door,
        web__ingress__podLabels={"app.kubernetes.io/name": traefik.NAME},
    )
    kinds = "/apis/traefik.io/v1alpha1/namespaces/{}/ingressroutes"
    assert existing.mail.node.api.items(kinds.format(existing.mail.namespace)) == []
    space = existing.mail.node.space
    space.wait_until(lambda: _is_served(existing), "the Ingress is served", seconds=30)
    for client in FRONTS:
        assert existing.seen("https", client) == {client}
        assert existing.seen("https", client, {"headers": FORWARDED}) == {client}


def _is_served(stage: Stage) -> bool:
    return "HTTP/1.1 200 OK" in stage.talk("https").lines
