"""What truehop makes of objects; one of them may be exchanged without reading the rest again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.chart.helm import Object
from tests.chart.trees import dump
from truehop.build import BuildRequest, build_graph
from truehop.engine.loading import LoadedText
from truehop.engine.scope import ScopeInput, judge_scope, view_of
from truehop.engine.scopes import add_texts
from truehop.findings.outcome import RouteView
from truehop.model.facts import Location
from truehop.model.graph import HopGraph
from truehop.model.terms import Serves
from truehop.rules.catalogue import all_rules
from truehop.settings import Settings
from truehop.source.collector import paused
from truehop.source.kinds import kind_of
from truehop.source.tree import SourceFile

#: Only a node that clients reach themselves may leave open who else is one.
HOST_NETWORK = "hostNetwork"


@dataclass(frozen=True)
class Part:
    """A document of the input: an object, or values of another chart, as read."""

    name: str
    content: Object
    loaded: LoadedText = field(repr=False, compare=False)

    @classmethod
    def of(cls, content: Object, name: str = "") -> Part:
        """The part for an object, or under a name of its own for values."""
        metadata = content.get("metadata", {})
        named = name or f"{content['kind']}-{metadata.get('namespace', '')}-{metadata['name']}.yaml"
        return cls(named, content, _read(named, dump(content)))


@cache
def _read(name: str, text: str) -> LoadedText:
    return LoadedText.of(SourceFile(name, text), kind_of(name))


@dataclass(frozen=True)
class Judgement:
    """Findings as ``rule at place``, and the ways of the public ports."""

    findings: tuple[str, ...]
    routes: tuple[RouteView, ...]

    @property
    def ports(self) -> dict[int, bool]:
        """For each public port whether it is right: the client is believed, and nobody can forge."""
        found: dict[int, bool] = {}
        for route in self.routes:
            found[route.port] = is_right(route) and found.get(route.port, True)
        return found

    @property
    def mail_ports(self) -> set[int]:
        """The public ports of mail."""
        mail = {serves.value for serves in Serves if serves.is_mail}
        return {route.port for route in self.routes if route.protocol in mail}


def is_right(route: RouteView) -> bool:
    """Whether the server records the client's address, and nobody can have it record another."""
    answers = dict(route.forgeable_by)
    if route.door == HOST_NETWORK and answers["nodes"] == "unknown":
        answers["nodes"] = "no"
    return route.believes == "client" and set(answers.values()) == {"no"}


@paused()
def judge(parts: Iterable[Part]) -> Judgement:
    """What ``truehop check`` and ``truehop path`` say of the parts together."""
    scope = _scope(parts)
    wanted = tuple(rule for rule in all_rules() if not scope.settings.choice(rule.id).is_off)
    result = judge_scope(scope, wanted)
    assert not result.crashes, result.crashes[0].traceback
    told = [f"{one.rule} at {one.at.path} {one.at.pointer.partition('#')[2]}" for one in result.findings]
    told += [f"not judged: {one}" for one in result.unjudged]
    return Judgement(tuple(told), tuple(result.routes))


def graph_of(parts: Iterable[Part]) -> HopGraph:
    """The graph that truehop walks."""
    scope = _scope(parts)
    return build_graph(BuildRequest(view_of(scope), values=tuple(scope.values), files=tuple(scope.files)))


def _scope(parts: Iterable[Part]) -> ScopeInput:
    scope = ScopeInput(Settings())
    add_texts(scope, (part.loaded for part in parts))
    return scope


def places(*facts: object) -> Iterator[Location]:
    """Every place that facts, however deep, were read from."""
    seen: set[int] = set()
    waiting = list(facts)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Location):
            yield one
        elif isinstance(one, list | tuple | set | frozenset):
            waiting.extend(one)
        elif dataclasses.is_dataclass(one) and id(one) not in seen:
            seen.add(id(one))
            waiting.extend(getattr(one, part.name) for part in dataclasses.fields(one))
