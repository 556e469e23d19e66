"""Mail and webmail through the cluster's own Traefik, by its own kinds of routes and by Ingress."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import traefik
from tests.cluster.conftest import new_namespace
from tests.cluster.definitions import define
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.prediction import FORWARDED, observed, predicted
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
        traefik.install(world, door, traefik.told(found.install()))
        found.wait()
        yield found
        found.mail.uninstall()
        traefik.remove(world, door)


@pytest.mark.parametrize("client", FRONTS)
def test_servers_log_the_clients_own_address(client: str, existing: Stage) -> None:
    assert existing.seen_by_all(client) == {key: {client} for key in PORTS}


def test_prediction_for_both_is_what_the_servers_log(existing: Stage, tmp_path: Path) -> None:
    door = traefik.manifest(existing.door, traefik.told(existing.mail.notes()))
    assert predicted(existing.manifest() + door, tmp_path) == observed(existing)


#: With Helm 4 the release of other tests goes these ways.
@pytest.mark.parametrize("existing", [3], indirect=True, ids=["helm3"])
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
