"""Roundcube's ``proxy_whitelist`` up to 1.6: exact addresses only.

Source: roundcube/roundcubemail@1.6 program/lib/Roundcube/rcube_utils.php (an ``in_array`` on the peer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from truehop.adapters.grammars import roundcube
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

NETWORK = "a network, which this version compares as a text, so it matches nobody"


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; a network matches nobody before 1.7."""
    return [
        replace(entry, network=None, problem=NETWORK) if entry.network and "/" in entry.text else entry
        for entry in roundcube.read(pieces)
    ]
