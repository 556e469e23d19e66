"""Fenced samples in Markdown: the rules' pages and scenario files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
MARKER = re.compile(
    r"[ \t]*# <- (?P<rule>[a-z0-9-]+)(?: (?P<severity>error|warning|info))?[ \t]*$", re.MULTILINE
)
CONFIG = "truehop.yaml"


@dataclass(frozen=True)
class Expected:
    """A line that must be reported; the severity where the marker names one."""

    path: str
    line: int
    severity: str | None = None


@dataclass
class Sample:
    """Files and config of one case, and the lines that its markers name."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    config: str | None = None
    expected: list[Expected] = field(default_factory=list)


def read_sample(name: str, markdown: str, rule: str) -> Sample:
    """The fenced blocks of a piece of Markdown.

    The info string holds a language and a file's name; blocks without a name are manifests.
    """
    sample = Sample(name)
    for number, fence in enumerate(FENCE.finditer(markdown)):
        language, _, path = fence["info"].strip().partition(" ")
        path = path.strip() or (CONFIG if language == CONFIG else "manifests.yaml")
        if path in sample.files:
            path = f"manifests-{number}.yaml"
        text = fence["text"]
        if path == CONFIG:
            sample.config = text
            continue
        sample.expected.extend(_marks(path, text, rule))
        sample.files[path] = MARKER.sub("", text)
    return sample


def _marks(path: str, text: str, rule: str) -> Iterator[Expected]:
    for line, words in enumerate(text.split("\n"), start=1):
        mark = MARKER.search(words)
        if mark is not None:
            assert mark["rule"] == rule, f"{path}:{line} marks another rule: {mark['rule']}"
            yield Expected(path, line, mark["severity"])


@cache
def scenarios() -> tuple[tuple[str, Sample], ...]:
    """Every scenario of every file, with its rule's id.

    Named files before the first scenario are shared: a scenario takes those that its words name in
    back-ticks.
    """
    found: list[tuple[str, Sample]] = []
    for page in sorted(FOLDER.glob("*.md")):
        head, *parts = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        shared = read_sample("shared", head, page.stem)
        assert not shared.expected, f"{page.name}: a shared file marks a line"
        for part in parts:
            name, _, body = part.partition("\n")
            sample = read_sample(name.strip(), body, page.stem)
            words = FENCE.sub("", body)
            taken = {path: text for path, text in shared.files.items() if f"`{path}`" in words}
            sample.files = taken | sample.files
            found.append((page.stem, sample))
    return tuple(found)


def section(page: str, title: str) -> str:
    """The text of one ``##`` section of a page."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(title, "")
