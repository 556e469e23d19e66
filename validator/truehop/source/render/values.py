"""The values that a chart is rendered with: its own, its subcharts', and those laid over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from truehop.source.charts import CHART_FILE, SUBCHARTS, ChartFolder, read_chart
from truehop.source.location import Location
from truehop.source.nodes import Mapping, Node, SourceFile
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.reading import read_file
from truehop.source.render.calls import Call
from truehop.source.render.overlay import lay_over, of_settings, under
from truehop.source.render.told import Texts, told
from truehop.source.render.trees import Tree
from truehop.source.schema_files import parse_schema
from truehop.source.tree import Cursor, Document
from truehop.source.yaml import load_documents

VIOLATION = "schema-violation"
_DEEPEST = 5
_COMMAND_LINE = "--set"


@dataclass(slots=True, eq=False)
class Subchart:
    """A chart unpacked below another one's ``charts`` folder; ``base`` is the path of its values."""

    folder: Path
    base: tuple[str, ...]
    chart: ChartFolder


@dataclass(slots=True, eq=False)
class ValuesChain:
    """The values of one rendering, as they override each other: the last tree wins.

    ``is_known`` is False where ``--set`` says more than is read here.
    """

    chart: ChartFolder
    texts: Texts
    trees: list[Tree] = field(default_factory=list)
    subcharts: list[Subchart] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_known: bool = True

    @property
    def originals(self) -> list[SourceFile]:
        """The texts of the values; none of what the command line says."""
        return [tree.document.source for tree in self.trees if tree.document.source.path != _COMMAND_LINE]

    @property
    def merged(self) -> Node:
        """All of them together."""
        root: Node = Mapping(1, 1, 1, 1, {})
        for tree in self.trees:
            root = lay_over(root, under(tree.base, tree.document.root))
        return root

    def violations(self) -> Iterator[Problem]:
        """What the chart's own schema does not allow, each at the file that says it."""
        yield from self._against(self.chart.absolute, ())

    def inner_violations(self) -> Iterator[Problem]:
        """What the schemas of subcharts do not allow."""
        for subchart in self.subcharts:
            yield from self._against(subchart.folder, subchart.base)

    def _against(self, folder: Path, base: tuple[str, ...]) -> Iterator[Problem]:
        path = folder / "values.schema.json"
        if not self.is_known or not self.trees or not path.is_file():
            return
        place = told(path, self.texts.base)
        source = read_file(path, place)
        schema = source if isinstance(source, Problem) else parse_schema(source)
        if isinstance(schema, Problem):
            yield schema
            return
        from truehop.source.schema import check_schema  # noqa: PLC0415 (jsonschema takes a tenth of a second)

        whole = Document(self.trees[-1].document.source, 0, self.merged)
        node = whole.cursor().get(*base).node
        verdict = check_schema(Cursor(whole, node or Mapping(1, 1, 1, 1, {}), base), schema)
        for violation in verdict.violations:
            at = self._holder(violation.cursor.path, is_key=violation.is_unknown_key)
            yield Problem(VIOLATION, at, violation.message, violation.help)
        if verdict.refusal:
            yield Problem(NOT_JUDGED, Location(place, 0, 0, 0, 0), verdict.refusal, "mend the schema")

    def _holder(self, path: tuple[str | int, ...], *, is_key: bool) -> Location:
        """The place of a value of the whole in the last file that says it; the chart's where none does."""
        for tree in reversed(self.trees):
            length = len(tree.base)
            found = tree.document.cursor().get(*path[length:])
            if path[:length] == tree.base and found.exists:
                if tree.document.source.path == _COMMAND_LINE:
                    break
                return found.key_location() if is_key else found.location()
        return Location(told(self.chart.absolute / CHART_FILE, self.texts.base), 0, 0, 0, 0)


def values_chain(
    chart: ChartFolder, files: Sequence[Path], texts: Texts, call: Call | None = None
) -> ValuesChain:
    """The values of a chart with further files, and what the command line sets, laid over them."""
    chain = ValuesChain(chart, texts)
    chain.subcharts = list(_subcharts(chart, (), 0))
    for subchart in reversed(chain.subcharts):
        _add(chain, subchart.folder / "values.yaml", subchart.base)
    _add(chain, chart.absolute / "values.yaml", ())
    for path in files:
        _add(chain, path, ())
    if call is not None and (call.set or call.set_string):
        root = of_settings(call.set, call.set_string)
        chain.is_known = root is not None
        if root is not None:
            chain.trees.append(Tree(Document(SourceFile(_COMMAND_LINE, ""), 0, root)))
    return chain


def _add(chain: ValuesChain, path: Path, base: tuple[str, ...]) -> None:
    source = chain.texts.read(path)
    if source is None:
        return
    loaded = load_documents(source)
    if not base:
        chain.problems += loaded.problems
    chain.trees += [Tree(document, base) for document in loaded.documents[:1]]


def _subcharts(chart: ChartFolder, base: tuple[str, ...], depth: int) -> Iterator[Subchart]:
    """The unpacked charts below a chart, outer ones first; one used under two aliases twice."""
    folder = chart.absolute / SUBCHARTS
    if depth == _DEEPEST or not folder.is_dir():
        return
    for below in sorted(folder.iterdir()):
        if not (below / "Chart.yaml").is_file():
            continue
        inner = read_chart(below, f"{chart.path}/{SUBCHARTS}/{below.name}")
        name = inner.name or below.name
        keys = [one.key for one in chart.dependencies if one.name == name] or [name]
        for key in dict.fromkeys(keys):
            yield Subchart(below, (*base, key), inner)
            yield from _subcharts(inner, (*base, key), depth + 1)
