"""What a run leaves in the servers' logs, and whose address should stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from truehop.live.verify.checks import Place
from truehop.live.verify.ports import Kind
from truehop.live.verify.wire import TalkError, Trouble

#: Nobody was there to talk to.
NO_CONNECTION = frozenset({Trouble.REFUSED, Trouble.UNREACHABLE, Trouble.NO_WAY})


class End(Enum):
    """How a connection ended."""

    WORKS = "works"
    REFUSED = "refused"
    SILENT = "silent"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class Trace:
    """One connection of ours.

    ``word`` stands in the log line of this connection and of no other, empty where it has left none;
    ``lies`` are the addresses that it claimed; ``expected`` is the one it really has. ``answer`` tells how it
    ended, in words.
    """

    id: str
    place: Place
    kind: Kind
    expected: str = ""
    word: str = ""
    lies: frozenset[str] = frozenset()
    end: End = End.WORKS
    answer: str = ""


def is_limited(error: TalkError) -> bool:
    """Whether the server says that we come too often; Postfix says 421 4.3 of its own troubles instead."""
    return error.trouble is Trouble.BUSY and " 4.3." not in error.words


def end_of(error: TalkError) -> End:
    """How a connection ended with a trouble."""
    if is_limited(error):
        return End.LIMITED
    return End.SILENT if error.trouble is Trouble.SILENT else End.REFUSED
