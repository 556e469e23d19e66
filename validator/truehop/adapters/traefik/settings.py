"""Traefik's static configuration as one tree, whatever it was written in.

Names are compared without regard to case, as paerser does for flags, variables and files alike
(traefik/paerser@v0.2.2 ``flag/flagparser.go``, ``env/env.go``, ``parser/nodes_metadata.go``).

Source only: that case does not matter in the names of settings
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from truehop.kube.texts import unknown_parts
from truehop.model.facts import Basis
from truehop.model.hops import ValueGap
from truehop.source.location import Location
from truehop.source.tree import Cursor, Text

#: What Go's ``strconv.ParseBool`` takes.
TRUE_WORDS = frozenset({"1", "t", "T", "TRUE", "true", "True"})
FALSE_WORDS = frozenset({"0", "f", "F", "FALSE", "false", "False"})
#: Every setting of an entry point (traefik@v3.7.9 ``pkg/config/static/entrypoints.go``, with those of older
#: versions).
ENTRY_NAMES = frozenset(
    {
        "address",
        "allowacmebypass",
        "reuseport",
        "asdefault",
        "transport",
        "proxyprotocol",
        "forwardedheaders",
        "http",
        "http2",
        "http3",
        "udp",
        "observability",
        "enablehttp3",
    }
)
#: Marks of values that another program fills in before Traefik reads them.
PLACEHOLDERS = ("${", "{{", "$(")


@dataclass(slots=True, eq=False)
class Setting:
    """One node: how its name was written, where, and what stands there.

    ``is_given`` says that the node itself has a value (``--x.proxyprotocol``, ``proxyProtocol: {}``),
    not only settings below it. ``parts`` are the entries of a list, of which
    the first ``unsteady`` count at some starts only.
    """

    name: str
    key_at: Location
    at: Location
    value: str = ""
    parts: list[Text] = field(default_factory=list)
    unsteady: int = 0
    is_given: bool = False
    is_null: bool = False
    basis: Basis = Basis.STATED
    children: dict[str, Setting] = field(default_factory=dict)

    def get(self, *names: str) -> Setting | None:
        """The setting below, name by name in any case; None where nothing is said."""
        found: Setting | None = self
        for name in names:
            found = found.children.get(name.lower()) if found else None
        return found

    def put(self, path: Sequence[str], key_at: Location, basis: Basis = Basis.STATED) -> Setting:
        """The setting at a path, made where it is missing; the first spelling of a name stays."""
        found = self
        for name in path:
            found = found.children.setdefault(name.lower(), Setting(name, key_at, key_at, basis=basis))
        return found

    def text(self, *names: str) -> str:
        """The value below as text, empty where nothing is said."""
        found = self.get(*names)
        return found.value.strip() if found else ""

    def is_true(self, *names: str) -> bool:
        """Whether the value below is a true boolean."""
        return self.text(*names) in TRUE_WORDS

    def is_on(self, *names: str) -> bool:
        """Whether a block that may be empty is switched on: there, and not set to another word."""
        found = self.get(*names)
        if found is None or found.is_null:
            return False
        return not found.value or found.value.lower() == "true"


def root(at: Location) -> Setting:
    """An empty tree."""
    return Setting("", at, at)


def split_list(text: Text) -> list[Text]:
    """The entries of a comma separated list; empty ones count where there are others."""
    return text.split(",", keep_empty=True) if text.value.strip() else []


def from_cursor(cursor: Cursor, name: str = "") -> Setting:
    """The tree of a configuration file (or of values that are shaped like one)."""
    made = Setting(name, cursor.key_location(), cursor.location(), is_given=True, is_null=cursor.is_null)
    if cursor.is_scalar:
        text = cursor.text
        made.value = text.value if text else ""
        made.parts = split_list(text) if text else []
    made.parts += [text for text in (entry.text for entry in cursor.items()) if text is not None]
    for key, entry in cursor.entries():
        made.children.setdefault(key.lower(), from_cursor(entry, key))
    return made


def gap_of(text: Text, name: str) -> ValueGap | None:
    """What is wanted where a text holds references that the input does not resolve."""
    unknown = unknown_parts(text)
    if unknown:
        return ValueGap(name, text.location(), unknown[0].wants or unknown[0].value)
    if any(mark in text.value for mark in PLACEHOLDERS):
        return ValueGap(name, text.location(), f"the value of {text.value}")
    return None
