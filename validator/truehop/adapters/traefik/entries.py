"""Entry points: from the static configuration to listeners."""

from __future__ import annotations

from dataclasses import replace

from truehop.adapters.traefik.settings import Setting
from truehop.adapters.traefik.trust import Belief
from truehop.adapters.traefik.versions import VersionRange
from truehop.model.facts import Basis, Fact
from truehop.model.hops import Header, HeaderPolicy, Hop, Listener, Tls, TrustList, Untrusted, Wire

#: The entry point that serves ping, metrics and the dashboard (traefik@v3.7.9
#: ``pkg/config/static/static_config.go`` ``DefaultInternalEntryPointName``).
INTERNAL = "traefik"
#: Blocks of an entry point whose misspelling would be about headers.
HEADER_BLOCKS = ("proxyProtocol", "forwardedHeaders")


def _tls(entry: EntryPoint) -> Fact[Tls]:
    block = entry.setting.get("http", "tls")
    if block and entry.setting.is_on("http", "tls"):
        return Fact(Tls.IMPLICIT, block.at, block.basis, "http.tls of the entry point")
    return Fact(Tls.PLAIN, entry.address_at, Basis.DEFAULT, "http.tls is not set")


def _trusts(belief: Belief, hop: Hop) -> TrustList | None:
    return replace(belief.trusts, hop=hop) if belief.trusts else None


def make_listener(entry: EntryPoint, hop: Hop, static: Setting, versions: VersionRange | None) -> Listener:
    """The listener of an entry point: decoding is optional once on, the header of strangers is removed."""
    absent, seconds = _stall(entry, versions)
    proxy = HeaderPolicy(
        Fact(
            Header.OPTIONAL if entry.proxy.is_on else Header.NEVER,
            entry.proxy.at,
            Basis.STATED if entry.proxy.is_on else Basis.DEFAULT,
        ),
        _trusts(entry.proxy, hop),
        Untrusted.STRIPPED if entry.proxy.is_on else Untrusted.UNREAD,
        absent if entry.proxy.is_on else "works",
        seconds if entry.proxy.is_on else None,
        at=entry.proxy.at,
    )
    forwarded = HeaderPolicy(
        Fact(
            Header.OPTIONAL if entry.forwarded.is_on else Header.NEVER,
            entry.forwarded.at,
            Basis.STATED if entry.forwarded.is_on else Basis.DEFAULT,
        ),
        _trusts(entry.forwarded, hop),
        Untrusted.STRIPPED,
        versions=(Wire.XFF,),
        at=entry.forwarded.at,
    )
    return Listener(
        hop,
        entry.port,
        _serves(entry, static),
        proxy,
        _tls(entry),
        entry.address_at,
        entry.name,
        forwarded,
        basis=entry.address_basis,
        redirects=_redirects(entry),
    )


def trust_lists(entries: EntryPoints, listeners: list[Listener], hop: Hop) -> list[TrustList]:
    """Every list that is written: those of the listeners, and of entry points without an address."""
    policies = [policy for listener in listeners for policy in (listener.proxy, listener.forwarded) if policy]
    used = {policy.trusts.at: policy.trusts for policy in policies if policy.trusts}
    found = (_trusts(belief, hop) for belief in entries.beliefs)
    return [used.get(trusts.at, trusts) for trusts in found if trusts]
