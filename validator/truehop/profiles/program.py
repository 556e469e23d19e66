"""What a program in a container can do and where its settings stand, as typed data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from truehop.model.facts import Tri
from truehop.model.hops import Header, Role, Serves, Tls, TrustUse, Untrusted, Wire
from truehop.profiles.versions import satisfies


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A behaviour with its source and, where it was run, its witness in the lab."""

    value: str
    source: str
    witness: str = ""


@dataclass(frozen=True, slots=True)
class HeaderSwitch:
    """The variable that turns PROXY headers on.

    ``when`` are the only values the program understands as something else than ``otherwise``;
    ``off`` the words (in lower case) that openly say so. Any other value is a switch that does
    nothing. ``empty`` is the mode an empty string gives, None where nobody knows. Versions outside
    ``versions`` know no such variable.
    """

    env: str
    when: Mapping[str, Header]
    off: frozenset[str]
    otherwise: Header = Header.NEVER
    empty: Header | None = None
    versions: str = ""
    because: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class TrustSource:
    """A variable that holds a trust list, and the grammar in which that program reads it.

    ``by_version`` names other grammars for other versions. ``default`` are the entries the program
    has where the variable is unset. ``follows_header`` says that the list only counts while the
    header switch is on; ``grants_nothing`` that the program reads it, but gives nobody anything by it.
    """

    key: str
    env: str
    grammar: str
    use: TrustUse
    by_version: tuple[tuple[str, str], ...] = ()
    default: tuple[str, ...] = ()
    follows_header: bool = False
    is_optional: bool = False
    grants_nothing: bool = False

    def grammar_for(self, version: str | None) -> str:
        """The grammar of that version; the current one where the version is unknown."""
        for bounds, name in self.by_version:
            if satisfies(version, bounds, unknown=False):
                return name
        return self.grammar


@dataclass(frozen=True, slots=True)
class KnownListener:
    """A container port of the program as the image sets it up.

    ``service`` is the name of the section that a mounted configuration file would use for it.
    """

    port: int
    name: str
    serves: Serves
    tls: Tls
    is_switched: bool = False
    trusts: str = ""
    forwarded: str = ""
    service: str = ""
    demands_tls: Tri = Tri.UNKNOWN
    offers_auth: Tri = Tri.UNKNOWN
    cleartext_auth: Tri = Tri.UNKNOWN


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A connection the program itself opens: the variable that says whither, and the image's default."""

    name: str
    env: str
    default: str = ""
    default_port: int | None = None
    port_env: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """Something in the program that judges clients by address, for the listeners at ``ports``."""

    name: str
    ports: tuple[int, ...]
    env: str = ""


@dataclass(frozen=True, slots=True)
class HeaderManners:
    """What the program does with headers while the switch is on."""

    untrusted: Untrusted = Untrusted.BELIEVED
    absent: str = "refused"
    stall_seconds: int | None = None
    versions: tuple[Wire, ...] = (Wire.V1, Wire.V2)
    #: Headers without an address that it turns away: ``UNKNOWN`` (v1), ``LOCAL`` (v2).
    refused_forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A profile of one program in a container."""

    id: str
    role: Role
    title: str
    images: tuple[str, ...]
    facts: Mapping[str, KnownFact]
    versions: str = ""
    #: Arguments of a container run in the place of the program.
    runs_arguments: bool = False
    listeners: tuple[KnownListener, ...] = ()
    switch: HeaderSwitch | None = None
    manners: HeaderManners = field(default_factory=HeaderManners)
    trusts: tuple[TrustSource, ...] = ()
    clients: tuple[KnownClient, ...] = ()
    judges: tuple[Judge, ...] = ()
    #: The format of configuration files that may be mounted over the image's own.
    format: str = ""
    #: The program's version by version of the image: bounds and version.
    releases: tuple[tuple[str, str], ...] = ()
    #: What the image's own configuration says, in the format's words; a mapping value is by env switch.
    settings: Mapping[str, str] = field(default_factory=dict)
    #: Settings that the switch turns on: name and value.
    switched_settings: Mapping[str, str] = field(default_factory=dict)
    #: Settings that a variable holds: name and variable.
    env_settings: Mapping[str, str] = field(default_factory=dict)
    #: Where the file stands that says so; empty for a profile of ours.
    origin: str = ""

    def release(self, version: str | None) -> str | None:
        """The program's version inside an image of that version; the newest where it is unknown."""
        for bounds, release in reversed(self.releases):
            if satisfies(version, bounds):
                return release
        return None
