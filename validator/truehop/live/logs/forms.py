"""The forms of lines that say something about a client.

A form is found by a few bytes that it holds, its needle: whole buffers are searched for these, and only where
one stands is anything read. Each form is tested, most with lines that the program wrote.
"""

from __future__ import annotations

import re

from truehop.live.logs.dictionary import find_message, messages
from truehop.live.logs.hits import ADDR, Hit, Reader, Take, line_end, source_of
from truehop.live.logs.mail import dovecot, postfix, roundcube
from truehop.live.logs.web import caddy_json, common_log, traefik_json

_PEER = re.compile(rb"(?:\brip=|\bclient: |\bIP |\[)(?=[0-9A-Fa-f]*[.:])(" + ADDR + rb")(?=[\s,)\]]|$)")


def fault_of(program: str) -> Take:
    """The reading of a line that a message of the dictionary was found in."""
    service = {"nginx": "http", "traefik": "entry"}.get(program, program)

    def take(reader: Reader, buffer: bytes, at: int) -> Hit | None:
        start = buffer.rfind(b"\n", 0, at) + 1
        return _fault(program, service, reader.minutes.at(buffer, start, at), buffer, start)

    return take


def _fault(program: str, service: str, minute: int | None, buffer: bytes, words: int) -> Hit | None:
    line = buffer[words : line_end(buffer, words)]
    message = find_message(program, line)
    if message is None:
        return None
    peer = _PEER.search(line)
    source = source_of(program, service, "proxy-error", message.id)
    return minute, source, peer[1] if peer is not None else b"", b""


#: Needle and reading. A needle that stands in few lines makes the rest of them cheap.
FORMS: tuple[tuple[bytes, Take], ...] = (
    (b"smtpd", postfix),
    (b"postscreen", postfix),
    (b"-login: ", dovecot),
    (b'] "', common_log),
    (b'"ClientHost":"', traefik_json),
    (b'"remote_ip"', caddy_json),
    (b" login for ", roundcube),
    *(
        (max(message.holds, key=len), fault_of(message.program))
        for message in messages()
        if message.program not in {"postfix", "dovecot"} and message.id != "request-is-header"
    ),
)
