"""Judges texts that are no files: scenarios in tests and pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from truehop.build.request import ConfigFile, ValuesInput
from truehop.engine.config.read import parse_config
from truehop.engine.scope import ScopeInput, judge_scope
from truehop.findings.conclude import Closing, conclude
from truehop.findings.outcome import Outcome
from truehop.findings.waivers import from_settings
from truehop.rules.catalogue import all_rules
from truehop.settings import Settings
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents, text_document

_VALUES = re.compile(r"(?:^|[-_./])values(?:[-_.][^/]*)?\.ya?ml$")
_MANIFEST = re.compile(r"\.(?:ya?ml|json)$")


def judge_texts(files: Mapping[str, str], config: str | None = None, only: str | None = None) -> Outcome:
    """What truehop finds in texts by name, judged as one scope; ``only`` asks for a single rule.

    A name says what a text is: ``values.yaml`` (or ``…-values.yaml``) is a values file, any other
    YAML or JSON file holds manifests, the rest are configuration files such as ``main.cf``.
    """
    rules = all_rules()
    settings = parse_config(config, "truehop.yaml", ".", rules) if config is not None else Settings()
    scope = ScopeInput(settings)
    for name, text in files.items():
        _add(scope, SourceFile(name, text))
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


def _add(scope: ScopeInput, source: SourceFile) -> None:
    scope.sources.append(source)
    if not _MANIFEST.search(source.path):
        text = text_document(source).cursor().text
        if text is not None:
            scope.files.append(ConfigFile(source.path.rpartition("/")[2], text))
        return
    loaded = load_documents(source)
    scope.problems += loaded.problems
    if _VALUES.search(source.path):
        scope.values += [ValuesInput(document.cursor()) for document in loaded.documents]
    else:
        scope.documents += loaded.documents
