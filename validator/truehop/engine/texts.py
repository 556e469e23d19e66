"""Judges texts that are no files: scenarios in tests and pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from truehop.engine.config.read import parse_config
from truehop.engine.loading import LoadedText
from truehop.engine.scope import ScopeInput, judge_scope
from truehop.engine.scopes import add_texts
from truehop.findings.conclude import Closing, conclude
from truehop.findings.outcome import Outcome
from truehop.findings.waivers import from_settings
from truehop.rules.catalogue import all_rules
from truehop.settings import Settings
from truehop.source.kinds import kind_of
from truehop.source.tree import SourceFile


def judge_texts(files: Mapping[str, str], config: str | None = None, only: str | None = None) -> Outcome:
    """What truehop finds in texts by name, judged as one scope; ``only`` asks for a single rule.

    A name says what a text is, as for files: ``values.yaml`` (or ``…-values.yaml``) holds values, any
    other YAML or JSON file manifests, the rest are configuration files such as ``main.cf``.
    """
    rules = all_rules()
    settings = parse_config(config, "truehop.yaml", ".", rules) if config is not None else Settings()
    scope = ScopeInput(settings)
    add_texts(scope, (LoadedText.of(SourceFile(name, text), kind_of(name)) for name, text in files.items()))
    wanted = tuple(
        rule for rule in rules if (rule.id == only if only else not settings.choice(rule.id).is_off)
    )
    closing = Closing(
        settings,
        rules,
        ran=frozenset(rule.id for rule in wanted),
        waivers=tuple(from_settings(settings.ignores, datetime.now(tz=UTC).date())),
    )
    return conclude([judge_scope(scope, wanted)], closing)
