"""One run: from the paths a user names to the outcome."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from truehop.engine.config.find import find_config
from truehop.engine.config.read import read_config
from truehop.engine.rendering import Renderer, render
from truehop.engine.request import Request
from truehop.engine.scope import ScopeInput, judge_scope
from truehop.engine.scopes import Plan, Survey, automatic, call_of, declared
from truehop.engine.survey import survey
from truehop.errors import UserError
from truehop.findings import baseline
from truehop.findings.conclude import Closing, ScopeResult, conclude
from truehop.findings.outcome import Outcome
from truehop.findings.waivers import from_settings
from truehop.profiles.fronts import front_ids
from truehop.profiles.registry import programs
from truehop.rules.catalogue import all_rules
from truehop.settings import Scope, Settings
from truehop.source.collector import collect_garbage, paused
from truehop.source.inputs import STANDARD_INPUT, InputFile, Inputs, collect
from truehop.source.render.calls import Call

Progress = Callable[[str], None]
#: Judged scopes whose trees may wait to be thrown away.
SCOPES_KEPT = 16


def load_settings(request: Request) -> Settings:
    """The configuration that holds for the request, with what the command line overrides.

    The baseline's path counts from the current folder then.

    Raises:
        UserError: a configuration that cannot be read, or says what it may not.
    """
    if request.config:
        found: Path | None = Path(request.config)
        if not Path(request.config).is_file():
            raise UserError("there is no such configuration", place=request.config)
    else:
        found = find_config(request.paths)
    settings = read_config(found, all_rules()) if found is not None else Settings(folder=str(Path.cwd()))
    if settings.profiles:  # a profile that is none is the user's fault, not a crash of the builder
        programs(settings.profiles)
        front_ids(settings.profiles)
    known = request.baseline or (settings.baseline and str(Path(settings.folder, settings.baseline)))
    if request.write_baseline and not known:
        raise UserError("--write-baseline needs a file to write to", cure="name it with --baseline FILE")
    return replace(settings, world=request.world or settings.world, baseline=known)


@paused()
def run(
    request: Request,
    settings: Settings,
    *,
    renderer: Renderer = render,
    progress: Progress | None = None,
    today: date | None = None,
) -> Outcome:
    """Judge everything that the request names.

    Raises:
        UserError: a path that leads to nothing, or a baseline that is none.
    """
    rules = all_rules()
    wanted = tuple(rule for rule in rules if not settings.choice(rule.id).is_off)
    known = _baseline(request, settings)
    results = []

    def look(scope: ScopeInput, files: Sequence[InputFile]) -> ScopeResult | None:
        return (
            None
            if request.reads_all or request.tells_graph
            else survey(scope, files, wanted, jobs=request.jobs)
        )

    for number, scope in enumerate(load_scopes(request, settings, renderer, look), 1):
        if progress is not None:
            progress(f"judging {scope.name or f'{len(scope.sources)} files'} ({number})")
        results.append(judge_scope(scope, wanted, tells_graph=request.tells_graph))
        if number % SCOPES_KEPT == 0:
            collect_garbage()
    if progress is not None:
        progress("")
    closing = Closing(
        settings,
        rules,
        ran=frozenset(rule.id for rule in wanted),
        waivers=tuple(from_settings(settings.ignores, today or date.today())),  # noqa: DTZ011 (the user's own day)
        baseline=known,
        covers_all=_covers_all(request, settings),
    )
    return conclude(results, closing)


def load_scopes(
    request: Request, settings: Settings, renderer: Renderer = render, look: Survey | None = None
) -> Iterator[ScopeInput]:
    """The scopes behind the request's paths: those the configuration lists, else found by themselves.

    A path that touches no listed scope is split by itself.

    Raises:
        UserError: a path that leads to nothing.
    """
    folder = Path(settings.folder)
    call = Call(
        base=folder,
        values=tuple(_values_file(Path(name).absolute(), "-f") for name in request.values),
        set=request.set,
        set_string=request.set_string,
        release=request.release,
        namespace=request.namespace,
        allow_remote=request.allow_remote,
    )
    free = request.paths or (() if settings.scopes else (".",))
    for scope in settings.scopes:
        inner = tuple(str(folder / name) for name in scope.paths)
        touched = [path for path in request.paths if any(_touches(path, one) for one in inner)]
        free = tuple(path for path in free if path not in touched)
        if touched or not request.paths:
            for name in scope.values:
                _values_file(folder / name, str(scope.at or settings.path))
            plan = Plan(settings.within(scope), renderer, call_of(scope, folder, call))
            yield declared(_collected(inner, folder, scope), scope, plan)
    if free:
        has_folder = any(path != STANDARD_INPUT and Path(path).is_dir() for path in free)
        plan = Plan(settings, renderer, call, has_folder=has_folder, survey=look)
        yield from automatic(_collected(free, folder), plan)


def _values_file(path: Path, place: str) -> Path:
    if not path.is_file():
        raise UserError("no such values file", place=place, value=str(path))
    return path


def _touches(path: str, other: str) -> bool:
    """Whether one of the paths lies in the other."""
    if path == STANDARD_INPUT:
        return False
    one, two = Path(path).resolve(), Path(other).resolve()
    return one.is_relative_to(two) or two.is_relative_to(one)


def _collected(paths: tuple[str, ...], folder: Path, scope: Scope | None = None) -> Inputs:
    inputs = collect(paths, folder, stdin=sys.stdin.buffer)
    if inputs.missing:
        place = str(scope.at) if scope is not None and scope.at is not None else ""
        raise UserError("no such file or folder", place=place, value=inputs.missing[0])
    return inputs


def _covers_all(request: Request, settings: Settings) -> bool:
    """Whether the whole folder of the configuration was given."""
    if not request.paths:
        return settings.scopes != () or Path.cwd().samefile(settings.folder)
    folder = Path(settings.folder).resolve()
    return any(
        path != STANDARD_INPUT and folder.is_relative_to(Path(path).resolve()) for path in request.paths
    )


def _baseline(request: Request, settings: Settings) -> frozenset[str]:
    path = settings.baseline
    if not path or (request.write_baseline and not Path(path).exists()):
        return frozenset()
    try:
        return baseline.load(Path(path).read_text(encoding="utf-8"), path)
    except FileNotFoundError as error:
        cure = "write it with --write-baseline"
        raise UserError("there is no such baseline", place=path, cure=cure) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("the baseline cannot be read", place=path, cure=str(error)) from error
