"""Values against the schema of the chart they are for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from truehop.source.charts import ChartFolder
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.reading import read_file, refusal
from truehop.source.schema import check_schema
from truehop.source.schema_files import parse_schema
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents

RULE = "schema-violation"


def against_schema(root: Cursor, schema: SourceFile, defaults: Cursor | None = None) -> Iterator[Problem]:
    """What the schema does not allow in the values, laid over the chart's defaults if given."""
    content = parse_schema(schema)
    if isinstance(content, Problem):
        yield content
        return
    verdict = check_schema(root, content, defaults)
    for violation in verdict.violations:
        yield Problem(RULE, violation.at, violation.message, violation.help)
    if verdict.refusal:
        yield refusal(schema.path, verdict.refusal, rule=NOT_JUDGED)


def against_chart(root: Cursor, chart: ChartFolder) -> Iterator[Problem]:
    """What the chart's own schema does not allow in values for it; nothing where it has none."""
    if chart.schema is None:
        return
    schema = _read(chart.schema, chart)
    if isinstance(schema, Problem):
        yield schema
        return
    values = _read(chart.values, chart) if chart.values is not None else None
    documents = load_documents(values).documents if isinstance(values, SourceFile) else []
    yield from against_schema(root, schema, documents[0].cursor() if documents else None)


def _read(path: Path, chart: ChartFolder) -> SourceFile | Problem:
    return read_file(path, path.name if chart.path == "." else f"{chart.path}/{path.name}")
