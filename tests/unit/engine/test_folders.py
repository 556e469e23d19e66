"""What a folder of somebody's repository holds beside manifests, and kustomizations that cannot be built."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.engine import Request, load_settings, run
from truehop.findings.outcome import Outcome
from truehop.source.charts import ChartFolder, Kustomization
from truehop.source.location import Location
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.render.calls import Call, Rendering

FAULTY = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {containers: [{name: a, image: example.org/a:1, env: [
  {name: TRUSTED_PROXIES, value: 0.0.0.0/0}]}]}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def refuse(folder: ChartFolder | Kustomization, call: Call) -> list[Rendering]:
    """A renderer that builds nothing."""
    del call
    place = Location(f"{folder.path}/kustomization.yaml", 1, 1, 1, 1)
    return [Rendering(folder.path, problems=[Problem(NOT_JUDGED, place, "it would fetch", "fetch it")])]


def judge(*paths: str) -> Outcome:
    request = Request(paths=paths)
    return run(request, load_settings(request), renderer=refuse)


def told(outcome: Outcome) -> tuple[list[str], list[str]]:
    return (
        sorted(f"{finding.rule} {finding.at.path}" for finding in outcome.findings),
        sorted(lost.path for lost in outcome.unjudged),
    )


# --- broken documents ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tsconfig.json", '{"files": ["a"] /* all */ "b": 1}'),
        ("cloud_init.yaml", "packages:\n  %{if is_node}\n  - kubelet\n  %{endif}\n"),
        ("page.yaml", "title: {{ page }}\n{% if a %}\nb: [\n"),
    ],
)
def test_what_is_broken_in_a_folder_and_not_ours_is_left_alone(folder: Path, name: str, text: str) -> None:
    write(folder, {name: text, "app.yaml": FAULTY})
    assert told(judge(".")) == (["trust-any-address app.yaml"], [])


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("a.yaml", "a: [1,\n", "invalid-yaml"),
        ("service.json", '{"apiVersion": "v1", "kind": "Service" /* a */ "b": 1}', "invalid-yaml"),
        ("list.json", '{"trustedProxies": ["10.0.0.0/8"] /* all */ "b": 1}', "invalid-yaml"),
        ("service.yaml", "apiVersion: v1\nkind: Service\nspec: {{ spec }}\nb: [\n", ""),
        ("job.yaml", "apiVersion: batch/v1\nkind: Job\nspec:\n  a: b\n${BLOCK}\n  c: d\n", ""),
        ("main.yaml", "smtp: {{ port }}\nb: [\n", ""),
    ],
)
def test_what_is_broken_and_may_be_ours_is_told(folder: Path, name: str, text: str, rule: str) -> None:
    write(folder, {name: text})
    assert told(judge(".")) == ([f"{rule} {name}"] if rule else [], [name])


def test_a_file_that_somebody_names_is_told_of_whatever_it_is(folder: Path) -> None:
    write(folder, {"tsconfig.json": '{"files": ["a"] /* all */ "b": 1}'})
    assert told(judge("tsconfig.json")) == (["invalid-yaml tsconfig.json"], ["tsconfig.json"])


# --- kustomizations that cannot be built --------------------------------------------------------


def test_the_parts_of_a_kustomization_that_cannot_be_built_are_judged(folder: Path) -> None:
    write(
        folder,
        {
            "all/kustomization.yaml": "resources: [app.yaml, ../part, https://example.org/a.yaml]\n",
            "all/app.yaml": FAULTY,
            "part/kustomization.yaml": "resources: [other.yaml]\n",
            "part/other.yaml": FAULTY.replace("name: app", "name: other"),
            "part/patch.txt": "no manifest",
        },
    )
    findings, unjudged = told(judge("all", "part"))
    assert findings == ["trust-any-address all/app.yaml", "trust-any-address part/other.yaml"]
    assert unjudged == ["all/kustomization.yaml", "part/kustomization.yaml"]


def test_a_component_that_nothing_includes_is_no_problem(folder: Path) -> None:
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    write(folder, {"part/kustomization.yaml": component + "resources: [app.yaml]\n", "part/app.yaml": FAULTY})
    write(folder, {"bare/kustomization.yaml": component})
    assert told(judge(".")) == (["trust-any-address part/app.yaml"], [])
