"""TLS settings of Dovecot.

Source: dovecot/core@2.4.4 src/lib-ssl-iostream/ssl-settings.c (``ssl_min_protocol``, ``ssl_cipher_list``).

Source only: which protocols and suites Dovecot's settings allow
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from truehop.adapters.dovecot.config import Block, Setting
from truehop.model.facts import Fact
from truehop.model.hops import Listener, Tls, TlsPolicy

VERSIONS = {
    "any": "1.0",
    "sslv3": "1.0",
    "tlsv1": "1.0",
    "tlsv1.1": "1.1",
    "tlsv1.2": "1.2",
    "tlsv1.3": "1.3",
}
_SUITE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")


def tls_policies(config: Block, listeners: Iterable[Listener]) -> list[TlsPolicy]:
    """The settings in force, for every listener with TLS."""
    covered = tuple(one for one in listeners if one.tls.value in {Tls.STARTTLS, Tls.IMPLICIT})
    found: list[TlsPolicy] = []
    minimum, suites = config.find("ssl_min_protocol"), config.find("ssl_cipher_list")
    if minimum is not None and minimum.value.lower() in VERSIONS:
        fact = Fact(
            VERSIONS[minimum.value.lower()], minimum.at, origin=f"ssl_min_protocol is {minimum.value}"
        )
        found.append(TlsPolicy(minimum.at, "ssl_min_protocol", fact, listeners=covered))
    if suites is not None:
        found.append(TlsPolicy(suites.at, "ssl_cipher_list", suites=_suites(suites), listeners=covered))
    return found


def _suites(setting: Setting) -> tuple[Fact[str], ...]:
    """The suites named one by one; classes (HIGH) and exclusions are left out."""
    return tuple(
        Fact(part.value, part.location())
        for piece in setting.pieces
        for part in piece.split(":, \t")
        if _SUITE.fullmatch(part.value)
    )
