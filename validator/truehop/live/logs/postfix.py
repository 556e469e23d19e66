"""What Postfix' lines say: smtpd and postscreen.

Sources: Postfix 3.7 to 3.11 (``src/smtpd/smtpd.c``, ``smtpd_sasl_glue.c``, ``src/postscreen/postscreen.c``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from truehop.live.logs.columns import PROBE, Ask, Columns, Row
from truehop.live.logs.frames import service_of
from truehop.live.logs.hits import ADDR, Hit, Reader, Source, Told, keep, line_end, matches

_WORD = re.compile(rb"[^\s,]{1,320}")
#: What stands behind a program's name; each group is a kind, in the order of the numbers below.
_SAYS = rb"""
    (?:\[\d{1,10}\]:[ ]|[ ]\d{1,10}[ ]-[ ](?:-|\[[^\]\n]{0,40}\])[ ](?:\xef\xbb\xbf)?)
    (?:
      connect[ ]from[ ][^\s\[]{1,255}+\[(ADDR)\]
    | disconnect[ ]from[ ][^\s\[]{1,255}+\[(ADDR)\]
      (?:[ ](?:ehlo|helo|quit|rset|noop)=[\d/]++)*+[ ]commands=
    | CONNECT[ ]from[ ]\[(ADDR)\]
    | HANGUP[ ]after[ ][\d.]{1,12}[ ]from[ ]\[(ADDR)\]:\d+[ ]in[ ]tests[ ]before
    | warning:[ ][^\s\[]{1,255}+\[(ADDR)\]:[ ]SASL[ ][^\n]{1,110}?authentication[ ]failed
    | (?:warning|fatal):[ ](haproxy|ignoring|smtpd_peer)
    | [0-9A-Za-z]{5,20}:[ ](?:
        client=[^\s\[]{1,255}+\[(ADDR)\]
      | (?:milter-)?reject:[ ][^\n]{1,40}?[ ]from[ ][^\s\[]{0,255}+\[(ADDR)\]
      )
    )
    """.replace(b"ADDR", ADDR)
_KIND_NUMBERS = range(1, 10)
_CONNECT, _IDLE, _SCREENED, _LEFT, _FAILED, _FAULT, _ACCEPTED, _REJECTED, _LOGIN = _KIND_NUMBERS
_KINDS = {
    _CONNECT: "connect",
    _IDLE: "idle",
    _SCREENED: "connect",
    _LEFT: "idle",
    _FAILED: "login-failed",
    _ACCEPTED: "accepted",
    _REJECTED: "rejected",
    _LOGIN: "login",
}
_NAMES = (b"smtpd", b"postscreen")
#: Each begins with its name: a pattern that begins with plain bytes is looked for without a step of Python's,
#: so that lines which only hold these bytes cost next to nothing. And the name, for buffers without it.
_PROGRAMS = tuple((re.compile(name + _SAYS, re.VERBOSE), name) for name in _NAMES)


def postfix(reader: Reader, buffer: bytes, told: Told) -> None:
    """Lines of ``smtpd`` and ``postscreen``: ``postfix/smtpd[77]: connect from unknown[192.0.2.1]``."""
    minute_at, sources = reader.minutes.at, reader.tagged
    for pattern, name in _PROGRAMS:
        if name not in buffer:
            continue
        for found, at, start in matches(buffer, pattern):
            if told.knows(start, at):
                continue
            kind: int = found.lastindex  # type: ignore[assignment]  # one of the groups always is
            tag = buffer[buffer.rfind(b" ", start, at) + 1 or start : at + len(name)]
            account = b""
            if kind == _FAULT:
                begin = found.start(_FAULT)
                words = buffer[begin : line_end(buffer, begin)].rstrip(b"\r")
                fault = reader.fault("postfix", service_of(tag), words)
                minute = minute_at(buffer, start, at)
                told.tell(start, at, (minute, fault, b"", b"") if fault is not None else None)
                continue
            if kind in (_ACCEPTED, _FAILED):
                account = _account(buffer[found.end() : line_end(buffer, found.end())])
            address = found[kind]
            if account and kind == _ACCEPTED:
                kind = _LOGIN
            source = sources.get((tag, kind)) or reader.tag(tag, kind, _KINDS[kind])
            told.tell(start, at, (minute_at(buffer, start, at), source, address, account))


class PostfixColumns(Columns):
    """The usual lines of ``smtpd`` and ``postscreen``; the head ends with the tag."""

    needles = _NAMES
    opening = re.compile(rb"(?:[^\s:{]+ )?[^\s:{]+\Z")
    shape = rb"([^\[]*+)(?<=smtpd|creen)" + _SAYS + rb"([^\n]*)"

    def take(self, reader: Reader, buffer: bytes, rows: Iterable[Row], ask: Ask) -> list[Hit]:
        """As the form says it."""
        hits: list[Hit] = []
        heads = reader.heads
        latest, minute = b"", None
        for key, head, connect, idle, screened, left, failed, fault, accepted, rejected, tail, _ in rows:
            if key != latest:
                latest, minute = key, self.minute(reader, buffer, key)
            sources = heads.get(head) or keep(heads, head, self._sources(reader, head, ask))
            if connect:
                hits.append((minute, sources[_CONNECT], connect, b""))
            elif idle:
                hits.append((minute, sources[_IDLE], idle, b""))
            elif accepted or failed:
                account = _account(tail)
                kind = _FAILED if failed else _LOGIN if account else _ACCEPTED
                hits.append((minute, sources[kind], accepted or failed, account))
            elif fault:
                source = reader.fault("postfix", sources[0].service, (fault + tail).rstrip(b"\r"))
                if source is not None:
                    hits.append((minute, source, b"", b""))
            else:
                kind = _REJECTED if rejected else _SCREENED if screened else _LEFT
                hits.append((minute, sources[kind], rejected or screened or left, b""))
        return hits

    def _sources(self, reader: Reader, head: bytes, ask: Ask) -> tuple[Source, ...]:
        """The sources of lines with a head, by the number of their kind; the first is one of the service."""
        some = self.asked(ask, head, b"[1]: connect from unknown[%b]" % PROBE)[1]
        tag = head[head.rfind(b" ") + 1 :]
        kinds = (reader.tag(tag, one, _KINDS[one]) if one in _KINDS else some for one in _KIND_NUMBERS)
        return some, *kinds


def _account(tail: bytes) -> bytes:
    """Who logged in, by what stands behind the address."""
    at = tail.find(b"sasl_username=")
    found = _WORD.match(tail, at + len(b"sasl_username=")) if at >= 0 else None
    return found[0] if found is not None else b""
