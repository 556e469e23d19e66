"""Symfony's trusted proxies: commas, blanks around entries, and three words.

Source: symfony/symfony src/Symfony/Component/HttpFoundation/Request.php (setTrustedProxies) and
IpUtils.php; FrameworkBundle's DependencyInjection splits the string at commas.
"""

from __future__ import annotations

from collections.abc import Sequence

from truehop.adapters.grammars.entries import plain_entry
from truehop.model.addresses import network
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

#: ``IpUtils::PRIVATE_SUBNETS``. Its ``::ffff:0:0/96`` is compared with IPv6 spellings only
#: (``checkIp`` takes ``checkIp4`` for IPv4 peers), so it is not all of IPv4.
PRIVATE_SUBNETS = tuple(
    network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "192.168.0.0/16",
        "172.16.0.0/12",
        "169.254.0.0/16",
        "0.0.0.0/8",
        "240.0.0.0/4",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
        "::ffff:0:0/96",
        "::/128",
    )
)
WORDS = frozenset({"PRIVATE_SUBNETS", "private_ranges"})


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; a part that holds blanks is one entry that matches nobody."""
    return [_entry(part) for piece in pieces for part in piece.split(",")]


def _entry(part: Text) -> TrustEntry:
    if part.value == "REMOTE_ADDR":
        return TrustEntry(part.value, part.location(), is_everyone=True)
    if part.value in WORDS:
        return TrustEntry(part.value, part.location(), means=PRIVATE_SUBNETS)
    return plain_entry(part)
