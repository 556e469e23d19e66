"""One change at a time to what truehop reads: every mutant of a topology's objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.chart.judging import Part, graph_of, places
from tests.chart.trees import Path, changed, child, get, keys, leaves, matching, opened, pointer, without
from truehop.model.facts import Location

COMPONENT = "app.kubernetes.io/component"
ELSEWHERE = {4: "203.0.113.0/24", 6: "2001:db8:77::/64"}
OPPOSITE = {
    "true": "false",
    "false": "true",
    "yes": "no",
    "no": "yes",
    "Local": "Cluster",
    "Cluster": "Local",
}
NETWORK = re.compile(r"[0-9a-fA-F:.]+/\d{1,3}")
ADDRESS = re.compile(r"(?P<host>[\w.-]*):(?P<port>\d+)(?P<rest>/tcp)?")
LINE = re.compile(r"(?P<name>.*?=\s*)(?P<value>.*)")
PORT = re.compile(r"\d+")
#: What of an object on the way is changed although no fact stands there: the ends of its references.
STRUCTURE = {
    "Service": (
        "spec/type",
        "spec/externalTrafficPolicy",
        "spec/selector",
        "spec/ports/*",
        "metadata/annotations",
    ),
    "NetworkPolicy": ("spec/podSelector", "spec/policyTypes", "spec/ingress/*"),
    "DaemonSet": ("spec/template/spec/hostNetwork",),
    "IngressRouteTCP": ("spec",),
    "ServersTransportTCP": ("spec",),
    "ConfigMap": ("data/*/tcp",),
}
#: What is taken away, as a whole; where it stands in a list, by its place there.
DELETED = {
    "*": ("spec/template/spec/containers/0/env/*", "spec/template/spec/containers/0/args/*"),
    "Service": (
        "spec/ports/*",
        "spec/ports/*/targetPort",
        "spec/externalTrafficPolicy",
        "metadata/annotations/*",
    ),
    "NetworkPolicy": ("", "spec/ingress/*", "spec/ingress/*/from", "spec/ingress/*/from/*/podSelector"),
    "IngressRouteTCP": (
        "",
        "spec/entryPoints",
        "spec/routes/*",
        "spec/routes/*/match",
        "spec/routes/*/services/*/*",
    ),
    "ServersTransportTCP": ("", "spec/proxyProtocol"),
    "ConfigMap": (
        "data/*/tcp/*/*",
        "data/*/tcp/routers/*/*",
        "data/*/tcp/services/*/loadBalancer/serversTransport",
        "data/*/tcp/serversTransports/*/proxyProtocol",
        "data/*/tcp/serversTransports/*/proxyProtocol/version",
    ),
}
#: Where Kubernetes takes these words only, another of them.
WORDS = {"TCP": "UDP", "ClusterIP": "NodePort", "NodePort": "LoadBalancer", "LoadBalancer": "NodePort"}
WORDS |= {"Local": "Cluster", "Cluster": "Local", "Ingress": "Egress", "Egress": "Ingress"}
WORDS |= {"IPv4": "IPv6", "IPv6": "IPv4"}
WORDS |= {"PreferDualStack": "SingleStack", "RequireDualStack": "SingleStack", "encrypt": "may"}
#: Names that identify an object, or an entry of a list; references to them are changed instead.
IDENTITY = re.compile(r"metadata/(name|namespace|labels)\b|/ports/\d+/name$|/(env|containers)/\d+/name$")


@dataclass(frozen=True)
class Mutant:
    """A change: whose, where, how, and the object as it is then (None: it is gone)."""

    kind: str
    component: str
    place: str
    change: str
    number: int
    content: dict[str, Any] | None

    @property
    def name(self) -> str:
        """What a line of the survivors' list matches."""
        return f"{self.kind} {self.component} {self.place} {self.change}"


@dataclass(frozen=True)
class Ways:
    """What the ways of mail were read from, part by part, and the ports on them by name and number."""

    read: dict[int, set[Path]]
    ports: frozenset[object]


def mutants(parts: list[Part]) -> Iterator[Mutant]:
    """Every mutant of the objects on the way of a public mail port."""
    ways = _ways(parts)
    for number in sorted(ways.read):
        yield from _of_part(parts[number], number, ways)


def _of_part(part: Part, number: int, ways: Ways) -> Iterator[Mutant]:
    content, read = part.content, ways.read[number]
    kind = content.get("kind", part.name)
    metadata = content.get("metadata", {})
    component = metadata.get("labels", {}).get(COMPONENT, metadata.get("name", "-"))
    structure = [path for path in _matching(content, STRUCTURE.get(kind, ())) if _is_on(content, path, ways)]
    ends = {leaf for path in (*read, *structure) for leaf in leaves(content, path)}
    for path in sorted(ends, key=str):
        if not IDENTITY.search("/".join(map(str, path))):
            for change, value in variants(get(content, path), path):
                made = changed(content, path, lambda _, value=value: value)  # type: ignore[misc]
                yield Mutant(kind, component, pointer(content, path), change, number, made)
    for path in sorted(set(_gone(content, kind, ends, ways)), key=str):
        made = without(content, path) if path else None
        yield Mutant(kind, component, pointer(content, path), "deleted", number, made)


def _gone(content: object, kind: str, ends: set[Path], ways: Ways) -> Iterator[Path]:
    """What is taken away: of variables, arguments and lines those that facts were read from."""
    for path in _matching(content, DELETED["*"]):
        if any(end[: len(path)] == path for end in ends):
            yield path
    for path in _matching(content, DELETED.get(kind, ())):
        if _is_on(content, path, ways):
            yield path
    yield from (
        path for path in ends if isinstance(opened(get(content, path[:-1])), list) and _is_line(content, path)
    )


def _is_line(content: object, path: Path) -> bool:
    return isinstance(get(content, path[:-1]), str)


def _matching(content: object, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from matching(content, pattern)


def _is_on(content: object, path: Path, ways: Ways) -> bool:
    """Whether a port, or a rule about ports, is about one on the ways; anything else is."""
    for end in range(1, len(path) + 1):
        node = get(content, path[:end])
        if isinstance(node, dict) and path[end - 2 : end - 1] == ("ports",):
            return not ways.ports.isdisjoint((node.get("targetPort"), node.get("port")))
        if isinstance(node, dict) and path[end - 2 : end - 1] == ("ingress",) and "ports" in node:
            return not ways.ports.isdisjoint(port.get("port") for port in node["ports"])
    return True


def _ways(parts: list[Part]) -> Ways:
    graph = graph_of(parts)
    routes = [route for route in graph.routes if route.links and route.listener.serves.value.is_mail]
    stated = graph.networks
    numbers = {part.name: number for number, part in enumerate(parts)}
    found: dict[int, set[Path]] = {}
    for place in places(routes, stated.pods, stated.nodes, stated.load_balancers):
        number = numbers[place.path]
        found.setdefault(number, set()).add(_path(parts[number], place))
    listeners = [link.to for route in routes for link in route.links]
    ports = {listener.port for listener in listeners} | {route.door.port for route in routes}
    return Ways(found, frozenset(ports | {listener.name for listener in listeners if listener.name}))


def _path(part: Part, place: Location) -> Path:
    """The path as far as it leads, and the line within a text that has lines."""
    path: Path = ()
    node: object = part.content
    for step in place.pointer.partition("#")[2].split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        key: str | int = int(name) if isinstance(opened(node), list) else name
        if key not in keys(node):
            break
        node = child(node, key)
        path = (*path, key)
    if isinstance(node, str) and isinstance(opened(node), list):
        scalar = part.loaded.documents[0].cursor().get(*path).node
        assert scalar is not None
        path = (*path, place.line - scalar.line)
    return path


# --- other values ---------------------------------------------------------------------------------


def variants(value: object, path: Path) -> Iterator[tuple[str, object]]:
    """What may stand there instead, each with a word for it."""
    if isinstance(value, bool):
        yield "flipped", not value
    elif isinstance(value, int):
        is_version = path[-2:] == ("proxyProtocol", "version")
        yield ("version 1", 1) if is_version else ("plus one", value + 1)
    elif isinstance(value, str):
        yield from _texts(value, path)


def _texts(value: str, path: Path) -> Iterator[tuple[str, object]]:
    line = LINE.fullmatch(value)
    if value.lstrip().startswith("#") or value.endswith(("{", "}")):
        return
    if line is None:
        yield from _words(value, path)
    else:
        for change, inner in _words(line["value"], path) if line["value"] else [("filled", "x")]:
            yield change, f"{line['name']}{inner}"


def _words(value: str, path: Path) -> Iterator[tuple[str, object]]:
    if value.strip() in OPPOSITE:
        yield "flipped", OPPOSITE[value.strip()]
    elif value in WORDS:
        yield f"as {WORDS[value]}", WORDS[value]
    elif value.startswith("[") and NETWORK.search(value):
        for change, networks in _networks(json.loads(value)):
            yield change, json.dumps(networks)
    elif all(NETWORK.fullmatch(one) for one in value.split(",")):
        is_alone = path[-1:] == ("cidr",) or isinstance(path[-1], int)  # an entry, not a list
        for change, networks in _networks(value.split(",")):
            yield change, networks[-1] if is_alone else ",".join(networks)
    else:
        yield from _others(value, path)


def _others(value: str, path: Path) -> Iterator[tuple[str, object]]:
    address, port = ADDRESS.fullmatch(value), PORT.match(value)
    if address is not None:
        yield "port plus one", f"{address['host']}:{int(address['port']) + 1}{address['rest'] or ''}"
        if address["host"]:
            yield "another host", f"elsewhere.{value}"
    elif path[-1:] == ("image",):
        yield "an old release", re.sub(r":v?\d.*$", ":v2.4.0" if "traefik" in value else ":6.2.0", value)
        yield "another program", "example.org/other:1"
    elif port is not None:
        yield "plus one", f"{int(port[0]) + 1}{value[port.end() :]}"
    elif value:
        yield "renamed", f"{value}-x"


def _networks(networks: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each of them gone, or another one; all of them gone where there are more; and everybody."""
    for place, network in enumerate(networks):
        if len(networks) > 1:
            yield f"without {network}", [*networks[:place], *networks[place + 1 :]]
        elsewhere = ELSEWHERE[6 if ":" in network else 4]
        yield f"{network} elsewhere", [*networks[:place], elsewhere, *networks[place + 1 :]]
    yield "with everybody", [*networks, "0.0.0.0/0"]
