"""Whom an entry point believes: the two trust lists and what makes Traefik end at start.

``proxyProtocol``: the block's presence switches decoding on, the checker behind it refuses an empty
list, and ``insecure`` is asked first (traefik@v3.7.9 ``pkg/server/server_entrypoint_tcp.go``
``buildProxyProtocolListener``, ``pkg/ip/checker.go``). ``forwardedHeaders``: no list is no trust,
and a list is read even beside ``insecure`` (``pkg/middlewares/forwardedheaders/forwarded_header.go``).

Witness: v2 bare v2 smtp demands honest
Witness: v2 invalid v2 smtp demands honest
Witness: v2 insecure-list v2 imap demands honest
Witness: v2 misses v2 imap demands v2
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from truehop.adapters.traefik.settings import Setting, gap_of
from truehop.adapters.traefik.spelling import meant
from truehop.model.addresses import parse_network
from truehop.model.facts import Fact, Tri
from truehop.model.hops import Effect, Switch, TrustEntry, TrustList, TrustUse, ValueGap
from truehop.source.location import Location
from truehop.source.tree import Text

#: The settings of each block; another name below it is "field not found", and Traefik ends.
PROXY_NAMES = ("trustedIPs", "insecure")
FORWARDED_NAMES = (
    "trustedIPs",
    "insecure",
    "connection",
    "notAppendXForwardedFor",
    "addXForwardedSchemeHeaders",
)
#: Words that say "off" well enough not to be called a mistake.
OFF_WORDS = frozenset({"false", "off", "no", "0", "none", "disabled"})


@dataclass(slots=True, eq=False)
class Belief:
    """What one block says: whether it is on, whom it believes, and what is wrong with it."""

    is_on: bool
    at: Location
    trusts: TrustList | None = None
    failures: list[Fact[Tri]] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    gaps: list[ValueGap] = field(default_factory=list)


def read_entry(text: Text) -> TrustEntry:
    """One entry as Go reads it: an address, or a CIDR whose host bits are cut off."""
    value = text.value.strip()
    network = parse_network(value)
    if network is None or ("/" in value and not value.rpartition("/")[2]):
        return TrustEntry(
            text.value, text.location(), problem="neither an address nor a CIDR, so it does not start"
        )
    if parse_network(value, strict=True) is None:
        return TrustEntry(
            text.value,
            text.location(),
            network,
            f"host bits are set, it is read as {network}",
            is_reinterpreted=True,
        )
    return TrustEntry(text.value, text.location(), network)


def _entries(setting: Setting | None, name: str, belief: Belief) -> list[TrustEntry]:
    entries: list[TrustEntry] = []
    for number, part in enumerate(setting.parts if setting else []):
        gap = gap_of(part, name)
        if gap:
            belief.gaps.append(gap)
        else:
            is_unsteady = setting is not None and number < setting.unsteady
            entries.append(replace(read_entry(part), is_unsteady=is_unsteady))
    return entries


def _unknown_names(block: Setting, where: str, names: tuple[str, ...], belief: Belief) -> None:
    known = {name.lower() for name in names}
    for key, child in block.children.items():
        if key in known:
            continue
        because = f"{where} has no setting {child.name}, so it does not start"
        belief.switches.append(
            Switch(
                f"{where}.{child.name}",
                child.value,
                child.key_at,
                Effect.IGNORED,
                because,
                instead=meant(child.name, names),
            )
        )
        belief.failures.append(Fact(Tri.NO, child.key_at, origin=because))


def _fail_on_problems(belief: Belief, entries: list[TrustEntry], where: str) -> None:
    for entry in entries:
        if entry.network is None:
            origin = f"{where}.trustedIPs: {entry.text!r} is neither an address nor a CIDR"
            belief.failures.append(Fact(Tri.NO, entry.at, origin=origin))
            return


def _insecure(block: Setting, where: str) -> TrustEntry | None:
    if not block.is_true("insecure"):
        return None
    found = block.get("insecure") or block
    return TrustEntry(f"{where}.insecure", found.at, is_everyone=True)


def read_proxy(block: Setting | None, where: str, fallback: Location) -> Belief:
    """What ``proxyProtocol`` of an entry point says; ``fallback`` is where it would have to stand."""
    if block is None or block.is_null:
        return Belief(is_on=False, at=block.key_at if block else fallback)
    belief = Belief(is_on=True, at=block.key_at)
    if block.value and block.value.lower() != "true":
        belief.is_on = False
        if block.value.lower() not in OFF_WORDS and gap_of(block.parts[0], where) is None:
            belief.switches.append(
                Switch(
                    where,
                    block.value,
                    block.at,
                    Effect.IGNORED,
                    "only true switches it on, any other text is off",
                    instead=f"{where}.trustedIPs with the networks in front",
                )
            )
        return belief
    _unknown_names(block, where, PROXY_NAMES, belief)
    setting = block.get("trustedIPs")
    everyone = _insecure(block, where)
    entries = [everyone] if everyone else _entries(setting, f"{where}.trustedIPs", belief)
    at = everyone.at if everyone else setting.key_at if setting else block.key_at
    belief.at = block.key_at if block.is_given else at
    belief.trusts = TrustList(
        f"{where}.trustedIPs",
        TrustUse.PROXY,
        at,
        tuple(entries),
        maps_ipv4=True,
        is_complete=Tri.UNKNOWN if belief.gaps else Tri.YES,
        basis=block.basis,
    )
    if not everyone:
        _fail_on_problems(belief, entries, where)
    if belief.trusts.is_empty and not entries:
        belief.failures.insert(0, Fact(Tri.NO, at, origin=f"{where} is on without trusted addresses"))
    return belief


def read_forwarded(block: Setting | None, where: str, fallback: Location) -> Belief:
    """What ``forwardedHeaders`` of an entry point says: off unless somebody is trusted."""
    belief = Belief(is_on=False, at=block.key_at if block else fallback)
    if block is None or block.is_null:
        return belief
    _unknown_names(block, where, FORWARDED_NAMES, belief)
    setting = block.get("trustedIPs")
    entries = _entries(setting, f"{where}.trustedIPs", belief)
    _fail_on_problems(belief, entries, where)
    everyone = _insecure(block, where)
    if everyone:
        entries = [everyone]
    if not entries and not belief.gaps:
        return belief
    at = everyone.at if everyone else setting.key_at if setting else block.key_at
    belief.is_on = True
    belief.at = at
    belief.trusts = TrustList(
        f"{where}.trustedIPs",
        TrustUse.FORWARDED,
        at,
        tuple(entries),
        maps_ipv4=True,
        is_complete=Tri.UNKNOWN if belief.gaps and not everyone else Tri.YES,
        basis=block.basis,
    )
    return belief
