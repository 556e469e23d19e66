"""Traefik's flags, as paerser reads them (traefik/paerser@v0.2.2 ``flag/flagparser.go``).

Witness: v2 repeated v2 imap demands honest
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from truehop.adapters.traefik.settings import Setting, split_list
from truehop.model.hops import Effect, Switch
from truehop.source.tree import Text

#: Last parts of names that hold lists below an entry point.
LISTS = ("trustedips", "connection", "middlewares")
#: Names below an entry point that are blocks or booleans: a bare flag says true.
BARE = frozenset(
    {
        "proxyprotocol",
        "forwardedheaders",
        "insecure",
        "asdefault",
        "reuseport",
        "allowacmebypass",
        "http",
        "http2",
        "http3",
        "tls",
        "transport",
        "redirections",
        "permanent",
        "notappendxforwardedfor",
        "udp",
        "observability",
    }
)
#: Names that only Traefik has: enough to know it by its flags.
OWN = re.compile(
    r"^--?(?:entrypoints\.[^.=\s]+\.(?:address|proxyprotocol|forwardedheaders|transport|http|asdefault)\b"
    r"|providers\.kubernetes(?:crd|ingress|gateway)\b)",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Flag:
    """One flag: the token, its name as written, and its value (None where it is bare)."""

    token: Text
    name: str
    dashes: int
    value: Text | None = None
    is_blank_separated: bool = False

    @property
    def path(self) -> list[str]:
        """The name's parts as written."""
        return self.name.split(".")

    @property
    def key(self) -> str:
        """The name in lower case: what makes two flags the same."""
        return self.name.lower()

    @property
    def is_list(self) -> bool:
        """Whether it holds a list below an entry point."""
        return self.key.startswith("entrypoints.") and self.key.endswith(LISTS)

    @property
    def written(self) -> str:
        """The name with its dashes."""
        return self.token.value[: self.dashes + len(self.name)]


def _words(tokens: Iterable[Text]) -> Iterator[Text]:
    """The tokens; a shell's command line is taken apart at blanks."""
    for token in tokens:
        if not token.value.startswith("-") and re.search(r"\s--?\w", token.value):
            yield from token.split(" \t\n\\;")
        else:
            yield token


def read_flags(tokens: Iterable[Text]) -> list[Flag]:
    """The flags of a command line; the program's name, scripts and sub-commands before them are skipped.

    One or two dashes are the same, a bare ``--`` ends the flags.
    """
    words = [word for word in _words(tokens) if word.value]
    while words and (not words[0].value.startswith("-") or words[0].value in {"-c", "-ec", "-e"}):
        words.pop(0)
    flags: list[Flag] = []
    while words:
        token = words.pop(0)
        dashes = 2 if token.value.startswith("--") else 1
        name, equals, _ = token.value[dashes:].partition("=")
        if not token.value.startswith("-") or not name or name.startswith("-"):
            break
        flag = Flag(token, name, dashes)
        if equals:
            flag.value = token.slice(dashes + len(name) + 1, len(token.value))
        elif words and not words[0].value.startswith("-") and name.lower().rpartition(".")[2] not in BARE:
            flag.value, flag.is_blank_separated = words.pop(0), True
        flags.append(flag)
    return flags


def tree_of(flags: Iterable[Flag], base: Setting) -> tuple[Setting, list[Switch]]:
    """Put flags into a tree; lists given twice or after a blank are unstable.

    Under an entry point the parser looks a name's kind up in an unordered map, so that whether a
    second list is joined or replaces the first differs from start to start (paerser
    ``getFlagType``). Other flags given twice: the last one counts.
    """
    switches: list[Switch] = []
    seen: dict[str, Flag] = {}
    for flag in flags:
        setting = base.put(flag.path, flag.token.slice(0, len(flag.written)).location())
        before = seen.get(flag.key)
        seen[flag.key] = flag
        if flag.is_list and (flag.is_blank_separated or before or setting.is_given):
            because = (
                "a list after a blank instead of = is lost at about every other start"
                if flag.is_blank_separated
                else "a list given twice is joined at some starts and replaced at others"
            )
            switches.append(
                Switch(
                    flag.written,
                    flag.value.value if flag.value else "",
                    flag.token.location(),
                    Effect.UNSTABLE,
                    because,
                    instead=f"one {flag.written}= with commas between the networks",
                    other=before.token.location() if before else setting.at if setting.is_given else None,
                )
            )
        if flag.is_list:
            setting.unsteady = len(setting.parts)
        else:
            setting.parts = []
        setting.is_given = True
        setting.key_at = flag.token.slice(0, len(flag.written)).location()
        setting.value = flag.value.value if flag.value is not None else "true"
        setting.at = flag.value.location() if flag.value is not None and flag.value.value else setting.key_at
        if flag.value is not None:
            setting.parts.extend(split_list(flag.value))
    return base, switches


def has_own_flags(tokens: Iterable[Text]) -> bool:
    """Whether a command line has flags that only Traefik knows."""
    return any(OWN.match(word.value) for word in _words(tokens))
