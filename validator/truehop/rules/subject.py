"""What of a graph is about mail: platforms hold hundreds of routes that are not."""

from __future__ import annotations

from truehop.model.facts import ObjectRef
from truehop.model.hops import WELL_KNOWN, Backend, HopGraph, Role, Router
from truehop.rules.entries import entry_protocol, named_protocol

_MAIL = frozenset({Role.MTA, Role.MDA, Role.WEB, Role.FILTER})


class Subject:
    """Where the graph's mail programs are, and what leads to them."""

    def __init__(self, graph: HopGraph) -> None:
        """Of this graph, which is only read."""
        self._graph = graph
        owners = (listener.hop for listener in graph.listeners)
        self._namespaces = {
            hop.ref.namespace for hop in owners if hop.ref is not None and (hop.role in _MAIL)
        }

    def has_mail(self, ref: ObjectRef | None) -> bool:
        """Whether the object's namespace holds a mail program."""
        return ref is not None and ref.namespace in self._namespaces

    def leads_to_mail(self, router: Router) -> bool:
        """Whether a routing rule is one for mail: by its entry points, their names, or its backends."""
        if any(named_protocol(entry.value) is not None for entry in router.entries):
            return True
        if router.entries and any(entry_protocol(self._graph, entry) for entry in router.listeners):
            return True
        return any(self._is_mail(backend) for backend in router.backends)

    def _is_mail(self, backend: Backend) -> bool:
        if named_protocol(backend.port) or (backend.port.isdigit() and int(backend.port) in WELL_KNOWN):
            return True
        if any(listener.serves.value.is_mail for listener in backend.listeners):
            return True
        return self.has_mail(backend.service)


__all__ = ["Subject"]
