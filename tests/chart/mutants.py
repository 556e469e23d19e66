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
WORKLOAD = (
    "spec/template/metadata/labels",
    "spec/template/spec/hostNetwork",
    "spec/template/spec/containers/0/ports",
)
#: What of an object on the way is changed although no fact stands there: the ends of its references.
STRUCTURE = {
    "Service": (
        "spec/type",
        "spec/externalTrafficPolicy",
        "spec/selector",
        "spec/ports",
        "metadata/annotations",
    ),
    "NetworkPolicy": ("spec/podSelector", "spec/policyTypes", "spec/ingress"),
    "Deployment": WORKLOAD,
    "StatefulSet": WORKLOAD,
    "DaemonSet": WORKLOAD,
    "IngressRouteTCP": ("spec",),
    "ServersTransportTCP": ("spec",),
    "ConfigMap": ("data/*/tcp",),
}
#: What is taken away as a whole.
DELETED = {
    "Service": ("spec/ports/*",),
    "NetworkPolicy": ("", "spec/ingress/*"),
    "IngressRouteTCP": ("", "spec/routes/*", "spec/routes/*/services/*"),
    "ServersTransportTCP": ("",),
    "ConfigMap": ("data/*/tcp/routers/*", "data/*/tcp/services/*", "data/*/tcp/serversTransports/*"),
}


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


def mutants(parts: list[Part]) -> Iterator[Mutant]:
    """Every mutant of the objects on the way of a public mail port."""
    for number, read in sorted(_read(parts).items()):
        yield from _of_part(parts[number], number, read)


def _of_part(part: Part, number: int, read: set[Path]) -> Iterator[Mutant]:
    content = part.content
    kind = content.get("kind", part.name)
    metadata = content.get("metadata", {})
    component = metadata.get("labels", {}).get(COMPONENT, metadata.get("name", "-"))
    structure = [path for pattern in STRUCTURE.get(kind, ()) for path in matching(content, pattern)]
    ends = sorted({leaf for path in (*read, *structure) for leaf in leaves(content, path)}, key=str)
    for path in ends:
        for change, value in variants(get(content, path), path):
            made = changed(content, path, lambda _, value=value: value)  # type: ignore[misc]
            yield Mutant(kind, component, pointer(content, path), change, number, made)
    wholes = {path for pattern in DELETED.get(kind, ()) for path in matching(content, pattern)}
    said = {_entry(content, path) for path in ends if path[:1] != ("metadata",) or path[1] == "annotations"}
    for path in sorted({*said, *wholes}, key=str):
        made = without(content, path) if path else None
        yield Mutant(kind, component, pointer(content, path), "deleted", number, made)


def _entry(content: object, path: Path) -> Path:
    """The entry that says a scalar: a variable with its name, else the scalar's own."""
    parent = opened(get(content, path[:-1]))
    is_variable = isinstance(parent, dict) and set(parent) == {"name", "value"}
    return path[:-1] if is_variable else path


def _read(parts: list[Part]) -> dict[int, set[Path]]:
    """For each part on the way of a mail port, the places that facts were read from."""
    graph = graph_of(parts)
    ways = [route for route in graph.routes if route.links and route.listener.serves.value.is_mail]
    stated = graph.networks
    numbers = {part.name: number for number, part in enumerate(parts)}
    found: dict[int, set[Path]] = {}
    for place in places(ways, stated.pods, stated.nodes, stated.load_balancers):
        number = numbers[place.path]
        found.setdefault(number, set()).add(_path(parts[number], place))
    return found


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
        path = (*path, place.line - scalar.line - 1)
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
    if line is None:
        yield from _words(value, path)
    else:
        for change, inner in _words(line["value"], path) if line["value"] else [("filled", "x")]:
            yield change, f"{line['name']}{inner}"


def _words(value: str, path: Path) -> Iterator[tuple[str, object]]:
    if value.strip() in OPPOSITE:
        yield "flipped", OPPOSITE[value.strip()]
    elif value.startswith("[") and NETWORK.search(value):
        for change, networks in _networks(json.loads(value)):
            yield change, json.dumps(networks)
    elif all(NETWORK.fullmatch(one) for one in value.split(",")):
        for change, networks in _networks(value.split(",")):
            yield change, ",".join(networks)
    elif (address := ADDRESS.fullmatch(value)) is not None:
        yield "port plus one", f"{address['host']}:{int(address['port']) + 1}{address['rest'] or ''}"
        if address["host"]:
            yield "another host", f"elsewhere.{value}"
    elif path[-1:] == ("image",):
        yield "an old release", re.sub(r":v?\d.*$", ":v2.4.0" if "traefik" in value else ":6.2.0", value)
        yield "another program", "example.org/other:1"
    elif (port := PORT.match(value)) is not None:
        yield "plus one", f"{int(port[0]) + 1}{value[port.end() :]}"
    else:
        yield "renamed", f"{value}-x"


def _networks(networks: list[str]) -> Iterator[tuple[str, list[str]]]:
    for place, network in enumerate(networks):
        yield f"without {network}", [*networks[:place], *networks[place + 1 :]]
        elsewhere = ELSEWHERE[6 if ":" in network else 4]
        yield f"{network} elsewhere", [*networks[:place], elsewhere, *networks[place + 1 :]]
    yield "with everybody", [*networks, "0.0.0.0/0"]
