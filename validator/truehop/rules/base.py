"""What a rule is: a function over the graph and its walks, with its page as docstring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from inspect import cleandoc

from truehop.model.facts import Location
from truehop.model.hops import HopGraph, Route
from truehop.model.walk import Walks


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Confidence(StrEnum):
    """How sure we are: high for what the input proves, medium where Kubernetes' promises are leaned on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Report:
    """What a rule found at one place.

    ``severity`` None is the rule's own; ``rests_on_absence`` keeps it at warning unless the user
    declared the world closed. ``routes`` are the routes this defect spoils (cause before
    consequence); ``related`` further places with a word each.
    """

    at: Location
    message: str
    help: str = ""
    severity: Severity | None = None
    confidence: Confidence = Confidence.HIGH
    related: tuple[tuple[Location, str], ...] = ()
    routes: tuple[Route, ...] = ()
    rests_on_absence: bool = False


RuleSettings = Mapping[str, object]
Check = Callable[[HopGraph, Walks, RuleSettings], Iterable[Report]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a rule: its name, default and one line of explanation."""

    name: str
    default: object
    doc: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its metadata.

    ``reads`` names the graph's parts (attributes of :class:`HopGraph`, or ``walks``) that the check
    asks for; a contract test records what it really reads. ``explains`` are the consequence rules
    that are hidden on the routes of this rule's reports.
    """

    id: str
    group: str
    severity: Severity
    since: str
    reads: frozenset[str]
    check: Check
    doc: str
    settings: tuple[Setting, ...] = ()
    explains: frozenset[str] = frozenset()
    title: str = ""


#: The consequences that a cause may explain.
LOSES = frozenset({"address-lost"})
OPENS = frozenset({"address-forgeable", "address-forgeable-inside"})
SPOILS = LOSES | OPENS


@dataclass(frozen=True, slots=True)
class _Declared:
    severity: Severity
    since: str
    reads: frozenset[str]
    settings: tuple[Setting, ...]
    explains: frozenset[str]


def rule(
    *,
    severity: Severity,
    since: str = "0.1",
    reads: Iterable[str] = (),
    settings: Iterable[Setting] = (),
    explains: Iterable[str] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of a check; id and group come from the module's name and folder."""

    def make(check: Check) -> Rule:
        *_, group, name = check.__module__.split(".")
        doc = cleandoc(check.__doc__ or "")
        return Rule(
            id=name.replace("_", "-"),
            group=group,
            severity=severity,
            since=since,
            reads=frozenset(reads),
            check=check,
            doc=doc,
            settings=tuple(settings),
            explains=frozenset(explains),
            title=doc.partition("\n")[0].rstrip("."),
        )

    return make


def metadata_only(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterable[Report]:
    """The check of rules whose findings come from the loader or the findings stage."""
    del graph, walks, settings
    return ()


__all__ = [
    "ERROR",
    "INFO",
    "LOSES",
    "OPENS",
    "SPOILS",
    "WARNING",
    "Check",
    "Confidence",
    "HopGraph",
    "Report",
    "Route",
    "Rule",
    "RuleSettings",
    "Setting",
    "Severity",
    "Walks",
    "metadata_only",
    "rule",
]
