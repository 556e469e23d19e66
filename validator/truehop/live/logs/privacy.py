"""What of a log may be shown: no account in full unless asked for, and nothing that a terminal would obey."""

from __future__ import annotations

import hashlib
import secrets

#: Drawn anew at each start, so that nobody can look up whose mark is whose.
_SALT = secrets.token_bytes(16)
_LONGEST = 120


def printable(text: bytes) -> str:
    """Bytes of a log as one short line: control characters and what is no UTF-8 are written as escapes."""
    decoded = text[: _LONGEST * 4].decode("utf-8", "backslashreplace")
    shown = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in decoded)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def masked(account: bytes) -> str:
    """An account as ``a…@e… #4f1c``: first letters, and a mark that stays the same in one run."""
    name, at, domain = account.decode("utf-8", "replace").partition("@")
    mark = hashlib.blake2b(account, digest_size=2, key=_SALT).hexdigest()
    first = [f"{part[:1] if part[:1].isalnum() else '?'}…" for part in ((name, domain) if at else (name,))]
    return f"{'@'.join(first)} #{mark}"


def shown(account: bytes, *, in_full: bool) -> str:
    """An account as it may be shown."""
    return printable(account) if in_full else masked(account)
