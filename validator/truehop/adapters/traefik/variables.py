"""Traefik's environment variables (traefik/paerser@v0.2.2 ``env/env.go``, ``env/filter.go``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from truehop.adapters.traefik.settings import ENTRY_NAMES, Setting, split_list
from truehop.kube.environment import Environment
from truehop.model.hops import Effect, Switch, ValueGap
from truehop.source.location import Location
from truehop.source.tree import Text

PREFIX = "TRAEFIK_"
#: First names of the static configuration (traefik ``pkg/config/static/static_config.go``, v3.7.9 and v2.11).
FIRST = (
    "GLOBAL",
    "SERVERSTRANSPORT",
    "TCPSERVERSTRANSPORT",
    "ENTRYPOINTS",
    "PROVIDERS",
    "API",
    "METRICS",
    "PING",
    "LOG",
    "ACCESSLOG",
    "TRACING",
    "HOSTRESOLVER",
    "CERTIFICATESRESOLVERS",
    "EXPERIMENTAL",
    "CORE",
    "SPIFFE",
    "OCSP",
    "PILOT",
    "CONFIGFILE",
)
READ = re.compile(rf"^{PREFIX}(?:{'|'.join(FIRST)})")
LIKE = re.compile(rf"^{PREFIX}(?:{'|'.join(FIRST)})(?:_|$)", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Variable:
    """One variable of the static configuration; the text is None where it is not in the input."""

    name: str
    text: Text | None
    at: Location
    named_at: Location
    wants: str = ""
    is_secret: bool = False

    @property
    def path(self) -> list[str]:
        """Its name's parts: every underscore parts, and case is lost."""
        return self.name[len(PREFIX) :].lower().split("_")

    @property
    def shown(self) -> str:
        """Its value, unless that is secret or unknown."""
        return self.text.value if self.text and not self.is_secret else ""


def read_variables(environment: Environment) -> tuple[list[Variable], list[Switch]]:
    """The variables that Traefik reads, and those spelled so that it does not."""
    found: list[Variable] = []
    switches: list[Switch] = []
    for name in environment.names():
        value = environment.get(name)
        if value is None or not LIKE.match(name):
            continue
        variable = Variable(name, value.text, value.at, value.reference, value.wants, value.is_secret)
        if READ.match(name):
            found.append(variable)
        else:
            switches.append(
                Switch(
                    name,
                    variable.shown,
                    value.reference,
                    Effect.IGNORED,
                    "the prefix and the first name count in upper case only",
                    instead=name.upper(),
                )
            )
    return found, switches


def tree_of_variables(variables: list[Variable], base: Setting) -> tuple[Setting, list[ValueGap]]:
    """Put variables into a tree; a value outside the input is a gap."""
    gaps: list[ValueGap] = []
    for variable in variables:
        if variable.text is None or variable.is_secret:
            wants = variable.wants or "a Secret"
            gaps.append(ValueGap(variable.name, variable.named_at, wants, is_secret=not variable.wants))
            continue
        setting = base.put(variable.path, variable.named_at)
        setting.is_given = True
        setting.value = variable.text.value
        setting.at = variable.at
        setting.parts = split_list(variable.text)
    return base, gaps


def unsayable(variables: list[Variable]) -> list[Switch]:
    """Variables of entry points whose name has an underscore: the name ends at the first one."""
    switches: list[Switch] = []
    for variable in variables:
        first, *names = variable.path
        if (
            first == "entrypoints"
            and names[1:]
            and names[1] not in ENTRY_NAMES
            and ENTRY_NAMES & set(names[2:])
        ):
            switches.append(
                Switch(
                    variable.name,
                    variable.shown,
                    variable.named_at,
                    Effect.IGNORED,
                    f"an underscore ends the name: this is about an entry point {names[0]}",
                    instead="a flag, or an entry point's name without underscore",
                )
            )
    return switches
