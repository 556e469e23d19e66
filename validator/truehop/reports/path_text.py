"""The picture for the terminal: each public port's way in, what is believed, who can lie."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.findings.outcome import Leg, Outcome, RouteView
from truehop.model.walk import Step
from truehop.reports.base import Format, Look
from truehop.reports.boxes import Arrow, Box, draw
from truehop.reports.terminal import Paint, clean, count, wrap

SENDS = {
    "none": "no header",
    "v1": "PROXY v1",
    "v2": "PROXY v2",
    "xff": "X-Forwarded-For",
    "unknown": "header unknown",
}
SOURCES = {
    "kept": "",
    "pod": "from a pod's address",
    "node": "from a node's address",
    "balancer": "from the balancer's address",
    "host": "from its node's address",
    "unknown": "source unknown",
}
BELIEVES = {
    "client": ("the client's address", "good"),
    "hop": ("a hop's address: the client's is lost", "error"),
    "refused": ("nothing: the session does not work", "error"),
    "unknown": ("unknown", "warning"),
}
_ANSWERS = {"no": "good", "yes": "error", "unknown": "warning"}


def write(outcome: Outcome, look: Look) -> str:
    """A picture per route; with ``-v`` the steps of every walk as well."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(outcome, look))


def _lines(outcome: Outcome, look: Look) -> Iterator[str]:
    paint = Paint(look.colour)
    scope = ""
    for route in outcome.routes:
        if route.scope != scope:
            scope = route.scope
            yield paint(clean(scope), "strong")
            yield ""
        yield from _route(route, look, paint)
        yield ""
    for graph in outcome.graphs:
        for line in graph:
            indent = " " * (len(line) - len(line.lstrip()))
            yield from wrap(line.strip(), look.width, indent, f"{indent}    ")
        yield ""
    for lost in outcome.unjudged:
        place = f"{lost.path}:{lost.line}" if lost.line else lost.path
        yield from wrap(f"not judged: {place}: {lost.reason}", look.width, rest="  ")
    if not outcome.routes:
        yield "no public port was found"
    elif look.verbosity >= 0:
        sound = sum(route.believes == "client" and not _liars(route, "yes") for route in outcome.routes)
        ports = count(len(outcome.routes), "public port")
        yield f"{ports}, {sound} with the client's address and no proven forger"


def _liars(route: RouteView, answer: str) -> list[str]:
    return [who for who, found in route.forgeable_by if found == answer]


def _route(route: RouteView, look: Look, paint: Paint) -> Iterator[str]:
    yield paint(clean(f"port {route.port} {route.protocol}"), "strong")
    if look.verbosity >= 0:
        yield from draw(*_picture(route), width=look.width - 2, is_unicode=look.unicode, indent="  ")
    words, style = BELIEVES.get(route.believes, (route.believes, "warning"))
    yield f"  records   {paint(words, style)}"
    yield f"  forgeable {_forgeable(route, paint)}"
    if route.settles:
        yield from wrap(f"to settle this: {', '.join(route.settles)}", look.width, "  unknown   ", " " * 12)
    for client in route.clients:
        login = f"speaks to {client.to} :{client.port}, which sees this hop's own address"
        yield from wrap(login, look.width, "  inside    ", " " * 12)
    if look.verbosity > 0:
        yield from _steps("honest client", route.steps, look)
        for who, steps in route.forgeries:
            yield from _steps(f"forger: {who}", steps, look)


def _forgeable(route: RouteView, paint: Paint) -> str:
    if all(answer == "no" for _, answer in route.forgeable_by):
        return paint("by nobody", "good")
    return ", ".join(
        f"{who} {paint(answer, _ANSWERS.get(answer, 'info'))}" for who, answer in route.forgeable_by
    )


def _picture(route: RouteView) -> tuple[list[Box], list[Arrow]]:
    door = [f"{route.door} :{route.port}", clean(route.owner)]
    if route.front:
        door.append(clean(route.front))
    boxes = [Box(("internet",)), Box(tuple(door))]
    arrows = [Arrow("")]
    for leg in route.legs:
        boxes.append(_box(leg))
        arrows.append(Arrow(SENDS.get(leg.sends, leg.sends), SOURCES.get(leg.source, leg.source)))
    return boxes, arrows


def _box(leg: Leg) -> Box:
    entry = f" {leg.entry}" if leg.entry else ""
    lines = [clean(leg.to), clean(f":{leg.port}{entry}")]
    return Box((*lines, leg.reads) if leg.reads else tuple(lines))


def _steps(name: str, steps: tuple[Step, ...], look: Look) -> Iterator[str]:
    yield f"  {name}"
    for number, step in enumerate(steps, 1):
        place = f" ({step.at})" if step.at and step.at.line else ""
        mark = f"{number:>5}. "
        yield from wrap(f"{step.hop}: {step.does}{place}", look.width, mark, " " * len(mark))


FORMAT = Format("text", frozenset({"path"}), write)
