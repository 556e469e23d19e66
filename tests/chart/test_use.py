"""Every value has an effect: another one makes another rendering, or is refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.helm import CHART, RefusedError, merged, nested, render, shown
from tests.chart.test_extras import COMPONENTS, GIVEN
from tests.chart.topologies import values_of

PLAIN = ("imap", "pop3", "sieve")
MYSQL = ("registry", "repository", "tag", "digest", "pullPolicy")
DEFAULTS: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
LIST = Path(__file__).with_name("exceptions.txt")
#: Where a value may show, in the order in which it is looked for.
TOPOLOGIES = ("full", "external-database", "existing-traefik-old", "direct", "nodeport", "ingress", "k3s")
#: Where it shows at once, for values that a topology is about.
NEAREST = {
    "existing-traefik-old": ("edge.existing.",),
    "direct": ("edge.direct.", "web.ingress."),
    "external-database": ("database.external.", "edge.replicas", "web.replicas", "unbound.replicas"),
    "k3s": ("clientAddress.platform", "tls.certManager.issuerRef.kind"),
}
#: Keys of components whose effect test_extras.py shows for each of them.
SHOWN = {*GIVEN, "image", "persistence", "serviceAccount"}
#: What a text may be instead, where any other text would not do.
OTHERS: dict[str, object] = {
    "clientAddress.front": "digitalocean",
    "clientAddress.balancerNetworks": ["10.9.0.0/24"],
    "clientAddress.platform": "kind",
    "clientAddress.podNetworks": ["10.9.0.0/16"],
    "clientAddress.nodeNetworks": ["10.9.0.0/24"],
    "recipientDelimiter": "+",
    "postmaster": "other@example.com",
    "hostname": "other.example.com",
    "clusterDomain": "cluster.example",
    "global.imagePullSecrets": ["marked"],
    "tls.source": "existingSecret",
    "tls.extraNames": ["marked.example.com"],
    "tls.certManager.issuerRef.kind": "ClusterIssuer",
    "tls.certManager.keyAlgorithm": "RSA",
    "tls.certManager.keySize": 384,
    "tls.certManager.duration": "99h",
    "tls.certManager.renewBefore": "9h",
    "secrets.seed": "another0seed0of0enough0letters",
    "setup.admin": "marked@example.com",
    "setup.dkimDomains": ["marked.example.com"],
    "edge.mode": "direct",
    "edge.exposure": "hostPort",
    "edge.kind": "DaemonSet",
    "edge.service.loadBalancerSourceRanges": ["198.51.100.0/24"],
    "edge.service.webNodePorts.http": 30081,
    "edge.service.webNodePorts.https": 30444,
    "edge.http.tlsProfile": "intermediate",
    "edge.logLevel": "DEBUG",
    "edge.logFormat": "json",
    "edge.extraArgs": ["--log.format=json"],
    "edge.existing.version": "3.6.24",
    "edge.existing.podLabels": {"marked": "marked"},
    "edge.service.allocateLoadBalancerNodePorts": False,
    "edge.direct.mtaHostname": "marked.example.com",
    "edge.direct.mdaHostname": "marked.example.com",
    "mta.myNetworks": ["127.0.0.1/32"],
    "mta.relay.host": "[marked.example.com]:2525",
    "mta.waitTimeout": "9m",
    "mda.sieve.outbound": "localOnly",
    "web.exposure": "none",
    "web.extraHostnames": ["marked.example.com"],
    "web.ingress.networks": ["10.9.0.0/24"],
    "web.rspamdNetworks": ["198.51.100.0/24"],
    "web.hostAddresses": ["198.51.100.99"],
    "web.oauth.authorizationUrl": "https://marked.example.com/",
    "web.oauth.accessTokenUrl": "https://marked.example.com/",
    "web.oauth.infosUrl": "https://marked.example.com/",
    "filter.localNetworks": ["127.0.0.1/32"],
    "database.mode": "external",
    "database.driver": "mysql",
    "database.external.host": "marked.example.com",
    "database.external.port": 3307,
    "database.external.serverVersion": "9.1",
    "database.external.networks": ["198.51.100.0/24"],
    "database.images.pgsql.tag": "19-alpine",
    "database.images.mysql.tag": "9.1",
    "service.ipFamilyPolicy": "SingleStack",
    "service.ipFamilies": ["IPv6"],
    "truehop.logs.extraArgs": ["--marked"],
    "networkPolicy.dnsPorts": [5353],
    "networkPolicy.apiPorts": [7443],
    "networkPolicy.apiNetworks": ["198.51.100.0/24"],
    "networkPolicy.extraIngress": {"mta": [{"ports": [{"port": 9999}]}]},
    "networkPolicy.extraEgress": {"mta": [{"ports": [{"port": 9999}]}]},
    "networkPolicy.metricsFrom": [{"podSelector": {}}],
    "monitoring.podMonitor.interval": "99s",
    "extraObjects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "marked"}}],
}


#: What else has to be said for a value to have its effect.
WITH: dict[str, dict[str, Any]] = {
    **{f"secrets.{name}.key": {"secrets": {name: {"existingSecret": "own"}}} for name in DEFAULTS["secrets"]},
    **{f"database.images.mysql.{name}": {"database": {"driver": "mysql"}} for name in MYSQL},
    **{f"edge.existing.entryPoints.{name}": {"ports": {name: {"enabled": True}}} for name in PLAIN},
    "setup.key": {"setup": {"existingSecret": "own"}},
}


def _leaves(values: dict[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, dict) and value and here not in OTHERS:
            yield from _leaves(value, here)
        else:
            yield here, value


def _is_shown_elsewhere(path: str) -> bool:
    component, _, rest = path.partition(".")
    return component in COMPONENTS and rest.partition(".")[0] in SHOWN


LEAVES = {path: value for path, value in _leaves(DEFAULTS) if not _is_shown_elsewhere(path)}


@cache
def exceptions() -> dict[str, str]:
    """Values without an effect that a rendering could show, with the reason."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    found = [line.partition(": ") for line in lines if line and not line.startswith("#")]
    return {path: reason.strip() for path, _, reason in found}


def _other(path: str, value: object) -> object:
    if path in OTHERS:
        return OTHERS[path]
    if path.endswith((".pullPolicy", ".digest")):
        return "Always" if path.endswith(".pullPolicy") else f"sha256:{'0' * 64}"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {"marked": "marked"}
    return 30099 if value is None else "marked"


def _text(topology: str, path: str = "", value: object = None) -> str:
    """What is rendered, NOTES included; of a refusal what is said."""
    notes = "mailstack/templates/NOTES.txt"
    own = merged(WITH.get(path, {}), nested(path, value)) if path else {}
    given = own if path == "extraObjects" else merged(own, shown(notes))
    try:
        return render(topology, given).text
    except RefusedError as error:
        if "don't meet the specifications of the schema" in str(error):
            raise
        return str(error)


def _is_noticed(path: str, value: object) -> bool:
    first = next((name for name, prefixes in NEAREST.items() if path.startswith(prefixes)), TOPOLOGIES[0])
    for topology in dict.fromkeys([first, *TOPOLOGIES]):
        other = not _said(topology, path) if isinstance(value, bool) else _other(path, value)
        before = _text(topology, path, value) if path in WITH else _text(topology)
        if _text(topology, path, other) != before:
            return True
    return False


def _said(topology: str, path: str) -> object:
    """What holds for a topology so far."""
    node: Any = values_of(topology)
    for name in path.split("."):
        node = node[name]
    return node


@pytest.mark.parametrize("path", LEAVES)
def test_a_value_has_an_effect(path: str) -> None:
    assert _is_noticed(path, LEAVES[path]) is (path not in exceptions())


def test_exceptions_are_values_and_have_their_reason() -> None:
    assert exceptions().keys() <= LEAVES.keys()
    assert all(exceptions().values())
