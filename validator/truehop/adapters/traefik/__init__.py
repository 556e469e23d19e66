"""Traefik: static configuration, the Helm chart's values, routes of objects and files."""

from truehop.adapters.traefik.containers import is_traefik, read
from truehop.adapters.traefik.routing import read_routers, read_routing

__all__ = ["is_traefik", "read", "read_routers", "read_routing"]
