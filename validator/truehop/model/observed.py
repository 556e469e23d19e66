"""What adapters saw beside the hops, said without product names."""

from __future__ import annotations

from dataclasses import dataclass

from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.listeners import Hop, Listener
from truehop.model.routes import Router
from truehop.model.terms import Effect, Wire


@dataclass(frozen=True, slots=True)
class Switch:
    """A setting about headers, trust or addresses that does not do what it says.

    ``because`` is a clause for the message: "the image understands only true".
    """

    name: str
    value: str
    at: Location
    effect: Effect
    because: str
    instead: str = ""  # what to write
    other: Location | None = None  # the setting that cancels it
    hop: Hop | None = None
    listeners: tuple[Listener, ...] = ()
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class ApiUse:
    """An API group or field that a program's version may no longer have."""

    name: str  # "API group traefik.containo.us"
    at: Location
    removed_in: str
    is_gone: Fact[Tri]
    instead: str
    router: Router | None = None


@dataclass(frozen=True, slots=True)
class TlsPolicy:
    """A TLS setting: lowest version, suites, and the listeners it is for.

    ``minimum`` is None where unset; ``unknown_minimum`` is the text that the program ignores.
    """

    at: Location
    name: str
    minimum: Fact[str] | None = None  # "1.0" … "1.3"
    unknown_minimum: str = ""
    suites: tuple[Fact[str], ...] = ()
    listeners: tuple[Listener, ...] = ()
    is_public: Tri = Tri.UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A probe or health check: what it says to a listener."""

    at: Location
    to: Listener
    name: str  # "readiness probe", "health check of Service x"
    speaks: bool  # whether it sends or awaits payload (a bare connect does not)
    sends: Fact[Wire]
    form: str = ""  # "UNKNOWN", "LOCAL"


@dataclass(frozen=True, slots=True)
class AddressUse:
    """Something that judges clients by address: a rate limit, fail2ban, greylisting, SPF."""

    name: str
    at: Location
    listeners: tuple[Listener, ...] = ()
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class ValueGap:
    """A needed value that comes from something not in the input."""

    name: str
    at: Location
    wants: str  # "ConfigMap mail/env, key TRUSTED_PROXIES"
    hop: Hop | None = None
    #: The value is there, but secret: it is neither judged nor shown.
    is_secret: bool = False
    #: It is there, but nobody can read it: no YAML, no TOML.
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Misuse:
    """A field the API or the traffic makes invalid: rule id, words, cure.

    For defects of a single object that need no graph: ``traffic-policy-invalid`` and its like.
    """

    rule: str
    at: Location
    message: str
    help: str
    is_certain: bool = True
