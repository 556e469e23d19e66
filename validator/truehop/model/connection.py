"""What a listener makes of a symbolic connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from truehop.model.claims import Claim, Connection, Headers, Identity, Received, weakest
from truehop.model.coverage import is_trusted, open_points
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.listeners import HeaderPolicy, Listener
from truehop.model.terms import Header, Untrusted, Wire

#: What headers without an address are called, by version.
NAMELESS = {Wire.V1: "UNKNOWN", Wire.V2: "LOCAL"}


def receive(
    listener: Listener, connection: Connection, *, is_last: bool, is_forger: bool
) -> Iterator[Received]:
    """What the listener makes of the connection, once per way that unknown facts leave open."""
    policy = listener.proxy
    for mode, settles, basis in _modes(policy, has_header=bool(connection.wire)):
        for received in _receive_proxy(listener, mode, connection, is_last=is_last, is_forger=is_forger):
            noted = replace(
                received, settles=(*settles, *received.settles), basis=weakest(basis, received.basis)
            )
            if noted.refused or listener.forwarded is None or not is_last:
                yield noted
            else:
                yield from _receive_forwarded(listener.forwarded, noted, connection)


def _modes(policy: HeaderPolicy, *, has_header: bool) -> list[tuple[Header, tuple[str, ...], Basis]]:
    """The ways an unknown switch leaves open; without a header on the wire it is taken to be off."""
    if policy.mode.is_known:
        return [(policy.mode.value, (), Basis.STATED)]
    if not has_header:
        return [(Header.NEVER, (), Basis.ASSUMED)]
    settles = (policy.mode.settles or policy.mode.origin or "the PROXY switch",)
    return [(Header.NEVER, settles, Basis.STATED), (Header.REQUIRED, settles, Basis.STATED)]


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
            yield replace(
                plain, does=f"reads no PROXY header, sees {source.label} and passes the header on as payload"
            )
        return
    if not wire:
        yield _without_header(policy, mode, plain)
        return
    (kind, claim), rest = wire[0], wire[1:]
    if kind not in policy.versions:
        yield replace(plain, refused=f"PROXY {kind.value} is not understood")
        return
    if rest and is_last and not is_forger:
        yield replace(plain, refused="a second PROXY header is taken for payload")
        return
    trusted = is_trusted(policy.trusts, policy.untrusted, source)
    ways = [Tri.YES, Tri.NO] if trusted.value is Tri.UNKNOWN else [trusted.value]
    settles = open_points(trusted)
    for way in ways:
        if way is Tri.NO:
            yield _untrusted(policy, plain, rest, trusted, settles, is_forger=is_forger)
        elif claim is None:
            yield _nameless(policy, kind, replace(plain, rest=rest, settles=settles))
        else:
            yield _trusted(listener, claim, trusted, replace(plain, rest=rest, settles=settles))


def _trusted(listener: Listener, claim: Claim, trusted: Fact[Tri], plain: Received) -> Received:
    opened = claim
    if _is_fresh(claim):
        opened = replace(claim, at=trusted.at or listener.proxy.at or listener.at, because=trusted.origin)
    return replace(
        plain,
        believed=opened,
        basis=trusted.basis if trusted.is_known else Basis.STATED,
        does=f"believes the PROXY header from {plain.believed.label}: {claim.label}",
    )


def _nameless(policy: HeaderPolicy, kind: Wire, plain: Received) -> Received:
    """A header that states no address: some programs turn one form away, else the packet's source counts.

    Witness: none absent none smtp demands unknown
    Witness: none absent none smtp demands local
    Witness: silent absent none imap demands unknown
    """
    form = NAMELESS[kind]
    if form in policy.refused_forms:
        return replace(plain, refused=f"a PROXY header that says {form} is turned away")
    return replace(
        plain, does=f"takes a PROXY header that says {form}, without address, and sees {plain.believed.label}"
    )


def _is_fresh(claim: Claim) -> bool:
    """Whether a forger's claim is believed for the first time: who believes it next is not to blame."""
    return claim.identity is Identity.FORGED and not claim.because


def _without_header(policy: HeaderPolicy, mode: Header, plain: Received) -> Received:
    seen = plain.believed.label
    if mode is Header.REQUIRED or policy.absent == "refused":
        return replace(plain, refused="it demands a PROXY header and gets none")
    stall = ""
    if policy.absent == "stalls":
        stall = (
            f" after waiting {policy.stall_seconds} s for one"
            if policy.stall_seconds
            else " after waiting for one"
        )
    return replace(plain, does=f"gets no PROXY header and sees {seen}{stall}")


def _untrusted(
    policy: HeaderPolicy,
    plain: Received,
    rest: Headers,
    trusted: Fact[Tri],
    settles: tuple[str, ...],
    *,
    is_forger: bool,
) -> Received:
    if policy.untrusted is Untrusted.DROPPED:
        return replace(plain, refused=f"{trusted.origin}, so the connection is dropped", settles=settles)
    if policy.untrusted is Untrusted.UNREAD:
        return replace(plain, refused="the PROXY header is taken for payload", settles=settles)
    believed = plain.believed
    if believed.identity is Identity.HOP and not is_forger:
        believed = replace(believed, at=trusted.at, because=trusted.origin)
    return replace(
        plain,
        believed=believed,
        rest=rest,
        settles=settles,
        does=f"strips the PROXY header of an untrusted sender and sees {believed.label}",
    )


def keep_forwarded(
    listener: Listener, received: Received
) -> Iterator[tuple[tuple[Claim, ...], tuple[str, ...]]]:
    """The forwarded chain an edge sends on: its own sight of the peer, after what a trusted one said.

    A header of a peer that is not trusted is replaced (traefik@v3.7.9
    pkg/middlewares/forwardedheaders/forwarded_header.go); the check is on the address the PROXY
    header gave. Other headers that name a client (``Forwarded``) are passed on as they came, those with
    underscores in their names too before v2.11.43, v3.6.14 and v3.7.0.

    Witness: silent deaf none web believes forwarded-covers xff
    Witness: silent deaf none web believes xff
    Witness: v2 covers none web believes forwarded-covers xff
    Witness: none deaf none web believes xff-twin
    Witness: none deaf none web believes rfc7239
    Source only: Traefik that drops twins of its headers with underscores
    """
    policy, peer = listener.forwarded, received.believed
    if policy is None or policy.is_off or not received.forwarded:
        yield (peer,), ()
        return
    trusted = is_trusted(policy.trusts, policy.untrusted, peer)
    settles = open_points(trusted)
    if trusted.value is not Tri.NO:
        opened = tuple(
            replace(claim, at=trusted.at or claim.at, because=trusted.origin) if _is_fresh(claim) else claim
            for claim in received.forwarded
        )
        yield (*opened, peer), settles
    if trusted.value is not Tri.YES:
        yield (peer,), settles


def _receive_forwarded(
    policy: HeaderPolicy, received: Received, connection: Connection
) -> Iterator[Received]:
    """The last listener of HTTP: which entry of the forwarded chain the application takes."""
    peer, chain = received.believed, connection.forwarded
    if not chain:
        yield received
        return
    if policy.is_off:
        yield replace(received, does=f"reads no forwarded header and sees {peer.label}")
        return
    if not policy.mode.is_known:
        unknown = policy.mode.settles or policy.mode.origin or "the trusted proxies"
        yield replace(received, believed=chain[-1], settles=(*received.settles, unknown))
        yield replace(received, settles=(*received.settles, unknown))
        return
    trusted = is_trusted(policy.trusts, policy.untrusted, peer)
    settles = open_points(trusted)
    # The way of belief comes first: where both ways lose the address, what lost it before is the cause.
    if trusted.value is not Tri.NO:
        for believed, more in _rightmost_untrusted(policy, chain):
            opened = believed
            if _is_fresh(believed):
                opened = replace(believed, at=trusted.at or believed.at, because=trusted.origin)
            yield replace(
                received,
                believed=opened,
                settles=(*received.settles, *settles, *more),
                at=trusted.at or received.at,
                does=f"believes the forwarded header of {peer.label}: {believed.label}",
            )
    if trusted.value is not Tri.YES:
        lost = replace(peer, at=trusted.at, because=trusted.origin) if peer.identity is Identity.HOP else peer
        yield replace(
            received,
            believed=lost,
            settles=(*received.settles, *settles),
            at=trusted.at or received.at,
            does=f"does not believe the forwarded header of {peer.label}",
        )


def _rightmost_untrusted(
    policy: HeaderPolicy, chain: tuple[Claim, ...]
) -> Iterator[tuple[Claim, tuple[str, ...]]]:
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
