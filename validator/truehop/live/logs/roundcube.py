"""What Roundcube's lines say of logins.

Source: Roundcube 1.7 (``program/include/rcmail.php``).
"""

from __future__ import annotations

import re

from truehop.live.logs.hits import ADDR, Reader, Told, line_end, places, source_of

_ROUNDCUBE = re.compile(
    rb"(?P<how>Successful|Failed) login for (?P<account>[^\n]{1,320}?)(?: \(ID: \d+\))?"
    rb" from (?P<address>ADDR)(?: ?\((?P<headers>[^)\n]{1,500})\))?".replace(b"ADDR", ADDR)
)
_FROM = re.compile(rb" from " + ADDR)
_HOW = (b"Successful", b"Failed")
_WEBMAIL = {
    how: source_of("roundcube", "webmail", kind)
    for how, kind in zip(_HOW, ("login", "login-failed"), strict=True)
}
_FORWARDED = re.compile(rb"X-Forwarded-For: (?:[^),]*, ?)*(" + ADDR + rb")$|X-Real-IP: (" + ADDR + rb")$")


def roundcube(reader: Reader, buffer: bytes, told: Told) -> None:
    """``Successful login for a@example.com (ID: 1) from 10.42.0.3 (X-Forwarded-For: 192.0.2.1) in …``.

    Roundcube logs who connected to it and, in brackets, what the headers say, whomever it trusts. The last
    address of X-Forwarded-For is the one that the proxy next to it wrote. A name and a header may hold what
    looks like the rest of the line; whose login it was is then not said.
    """
    for at, start in places(buffer, b" login for "):
        how = next((how for how in _HOW if buffer.endswith(how, start, at)), b"")
        found = _ROUNDCUBE.match(buffer, at - len(how)) if how else None
        if found is None or told.knows(start, at):
            continue
        source = _WEBMAIL[how]
        forwarded = _FORWARDED.search(found["headers"] or b"")
        address = (forwarded[1] or forwarded[2]) if forwarded is not None else found["address"]
        if len(_FROM.findall(buffer, at, line_end(buffer, at))) > 1:
            address = b""
        told.tell(start, at, (reader.minutes.at(buffer, start, at), source, address, found["account"]))
