"""Values against the schema of the chart they are for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from truehop.source.charts import ChartFolder
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.reading import read_file, refusal
from truehop.source.schema import check_schema
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents

RULE = "schema-violation"


def against_schema(root: Cursor, schema: SourceFile, defaults: Cursor | None = None) -> Iterator[Problem]:
    """What the schema does not allow in the values, laid over the chart's defaults if given."""
    try:
        content = json.loads(schema.text)
    except (ValueError, RecursionError) as error:
        yield refusal(schema.path, f"the schema is no JSON: {error}", rule=NOT_JUDGED)
        return
    if not isinstance(content, dict):
        yield refusal(schema.path, "the schema is no JSON object", rule=NOT_JUDGED)
        return
    verdict = check_schema(root, content, defaults)
    for violation in verdict.violations:
        yield Problem(RULE, violation.at, violation.message, violation.help)
    if verdict.refusal:
        yield refusal(schema.path, verdict.refusal, rule=NOT_JUDGED)


def against_chart(root: Cursor, chart: ChartFolder) -> Iterator[Problem]:
    """What the chart's own schema does not allow in values for it; nothing where it has none."""
    schema = _read(chart.schema, chart)
    if schema is None:
        return
    values = _read(chart.values, chart)
    documents = load_documents(values).documents if values is not None else []
    yield from against_schema(root, schema, documents[0].cursor() if documents else None)


def _read(path: Path | None, chart: ChartFolder) -> SourceFile | None:
    if path is None:
        return None
    found = read_file(path, path.name if chart.path == "." else f"{chart.path}/{path.name}")
    return None if isinstance(found, Problem) else found
