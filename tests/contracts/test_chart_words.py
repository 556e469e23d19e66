"""The chart states how addresses travel in one place, and knows of the world what truehop knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.chart.helm import CHART, containers, merged, nested, pods, render
from truehop.build import BuildRequest, build_graph
from truehop.kube.objects import build_world
from truehop.model.facts import Tri
from truehop.model.hops import DoorKind, Front, Wire
from truehop.profiles.front_registry import front_ids, front_profiles
from truehop.profiles.platforms import platforms
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

TEMPLATES = CHART / "templates"
HOME = "_address.tpl"
#: Words that state a PROXY header, a trust list, a traffic policy or what truehop is told.
WORDS = re.compile(
    r"proxy_?protocol|upstream_proxy|TRUSTED_PROXIES|trusted_?ips|proxy_whitelist|haproxy|forwarded_?headers"
    r"|(external|internal)TrafficPolicy|truehop/",
    re.IGNORECASE,
)
#: Templates that make texts for people.
FOR_PEOPLE = re.compile("guards|notes", re.IGNORECASE)
FROM_HOME = re.compile(r'include "mailstack\.address\.')
COMMENT = re.compile(r"\{\{-? ?/\*.*?\*/ ?-?\}\}|^\s*#.*$", re.DOTALL | re.MULTILINE)
FRONTS: dict[str, dict[str, Any]] = yaml.safe_load((CHART / "files/fronts.yaml").read_text(encoding="utf-8"))

each_front = pytest.mark.parametrize("front", FRONTS)


def _lines() -> Iterator[tuple[str, str]]:
    """Each line of the templates that states something; texts for people are none."""
    for path in sorted(TEMPLATES.rglob("*")):
        name = str(path.relative_to(TEMPLATES))
        if path.is_file() and name != HOME and not FOR_PEOPLE.search(name):
            text = COMMENT.sub("", path.read_text(encoding="utf-8"))
            yield from ((name, line.strip()) for line in text.splitlines())


def test_only_one_file_states_how_addresses_travel() -> None:
    stated = [(name, line) for name, line in _lines() if WORDS.search(line) and not FROM_HOME.search(line)]
    assert stated == []


def test_that_file_states_it() -> None:
    assert WORDS.search((TEMPLATES / HOME).read_text(encoding="utf-8"))


def test_every_template_is_included_somewhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*") if path.is_file())
    made = re.findall(r'define "(mailstack\.[\w.-]+)"', text)
    asked = set(re.findall(r'include "(mailstack\.[\w.-]+)"', text))
    by_list = tuple(re.findall(r'include \(printf "(mailstack\.[\w.-]+\.)%s"', text))
    assert [name for name in made if name not in asked and not name.startswith(by_list)] == []


def test_every_template_that_is_included_exists() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*") if path.is_file())
    made = set(re.findall(r'define "(mailstack\.[\w.-]+)"', text))
    asked = set(re.findall(r'include "(mailstack\.[\w.-]+)"', text))
    assert asked - made == set()


# --- fronts --------------------------------------------------------------------------------------


@each_front
def test_a_front_is_one_that_truehop_knows(front: str) -> None:
    assert front in front_ids()


def _front(name: str) -> Front:
    """What truehop makes of a Service with the annotations that the chart gives for a front."""
    facts = FRONTS[name]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "edge",
            "namespace": "mail",
            "annotations": {**facts.get("annotations", {}), "truehop/front": name},
        },
        "spec": {
            "type": "LoadBalancer",
            "externalTrafficPolicy": "Local",
            "selector": {"app": "edge"},
            "ports": [{"name": "smtp", "port": 25}],
            **({"loadBalancerClass": facts["class"]} if "class" in facts else {}),
        },
    }
    loaded = load_documents(SourceFile("service.yaml", yaml.safe_dump(service)))
    graph = build_graph(
        BuildRequest(build_world(loaded.documents, is_closed=Tri.UNKNOWN, default_namespace=None))
    )
    assert graph.switches == []
    (found,) = (door.front for door in graph.doors if door.kind is DoorKind.LOAD_BALANCER)
    assert found is not None
    return found


@each_front
def test_what_arrives_is_what_truehop_says_of_the_annotations(front: str) -> None:
    found = _front(front)
    assert found.kind == front
    assert found.is_public
    if FRONTS[front]["arrives"] == "network":
        # One that puts a pod's address on what it forwards leaves it where the policy is Local, as here.
        assert found.keeps_source.value is Tri.YES or found.masquerades
        assert found.sends.value is Wire.NONE
    else:
        assert found.can_send is Tri.YES
        assert found.keeps_source.value is Tri.NO
        assert found.sends.value.is_proxy


@each_front
def test_a_front_that_sends_a_header_would_not_without_the_annotations(front: str) -> None:
    """The annotations are no ornament: without one of them another balancer would be made."""
    facts = FRONTS[front]
    if facts["arrives"] != "proxy":
        return
    kept = facts["annotations"]
    try:
        facts["annotations"] = {}
        assert not _front(front).sends.value.is_proxy
    finally:
        facts["annotations"] = kept


def test_every_make_that_truehop_knows_is_offered_or_left_out_for_a_reason() -> None:
    left_out = {
        "aws-elb": "classic, and its makers ask to move to the network load balancer",
        "aws-nlb-ccm": "the in-tree controller's, in maintenance",
        "azure-pls": "a private link service, not for the internet",
        "cloudscale": "not tried",
        "cloudstack": "not tried",
        "equinix-metal": "the service has ended",
        "ibm-alb": "not tried",
        "ibm-nlb": "not tried",
        "oci-lb": "the network load balancer of the same cloud keeps the address",
        "octavia-ovn": "not tried",
        "ovh-iolb": "the older of two",
        "upcloud": "set by a JSON document that holds more than this",
    }
    known = {profile.id for profile in front_profiles()}
    assert known - set(FRONTS) == set(left_out)


# --- platforms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", platforms())
def test_a_platform_s_pods_live_where_truehop_knows_them(platform: str) -> None:
    given = merged(nested("clientAddress.platform", platform), nested("clientAddress.front", "metallb"))
    rendering = render("k3s", given)
    ((_, _, spec),) = pods([rendering.find("StatefulSet", "mail-mda")])
    (trusted,) = (
        entry["value"]
        for container in containers(spec)
        for entry in container.get("env", ())
        if entry["name"] == "TRUSTED_PROXIES"
    )
    assert trusted.split(",") == [str(network) for network in platforms()[platform].pods.value.networks()]
