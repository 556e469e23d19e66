"""A symbolic connection: who it comes from, what it claims, and what a listener makes of that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import Header, HeaderPolicy, Listener, TrustEntry, TrustList, Untrusted, Wire

LOOPBACK = AddressSet.parse("127.0.0.0/8", "::1/128")
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
    is_outside: bool = False
    at: Location | None = None
    because: str = ""
    basis: Basis = Basis.STATED
    rests_on_absence: bool = False


CLIENT = Claim(Identity.CLIENT, "the client's address", is_outside=True)
FORGED = Claim(Identity.FORGED, "an address the forger chose", is_outside=True)


@dataclass(frozen=True, slots=True)
class Connection:
    """State between two sockets: the packet's source, headers on the wire (first first), and XFF."""

    source: Claim
    wire: tuple[tuple[Wire, Claim], ...] = ()
    forwarded: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """What a listener made of a connection, under the assumptions in ``settles``.

    ``refused`` says why no session comes about; otherwise ``believed`` is the address recorded and
    ``rest`` what is still on the wire for the next hop.
    """

    believed: Claim
    rest: tuple[tuple[Wire, Claim], ...] = ()
    forwarded: tuple[Claim, ...] = ()
    refused: str = ""
    does: str = ""
    at: Location | None = None
    settles: tuple[str, ...] = ()
    basis: Basis = Basis.STATED


def covering_entry(trusts: TrustList, claim: Claim) -> TrustEntry | None:
    """The entry that trusts the claim's addresses, if a single one can be named."""
    for entry in trusts.entries:
        if entry.is_everyone:
            return entry
        if claim.addresses and AddressSet.of(entry.networks).overlaps(claim.addresses):
            return entry
    return trusts.entries[0] if trusts.entries and trusts.trusts_everyone else None


def is_trusted(trusts: TrustList | None, untrusted: Untrusted, claim: Claim) -> Fact[Tri]:
    """Whether a listener believes what comes from the claim's addresses.

    An internet client is nobody's proxy: only a list that trusts everyone trusts it. A list of
    loopback addresses alone trusts no other host.
    """
    if trusts is None:
        if untrusted is Untrusted.BELIEVED:
            return Fact(Tri.YES, origin="it has no trust list and believes any sender")
        return Fact(Tri.NO, origin="it trusts nobody")
    if trusts.trusts_everyone:
        return Fact(Tri.YES, trusts.at, trusts.basis, f"{trusts.name} trusts everyone")
    known = trusts.addresses
    if claim.addresses and known.covers(claim.addresses):
        entry = covering_entry(trusts, claim)
        return Fact(Tri.YES, entry.at if entry else trusts.at, trusts.basis, f"{trusts.name} covers {claim.label}")
    if trusts.is_complete is not Tri.YES:
        return Fact(Tri.UNKNOWN, trusts.at, Basis.UNKNOWN, f"{trusts.name} is not all in the input", trusts.name)
    if not known:
        return Fact(Tri.NO, trusts.at, trusts.basis, f"{trusts.name} trusts nobody")
    if claim.is_outside or LOOPBACK.covers(known):
        return Fact(Tri.NO, trusts.at, trusts.basis, f"{trusts.name} does not cover {claim.label}")
    if claim.addresses is None:
        return Fact(Tri.UNKNOWN, trusts.at, Basis.UNKNOWN, f"the addresses of {claim.label} are unknown", claim.settles)
    if not known.overlaps(claim.addresses):
        return Fact(Tri.NO, trusts.at, trusts.basis, f"{trusts.name} does not cover {claim.label}")
    return Fact(Tri.UNKNOWN, trusts.at, Basis.UNKNOWN, f"{trusts.name} covers a part of {claim.label}", claim.settles)


def receive(listener: Listener, connection: Connection, *, is_last: bool, is_forger: bool) -> Iterator[Received]:
    """What the listener makes of the connection, once per way that unknown facts leave open."""
    policy = listener.proxy
    for mode, settles in _modes(policy):
        for received in _receive_proxy(listener, mode, connection, is_last=is_last, is_forger=is_forger):
            noted = replace(received, settles=(*settles, *received.settles))
            if noted.refused or listener.forwarded is None or not is_last:
                yield noted
            else:
                yield from _receive_forwarded(listener.forwarded, noted, connection)


def _modes(policy: HeaderPolicy) -> list[tuple[Header, tuple[str, ...]]]:
    if policy.mode.is_known:
        return [(policy.mode.value, ())]
    settles = (policy.mode.settles or policy.mode.origin or "the PROXY switch",)
    return [(Header.NEVER, settles), (Header.REQUIRED, settles)]


def _receive_proxy(
    listener: Listener, mode: Header, connection: Connection, *, is_last: bool, is_forger: bool
) -> Iterator[Received]:
    policy, source, wire = listener.proxy, connection.source, connection.wire
    plain = Received(source, wire, connection.forwarded, at=policy.at or listener.at)
    if mode is Header.NEVER:
        if not wire:
            yield replace(plain, does=f"reads no PROXY header and sees {source.label}")
        elif is_last or listener.serves.value.is_http:
            yield replace(plain, refused="the PROXY header is taken for payload")
        else:
            yield replace(plain, does=f"reads no PROXY header, sees {source.label} and passes the header on as payload")
        return
    if not wire:
        yield _without_header(policy, mode, plain)
        return
    (kind, claim), rest = wire[0], wire[1:]
    if kind not in policy.versions:
        yield replace(plain, refused=f"PROXY {kind.value} is not understood")
        return
    trusted = is_trusted(policy.trusts, policy.untrusted, source)
    ways = [Tri.YES, Tri.NO] if trusted.value is Tri.UNKNOWN else [trusted.value]
    settles = (trusted.settles,) if trusted.value is Tri.UNKNOWN and trusted.settles else ()
    for way in ways:
        if way is Tri.YES:
            opened = claim
            if claim.identity is Identity.FORGED:
                opened = replace(claim, at=trusted.at or policy.at or listener.at, because=trusted.origin)
            yield replace(
                plain, believed=opened, rest=rest, settles=settles, basis=trusted.basis if trusted.is_known else Basis.STATED,
                does=f"believes the PROXY header from {source.label}: {claim.label}",
            )
        else:
            yield _untrusted(policy, plain, rest, trusted, settles, is_forger=is_forger)


def _without_header(policy: HeaderPolicy, mode: Header, plain: Received) -> Received:
    seen = plain.believed.label
    if mode is Header.REQUIRED or policy.absent == "refused":
        return replace(plain, refused="it demands a PROXY header and gets none")
    stall = ""
    if policy.absent == "stalls":
        stall = f" after waiting {policy.stall_seconds} s for one" if policy.stall_seconds else " after waiting for one"
    return replace(plain, does=f"gets no PROXY header and sees {seen}{stall}")


def _untrusted(
    policy: HeaderPolicy, plain: Received, rest: tuple[tuple[Wire, Claim], ...], trusted: Fact[Tri],
    settles: tuple[str, ...], *, is_forger: bool,
) -> Received:
    if policy.untrusted is Untrusted.DROPPED:
        return replace(plain, refused=f"{trusted.origin}, so the connection is dropped", settles=settles)
    if policy.untrusted is Untrusted.UNREAD:
        return replace(plain, refused="the PROXY header is taken for payload", settles=settles)
    believed = plain.believed
    if believed.identity is Identity.HOP and not is_forger:
        believed = replace(believed, at=trusted.at, because=trusted.origin)
    return replace(
        plain, believed=believed, rest=rest, settles=settles,
        does=f"strips the PROXY header of an untrusted sender and sees {believed.label}",
    )


def keep_forwarded(listener: Listener, received: Received) -> Iterator[tuple[tuple[Claim, ...], tuple[str, ...]]]:
    """The forwarded chain an edge sends on: its own sight of the peer, after what a trusted one said.

    A header of a peer that is not trusted is replaced (traefik@v3.7.9
    pkg/middlewares/forwardedheaders/forwarded_header.go); the check is on the address the PROXY
    header gave.
    """
    policy, peer = listener.forwarded, received.believed
    if policy is None or policy.is_off or not received.forwarded:
        yield (peer,), ()
        return
    trusted = is_trusted(policy.trusts, policy.untrusted, peer)
    settles = (trusted.settles,) if trusted.value is Tri.UNKNOWN and trusted.settles else ()
    if trusted.value is not Tri.NO:
        opened = tuple(
            replace(claim, at=trusted.at or claim.at, because=trusted.origin) if claim.identity is Identity.FORGED else claim
            for claim in received.forwarded
        )
        yield (*opened, peer), settles
    if trusted.value is not Tri.YES:
        yield (peer,), settles


def _receive_forwarded(policy: HeaderPolicy, received: Received, connection: Connection) -> Iterator[Received]:
    """The last listener of HTTP: which entry of the forwarded chain the application takes."""
    peer, chain = received.believed, connection.forwarded
    if not chain:
        yield received
        return
    if policy.is_off:
        yield replace(received, does=f"reads no forwarded header and sees {peer.label}")
        return
    if not policy.mode.is_known:
        settles = (policy.mode.settles or policy.mode.origin or "the trusted proxies",)
        yield replace(received, settles=(*received.settles, *settles))
        yield replace(received, believed=chain[-1], settles=(*received.settles, *settles))
        return
    trusted = is_trusted(policy.trusts, policy.untrusted, peer)
    settles = (trusted.settles,) if trusted.value is Tri.UNKNOWN and trusted.settles else ()
    if trusted.value is not Tri.YES:
        lost = replace(peer, at=trusted.at, because=trusted.origin) if peer.identity is Identity.HOP else peer
        yield replace(
            received, believed=lost, settles=(*received.settles, *settles), at=trusted.at or received.at,
            does=f"does not believe the forwarded header of {peer.label}",
        )
    if trusted.value is not Tri.NO:
        for believed, more in _rightmost_untrusted(policy, chain):
            opened = believed
            if believed.identity is Identity.FORGED:
                opened = replace(believed, at=trusted.at or believed.at, because=trusted.origin)
            yield replace(
                received, believed=opened, settles=(*received.settles, *settles, *more), at=trusted.at or received.at,
                does=f"believes the forwarded header of {peer.label}: {believed.label}",
            )


def _rightmost_untrusted(policy: HeaderPolicy, chain: tuple[Claim, ...]) -> Iterator[tuple[Claim, tuple[str, ...]]]:
    """Entries of the chain from the right, past those the list trusts; the first one if all are."""
    settles: tuple[str, ...] = ()
    for claim in reversed(chain[1:]):
        # A list that trusts everyone leaves no untrusted entry: the leftmost one is taken.
        trusted = is_trusted(policy.trusts, policy.untrusted, claim)
        if trusted.value is Tri.NO or claim.identity is Identity.FORGED:
            yield claim, settles
            return
        if trusted.value is Tri.UNKNOWN:
            settles = (*settles, trusted.settles)
            yield claim, settles
    yield chain[0], settles
