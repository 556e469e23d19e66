"""The families that a Service carries."""

from __future__ import annotations

import pytest

from tests.unit.kube.hand import cut, world_of
from truehop.build.families import carried_families
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact
from truehop.model.graph import Networks

PREFERS = "ipFamilyPolicy: PreferDualStack"


def networks(**parts: str) -> Networks:
    found = Networks()
    for name, text in parts.items():
        setattr(found, name, Fact(AddressSet.parse(*text.split()), origin=f"the {name}"))
    return found


@pytest.mark.parametrize(
    ("spec", "known", "expected"),
    [
        (PREFERS, networks(), None),
        (PREFERS, networks(nodes="192.0.2.0/28"), None),
        (PREFERS, networks(pods=""), None),
        (PREFERS, networks(pods="10.42.0.0/16"), (4,)),
        (PREFERS, networks(services="fd43::/112"), (6,)),
        (PREFERS, networks(pods="10.42.0.0/16 fd42::/48"), (4, 6)),
        (PREFERS, networks(pods="10.42.0.0/16", services="10.43.0.0/16 fd43::/112"), (4, 6)),
        (PREFERS + "\n  ipFamilies: [IPv4]", networks(pods="10.42.0.0/16 fd42::/48"), (4, 6)),
        ("ipFamilyPolicy: SingleStack", networks(pods="10.42.0.0/16 fd42::/48"), None),
        ("ipFamilyPolicy: SingleStack", networks(pods="fd42::/48"), (6,)),
        ("type: ClusterIP", networks(pods="10.42.0.0/16"), (4,)),
        ("ipFamilies: [IPv6]", networks(pods="10.42.0.0/16"), (6,)),
        ("ipFamilyPolicy: RequireDualStack", networks(pods="10.42.0.0/16"), (4, 6)),
    ],
)
def test_what_a_service_leaves_to_the_cluster_the_networks_tell(
    spec: str, known: Networks, expected: tuple[int, ...] | None
) -> None:
    [service] = world_of(f"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec:\n  {spec}\n").services
    assert carried_families(service, known).value == expected


def test_the_answer_says_where_it_is_from() -> None:
    world = world_of(f"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec:\n  {PREFERS}\n")
    found = carried_families(
        world.services[0], networks(pods="10.42.0.0/16 fd42::/48", services="10.43.0.0/16")
    )
    assert (found.basis, found.origin) == (Basis.STATED, "the pods and the services")
    assert found.at is not None
    assert cut(world, found.at) == "PreferDualStack"
