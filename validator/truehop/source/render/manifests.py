"""What helm printed as documents that know the templates and values they were made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from truehop.source.charts import SUBCHARTS, TEMPLATES, ChartFolder
from truehop.source.location import Location
from truehop.source.nodes import SourceFile
from truehop.source.problems import Problem
from truehop.source.render.places import Sources
from truehop.source.render.told import Texts, told
from truehop.source.render.values import ValuesChain
from truehop.source.tree import Document
from truehop.source.yaml import load_documents


@dataclass(slots=True, eq=False)
class _Made:
    """One template's part of a rendering."""

    source: SourceFile
    places: Sources
    count: int = 0


@dataclass(slots=True, eq=False)
class Manifests:
    """The documents of one rendering of a chart, and the user's texts behind them."""

    chart: ChartFolder
    chain: ValuesChain
    texts: Texts
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    originals: list[SourceFile] = field(default_factory=list)
    _templates: dict[str, _Made] = field(default_factory=dict)

    def load(self, text: str) -> None:
        """Read what helm printed; documents are numbered within their template."""
        whole = SourceFile(told(self.chart.absolute, self.texts.base), text, rendered=True)
        loaded = load_documents(whole)
        numbers: dict[int, int] = {}
        for document in loaded.documents:
            made = self._template(document.template or "", whole)
            if document.index not in numbers:
                numbers[document.index] = made.count
                made.count += 1
            document.source = made.source
            document.index = numbers[document.index]
            document.prefix = f"{document.index}#{document.prefix.partition('#')[2]}"
            document.relocate = made.places.relocate
            self.documents.append(document)
        for problem in loaded.problems:
            made = self._template(problem.at.template or "", whole)
            at = Location(made.places.path, 0, 0, 0, 0, template=made.places.template)
            self.problems.append(Problem(problem.rule, at, f"as rendered: {problem.message}", problem.help))

    def file_of(self, template: str) -> Path | None:
        """The file behind a template as helm names it (``chart/templates/web.yaml``), if it is here."""
        folder, _, rest = self._split(template)
        path = folder / rest
        return path if rest and path.is_file() else None

    def _template(self, name: str, whole: SourceFile) -> _Made:
        if name not in self._templates:
            self._templates[name] = self._make(name, whole)
        return self._templates[name]

    def _make(self, name: str, whole: SourceFile) -> _Made:
        folder, base, rest = self._split(name)
        path = folder / rest if rest else folder / "Chart.yaml"
        own = self.texts.read(path)
        if own is not None:
            self.originals.append(own)
        shown = told(path if own is not None else self._archive(name), self.texts.base)
        trees = [tree for tree in self.chain.trees if _concerns(tree.base, base)]
        further = [found for found in map(self.texts.read, self._shared(folder, path)) if found is not None]
        self.originals += [found for found in further if found not in self.originals]
        places = Sources(shown, own, trees, further=further, template=name or None)
        return _Made(SourceFile(shown, whole.text, rendered=True, _lines=whole.lines), places)

    def _split(self, template: str) -> tuple[Path, tuple[str, ...], str]:
        """The folder of a template's chart, the path of its values, and the template in it."""
        rest = template.partition("/")[2]
        folder, base = self.chart.absolute, ()
        own: tuple[str, ...] = base
        while rest.startswith(f"{SUBCHARTS}/"):
            key, _, inner = rest.removeprefix(f"{SUBCHARTS}/").partition("/")
            found = next((one for one in self.chain.subcharts if one.base == (*own, key)), None)
            if found is None:
                break
            folder, own, rest = found.folder, found.base, inner
        return folder, own, "" if ".." in rest.split("/") else rest

    def _archive(self, template: str) -> Path:
        """The packed subchart that a template comes from, else the chart's own file."""
        folder, _, rest = self._split(template)
        name = (
            rest.removeprefix(f"{SUBCHARTS}/").partition("/")[0] if rest.startswith(f"{SUBCHARTS}/") else ""
        )
        names = {one.name for one in self.chart.dependencies if one.key == name} or {name}
        packed = [
            path
            for one in names
            for path in sorted((folder / SUBCHARTS).glob("*.tgz"))
            if one and path.name.startswith(f"{one}-")
        ]
        return packed[0] if packed else self.chart.absolute / "Chart.yaml"

    def _shared(self, folder: Path, template: Path) -> list[Path]:
        """Named templates of the same chart, which any of its templates may print."""
        return [
            path
            for path in sorted((folder / TEMPLATES).rglob("*.tpl"))
            if path != template and path.is_file()
        ]


def _concerns(tree: tuple[str | int, ...], chart: tuple[str, ...]) -> bool:
    """Whether values may reach a chart: its own, or those of a chart around it."""
    return chart[: len(tree)] == tree
