"""Traefik: static configuration, the Helm chart's values, routes of objects and files."""

from truehop.adapters.traefik.alone import STATIC_KIND, looks_like_static, read_alone
from truehop.adapters.traefik.containers import is_traefik, read
from truehop.adapters.traefik.routing import read_routers, read_routing
from truehop.adapters.traefik.shape import looks_like_values
from truehop.adapters.traefik.values import VALUES_KIND, read_values

__all__ = [
    "STATIC_KIND",
    "VALUES_KIND",
    "is_traefik",
    "looks_like_static",
    "looks_like_values",
    "read",
    "read_alone",
    "read_routers",
    "read_routing",
    "read_values",
]
