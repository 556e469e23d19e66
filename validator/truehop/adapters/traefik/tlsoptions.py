"""TLS options: lowest version and suites.

Names that Traefik does not know leave the lowest version unset, without a word
(traefik@v3.7.9 ``pkg/tls/tlsmanager.go``).

Source only: names of versions and suites that Traefik does not know
"""

from __future__ import annotations

from truehop.model.facts import Fact
from truehop.model.hops import TlsPolicy
from truehop.source.tree import Cursor

VERSIONS = {"VersionTLS10": "1.0", "VersionTLS11": "1.1", "VersionTLS12": "1.2", "VersionTLS13": "1.3"}


def read_option(spec: Cursor, name: str) -> TlsPolicy:
    """The policy that an option's settings make."""
    minimum = spec.get("minVersion")
    written = minimum.string().strip()
    known = VERSIONS.get(written)
    suites = tuple(
        Fact(text.value, text.location())
        for text in (suite.text for suite in spec.get("cipherSuites").items())
        if text
    )
    return TlsPolicy(
        minimum.location(),
        name,
        Fact(known, minimum.location()) if known else None,
        "" if known else written,
        suites,
    )
