"""What a certificate says of names and days, read from its bytes: OpenSSL tells it only of those it trusts.

RFC 5280 (X.509) in DER (X.690), as far as validity and subjectAltName need it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_SEQUENCE, _OID, _OCTETS, _UTC_TIME, _TIME = 0x30, 0x06, 0x04, 0x17, 0x18
_DNS, _IP = 0x82, 0x87
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_SUBJECT_ALT_NAME = b"\x55\x1d\x11"
_LONG, _LENGTH_BITS = 0x80, 0x7F
_MOST_LENGTH_BYTES = 4
_CENTURY = 50  # RFC 5280: two digits from 50 on are of the last century


@dataclass(frozen=True, slots=True)
class Certificate:
    """The days between which a certificate holds, and whom it names."""

    begins: datetime
    ends: datetime
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Whether it names a host; a wildcard stands for one label (RFC 6125)."""
        wanted = name.lower().rstrip(".")
        try:
            return str(ipaddress.ip_address(wanted)) in self.addresses
        except ValueError:
            parent = wanted.partition(".")[2]
            return wanted in self.names or bool(parent and f"*.{parent}" in self.names)

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends; below zero once it has ended."""
        return (self.ends - now).days


def read_certificate(der: bytes) -> Certificate:
    """A certificate's days and names.

    Raises:
        ValueError: the bytes are no certificate.
    """
    try:
        return _read(der)
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError("no certificate") from error


def _read(der: bytes) -> Certificate:
    parts = _parts(_inside(_inside(der, _SEQUENCE), _SEQUENCE))
    fields = [(tag, body) for tag, body in parts if tag != _VERSION]
    # serial, signature, issuer, validity, subject, key, then what is optional
    begins, ends = (_time(tag, body) for tag, body in _parts(_expected(fields[3], _SEQUENCE)))
    names: list[str] = []
    addresses: list[str] = []
    for tag, body in _alternatives(fields[6:]):
        if tag == _DNS:
            names.append(body.decode("ascii").lower())
        elif tag == _IP:
            addresses.append(str(ipaddress.ip_address(body)))
    return Certificate(begins, ends, tuple(names), tuple(addresses))


def _alternatives(fields: list[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    for tag, body in fields:
        if tag != _EXTENSIONS:
            continue
        for _, extension in _parts(_inside(body, _SEQUENCE)):
            identifier, *_, value = _parts(extension)
            if identifier == (_OID, _SUBJECT_ALT_NAME):
                yield from _parts(_inside(_expected(value, _OCTETS), _SEQUENCE))


def _time(tag: int, body: bytes) -> datetime:
    text = body.decode("ascii")
    if tag == _UTC_TIME:
        text = f"{'19' if int(text[:2]) >= _CENTURY else '20'}{text}"
    elif tag != _TIME:
        raise ValueError("no time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _inside(der: bytes, tag: int) -> bytes:
    """What the first element holds."""
    return _expected(next(_parts(der), (0, b"")), tag)


def _expected(element: tuple[int, bytes], tag: int) -> bytes:
    if element[0] != tag:
        raise ValueError(f"no element {tag:#x}")
    return element[1]


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements one after the other."""
    place = 0
    while place < len(der):
        tag, length = der[place], der[place + 1]
        place += 2
        if length & _LONG:
            count = length & _LENGTH_BITS
            if not 0 < count <= _MOST_LENGTH_BYTES or place + count > len(der):
                raise ValueError("no length")
            length = int.from_bytes(der[place : place + count], "big")
            place += count
        if place + length > len(der):
            raise ValueError("an element longer than what holds it")
        yield tag, der[place : place + length]
        place += length
