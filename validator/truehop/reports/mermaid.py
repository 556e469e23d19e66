"""The picture as a Mermaid flowchart, for Markdown pages."""

from __future__ import annotations

from truehop.findings.outcome import Outcome, RouteView
from truehop.reports.base import Format, Look
from truehop.reports.path_text import SENDS, SOURCES

_CLASSES = {
    "client": "fill:#dff5e1,stroke:#1a7f37",
    "hop": "fill:#ffe2e0,stroke:#cf222e",
    "refused": "fill:#ffe2e0,stroke:#cf222e,stroke-dasharray: 4",
    "unknown": "fill:#fff3d6,stroke:#9a6700",
}
_RECORDS = {
    "client": "records the client",
    "hop": "records a hop",
    "refused": "no working session",
    "unknown": "records: unknown",
}


class _Chart:
    """Nodes by their words, each edge once."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[str, ...], str] = {}
        self.edges: dict[str, None] = {}
        self.classes: dict[str, str] = {}

    def node(self, *lines: str) -> str:
        return self.nodes.setdefault(lines, f"n{len(self.nodes)}")

    def edge(self, start: str, end: str, *words: str, dotted: bool = False) -> None:
        label = "<br/>".join(_escape(word) for word in words if word)
        line = "-.->" if dotted else "-->"
        self.edges[f'{start} {line}|"{label}"| {end}' if label else f"{start} {line} {end}"] = None


def write(outcome: Outcome, look: Look) -> str:
    """A flowchart: the internet, every door, every listener, what is sent and what is believed."""
    del look
    chart = _Chart()
    for route in outcome.routes:
        _add(chart, route)
    lines = ["flowchart LR"]
    for words, name in chart.nodes.items():
        label = "<br/>".join(_escape(word) for word in words)
        lines.append(f'  {name}["{label}"]')
    lines += [f"  {edge}" for edge in chart.edges]
    lines += [
        f"  classDef {name} {style}" for name, style in _CLASSES.items() if name in chart.classes.values()
    ]
    lines += [f"  class {node} {name}" for node, name in chart.classes.items()]
    return "\n".join(lines) + "\n"


def _add(chart: _Chart, route: RouteView) -> None:
    place = (route.scope,) if route.scope else ()
    start = chart.node("internet")
    here = chart.node(*(word for word in (route.door, route.owner, route.front, *place) if word))
    chart.edge(start, here, f":{route.port} {route.protocol}")
    for number, leg in enumerate(route.legs, 1):
        words = [leg.to, f":{leg.port} {leg.entry}".rstrip(), *([leg.reads] if leg.reads else [])]
        if number == len(route.legs):
            words += [_RECORDS[route.believes], _liars(route)]
        there = chart.node(*(word for word in words if word), *place)
        chart.edge(here, there, SENDS.get(leg.sends, leg.sends), SOURCES.get(leg.source, leg.source))
        here = there
    chart.classes[here] = route.believes
    for client in route.clients:
        there = chart.node(client.to, f":{client.port} {client.entry}".rstrip(), *place)
        chart.edge(here, there, "own address", dotted=True)


def _liars(route: RouteView) -> str:
    found = [f"{who} {answer}" for who, answer in route.forgeable_by if answer != "no"]
    return f"forgeable: {', '.join(found)}" if found else "forgeable by nobody"


def _escape(text: str) -> str:
    """Words that can neither end a label nor be read as markup."""
    told = "".join(letter if letter.isprintable() else " " for letter in text)
    for letter in "&#":
        told = told.replace(letter, f"\0{ord(letter)};")
    for letter in '"<>[](){}|`\\':
        told = told.replace(letter, f"\0{ord(letter)};")
    return told.replace("\0", "#")


FORMAT = Format("mermaid", frozenset({"path"}), write)
