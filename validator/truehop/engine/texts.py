"""Judges texts that are no files: scenarios in tests and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from truehop.engine.config.read import parse_config
from truehop.engine.loading import LoadedText
from truehop.engine.schemas import against_schema
from truehop.engine.scope import ScopeInput, judge_scope
from truehop.engine.scopes import add_texts
from truehop.findings.conclude import Closing, conclude
from truehop.findings.outcome import Outcome
from truehop.findings.waivers import from_settings
from truehop.rules.catalogue import all_rules
from truehop.settings import Settings
from truehop.source.kinds import kind_of
from truehop.source.tree import SourceFile

#: The group of rules whose findings come from the loader: they alone find nothing.
LOADED = "input"
SCHEMA = "values.schema.json"


def judge_texts(files: Mapping[str, str], config: str | None = None, only: str | None = None) -> Outcome:
    """What truehop finds in texts by name, judged as one scope; ``only`` asks for a single rule.

    A name says what a text is, as for files: ``values.yaml`` (or ``…-values.yaml``) holds values, any
    other YAML or JSON file manifests, the rest are configuration files such as ``main.cf``.
    """
    rules = all_rules()
    settings = parse_config(config, "truehop.yaml", ".", rules) if config is not None else Settings()
    scope = ScopeInput(settings)
    sources = [SourceFile(name, text) for name, text in files.items()]
    schemas = {source.path.rpartition("/")[0]: source for source in sources if _is_schema(source)}
    add_texts(scope, (_loaded(source, schemas) for source in sources if not _is_schema(source)))
    alone = [rule for rule in rules if rule.id == only and rule.group != LOADED]
    wanted = tuple(alone or (rule for rule in rules if not settings.choice(rule.id).is_off))
    closing = Closing(
        settings,
        rules,
        ran=frozenset(rule.id for rule in wanted),
        waivers=tuple(from_settings(settings.ignores, datetime.now(tz=UTC).date())),
    )
    outcome = conclude([judge_scope(scope, wanted)], closing)
    if only is None:
        return outcome
    return replace(outcome, findings=tuple(found for found in outcome.findings if found.rule == only))


def _is_schema(source: SourceFile) -> bool:
    return source.path.rpartition("/")[2] == SCHEMA


def _loaded(source: SourceFile, schemas: Mapping[str, SourceFile]) -> LoadedText:
    made = LoadedText.of(source, kind_of(source.path))
    schema = schemas.get(source.path.rpartition("/")[0])
    if schema is not None:
        for values in made.values:
            made.problems += against_schema(values.root, schema)
    return made
