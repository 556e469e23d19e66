"""A survey finds what reading everything finds, and reads less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.samples import Sample, scenarios
from truehop.engine.rendering import render
from truehop.engine.scope import ScopeInput, judge_scope
from truehop.engine.scopes import Plan, automatic
from truehop.engine.survey import run, survey
from truehop.engine.survey.workers import WorkerError, shared
from truehop.findings.conclude import Closing, ScopeResult, conclude
from truehop.findings.outcome import Outcome
from truehop.model.hops import HopGraph
from truehop.rules.base import Report
from truehop.rules.catalogue import all_rules
from truehop.settings import Settings
from truehop.source.inputs import InputFile, Inputs
from truehop.source.kinds import FileKind, kind_of
from truehop.source.render.calls import Call
from truehop.source.split import RawDocument
from truehop.source.yaml import LoadedFile, load_raw

from .fragments import CONCERNED, PLAIN

ROOT = Path(__file__).parents[3]
RULES = all_rules()
NAMES = ("web", "web-1", "web-2", "on", "web-2-x")
ANY_NAMES = (*NAMES, "trusted-proxies", "real-ip-from", "entry-points", "mail-1", "redis-1")
SPACES = ("team-a", "team-b", "a", "web-1")


def inputs(files: Mapping[str, str]) -> list[InputFile]:
    """Files that stood in a folder, but for those whose name begins with an a: the user named them."""
    return [
        InputFile(path, Path(path), kind_of(path), content=text.encode(), is_found=not path.startswith("a"))
        for path, text in files.items()
    ]


def judged(
    files: Mapping[str, str], *, surveyed: bool, world: str = ""
) -> tuple[Outcome, ScopeResult | None]:
    """The outcome for files of one folder, and what the survey said."""
    settings = replace(Settings(), world=world)
    told: list[ScopeResult | None] = []

    def look(scope: ScopeInput, found: object) -> ScopeResult | None:
        del found
        told.append(survey(scope, inputs(files), RULES, least=0) if surveyed else None)
        return told[-1]

    plan = Plan(settings, render, Call(Path()), has_folder=True, survey=look)
    scopes = automatic(Inputs(files=inputs(files)), plan)
    closing = Closing(settings, RULES, ran=frozenset(rule.id for rule in RULES))
    return conclude([judge_scope(scope, RULES) for scope in scopes], closing), told[0]


def same(files: Mapping[str, str], world: str = "", most: int = 256) -> ScopeResult | None:
    """The survey's result, after it was seen to say what reading everything says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "_MOST_DOCUMENTS", most)
        quick, told = judged(files, surveyed=True, world=world)
    slow, _ = judged(files, surveyed=False, world=world)
    assert quick == slow
    return told


def filled(fragment: str, name: str = "web-1", space: str = "team-a") -> str:
    return fragment.replace("NAME", name).replace("SPACE", space)


def files_of(*texts: str) -> dict[str, str]:
    return {"a.yaml": "---\n".join(texts)}


PARTS = st.builds(
    filled, st.sampled_from(list(PLAIN.values())), st.sampled_from(NAMES), st.sampled_from(SPACES)
)
ANY_PARTS = st.builds(
    filled,
    st.sampled_from([*PLAIN.values(), *CONCERNED.values()]),
    st.sampled_from(ANY_NAMES),
    st.sampled_from(SPACES),
)
WORLDS = st.sampled_from(("", "open", "closed"))
SIZES = st.sampled_from((1, 2, 256))


def trees(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[dict[str, str]]:
    texts = st.lists(parts, min_size=1, max_size=most).map("---\n".join)
    return st.dictionaries(st.sampled_from(("a.yaml", "b/c.yml", "d.yaml")), texts, min_size=1)


@given(trees(PARTS, 12), WORLDS, SIZES)
def test_a_tree_without_mail_is_surveyed_and_nothing_is_lost(
    files: dict[str, str], world: str, most: int
) -> None:
    assert same(files, world, most) is not None


PODS = st.builds(
    filled,
    st.sampled_from([text for text in PLAIN.values() if "containers" in text]),
    st.sampled_from(ANY_NAMES[:-3]),
    st.sampled_from(SPACES),
)


@given(trees(PODS, 12), WORLDS, SIZES)
def test_pods_named_like_a_list_are_no_copies_of_others(files: dict[str, str], world: str, most: int) -> None:
    assert same(files, world, most) is not None


@given(trees(ANY_PARTS, 5), WORLDS, SIZES)
def test_any_tree_is_judged_as_if_all_of_it_was_read(files: dict[str, str], world: str, most: int) -> None:
    same(files, world, most)


@pytest.mark.parametrize("name", PLAIN)
def test_copies_say_what_the_first_one_said(name: str) -> None:
    texts = [filled(PLAIN[name], f"web-{number}", f"team-{number}") for number in range(7)]
    files = {"a.yaml": "---\n".join(texts[:4]), "b.yaml": "---\n".join(texts[4:])}
    assert same(files, most=2) is not None


@pytest.mark.parametrize("name", CONCERNED)
def test_one_document_that_is_about_mail_is_enough_to_read_everything(name: str) -> None:
    plain = [filled(text) for text in PLAIN.values()]
    assert same(files_of(*plain, filled(CONCERNED[name]))) is None


def test_copies_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[object] = []

    def load_and_count(raw: RawDocument) -> LoadedFile:
        parsed.append(raw)
        return load_raw(raw)

    monkeypatch.setattr(run, "load_raw", load_and_count)
    kinds = ("a list that is right", "a Service", "a route")
    texts = [filled(PLAIN[kind], f"web-{number}") for number in range(40) for kind in kinds]
    monkeypatch.setattr(run, "_MOST_LETTERS", 4000)
    half = len(texts) // 2
    files = {"a.yaml": "---\n".join(texts[:half]), "b.yaml": "---\n".join(texts[half:])}
    assert survey(ScopeInput(Settings()), inputs(files), RULES, least=0) is not None
    assert len(parsed) == len(kinds)


def test_a_key_given_twice_is_told_of_the_copies_that_it_matters_in() -> None:
    texts = [filled(PLAIN["a key given twice"], name) for name in ("web-1", "redis-1", "web-2", "redis-2")]
    assert same(files_of(*texts)) is not None


def test_a_key_given_twice_is_told_once_the_survey_skips_what_is_plain() -> None:
    texts = [filled(PLAIN["a list that is right"]), filled(PLAIN["a key given twice"], "entry-points")]
    files = {"a.yaml": "---\n".join(texts)}
    assert same(files, most=1) is not None
    assert [found.rule for found in judged(files, surveyed=False)[0].findings] == ["duplicate-key"]


def test_each_wrong_copy_is_told_at_its_own_line() -> None:
    texts = [filled(PLAIN["a list that is wrong"], f"web-{number}") for number in range(5)]
    outcome, told = judged(files_of(*texts), surveyed=True)
    assert told is not None
    length = texts[0].count("\n") + 1
    assert [found.at.line for found in outcome.findings] == [13 + number * length for number in range(5)]


@pytest.mark.parametrize(
    ("rule", "sample"), [pytest.param(*one, id=": ".join((one[0], one[1].name))) for one in scenarios()]
)
def test_scenarios_are_judged_as_if_all_was_read(rule: str, sample: Sample) -> None:
    del rule
    same(sample.files)


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in (ROOT / "examples").rglob("*.yaml")}), ids=str
)
def test_examples_are_judged_as_if_all_was_read(folder: Path) -> None:
    same(
        {
            path.name: path.read_text(encoding="utf-8")
            for path in folder.glob("*.yaml")
            if path.name != "truehop.yaml"
        }
    )


WRONG = files_of(filled(PLAIN["a list that is wrong"]))


@pytest.mark.parametrize("concerned", [False, True])
def test_workers_find_the_same(concerned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SHARE", 1)
    texts = [filled(text, f"web-{number}") for number in range(6) for text in PLAIN.values()]
    files = {f"{number:02d}.yaml": text for number, text in enumerate(texts)}
    if concerned:
        files["00.yaml"] = filled(CONCERNED["a proxy"])
    found = [survey(ScopeInput(Settings()), inputs(files), RULES, jobs=jobs, least=0) for jobs in (1, 3)]
    assert [one is None for one in found] == [concerned, concerned]
    told = [conclude([one], Closing(Settings(), RULES, ran=frozenset())) for one in found if one is not None]
    assert len(set(map(repr, told))) == (0 if concerned else 1)


def test_what_a_worker_cannot_do_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[object]:
        raise WorkerError

    monkeypatch.setattr(run, "shared", fail)
    assert asked(ScopeInput(Settings()), inputs(WRONG)) is None


def test_a_file_that_goes_away_is_not_judged_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(filled(PLAIN["settings"]), encoding="utf-8")

    def share_and_remove(count: int, work: Callable[[Iterator[int]], object], jobs: int) -> list[object]:
        answers = shared(count, work, jobs)
        path.unlink()
        return answers

    monkeypatch.setattr(run, "shared", share_and_remove)
    result = asked(ScopeInput(Settings()), [InputFile("a.yaml", path, FileKind.YAML)])
    assert result is not None
    assert result.checked.objects == 0


def asked(scope: ScopeInput, files: list[InputFile], least: int = 0) -> ScopeResult | None:
    return survey(scope, files, RULES, least=least)


def test_small_inputs_are_read() -> None:
    assert asked(ScopeInput(Settings()), inputs(WRONG), run.LEAST) is None


def test_profiles_of_the_user_may_read_anything() -> None:
    assert asked(ScopeInput(Settings(profiles=("own.yaml",))), inputs(WRONG)) is None


@pytest.mark.parametrize("path", ["values.yaml", "main.cf", "traefik.toml"])
def test_other_files_than_manifests_are_read(path: str) -> None:
    assert asked(ScopeInput(Settings()), [*inputs(WRONG), *inputs({path: ""})]) is None


def test_a_namespace_called_after_mail_is_about_mail() -> None:
    assert asked(ScopeInput(Settings(), namespace="webmail"), inputs(WRONG)) is None
    assert asked(ScopeInput(Settings(), namespace="web"), inputs(WRONG)) is not None


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    gone = InputFile("gone.yaml", tmp_path / "gone.yaml", FileKind.YAML)
    result = asked(ScopeInput(Settings()), [gone, *inputs(WRONG)])
    assert result is not None
    assert [lost.path for lost in result.unjudged] == ["gone.yaml"]
    assert result.checked.files == 1


def test_where_a_rule_crashes_everything_is_read() -> None:
    def crash(*_: object) -> list[Report]:
        raise ZeroDivisionError

    broken = tuple(replace(rule, check=crash) for rule in RULES[:1])
    assert survey(ScopeInput(Settings()), inputs(WRONG), broken, least=0) is None


def test_where_a_rule_crashes_on_what_is_judged_together_everything_is_read() -> None:
    def crash(graph: HopGraph, *_: object) -> list[Report]:
        if graph.trust_lists:
            raise ZeroDivisionError
        return []

    broken = tuple(replace(rule, check=crash) for rule in RULES[:1])
    files = inputs(files_of(filled(PLAIN["a list in another object"]), filled(PLAIN["settings"])))
    assert survey(ScopeInput(Settings()), files, RULES, least=0) is not None
    assert survey(ScopeInput(Settings()), files, broken, least=0) is None


def test_a_document_with_a_standin_in_it_is_no_copy() -> None:
    odd = filled(PLAIN["a Service"]).replace("web-1", '"\x01"')
    assert same(files_of(filled(PLAIN["a Service"]), odd)) is not None
