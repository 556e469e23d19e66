"""What of a graph is about mail: platforms hold hundreds of routes that are not."""

from __future__ import annotations

from truehop.model.facts import ObjectRef
from truehop.model.hops import WELL_KNOWN, Backend, HopGraph, Role, Router
from truehop.rules.entries import Entries, named_protocol

_MAIL = frozenset({Role.MTA, Role.MDA, Role.WEB, Role.FILTER})
_WORD = "mail"


class Subject:
    """Where the graph's mail programs are, and what leads to them."""

    def __init__(self, graph: HopGraph) -> None:
        """Of this graph, which is only read."""
        self._entries = Entries(graph)
        owners = [
            listener.hop.ref
            for listener in graph.listeners
            if listener.hop.role in _MAIL or listener.serves.value.is_mail
        ]
        called = [
            backend.service
            for router in graph.routers
            for backend in router.backends
            if self._has_mail_entry(router) or _is_mail_port(backend)
        ]
        self._namespaces = {ref.namespace for ref in (*owners, *called) if ref is not None}

    def has_mail(self, ref: ObjectRef | None) -> bool:
        """Whether the object's namespace holds a mail program, or is called after mail."""
        return ref is not None and (
            ref.namespace in self._namespaces or _WORD in f"{ref.namespace} {ref.name}".lower()
        )

    def leads_to_mail(self, router: Router) -> bool:
        """Whether a routing rule is one for mail: by its entry points, its names, or its backends."""
        if self._has_mail_entry(router) or any(_WORD in name.lower() for name in router.host_names):
            return True
        return any(_is_mail_port(backend) or self.has_mail(backend.service) for backend in router.backends)

    def _has_mail_entry(self, router: Router) -> bool:
        if any(named_protocol(entry.value) is not None for entry in router.entries):
            return True
        return bool(router.entries) and any(
            self._entries.protocol(entry) is not None for entry in router.listeners
        )


def _is_mail_port(backend: Backend) -> bool:
    if named_protocol(backend.port) is not None or backend.port in _NUMBERS:
        return True
    return any(listener.serves.value.is_mail for listener in backend.listeners)


_NUMBERS = frozenset(map(str, WELL_KNOWN))


__all__ = ["Subject"]
