"""What stands around a program's own words: containers' and syslog's prefixes, and Docker's JSON."""

from __future__ import annotations

import re

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
_AFTER_NAME = re.compile(
    rb"(?:smtpd|postscreen)(?:\[\d{1,10}\]: | \d{1,10} - (?:-|\[[^\]\n]{0,40}\]) (?:\xef\xbb\xbf)?)"
)
#: The older name of what everybody calls by the newer.
_SERVICES = {b"smtps": b"submissions"}
_MOST_TAGS = 1000


def undock(chunk: bytes) -> bytes:
    """Lines as they were before Docker's json-file driver wrote them as JSON, each with its time in front."""
    if _DOCKER_BEGIN not in chunk:
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


class Tags:
    """The name that Postfix gives itself just before its words: ``postfix/submission/smtpd[77]: ``."""

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}

    @staticmethod
    def words(buffer: bytes, at: int, end: int) -> int:
        """Where the words begin, given the place of a program's name; 0 where that is no tag.

        The older syslog writes ``smtpd[77]: ``, RFC 5424 ``smtpd 77 - - ``.
        """
        found = _AFTER_NAME.match(buffer, at, min(end, at + 60))
        return found.end() if found is not None else 0

    def service(self, buffer: bytes, start: int, at: int, words: int) -> str:
        """Which service the tag around a place names."""
        tag = buffer[buffer.rfind(b" ", start, at) + 1 or start : words]
        tag = tag[: tag.find(b"[")] if b"[" in tag else tag.partition(b" ")[0]
        try:
            return self._known[tag]
        except KeyError:
            return self._learn(tag)

    def _learn(self, tag: bytes) -> str:
        if len(self._known) >= _MOST_TAGS:
            self._known.clear()
        parts = tag.split(b"/")
        # Postfix' own is postfix/smtpd; -o syslog_name=postfix/submission puts a word between.
        service = parts[-2] if len(parts) > 2 else parts[-1]  # noqa: PLR2004 (postfix, a word, smtpd)
        service = _SERVICES.get(service, service)
        return self._known.setdefault(tag, service.decode("ascii", "replace")[:40])
