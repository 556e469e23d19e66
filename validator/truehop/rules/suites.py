"""TLS suites, under the names of IANA and of OpenSSL."""

from __future__ import annotations

import re

#: TLS 1.3 suites and the 1.2 ones of Mozilla intermediate 5.7 and 6.0; mozilla/ssl-config-generator
#: src/static/guidelines/5.7.json and 6.0.json. What either of the two allows is fine.
_FINE = frozenset(
    {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        *(
            f"TLS_ECDHE_{key}_WITH_{cipher}"
            for key in ("ECDSA", "RSA")
            for cipher in (
                "AES_128_GCM_SHA256",
                "AES_256_GCM_SHA384",
                "CHACHA20_POLY1305",
                "CHACHA20_POLY1305_SHA256",
            )
        ),
        *(
            f"TLS_DHE_RSA_WITH_{cipher}"
            for cipher in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256")
        ),
        *(
            f"ECDHE-{key}-{cipher}"
            for key in ("ECDSA", "RSA")
            for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
        ),
        *(f"DHE-RSA-{cipher}" for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")),
    }
)
#: A single suite by either name; keywords such as HIGH or kRSA, and strings with operators, are none.
_SUITE = re.compile(
    r"TLS_[A-Z0-9]+(?:_[A-Z0-9]+)+|(?:(?:ECDHE|DHE|EDH|ECDH|ADH|AECDH|PSK|SRP)-)?(?:[A-Z0-9]+-)*"
    r"(?:AES(?:128|256)|CAMELLIA(?:128|256)|DES|3DES|RC4|SEED|IDEA|ARIA(?:128|256)|NULL)(?:-[A-Z0-9]+)+"
)


def is_outside(suite: str) -> bool:
    """Whether the text names one suite, and one that both Mozilla profiles leave out."""
    return suite not in _FINE and _SUITE.fullmatch(suite) is not None


__all__ = ["is_outside"]
