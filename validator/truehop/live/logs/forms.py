"""The forms of lines that say something about a client.

A form is found by a few bytes that it holds, its needle: whole buffers are searched for these, and only where
one stands is anything read. Each form is tested, most with lines that the program wrote.
"""

from __future__ import annotations

import re

from truehop.live.logs.columns import Columns
from truehop.live.logs.dictionary import find_message, messages
from truehop.live.logs.dovecot import DovecotColumns, dovecot
from truehop.live.logs.hits import ADDR, Form, Reader, Told, line_end, places, source_of
from truehop.live.logs.postfix import PostfixColumns, postfix
from truehop.live.logs.roundcube import roundcube
from truehop.live.logs.web import caddy_json, common_log, traefik_json

_PEER = re.compile(rb"(?:\brip=|\bclient: |\bIP |\[)(?=[0-9A-Fa-f]*[.:])(" + ADDR + rb")(?=[\s,)\]]|$)")


def fault_of(program: str, needle: bytes) -> Form:
    """The reading of lines that hold the longest part of a message of the dictionary."""
    service = {"nginx": "http", "traefik": "entry"}.get(program, program)

    def form(reader: Reader, buffer: bytes, told: Told) -> None:
        looked_at = -1
        for at, start in places(buffer, needle):
            if start == looked_at or told.knows(start, at):
                continue
            looked_at = start
            line = buffer[start : line_end(buffer, at)]
            message = find_message(program, line)
            if message is not None:
                first = start + min(line.find(words) for words in message.holds)
                # The last: what a client sent may precede it.
                address = next((peer[1] for peer in reversed(list(_PEER.finditer(line)))), b"")
                source = source_of(program, service, "proxy-error", message.id)
                told.tell(start, first, (reader.minutes.at(buffer, start, at), source, address, b""))

    return form


#: All forms. Each looks for few bytes that stand in few lines, which makes the rest of them cheap.
FORMS: tuple[Form, ...] = (
    postfix,
    dovecot,
    common_log,
    traefik_json,
    caddy_json,
    roundcube,
    *(
        fault_of(message.program, max(message.holds, key=len))
        for message in messages()
        if message.program not in {"postfix", "dovecot"} and message.id != "request-is-header"
    ),
)
#: Those of whose lines the usual ones are read many at once where a log is full of them.
COLUMNS: tuple[Columns, ...] = (DovecotColumns(), PostfixColumns())
