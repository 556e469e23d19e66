"""The addresses of the rows: a network for each part, and a row's number in every address of it."""

from __future__ import annotations

import re

#: The networks of each part, IPv4 (16 bits) and IPv6 (64 bits). A row's number is the rest of all its
#: addresses, so that a log line tells its row by any address in it. Clients come from the networks for tests
#: of speed and for examples (RFC 2544, RFC 3849).
NETWORKS = {
    "client": ("198.18", "2001:db8:18"),
    "forged": ("198.19", "2001:db8:19"),
    "balancer": ("10.1", "fd00:1"),
    "proxy": ("10.42", "fd00:42"),
    "server": ("10.43", "fd00:43"),
    "entry": ("10.44", "fd00:44"),
}
#: The highest number of a row; what is above is for the lab itself.
LAST = 0xFF00
ADDRESS = re.compile(
    r"\b\d+\.\d+\.\d+\.\d+\b|\b(?:" + "|".join(six for _, six in NETWORKS.values()) + r")::[0-9a-f]{1,4}\b"
)


def address_of(part: str, number: int, family: int = 4) -> str:
    """The address of a part in the row of a number."""
    four, six = NETWORKS[part]
    return f"{four}.{number >> 8}.{number & 0xFF}" if family == 4 else f"{six}::{number:x}"


def network_of(part: str, family: int = 4) -> str:
    """The network that holds a part's addresses in every row."""
    four, six = NETWORKS[part]
    return f"{four}.0.0/16" if family == 4 else f"{six}::/64"


def both_networks_of(part: str) -> tuple[str, str]:
    """The networks of a part, of both families."""
    return network_of(part), network_of(part, 6)


def place_of(address: str) -> tuple[str, int] | None:
    """The part and the number of the row whose address it is; None for every other one."""
    for part, (four, six) in NETWORKS.items():
        if address.startswith(f"{six}::"):
            return part, int(address.removeprefix(f"{six}::") or "0", 16)
        if address.startswith(f"{four}."):
            high, low = address.removeprefix(f"{four}.").split(".")
            return part, int(high) << 8 | int(low)
    return None
