"""The annotation truehop/networks."""

from __future__ import annotations

from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kube.hand import cut, world_of
from truehop.adapters.networks import DATAPATH, PARTS, PRESET, StatedNetworks, read_networks
from truehop.engine.config.shape import config_schema
from truehop.kube.objects import World
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis
from truehop.model.hops import Effect


def annotated(text: str, kind: str = "Service", name: str = "edge") -> str:
    return (
        f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n  annotations:\n"
        f"    truehop/networks: |\n{indent(text, ' ' * 6)}\n"
    )


def workload(kind: str, metadata: str = "{}", template: str = "{}") -> str:
    own = f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: it, annotations: {metadata}}}\n"
    if kind == "Pod":
        return own.replace("apps/v1", "v1") + "spec: {containers: [{name: it, image: x}]}\n"
    pods = f"{{metadata: {{annotations: {template}}}, spec: {{containers: [{{name: it, image: x}}]}}}}"
    return own + f"spec: {{template: {pods}}}\n"


def read(*texts: str) -> tuple[World, StatedNetworks]:
    world = world_of(*texts)
    return world, read_networks(world)


def told(world: World, found: StatedNetworks) -> list[tuple[str, str]]:
    """What was refused: the value, and the text at its place."""
    return [(one.value, cut(world, one.at)) for one in found.switches]


@pytest.mark.parametrize("kind", ["Service", "Namespace", "ConfigMap"])
def test_any_object_may_say_the_networks(kind: str) -> None:
    world, found = read(annotated("pods: [10.42.0.0/16, 'fd42::/48']\nnodes: 192.0.2.0/28", kind))
    pods, nodes = found.networks["pods"], found.networks["nodes"]
    assert pods.value == AddressSet.parse("10.42.0.0/16", "fd42::/48")
    assert (pods.basis, pods.settles) == (Basis.STATED, "networks.pods")
    assert pods.origin == f"the pods that {kind} edge declares"
    assert nodes.value == AddressSet.parse("192.0.2.0/28")
    assert nodes.at is not None
    assert cut(world, nodes.at) == "192.0.2.0/28"
    assert not found.switches


@pytest.mark.parametrize(
    "text",
    [
        workload("Deployment", "{truehop/networks: 'pods: 10.42.0.0/16'}"),
        workload("StatefulSet", template="{truehop/networks: 'pods: 10.42.0.0/16'}"),
        workload("DaemonSet", *["{truehop/networks: 'pods: 10.42.0.0/16'}"] * 2),
        workload("Pod", "{truehop/networks: 'pods: 10.42.0.0/16'}"),
    ],
)
def test_a_workload_or_its_pods_may_say_them(text: str) -> None:
    _, found = read(text)
    assert found.networks["pods"].value == AddressSet.parse("10.42.0.0/16")
    assert not found.switches


def test_every_key_of_the_configuration_is_known() -> None:
    _, found = read(
        annotated(
            "preset: k3s\nservices: [10.43.0.0/16]\nloadBalancers: [198.51.100.10]\ndatapath: dsr\n"
            "office: [203.0.113.0/24]"
        )
    )
    assert {key: fact.value for key, fact in found.words.items()} == {PRESET: "k3s", DATAPATH: "dsr"}
    assert set(found.networks) == {"services", "loadBalancers", "office"}
    assert not found.switches


def test_the_annotation_has_the_keys_and_words_of_the_configuration() -> None:
    definitions = config_schema()["$defs"]
    assert isinstance(definitions, dict)
    properties = definitions["networks"]["properties"]
    assert set(properties) == {*PARTS, PRESET, DATAPATH}
    for key in (PRESET, DATAPATH):
        for word in properties[key]["enum"]:
            _, found = read(annotated(f"{key}: {word}"))
            assert found.words[key].value == word


@pytest.mark.parametrize(
    ("text", "value", "place", "instead"),
    [
        ("pods: [10.42.0.0/16, 10.43.7.1/16]", "10.43.7.1/16", "10.43.7.1/16", "10.43.0.0/16"),
        ("pods: [k3s]", "k3s", "k3s", "an address or CIDR, as 10.42.0.0/16 or 2001:db8::/48"),
        ("pods: []", "pods", "[]", "pods: [10.42.0.0/16]"),
        ("pods: {v4: 10.42.0.0/16}", "pods", "{v4: 10.42.0.0/16}", "pods: [10.42.0.0/16]"),
        ("pods: [~]", "pods", "[~]", "pods: [10.42.0.0/16]"),
        ("pod: [10.42.0.0/16]", "pod", "pod", "pods"),
        ("loadbalancers: [198.51.100.10]", "loadbalancers", "loadbalancers", "loadBalancers"),
        ("preset: k8s", "k8s", "k8s", "k3s or kubeadm or kind"),
        ("datapath: []", "datapath", "[]", "kube-proxy or dsr or calico-ebpf"),
    ],
)
def test_what_says_nothing_is_told_and_leaves_its_key_unknown(
    text: str, value: str, place: str, instead: str
) -> None:
    world, found = read(annotated(text))
    assert told(world, found) == [(value, place)]
    [switch] = found.switches
    assert (switch.name, switch.effect, switch.instead) == ("truehop/networks", Effect.IGNORED, instead)
    assert not found.networks
    assert not found.words


@pytest.mark.parametrize("text", ["10.42.0.0/16", "[10.42.0.0/16]", "a: 1\n---\nb: 2", ""])
def test_an_annotation_that_is_no_mapping_is_told_as_a_whole(text: str) -> None:
    _, found = read(annotated(text))
    [switch] = found.switches
    assert switch.because.startswith("it is no mapping")
    assert switch.value == text.partition("\n")[0]
    assert not found.networks


@pytest.mark.parametrize("text", ["pods: [", "nodes: 192.0.2.1\npods: [::1/128]"])
def test_an_annotation_that_is_no_yaml_is_told_where_it_breaks(text: str) -> None:
    _, found = read(annotated(text))
    [switch] = found.switches
    assert switch.because.startswith("it cannot be read: ")
    assert switch.at.line >= 7
    assert not found.networks


def test_networks_of_ipv6_need_no_quotes_in_a_list_of_lines() -> None:
    _, found = read(annotated("pods:\n  - 10.42.0.0/16\n  - fd42::/48\nnodes: [fd00::1]"))
    assert found.networks["pods"].value == AddressSet.parse("10.42.0.0/16", "fd42::/48")
    assert found.networks["nodes"].value == AddressSet.parse("fd00::1")


def test_an_annotation_that_is_no_text_is_the_api_servers_affair() -> None:
    _, found = read(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, annotations: {truehop/networks: {pods: x}}}\n"
    )
    assert not found.networks
    assert not found.switches


def test_a_key_given_twice_is_told_and_not_known() -> None:
    world, found = read(annotated("pods: [10.42.0.0/16]\nnodes: [192.0.2.0/28]\npods: [10.244.0.0/16]"))
    assert told(world, found) == [("pods", "pods")]
    assert found.switches[0].at.line == 9
    assert set(found.networks) == {"nodes"}


def test_two_objects_add_up_and_may_say_the_same() -> None:
    _, found = read(
        annotated("pods: [10.42.0.0/16]\npreset: k3s"),
        annotated("nodes: [192.0.2.0/28]\npreset: k3s", "Namespace", "mail"),
        annotated("pods: [10.42.0.0/17, 10.42.128.0/17]", "Namespace", "edge"),
    )
    assert set(found.networks) == {"pods", "nodes"}
    assert found.words[PRESET].value == "k3s"
    assert not found.switches


def test_what_two_objects_say_differently_is_told_once_and_not_known() -> None:
    world, found = read(
        annotated("pods: [10.42.0.0/16]\ndatapath: dsr"),
        annotated("pods: [10.244.0.0/16]\ndatapath: kube-proxy\nnodes: 192.0.2.1", "Namespace", "mail"),
        annotated("pods: [10.0.0.0/16]", "Namespace", "edge"),
    )
    assert [(one.value, one.effect, one.basis) for one in found.switches] == [
        ("pods 10.244.0.0/16", Effect.CANCELLED, Basis.ASSUMED),
        ("datapath kube-proxy", Effect.CANCELLED, Basis.ASSUMED),
    ]
    assert [cut(world, one.other) for one in found.switches if one.other] == ["[10.42.0.0/16]", "dsr"]
    assert set(found.networks) == {"nodes"}
    assert not found.words


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    quoted = "".join(letter if letter.isprintable() else " " for letter in text).replace("'", "''")
    source = f"apiVersion: v1\nkind: Service\nmetadata: {{annotations: {{truehop/networks: '{quoted}'}}}}\n"
    _, found = read(source)
    assert len(found.networks) + len(found.words) + len(found.switches) >= (1 if text.strip() else 0)
