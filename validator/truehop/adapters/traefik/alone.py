"""Traefik's static configuration as a file of its own, outside any manifest.

Which Traefik reads it is not known: its routes, host and version are unknown, its entry points are not.
"""

from __future__ import annotations

from truehop.adapters.readings import Reading
from truehop.adapters.traefik.readings import make_reading
from truehop.adapters.traefik.settings import from_cursor
from truehop.model.facts import ObjectRef
from truehop.source.kinds import is_values_name
from truehop.source.tree import Cursor

STATIC_KIND = "Traefik configuration"
#: Keys of the Helm chart that no static configuration has.
CHART_KEYS = ("ports", "service", "deployment", "image", "additionalArguments", "ingressRoute", "hostNetwork")


def looks_like_static(root: Cursor) -> bool:
    """Whether a file is Traefik's own configuration: entry points with addresses, and nothing of the chart.

    A file named like values is meant for the chart, whatever stands in it.
    """
    if any(root.get(key).exists for key in CHART_KEYS):
        return False
    if is_values_name(root.document.source.path.rpartition("/")[2]):
        return False
    return any(
        name.lower() == "address" and place.is_scalar
        for key, entries in root.entries()
        if key.lower() == "entrypoints"
        for _, entry in entries.entries()
        for name, place in entry.entries()
    )


def read_alone(root: Cursor, ref: ObjectRef) -> Reading:
    """The Traefik that a file describes; without providers for Kubernetes it serves none of its routes."""
    static = from_cursor(root)
    reading = make_reading(static, ref=ref, at=root.location(), version=None, on_host_network=False)
    reading.providers = reading.providers or ("file",)
    reading.knows_all_entries = False
    return reading
