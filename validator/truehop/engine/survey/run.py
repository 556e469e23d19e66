"""The survey of one scope: what is new is parsed and judged, copies of what was silent are counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from truehop.engine.duplicates import duplicates
from truehop.engine.loading import of_weight
from truehop.engine.scope import ScopeInput, judge_scope
from truehop.engine.survey.copies import is_comparable, pattern_of
from truehop.engine.survey.readable import reads_simply
from truehop.engine.survey.signs import STORES, Signs, built_in, is_concerned, kind_of, may_hide, squeeze
from truehop.engine.survey.workers import WorkerError, chosen, shared
from truehop.findings.conclude import ScopeResult
from truehop.findings.outcome import Checked
from truehop.rules.base import Rule
from truehop.source.collector import collect_garbage, fresh_only
from truehop.source.inputs import InputFile
from truehop.source.kinds import FileKind
from truehop.source.problems import Problem
from truehop.source.split import RawDocument, split
from truehop.source.tree import Document, SourceFile
from truehop.source.yaml import LoadedFile, load_raw

#: Bytes of input from which on a survey pays.
LEAST = 256 * 1024
#: Bytes of input for which another process pays.
SHARE = 2 * 1024 * 1024
#: Documents that are judged at once, and letters of text that wait for a judgement at most.
_MOST_DOCUMENTS = 256
_MOST_LETTERS = 4 * 1024 * 1024
_KINDS = frozenset({FileKind.YAML, FileKind.JSON})
#: What pods say where their settings come from other objects.
_REFERENCES = (b"configmap", b"secret")

#: A document's text without what is its own, how often it names a list, and whether it has other signs.
Pattern = tuple[str, int, bool]
#: A document's file, and its number there.
Place = tuple[str, str]


class ConcernedError(Exception):
    """Something may be about mail: then every document may matter to every other."""


def survey(
    scope: ScopeInput, files: Sequence[InputFile], rules: Sequence[Rule], *, jobs: int = 0, least: int = LEAST
) -> ScopeResult | None:
    """The judgement of a large input in which nothing is about mail; None for any other input.

    ``scope`` says what holds for the input as a whole. The result is the one that
    :func:`judge_scope` gives for all documents together: without a mail program, a proxy or a mail
    port no document has a bearing on another one, but for those that hold others' settings.
    ``jobs`` processes share the files; 0 chooses.
    """
    size = sum(map(_size, files))
    if size < least or scope.settings.profiles or not all(map(_is_plain, files)):
        return None
    if built_in().concern(squeeze(scope.namespace or ""), is_pod=False):
        return None
    own = replace(scope, problems=[])
    processes = max(1, min(chosen(jobs), size // SHARE, len(files)))
    with fresh_only():
        try:
            shares = shared(len(files), lambda numbers: _share(own, files, rules, numbers), processes)
        except WorkerError:
            return None
        found = [share for share in shares if share is not None]
        return _join(scope, files, rules, found) if len(found) == len(shares) else None


def _share(
    scope: ScopeInput, files: Sequence[InputFile], rules: Sequence[Rule], numbers: Iterator[int]
) -> Share | None:
    """The survey of some of the files; as soon as one is about mail nobody needs to go on."""
    surveyor = _Surveyor(scope, rules)
    try:
        for number in numbers:
            surveyor.read(number, files[number])
        surveyor.judge_all()
    except ConcernedError:
        deque(numbers, maxlen=0)
        return None
    return surveyor.share


def _join(
    scope: ScopeInput, files: Sequence[InputFile], rules: Sequence[Rule], shares: Sequence[Share]
) -> ScopeResult | None:
    """All shares together, and what has to be judged together."""
    surveyor = _Surveyor(scope, rules)
    surveyor.batch.problems += scope.problems
    linked = {number: indexes for share in shares for number, indexes in share.linked.items()}
    for number in sorted(linked):
        source = files[number].read()
        if isinstance(source, SourceFile):
            raws = split(source)
            for index in linked[number]:
                loaded = _load(raws[index], is_found=files[number].is_found)
                surveyor.batch.add(raws[index], loaded)
    try:
        surveyor.judge()
    except ConcernedError:
        return None
    made = ScopeResult()
    for share in (surveyor.share, *shares):
        made.findings += share.result.findings
        made.unjudged += share.result.unjudged
        made.relevant = made.relevant or share.result.relevant
        made.paths |= share.result.paths
        made.checked += share.result.checked + Checked(objects=share.counted)
    made.checked += Checked(files=len(made.paths))
    return made


def _size(file: InputFile) -> int:
    try:
        return len(file.content) if file.content is not None else file.absolute.stat().st_size
    except OSError:
        return 0


def _is_plain(file: InputFile) -> bool:
    return file.kind in _KINDS and file.chart is None


@dataclass(slots=True, eq=False)
class _Batch:
    """Documents to be judged together, and the copies of each pattern among them that wait for that."""

    documents: list[Document] = field(default_factory=list)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    patterns: dict[Place, Pattern] = field(default_factory=dict)
    waiting: dict[Pattern, list[RawDocument]] = field(default_factory=dict)
    letters: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to judge."""
        return len(self.documents) >= _MOST_DOCUMENTS or self.letters >= _MOST_LETTERS

    def add(self, raw: RawDocument, loaded: LoadedFile, pattern: Pattern | None = None) -> None:
        """Add a document; if it is a single readable one, its copies may wait."""
        self.documents += loaded.documents
        self.problems += loaded.problems
        self.sources[raw.source.path] = raw.source
        if pattern is not None and len(loaded.documents) == 1:
            self.patterns[raw.source.path, str(raw.index)] = pattern
            self.waiting[pattern] = []


def _load(raw: RawDocument, *, is_found: bool) -> LoadedFile:
    """A document with the problems that are to be told."""
    loaded = load_raw(raw)
    if is_found and loaded.problems:
        loaded.problems = list(of_weight(loaded.problems, raw.source))
    return loaded


@dataclass(slots=True)
class Share:
    """What one process found: plain values.

    ``counted`` are the objects of which nothing is to be told; ``linked`` are the documents, by number
    of their file, that are to be judged with all other such.
    """

    result: ScopeResult = field(default_factory=ScopeResult)
    counted: int = 0
    linked: dict[int, list[int]] = field(default_factory=dict)


class _Surveyor:
    """One survey: of ``silent`` patterns there is nothing to tell; copies of ``loud`` ones are judged."""

    def __init__(self, scope: ScopeInput, rules: Sequence[Rule]) -> None:
        self.scope = scope
        self.rules = rules
        self.signs = built_in()
        self.silent: set[Pattern] = set()
        self.loud: set[Pattern] = set()
        self.batch = _Batch()
        self.share = Share()
        self.number = 0
        self.is_found = False

    def read(self, number: int, file: InputFile) -> None:
        """Survey one file."""
        self.number = number
        self.is_found = file.is_found
        source = file.read()
        if isinstance(source, Problem):
            self.batch.problems.append(source)
            return
        text = source.text
        self.share.result.paths.add(source.path)
        if may_hide(text):
            raise ConcernedError
        here = self.signs.among(text)
        may_copy = is_comparable(text)
        for raw in split(source):
            self.look(raw, here, may_copy=may_copy)
            if self.batch.is_full:
                self.judge()
        self.batch.letters += len(text)

    def look(self, raw: RawDocument, here: Signs, *, may_copy: bool) -> None:
        """One document: a copy of a silent one, one that waits for its like, or a new one."""
        text = raw.text
        is_pod = "containers" in text
        squeezed = squeeze(text) if is_pod or here.is_any else b""
        if here.concern(squeezed, is_pod=is_pod):
            raise ConcernedError
        lists, is_marked = here.count_lists(squeezed), here.mark(squeezed)
        pattern = pattern_of(text), lists, is_marked
        if may_copy and pattern in self.silent:
            self.share.counted += 1
            return
        if may_copy and pattern in self.batch.waiting:
            self.batch.waiting[pattern].append(raw)
            return
        kind = kind_of(text)
        if kind is not None and (is_concerned(text, kind) or (kind in STORES and here.fill(squeezed))):
            raise ConcernedError
        if kind in STORES or (lists and any(word in squeezed for word in _REFERENCES)):
            self.share.linked.setdefault(self.number, []).append(raw.index)
            return
        # Keys given twice are told where a sign stands, and only the loader sees those.
        may_skip = kind is not None and not lists and not is_marked and self.share.result.relevant
        if may_skip and reads_simply(text):
            self.share.counted += 1
            return
        self.parse(raw, kind, pattern if may_copy and pattern not in self.loud else None, has_lists=lists > 0)

    def parse(self, raw: RawDocument, kind: str | None, pattern: Pattern | None, *, has_lists: bool) -> None:
        """A document that stands for itself: with lists it is judged, any other is only to be readable."""
        loaded = _load(raw, is_found=self.is_found)
        if kind is None and loaded.documents:  # no object, so it may be values
            raise ConcernedError
        if (
            has_lists
            or loaded.problems
            or not self.share.result.relevant
            or any(duplicates(loaded.documents))
        ):
            self.batch.add(raw, loaded, pattern)
            return
        self.share.counted += len(loaded.documents)
        if pattern is not None and loaded.documents:
            self.silent.add(pattern)

    def judge(self) -> None:
        """Judge what was gathered, then what waited for it and is not silent."""
        batch, self.batch = self.batch, _Batch()
        told = self.judged(batch)
        for place, pattern in batch.patterns.items():
            waiting = batch.waiting[pattern]
            if place not in told:
                self.silent.add(pattern)
                self.share.counted += len(waiting)
                continue
            self.loud.add(pattern)
            for raw in waiting:
                self.batch.add(raw, load_raw(raw))
                if self.batch.is_full:
                    self.judge()

    def judged(self, batch: _Batch) -> set[Place]:
        """Judge a batch; the places of the documents of which something was told."""
        part = replace(
            self.scope,
            documents=batch.documents,
            sources=list(batch.sources.values()),
            problems=batch.problems,
        )
        result = judge_scope(part, self.rules)
        if result.crashes or result.routes or result.waivers or result.checked.listeners:
            raise ConcernedError
        self.share.result.findings += result.findings
        self.share.result.unjudged += result.unjudged
        self.share.result.relevant = self.share.result.relevant or result.relevant
        self.share.result.checked += Checked(objects=result.checked.objects)
        collect_garbage()
        return {(found.at.path, found.at.pointer.partition("#")[0]) for found in result.findings}

    def judge_all(self) -> None:
        """Judge the rest."""
        while self.batch.documents or self.batch.problems:
            self.judge()
