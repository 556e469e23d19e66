"""Which mail protocol an entry point of a proxy is for."""

from __future__ import annotations

from truehop.model.facts import Basis, Location, Tri
from truehop.model.hops import WELL_KNOWN, Door, HopGraph, Listener, Route, Serves

_NAMES = {
    "smtp": Serves.SMTP, "submission": Serves.SUBMISSION, "submissions": Serves.SUBMISSIONS,
    "smtps": Serves.SUBMISSIONS, "imap": Serves.IMAP, "imaps": Serves.IMAPS, "pop3": Serves.POP3,
    "pop3s": Serves.POP3S, "sieve": Serves.SIEVE, "managesieve": Serves.SIEVE,
}  # fmt: skip


class Entries:
    """Which mail protocols the entry points of a graph's proxies are for."""

    def __init__(self, graph: HopGraph) -> None:
        """Of this graph, which is only read."""
        self._public: dict[int, Serves] = {}
        for door in graph.doors:
            if not door.is_side and door.port in WELL_KNOWN:
                for link in door.links:
                    self._public.setdefault(id(link.to), WELL_KNOWN[door.port])

    def protocol(self, entry: Listener) -> Serves | None:
        """The mail protocol of an entry: by its public port, its own port, else its name; None if none."""
        return self._public.get(id(entry)) or WELL_KNOWN.get(entry.port) or named_protocol(entry.name)


def named_protocol(name: str) -> Serves | None:
    """The mail protocol that a port or entry point is named after."""
    return _NAMES.get(name.lower())


#: Ports whose clients start TLS at once.
_TLS_FROM_THE_START = frozenset(
    {443, *(port for port, serves in WELL_KNOWN.items() if serves.is_implicit_tls)}
)


def balancer_may_end_tls(route: Route) -> bool:
    """Whether a balancer with a certificate of its own may end TLS before the connection gets inside."""
    front = route.door.front
    return front is not None and front.ends_tls is not Tri.NO and route.door.port in _TLS_FROM_THE_START


def is_declared(door: Door) -> bool:
    """Whether somebody opened this door for the internet: no automatic node port, no internal balancer."""
    return not door.is_side and (door.front is None or door.front.is_public)


def public_entries(graph: HopGraph) -> set[int]:
    """The identities of the listeners that a door for the internet leads straight to."""
    return {id(link.to) for door in graph.doors if is_declared(door) for link in door.links}


def admitted_internet(listener: Listener) -> Location | None:
    """The place of the policy that lets everybody reach a listener; an absent policy has none."""
    admission = listener.admission
    if admission is None or admission.is_selected.value is not Tri.YES:
        return None
    internet = admission.internet
    return internet.at if internet.value is Tri.YES and internet.basis is Basis.STATED else None


__all__ = [
    "Entries",
    "admitted_internet",
    "balancer_may_end_tls",
    "is_declared",
    "named_protocol",
    "public_entries",
]
