"""Topologies as truehop is given them: the rendering, and what an existing Traefik's chart is told."""

from __future__ import annotations

from functools import cache

import yaml

from tests.chart.helm import FOLDER, TOPOLOGIES, merged, render, text_of
from tests.chart.judging import Judgement, Part, judge

#: Public ports of mail, by the names in the values.
PORTS = {
    "smtp": 25,
    "submissions": 465,
    "submission": 587,
    "imaps": 993,
    "imap": 143,
    "pop3s": 995,
    "pop3": 110,
    "sieve": 4190,
}
#: The values for an existing Traefik stand in NOTES; this is the template that makes them.
TRAEFIK_VALUES = "mailstack.traefik.values"


@cache
def values_of(topology: str) -> dict[str, object]:
    """The chart's defaults with a topology's own values over them."""
    defaults = yaml.safe_load((FOLDER.parent / "values.yaml").read_text(encoding="utf-8"))
    given = yaml.safe_load((FOLDER / f"{topology}-values.yaml").read_text(encoding="utf-8"))
    return merged(defaults, given)


def is_existing(topology: str) -> bool:
    """Whether the cluster's own Traefik is the edge."""
    edge = values_of(topology)["edge"]
    assert isinstance(edge, dict)
    return bool(edge["mode"] == "existing")


@cache
def parts_of(topology: str) -> tuple[Part, ...]:
    """What truehop is given for a topology."""
    parts = [Part.of(found) for found in render(topology).objects]
    if is_existing(topology):
        values = yaml.safe_load(text_of(TRAEFIK_VALUES, topology))
        parts.append(Part.of(values, "traefik-values.yaml"))
    return tuple(parts)


@cache
def judgement_of(topology: str) -> Judgement:
    """What truehop says of a topology."""
    return judge(parts_of(topology))


def open_ports(topology: str) -> set[int]:
    """The mail ports that a topology's values open, as clients see them."""
    ports = values_of(topology)["ports"]
    assert isinstance(ports, dict)
    return {PORTS[name] for name, given in ports.items() if given["enabled"]}


__all__ = ["TOPOLOGIES", "judgement_of", "open_ports", "parts_of", "values_of"]
