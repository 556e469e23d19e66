"""Lines as servers write them, made for tests."""

from __future__ import annotations

from datetime import UTC, datetime

BEGIN = int(datetime(2026, 11, 26, 8, 0, tzinfo=UTC).timestamp() // 60)


def clock(minute: int) -> str:
    """A time, so many minutes after the begin."""
    return f"{datetime.fromtimestamp((BEGIN + minute) * 60, UTC):%Y-%m-%dT%H:%M:%S}+00:00"


def connect(minute: int, address: str, service: str = "postfix/smtpd") -> str:
    """A client connects to Postfix."""
    return f"{clock(minute)} mail {service}[7]: connect from unknown[{address}]\n"


def idle(minute: int, address: str, service: str = "postfix/smtpd") -> str:
    """A client leaves Postfix without having done anything."""
    return f"{clock(minute)} mail {service}[7]: disconnect from unknown[{address}] commands=0/0\n"


def login(minute: int, address: str, account: str) -> str:
    """A login to Dovecot."""
    said = f"Login: user=<{account}>, method=PLAIN, rip={address}, lip=10.9.0.25"
    return f"{clock(minute)} mail dovecot: imap-login: {said}\n"


def fault(minute: int, address: str) -> str:
    """Dovecot sends away whom it does not trust."""
    return f"{clock(minute)} mail dovecot: imap-login: Warning: haproxy: Client not trusted (rip={address})\n"


def client(number: int) -> str:
    """An address on the internet."""
    return f"198.51.{number // 250}.{number % 250}"
