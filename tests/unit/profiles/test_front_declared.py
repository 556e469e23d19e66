"""Fronts that the user declares, Services that only values describe, hostile input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.adapters.readings import ServiceDraft, ServicePortDraft
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.terms import DoorKind, Wire
from truehop.profiles.front_registry import front_profiles
from truehop.profiles.fronts import BalancedService, front_ids, front_of, matches_service, rewrite_for
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

from .balancers import BETA, K3S, POOL, Declared, ask, blamed, kept, manifest, told, world_of

DO = f"{BETA}do-loadbalancer-"
SCW = f"{BETA}scw-loadbalancer-"

# --- declared fronts --------------------------------------------------------------------------------


def test_annotation_declares_the_make() -> None:
    reading = ask({"truehop/front": "scaleway", f"{SCW}proxy-protocol-v2": "true"}, beside=POOL)
    assert (reading.kind, reading.is_declared, told(reading)) == ("scaleway", True, "v2 stated")


def test_annotation_with_an_unknown_make_is_ignored() -> None:
    reading = ask({"truehop/front": "scalewy"})
    assert (reading.kind, reading.is_declared, blamed(reading)) == (
        "",
        False,
        ["front=scalewy ignored -> scaleway"],
    )
    assert blamed(ask({"truehop/front": "?"})) == ["front=? ignored -> "]


def test_configuration_declares_the_make() -> None:
    reading = ask({f"{DO}type": "REGIONAL"}, declared=[Declared("traefik/*", kind="metallb")])
    assert (reading.kind, reading.is_declared, kept(reading)) == ("metallb", True, "yes default")


def test_switch_counts_for_a_declared_make() -> None:
    annotations = {"load-balancer.hetzner.cloud/uses-proxyprotocol": "true"}
    assert told(ask(annotations, declared=[Declared("traefik", kind="hetzner")])) == "v2 stated"


def test_declared_sending_and_keeping_win() -> None:
    entry = Declared(
        "traefik/traefik",
        kind="hetzner",
        sends="v1",
        keeps_source=True,
        addresses=AddressSet.parse("192.0.2.1"),
    )
    reading = ask({"load-balancer.hetzner.cloud/uses-proxyprotocol": "false"}, declared=[entry])
    front = reading.front_for_port(25)
    assert (told(reading), kept(reading), front.can_send) == ("v1 stated", "yes stated", Tri.YES)
    assert front.hop.addresses.value == AddressSet.parse("192.0.2.1")


def test_outside_proxy_needs_no_make() -> None:
    reading = ask(declared=[Declared("*/*", sends="v2")])
    front = reading.front_for_port(25)
    assert (front.kind, front.is_declared, told(reading), kept(reading)) == (
        "",
        True,
        "v2 stated",
        "no assumed",
    )
    assert front.can_send is Tri.YES


def test_declared_silence_says_nothing_of_the_source() -> None:
    assert kept(ask(declared=[Declared("*", sends="none")])) == "unknown unknown"


def test_declaration_for_other_services_does_not_count() -> None:
    assert not ask(declared=[Declared("mail/*", sends="v2")]).is_declared


def test_first_declaration_that_matches_counts() -> None:
    assert (
        ask(declared=[Declared("*", kind="azure"), Declared("traefik/traefik", kind="gcp")]).kind == "azure"
    )


@pytest.mark.parametrize(
    ("pattern", "namespace", "matches"),
    [
        ("mail/*", "mail", True),
        ("mail/*", "web", False),
        ("*", "web", True),
        ("mail/*", None, True),
        ("m*/tr*", "mx", True),
    ],
)
def test_globs_are_over_namespace_and_name(pattern: str, namespace: str | None, matches: bool) -> None:
    assert matches_service(pattern, ObjectRef("Service", "traefik", namespace)) is matches


def test_masquerading_ends_where_the_user_says_that_the_source_is_kept() -> None:
    assert ask(beside=K3S).front_for_port(25).masquerades
    assert not ask(beside=K3S, declared=[Declared("*", keeps_source=True)]).front_for_port(25).masquerades


def test_addresses_of_a_make_are_told() -> None:
    addresses = ask({f"{BETA}linode-loadbalancer-tags": "x"}).hop.addresses
    assert (str(addresses.value), addresses.basis) == ("192.168.255.0/24", Basis.DEFAULT)
    assert ask().hop.addresses.settles == "networks.loadBalancers"


# --- Services that only values describe -------------------------------------------------------------


def _draft(text: str) -> ServiceDraft:
    (document,) = load_documents(SourceFile("values.yaml", text)).documents
    root = document.cursor().get("service")
    return ServiceDraft(
        ObjectRef("Service", "traefik", None),
        Fact("LoadBalancer"),
        root.location(),
        [ServicePortDraft(25, "smtp", root.location()), ServicePortDraft(587, "submission", root.location())],
        spec=root.get("spec"),
        annotations=root.get("annotations"),
    )


def test_values_are_read_like_manifests() -> None:
    text = (
        f"service:\n  annotations:\n    {BETA}upcloud-load-balancer-config: |\n"
        '      {"backends": [{"name": "smtp", "properties": {"outbound_proxy_protocol": "v2"}}]}\n'
    )
    reading = front_of(_draft(text))
    assert (reading.kind, told(reading, 25), told(reading, 587)) == ("upcloud", "v2 stated", "none default")


def test_values_without_annotations_have_an_unknown_front() -> None:
    draft = _draft("service: {spec: {type: LoadBalancer}}\n")
    draft.spec = draft.annotations = None
    reading = front_of(draft)
    assert (reading.kind, reading.hop.at, reading.is_workaround) == ("", draft.at, False)
    assert reading.make.at is None


def test_declared_make_without_annotations_stands_at_the_service() -> None:
    draft = _draft("service: {}\n")
    draft.spec = draft.annotations = None
    reading = front_of(draft, declared=[Declared("*", kind="oci-nlb")])
    assert (reading.front_for_port(25).sends.value, reading.switches) == (Wire.NONE, [])
    assert front_of(draft, declared=[Declared("*", kind="oci-lb")]).front_for_port(25).sends.at == draft.at


def test_balanced_service_is_taken_as_it_is() -> None:
    service = BalancedService.of(world_of(manifest()).services[0])
    assert BalancedService.of(service) is service


# --- hostile input ----------------------------------------------------------------------------------

_KEYS = sorted({key.replace("{port}", "25") for profile in front_profiles() for key in profile.keys})
_VALUES = st.one_of(
    st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        [
            "*",
            "true",
            "True",
            "1",
            "0",
            "25",
            "25,587",
            "v1",
            "v2",
            "{}",
            "[]",
            "null",
            "nlb",
            "ip",
            "[" * 2000,
        ]
    ),
)


@given(st.dictionaries(st.sampled_from([*_KEYS, "truehop/front", "example.org/proxy"]), _VALUES, max_size=6))
def test_no_annotations_break_the_reading(annotations: dict[str, str]) -> None:
    reading = ask(annotations)
    for port in (25, 587, 0):
        front = reading.front_for_port(port)
        for policy in ("Local", "Cluster"):
            assert rewrite_for(front, DoorKind.LOAD_BALANCER, Fact(policy)).origin
        assert front.sends.origin
        assert reading.withholds_for_port(port).value in Tri
    assert reading.is_workaround in {True, False}


@pytest.mark.parametrize(
    "annotations", ["    - a", "    truehop/front: [x]", "    truehop/front:", "    truehop/front: {}"]
)
def test_annotations_of_the_wrong_shape_are_passed_over(annotations: str) -> None:
    assert ask(annotations).kind == ""


def test_one_place_is_blamed_once() -> None:
    reading = ask(f"    truehop/front: 7\n    {BETA}vultr-loadbalancer-proxy-protocol: yes")
    assert blamed(reading) == ["front=7 ignored -> ", "vultr-loadbalancer-proxy-protocol=yes ignored -> true"]


def test_every_id_may_be_declared() -> None:
    for name in front_ids():
        assert ask({"truehop/front": name}).kind == name
