"""Lines of logs, read one by one into records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from truehop.live.logs.frames import LONGEST_LINE, undock
from truehop.live.logs.hits import Hit, Reader
from truehop.live.logs.scanning import by_forms
from truehop.live.logs.times import find_time
from truehop.live.records import Record

_EHLO = re.compile(rb"helo=<([^>\s]{1,255})>")
_PATH = re.compile(rb'\] "[A-Z]{1,20} (\S{1,8192}) HTTP/|"(?:RequestPath|uri)": ?"([^"\s]{1,8192})"')


def read(lines: Iterable[bytes]) -> Iterator[Record]:
    """What lines say about clients: one record for each line that says something, in their order.

    Understood are Postfix (syslog by RFC 3164, RFC 5424 and with ISO times, and what it writes to standard
    output), Dovecot 2.3 and 2.4, Traefik's access log (common and JSON) and its errors, nginx, Caddy and
    Roundcube; each also behind what Kubernetes, CRI, ``kubectl``, Docker and Compose put before it. Lines may
    end as they like, hold any bytes and be of any length; of each, the first 64 KiB are read.
    """
    reader = Reader()
    for whole in lines:
        line = undock(whole[:LONGEST_LINE].rstrip(b"\r\n")).replace(b"\n", b" ")
        hit = next(by_forms(line, reader), None)
        if hit is not None:
            yield _record(hit, line)


def _record(hit: Hit, line: bytes) -> Record:
    _, source, address, account = hit
    named = _EHLO.search(line) or _PATH.search(line)
    name = next(filter(None, named.groups()), b"") if named is not None else b""
    return Record(
        time=find_time(line),
        program=source.program,
        service=source.service,
        kind=source.kind,
        address=_text(address),
        account=_text(account),
        name=_text(name),
        message=source.message or None,
        text=line.decode("utf-8", "replace"),
    )


def _text(words: bytes) -> str | None:
    return words.decode("utf-8", "replace") or None
