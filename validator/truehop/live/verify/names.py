"""Names and addresses that only one run uses: what is found in a log under them is its own doing."""

from __future__ import annotations

import ipaddress
import secrets
import threading
from dataclasses import dataclass, field

from truehop.live.verify.headers import Address

#: RFC 5737 and RFC 3849: addresses for documentation, which no client has.
FOUR = ipaddress.IPv4Network("192.0.2.0/24")
SIX = ipaddress.IPv6Network("2001:db8::/32")
DOMAIN = "verify.invalid"
_LAST = 254


@dataclass(slots=True)
class Names:
    """Gives names and forged addresses out, each once; ``avoided`` are addresses that mean somebody."""

    run: str = field(default_factory=lambda: secrets.token_hex(4))
    avoided: frozenset[str] = frozenset()
    _number: int = 0
    _host: int = field(default_factory=lambda: secrets.randbelow(_LAST))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def stem(self) -> str:
        """What all names of the run begin with."""
        return f"truehop-{self.run}-"

    def word(self) -> str:
        """A new name."""
        with self._lock:
            self._number += 1
            return f"{self.stem}{self._number}"

    def host(self) -> str:
        """A new name for EHLO: a host that does not exist."""
        return f"{self.word()}.{DOMAIN}"

    def user(self) -> str:
        """A new name for a login: a user that does not exist."""
        return f"{self.word()}@{DOMAIN}"

    def address(self, version: int) -> Address:
        """A new address to lie about; those of IPv4 come again after 254."""
        while True:
            with self._lock:
                self._host += 1
                host = self._host % _LAST + 1
            four = FOUR[host]
            found: Address = four if version == 4 else SIX[secrets.randbits(80) << 16 | host]  # noqa: PLR2004 (IPv4)
            if str(found) not in self.avoided:
                return found
