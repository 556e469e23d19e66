"""What stands around a program's own words: Docker's JSON, and the name by which Postfix' services go."""

from __future__ import annotations

import re
from functools import lru_cache

#: A line is read as far as this; no server writes longer ones about a client.
LONGEST_LINE = 65_536

_DOCKER_BEGIN = b'{"log":"'
_DOCKER = re.compile(
    rb'^\{"log":"(?P<text>(?:[^"\\\n]|\\[^\n])*?)(?:\\r)?(?:\\n)?",'
    rb'"stream":"\w{0,8}"(?:,"attrs":\{[^\n]*?\})?,"time":"(?P<time>[^"\n]{0,40})"\}',
    re.MULTILINE,
)
_ESCAPE = re.compile(rb"\\(?:u(?P<code>[0-9a-fA-F]{4})|(?P<plain>[^u\n]))")
_PLAIN = {b"n": b" ", b"r": b" ", b"t": b"\t", b"b": b" ", b"f": b" "}
#: The older name of what everybody calls by the newer.
_SERVICES = {b"smtps": b"submissions"}


def undock(chunk: bytes) -> bytes:
    """Lines as they were before Docker's json-file driver wrote them as JSON, each with its time in front."""
    if b"{" not in chunk or _DOCKER_BEGIN not in chunk:  # one byte is looked for far faster than several
        return chunk
    return _DOCKER.sub(_undocked, chunk)


def _undocked(found: re.Match[bytes]) -> bytes:
    text = found["text"]
    if b"\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    return b"%b stdout F %b" % (found["time"], text)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found["code"]:
        character = chr(int(found["code"], 16))
        return (character if character.isprintable() else "?").encode("utf-8", "replace")
    return _PLAIN.get(found["plain"], found["plain"])


@lru_cache(maxsize=512)
def service_of(tag: bytes) -> str:
    """The service that Postfix' tag names, without its process: ``postfix/submission/smtpd``.

    ``-o syslog_name=postfix/submission`` puts a word before the program's name, and that tells more.
    """
    parts = tag.split(b"/")
    service = parts[-2] if len(parts) > 2 else parts[-1]  # noqa: PLR2004 (postfix, a word, smtpd)
    return _SERVICES.get(service, service).decode("ascii", "replace")[:40]
