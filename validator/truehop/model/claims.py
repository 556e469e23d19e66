"""A symbolic connection: who it comes from and what it claims."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Location
from truehop.model.terms import Wire

_WEIGHT = {Basis.STATED: 0, Basis.DEFAULT: 1, Basis.ASSUMED: 2, Basis.UNKNOWN: 3}


def weakest(*bases: Basis) -> Basis:
    """The least certain of some bases."""
    return max(bases, key=_WEIGHT.__getitem__, default=Basis.STATED)


class Identity(StrEnum):
    """Whose address it is."""

    CLIENT = "client"
    HOP = "hop"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Claim:
    """An address somebody shows or states.

    ``addresses`` is the set it lies in (None: unknown, then ``settles`` says what would tell);
    ``is_outside`` marks an address somewhere in the internet. For a hop's address, ``at`` and
    ``because`` say where the client's was lost; for a forged one, where the way was opened.
    """

    identity: Identity
    label: str
    addresses: AddressSet | None = None
    settles: str = ""
    #: Further addresses that may show: a bridge in the pod network, where a node rewrites the source.
    may_be: AddressSet | None = None
    is_outside: bool = False
    at: Location | None = None
    because: str = ""
    basis: Basis = Basis.STATED
    rests_on_absence: bool = False


CLIENT = Claim(Identity.CLIENT, "the client's address", is_outside=True)
FORGED = Claim(Identity.FORGED, "an address the forger chose", is_outside=True)
#: A header's claim: None where it states no address (v1 ``UNKNOWN``, v2 ``LOCAL``).
Headers = tuple[tuple[Wire, Claim | None], ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """State between two sockets: the packet's source, headers on the wire (first first), and XFF."""

    source: Claim
    wire: Headers = ()
    forwarded: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """What a listener made of a connection, under the assumptions in ``settles``.

    ``refused`` says why no session comes about; otherwise ``believed`` is the address recorded and
    ``rest`` what is still on the wire for the next hop.
    """

    believed: Claim
    rest: Headers = ()
    forwarded: tuple[Claim, ...] = ()
    refused: str = ""
    does: str = ""
    at: Location | None = None
    settles: tuple[str, ...] = ()
    basis: Basis = Basis.STATED
