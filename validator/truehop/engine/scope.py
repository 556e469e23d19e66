"""One scope from documents to findings: world, graph, walks, rules."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from truehop.build.assemble import build_graph
from truehop.build.declared import declared_fronts, declared_networks
from truehop.build.request import BuildRequest, ConfigFile, ValuesInput
from truehop.engine.duplicates import duplicates
from truehop.engine.ignores import annotated, commented
from truehop.findings.causes import Draft
from truehop.findings.conclude import ScopeResult, draft, of_problems, scope_findings
from truehop.findings.fingerprints import Trees
from truehop.findings.graph_text import graph_lines
from truehop.findings.outcome import Checked, Crash
from truehop.findings.routes import view
from truehop.kube.objects import World, build_world
from truehop.kube.resources import CLUSTER_KINDS
from truehop.model.facts import Tri
from truehop.model.hops import HopGraph
from truehop.model.walk import Walks, walk_all
from truehop.rules.base import Rule
from truehop.settings import Settings
from truehop.source.comments import find_ignores
from truehop.source.problems import Problem
from truehop.source.tree import Document, SourceFile

T = TypeVar("T")
WORLDS = {"closed": Tri.YES, "open": Tri.NO}


@dataclass(slots=True, eq=False)
class ScopeInput:
    """What one scope holds: its documents, values, files, and what could not be read.

    ``is_whole`` is what the input itself says about absence (no: a part; unknown: taken as whole);
    the settings' ``world`` overrides it. ``sources`` are the texts that were read, ``originals`` those
    that a rendering was made of. ``judged`` is what a survey found, where one could tell.
    """

    settings: Settings
    name: str = ""
    documents: list[Document] = field(default_factory=list)
    values: list[ValuesInput] = field(default_factory=list)
    files: list[ConfigFile] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_whole: Tri = Tri.UNKNOWN
    namespace: str | None = None
    originals: list[SourceFile] = field(default_factory=list)
    judged: ScopeResult | None = None


def judge_scope(scope: ScopeInput, rules: Sequence[Rule], *, tells_graph: bool = False) -> ScopeResult:
    """Everything that the rules find in a scope; a part that crashes is recorded and the rest go on."""
    if scope.judged is not None:
        return scope.judged
    sources = list({source.path: source for source in (*scope.originals, *scope.sources)}.values())
    result = ScopeResult(checked=Checked(files=len(sources)), paths={source.path for source in sources})
    world = view_of(scope)
    documents = [*scope.documents, *(found.root.document for found in scope.values)]
    trees = Trees(documents, sources)
    by_id = {rule.id: rule for rule in rules}
    found = [find_ignores(source) for source in sources]
    told = [problem for one in found for problem in one.problems]
    problems = [*scope.problems, *told, *duplicates(documents)]
    result.findings, result.unjudged = of_problems(problems, by_id, scope.settings, trees)
    result.waivers = [*annotated(world), *(commented(ignore) for one in found for ignore in one.ignores)]
    result.checked += Checked(objects=len(world.resources))
    built = _attempt(lambda: _walked(scope, world), "the builder", scope, result)
    if built is None:
        return result
    graph, walks = built
    drafts = [found for rule in rules for found in _run(rule, graph, walks, scope, result)]
    result.findings += scope_findings(drafts, walks, trees, is_closed=graph.is_closed is Tri.YES)
    result.routes = [view(route, graph, walks, scope.name) for route in graph.routes if route.links]
    result.checked += Checked(listeners=len(graph.listeners))
    result.relevant = _is_relevant(graph, world)
    if tells_graph:
        result.graph = tuple(graph_lines(graph))
    return result


def view_of(scope: ScopeInput) -> World:
    """The scope's objects; whether its world is closed is the user's word, else what the input tells."""
    is_closed = WORLDS.get(scope.settings.world, scope.is_whole)
    for document in scope.documents:
        ref = document.object
        if ref is not None and ref.namespace is None and ref.kind not in CLUSTER_KINDS:
            document.object = replace(ref, namespace=scope.namespace)
    return build_world(scope.documents, is_closed=is_closed, default_namespace=scope.namespace)


def graph_of(scope: ScopeInput, world: World) -> HopGraph:
    """The hops of a scope, from its objects and all else that it holds."""
    return build_graph(
        BuildRequest(
            world=world,
            networks=declared_networks(scope.settings.networks),
            fronts=declared_fronts(scope.settings.fronts),
            values=tuple(scope.values),
            files=tuple(scope.files),
            profiles=scope.settings.profiles,
        )
    )


def _walked(scope: ScopeInput, world: World) -> tuple[HopGraph, Walks]:
    graph = graph_of(scope, world)
    return graph, walk_all(graph)


def _run(
    rule: Rule, graph: HopGraph, walks: Walks, scope: ScopeInput, result: ScopeResult
) -> Iterator[Draft]:
    values = rule_settings(rule, scope.settings)
    reports = _attempt(lambda: list(rule.check(graph, walks, values)), rule.id, scope, result)
    for report in reports or ():
        yield draft(rule, report, scope.settings)


def rule_settings(rule: Rule, settings: Settings) -> Mapping[str, object]:
    """A rule's settings: what the user chose, else its defaults."""
    chosen = settings.choice(rule.id).settings
    return {setting.name: chosen.get(setting.name, setting.default) for setting in rule.settings}


def _attempt(work: Callable[[], T], part: str, scope: ScopeInput, result: ScopeResult) -> T | None:
    """The work's result; a crash of ours is recorded, for one part's bug must not hide other findings."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 (whatever it is, the rest goes on)
        told = f"{type(error).__name__}: {error}".partition("\n")[0]
        result.crashes.append(Crash(part, scope.name, told, traceback.format_exc()))
        return None


def _is_relevant(graph: HopGraph, world: World) -> bool:
    """Whether the input held anything that truehop judges."""
    seen = (graph.listeners, graph.trust_lists, graph.routers, graph.doors, graph.switches, graph.misuses)
    return any((*seen, graph.api_uses, graph.tls_policies, graph.gaps, world.workloads, world.services))
