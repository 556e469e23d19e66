"""Entry points: from the static configuration to listeners.

Witness: none covers v2 imap demands honest
Witness: v2 misses v2 imap demands honest
Source only: Traefik 2.4 to 2.10 wait 200 ms for a header, 2.11.0 and 2.11.1 without end
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from truehop.adapters.traefik.settings import ENTRY_NAMES, Setting
from truehop.adapters.traefik.spelling import meant
from truehop.adapters.traefik.trust import Belief, read_forwarded, read_proxy
from truehop.adapters.traefik.versions import VersionRange, at_least
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import (
    Effect,
    Header,
    HeaderPolicy,
    Hop,
    Listener,
    Serves,
    Switch,
    Tls,
    TrustList,
    Untrusted,
    Wire,
)
from truehop.source.location import Location

#: The entry point that serves ping, metrics and the dashboard (traefik@v3.7.9
#: ``pkg/config/static/static_config.go`` ``DefaultInternalEntryPointName``).
INTERNAL = "traefik"
#: Blocks of an entry point whose misspelling would be about headers.
HEADER_BLOCKS = ("proxyProtocol", "forwardedHeaders")
ADDRESS = re.compile(r"^(?P<host>.*):(?P<port>\d{1,5})(?:/(?P<protocol>[A-Za-z]+))?$")
DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
#: ``DefaultReadTimeout`` of ``pkg/config/static/entrypoints.go``.
READ_TIMEOUT = 60


@dataclass(slots=True, eq=False)
class EntryPoint:
    """One entry point as it is configured."""

    name: str
    port: int
    setting: Setting
    address_at: Location
    proxy: Belief
    forwarded: Belief
    address_basis: Basis = Basis.STATED

    @property
    def is_default(self) -> bool:
        """Whether it says ``asDefault``."""
        return self.setting.is_true("asDefault")


@dataclass(slots=True, eq=False)
class EntryPoints:
    """All entry points of a configuration, and what was noticed on the way."""

    found: list[EntryPoint] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    failures: list[Fact[Tri]] = field(default_factory=list)
    beliefs: list[Belief] = field(default_factory=list)
    is_whole: bool = True  # every entry point could be read

    @property
    def default_names(self) -> tuple[str, ...]:
        """Those that routers without entry points attach to: the flagged ones, else all but ``traefik``.

        traefik@v3.7.9 ``cmd/traefik/traefik.go`` ``getDefaultsEntrypoints``.
        """
        flagged = any(entry.is_default for entry in self.found)
        return tuple(
            entry.name for entry in self.found if entry.name != INTERNAL and (entry.is_default or not flagged)
        )


def read_seconds(text: str) -> float | None:
    """A Go duration, or a bare number of seconds as paerser takes it; None for anything else."""
    text = text.strip().strip('"')
    if re.fullmatch(r"\d{1,12}", text):
        return float(text)
    parts = DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * SECONDS[unit] for number, unit in parts)


def read_entries(static: Setting) -> EntryPoints:
    """The TCP entry points of a configuration; without any, Traefik listens on ``:80`` as ``http``."""
    entries = EntryPoints()
    named = static.get("entryPoints")
    for setting in named.children.values() if named else ():
        _read(setting, entries)
    names = {entry.name for entry in entries.found}
    if not names - {INTERNAL} and entries.is_whole and not (named and set(named.children) - {INTERNAL}):
        entries.found.insert(0, _default("http", 80, static.at))
    insecure = static.get("api", "insecure")
    if INTERNAL not in names and (static.is_true("api", "insecure") or _needs_internal(static)):
        entries.found.append(_default(INTERNAL, 8080, insecure.at if insecure else static.at))
    return entries


def _needs_internal(static: Setting) -> bool:
    """Whether ping or metrics make Traefik open its own entry point (``SetEffectiveConfiguration``)."""
    return any(
        static.is_on(*path)
        and static.text(*path, "entryPoint") in {"", INTERNAL}
        and not static.is_true(*path, "manualRouting")
        for path in (("ping",), ("metrics", "prometheus"))
    )


def _default(name: str, port: int, at: Location) -> EntryPoint:
    setting = Setting(name, at, at, basis=Basis.DEFAULT)
    off = Belief(is_on=False, at=at)
    return EntryPoint(name, port, setting, at, off, off, Basis.DEFAULT)


def _read(setting: Setting, entries: EntryPoints) -> None:
    where = f"entryPoints.{setting.name}"
    address = setting.get("address")
    fallback = address.at if address else setting.key_at
    proxy = read_proxy(setting.get("proxyProtocol"), f"{where}.proxyProtocol", fallback)
    forwarded = read_forwarded(setting.get("forwardedHeaders"), f"{where}.forwardedHeaders", fallback)
    for belief in (proxy, forwarded):
        entries.beliefs.append(belief)
        entries.switches.extend(belief.switches)
        entries.failures.extend(belief.failures)
    for key, child in setting.children.items():
        name = "" if key in ENTRY_NAMES else meant(child.name, HEADER_BLOCKS)
        if name:
            because = f"an entry point has no setting {child.name}, so it does not start"
            entries.switches.append(
                Switch(
                    f"{where}.{child.name}", child.value, child.key_at, Effect.IGNORED, because, instead=name
                )
            )
            entries.failures.append(Fact(Tri.NO, child.key_at, origin=because))
    found = ADDRESS.match(address.value.strip()) if address else None
    if not found or not 0 < int(found["port"]) < 65_536:  # noqa: PLR2004 (the highest port is 65535)
        entries.is_whole = False
        return
    if (found["protocol"] or "tcp").lower() != "udp":
        basis = address.basis if address else Basis.STATED
        entries.found.append(
            EntryPoint(setting.name, int(found["port"]), setting, fallback, proxy, forwarded, basis)
        )


def _stall(entry: EntryPoint, versions: VersionRange | None) -> tuple[str, int | None]:
    """What a sender without header meets, and for how many seconds (None: without end).

    The decoder waits for the client's first bytes until ``readTimeout``, so that server-first
    protocols stall; 60 s by default since v2.11.2 and v3.0.0, no limit before. From v2.4 to v2.10
    the library waited 200 ms (pires/go-proxyproto@v0.6.1).
    """
    if at_least(versions, "2.4.0") is Tri.YES and at_least(versions, "2.11.0") is Tri.NO:
        return "works", None
    stated = entry.setting.text("transport", "respondingTimeouts", "readTimeout")
    seconds = read_seconds(stated) if stated else None
    if seconds is None:
        endless = at_least(versions, "2.11.0") is Tri.YES and at_least(versions, "2.11.2") is Tri.NO
        return "stalls", None if endless else READ_TIMEOUT
    return "stalls", max(1, round(seconds)) if seconds else None


def _serves(entry: EntryPoint, static: Setting) -> Fact[Serves]:
    insecure = static.get("api", "insecure")
    if entry.name == INTERNAL and insecure and static.is_true("api", "insecure"):
        return Fact(
            Serves.DASHBOARD, insecure.at, insecure.basis, "api.insecure serves the dashboard without login"
        )
    metrics = static.text("metrics", "prometheus", "entryPoint")
    if entry.name == metrics and entry.name in {INTERNAL, "metrics"}:
        return Fact(Serves.INTERNAL, entry.address_at, entry.address_basis, "metrics")
    return Fact(Serves.TCP, entry.address_at, entry.address_basis)


def _redirects(entry: EntryPoint) -> Tri:
    target = entry.setting.get("http", "redirections", "entryPoint", "to")
    scheme = entry.setting.text("http", "redirections", "entryPoint", "scheme")
    return Tri.of(bool(target and target.value) and scheme in {"", "https"})


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
