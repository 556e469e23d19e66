"""Alerts and dashboard rest on metrics that ``truehop logs`` exports, by the labels that they have."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.chart.helm import render
from truehop.live.logs.dictionary import messages
from truehop.live.logs.findings import Thresholds
from truehop.live.logs.hops import Hops
from truehop.live.logs.metrics import Gauges
from truehop.live.logs.scanning import Stream
from truehop.live.logs.services import PUBLIC
from truehop.live.logs.summary import Summary
from truehop.model.addresses import AddressSet

#: Lines by which each metric has a sample with all its labels.
LINES = b"""\
2026-11-26T16:15:39Z mail postfix/smtpd[77]: connect from unknown[10.42.0.3]
2026-11-26T16:15:39Z mail postfix/smtpd[77]: warning: haproxy read: timeout error
2026-11-26T16:15:39Z imap-login: Info: Login: user=<a@example.com>, method=PLAIN, rip=192.0.2.1, TLS
"""
#: Labels that Prometheus adds to what it reads from a pod.
OF_PROMETHEUS = {"namespace", "pod"}
METRIC = re.compile(r"\btruehop_\w+")
SELECTOR = re.compile(r"\b(truehop_\w+)\{([^}]*)\}")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"')


@cache
def exported() -> dict[str, set[str]]:
    """The metrics of the command, each with the labels of its samples."""
    summary = Summary(hops=Hops({"networks.pods": AddressSet.parse("10.42.0.0/16")}))
    Stream(summary).feed(LINES)
    registry = CollectorRegistry()
    registry.register(Gauges(summary, Thresholds(), threading.Lock()))
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@cache
def rules() -> dict[str, dict[str, Any]]:
    """The alerts about addresses, by name."""
    (found,) = render("full").of_kind("PrometheusRule")
    groups = {group["name"]: group["rules"] for group in found["spec"]["groups"]}
    return {rule["alert"]: rule for rule in groups["mail-addresses"]}


@cache
def dashboard() -> dict[str, Any]:
    """The dashboard."""
    (text,) = render("full").find("ConfigMap", "mail-dashboard")["data"].values()
    loaded = json.loads(text)
    assert isinstance(loaded, dict)
    return loaded


def _expressions() -> Iterator[tuple[str, str]]:
    yield from ((name, rule["expr"]) for name, rule in rules().items())
    for panel in dashboard()["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])


EXPRESSIONS = dict(_expressions())


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_metric_is_one_that_the_command_exports(name: str) -> None:
    named = set(METRIC.findall(EXPRESSIONS[name]))
    assert named
    assert named - exported().keys() == set()


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_label_is_one_that_its_metric_has(name: str) -> None:
    selectors = SELECTOR.findall(EXPRESSIONS[name])
    # Each metric bears a selector, or the rule would be about other releases as well.
    assert len(selectors) == len(METRIC.findall(EXPRESSIONS[name]))
    for metric, inner in selectors:
        labels = {label for label, _, _ in MATCHER.findall(inner)}
        assert labels >= OF_PROMETHEUS
        assert labels - OF_PROMETHEUS - exported()[metric] == set(), metric


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_grouping_is_by_labels_that_are_there(name: str) -> None:
    expression = EXPRESSIONS[name]
    known = set.union(*(exported()[metric] for metric in METRIC.findall(expression)))
    grouped = {label.strip() for one in GROUPED.findall(expression) for label in one.split(",")}
    assert grouped - known == set()


def test_the_services_are_those_that_the_world_alone_comes_to() -> None:
    """The webmail is a client of ManageSieve, and the mta names what comes from it after the webmail."""
    matched = {
        value
        for expression in EXPRESSIONS.values()
        for _, inner in SELECTOR.findall(expression)
        for label, _, value in MATCHER.findall(inner)
        if label == "service"
    }
    (pattern,) = matched
    left_out = {name for _, name in PUBLIC if not re.fullmatch(pattern, name)}
    assert left_out == {"webmail", "managesieve-login", "submission-login", "smtps"}
    assert not re.fullmatch(pattern, "sieve")


def test_the_messages_that_anybody_causes_are_in_the_dictionary() -> None:
    expression = rules()["MailProxyErrors"]["expr"]
    (often,) = re.findall(r'message=~"([^"]*)"', expression)
    (seldom,) = re.findall(r'message!~"([^"]*)"', expression)
    assert often == seldom
    known = {message.id: message.severity for message in messages()}
    assert set(often.split("|")) - known.keys() == set()
    assert {name for name, severity in known.items() if severity == "info"} <= set(often.split("|"))
    assert "error" not in {known[name] for name in often.split("|")}


@pytest.mark.parametrize("name", rules())
def test_an_alert_says_what_is_wrong(name: str) -> None:
    rule = rules()[name]
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert rule["annotations"]["summary"].endswith(".")


def test_the_dashboard_is_found_and_its_panels_do_not_overlap() -> None:
    found = render("full").find("ConfigMap", "mail-dashboard")
    assert found["metadata"]["labels"]["grafana_dashboard"] == "1"
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 5
    for first, second in combinations((panel["gridPos"] for panel in panels), 2):
        is_beside = first["x"] + first["w"] <= second["x"] or second["x"] + second["w"] <= first["x"]
        is_below = first["y"] + first["h"] <= second["y"] or second["y"] + second["h"] <= first["y"]
        assert is_beside or is_below
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)
    assert all(panel["description"] for panel in panels)


def test_the_dashboard_shows_one_release() -> None:
    variables = {one["name"]: one["query"] for one in dashboard()["templating"]["list"]}
    assert (variables["namespace"], variables["release"]) == ("post", "mail")
    other = render("full", {"fullnameOverride": "other"}).find("ConfigMap", "other-dashboard")
    (text,) = other["data"].values()
    assert json.loads(text)["uid"] != dashboard()["uid"]
