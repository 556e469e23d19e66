"""Which mail protocol an entry point of a proxy is for."""

from __future__ import annotations

from truehop.model.hops import WELL_KNOWN, HopGraph, Listener, Serves

_NAMES = {
    "smtp": Serves.SMTP, "submission": Serves.SUBMISSION, "submissions": Serves.SUBMISSIONS,
    "smtps": Serves.SUBMISSIONS, "imap": Serves.IMAP, "imaps": Serves.IMAPS, "pop3": Serves.POP3,
    "pop3s": Serves.POP3S, "sieve": Serves.SIEVE, "managesieve": Serves.SIEVE,
}  # fmt: skip


def entry_protocol(graph: HopGraph, entry: Listener) -> Serves | None:
    """The mail protocol of an entry: by its public port, its own port, else its name; None if none."""
    for door in graph.doors:
        if not door.is_side and door.port in WELL_KNOWN and any(link.to is entry for link in door.links):
            return WELL_KNOWN[door.port]
    return WELL_KNOWN.get(entry.port) or _NAMES.get(entry.name.lower())


__all__ = ["entry_protocol"]
