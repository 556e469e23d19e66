"""Whether a trust list covers who sends."""

from __future__ import annotations

from truehop.model.addresses import AddressSet
from truehop.model.claims import Claim
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.listeners import TrustEntry, TrustList
from truehop.model.terms import Untrusted

LOOPBACK = AddressSet.parse("127.0.0.0/8", "::1/128")


def open_points(trusted: Fact[Tri]) -> tuple[str, ...]:
    """What would settle an unknown trust; nothing for a known one."""
    return (trusted.settles,) if trusted.value is Tri.UNKNOWN and trusted.settles else ()


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
    known = trusts.addresses
    if trusts.trusts_everyone and not _is_of_another_family(trusts, known, claim):
        return Fact(Tri.YES, trusts.at, trusts.basis, f"{trusts.name} trusts everyone")
    if claim.addresses and known.covers(claim.addresses):
        return _covered(trusts, claim.addresses, claim)
    if trusts.is_complete is not Tri.YES:
        return _unknown(trusts, f"{trusts.name} is not all in the input", trusts.name)
    return _uncovered(trusts, known, claim)


def _is_of_another_family(trusts: TrustList, known: AddressSet, claim: Claim) -> bool:
    """Whether a list of all addresses of one family says nothing of the claim's.

    Witness: v2 mapped-list v2 imap demands ipv6 honest
    """
    is_by_word = any(entry.is_everyone for entry in trusts.entries)
    return not is_by_word and claim.addresses is not None and not known.overlaps(claim.addresses)


def _covered(trusts: TrustList, addresses: AddressSet, claim: Claim) -> Fact[Tri]:
    """What a list says to a claim all of whose addresses are in it."""
    if not trusts.steady_addresses.covers(addresses):
        because = f"{trusts.name} covers {claim.label} at some starts and not at others"
        return _unknown(trusts, because, trusts.name)
    entry = covering_entry(trusts, claim)
    at = entry.at if entry else trusts.at
    return Fact(Tri.YES, at, trusts.basis, f"{trusts.name} covers {claim.label}")


def _uncovered(trusts: TrustList, known: AddressSet, claim: Claim) -> Fact[Tri]:
    """What a complete list says to a claim that it does not cover as a whole."""
    if not known:
        return Fact(Tri.NO, trusts.at, trusts.basis, f"{trusts.name} trusts nobody")
    stranger = Fact(Tri.NO, trusts.at, trusts.basis, f"{trusts.name} does not cover {claim.label}")
    if claim.is_outside or LOOPBACK.covers(known):
        return stranger
    if claim.addresses is None:
        return _unknown(trusts, f"the addresses of {claim.label} are unknown", claim.settles)
    if not known.overlaps(claim.addresses):
        is_possible = claim.may_be is not None and known.overlaps(claim.may_be)
        return (
            _unknown(trusts, f"{trusts.name} covers a part of {claim.label}", claim.settles)
            if is_possible
            else stranger
        )
    if not (claim.addresses - known).overlaps(_same_families(claim.addresses, known)):
        return _unknown(trusts, f"{trusts.name} knows one family of {claim.label}", "the address family")
    return _unknown(trusts, f"{trusts.name} covers a part of {claim.label}", claim.settles)


def _same_families(addresses: AddressSet, known: AddressSet) -> AddressSet:
    """The part of addresses whose family the list knows at all."""
    return AddressSet(addresses.v4 if known.v4 else (), addresses.v6 if known.v6 else ())


def _unknown(trusts: TrustList, origin: str, settles: str) -> Fact[Tri]:
    return Fact(Tri.UNKNOWN, trusts.at, Basis.UNKNOWN, origin, settles)
