"""Charts and kustomizations from the command line to reports, with the real programs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from .conftest import Run

REPOSITORY = Path(__file__).parents[2]
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    spec:
      containers:
        - name: app
          image: example.org/app:1
          env:
            - name: TRUSTED_PROXIES
              value: {value}
"""
TEMPLATE = DEPLOYMENT.format(name="{{ .Release.Name }}", value="{{ .Values.trusted | quote }}")
SCHEMA = '{"properties": {"trusted": {"type": "string"}}}'


def built(tool: str, program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path=str(REPOSITORY / ".tools" / "go" / tool))
    assert found, f"{program} is missing: run scripts/tool {tool}"
    return found


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The real programs on PATH, as a user has them."""
    folder = tmp_path_factory.mktemp("bin")
    for tool, name in (("helm3", "helm"), ("kustomize", "kustomize")):
        (folder / name).symlink_to(built(tool, name))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def chart(folder: Path) -> Path:
    """A chart whose values trust everybody."""
    made = folder / "app"
    (made / "templates").mkdir(parents=True)
    (made / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (made / "values.yaml").write_text("trusted: 0.0.0.0/0\n")
    (made / "templates" / "app.yaml").write_text(TEMPLATE)
    return made


@pytest.fixture
def overlay(folder: Path) -> Path:
    """A kustomization on top of another one."""
    for name, text in (
        ("base", "resources: [app.yaml]\n"),
        ("prod", "namespace: mail\nresources: [../base]\n"),
    ):
        (folder / name).mkdir()
        (folder / name / "kustomization.yaml").write_text(text)
    (folder / "base" / "app.yaml").write_text(DEPLOYMENT.format(name="web", value='"::/0"'))
    return folder / "prod"


def found(run: Run, *arguments: str, status: int = 1) -> list[tuple[str, str, int | None, str]]:
    """Rule, path, line and object of each finding, from the JSON report."""
    done = run("check", "--format", "json", *arguments)
    assert done.status == status, done.err + done.out
    return [
        (
            one["rule"],
            at["path"],
            at["line"],
            "{kind} {namespace}/{name}".format(**at["object"]) if at["object"] else "",
        )
        for one in json.loads(done.out)["findings"]
        if (at := one["location"])
    ]


def test_a_chart_is_judged_as_it_renders(run: Run, chart: Path) -> None:
    del chart
    assert found(run, "app") == [("trust-any-address", "app/values.yaml", 1, "Deployment default/app")]


def test_values_release_and_namespace_are_those_of_the_user(run: Run, chart: Path, folder: Path) -> None:
    del chart
    (folder / "good.yaml").write_text("trusted: 192.0.2.1\n")
    assert found(run, "app", "-f", "good.yaml", status=0) == []
    again = (
        "app",
        "-f",
        "good.yaml",
        "--set-string",
        "trusted=0.0.0.0/0",
        "--release",
        "r",
        "--namespace",
        "mail",
    )
    assert found(run, *again) == [("trust-any-address", "app/templates/app.yaml", None, "Deployment mail/r")]


def test_values_that_are_not_there_are_wrong_usage(run: Run, chart: Path) -> None:
    del chart
    done = run("check", "app", "-f", "none.yaml")
    assert (done.status, "no such values file" in done.err) == (2, True)


def test_each_ci_file_is_judged_and_told_where_it_stands(run: Run, chart: Path) -> None:
    (chart / "ci").mkdir()
    (chart / "ci" / "bad-values.yaml").write_text("trusted: '::/0'\n")
    (chart / "ci" / "good-values.yaml").write_text("trusted: 192.0.2.1\n")
    assert [place for _, *place, _ in found(run)] == [["app/ci/bad-values.yaml", 1]]


def test_a_folder_of_both_kinds_is_judged_piece_by_piece(
    run: Run, chart: Path, overlay: Path, folder: Path
) -> None:
    del chart, overlay
    (folder / "plain.yaml").write_text(DEPLOYMENT.format(name="plain", value="0.0.0.0/0"))
    assert found(run) == [
        ("trust-any-address", "app/values.yaml", 1, "Deployment default/app"),
        ("trust-any-address", "base/app.yaml", 12, "Deployment mail/web"),
        ("trust-any-address", "plain.yaml", 12, "Deployment None/plain"),
    ]


def test_a_place_without_a_line_marks_the_file(run: Run, chart: Path, folder: Path) -> None:
    (chart / "templates" / "app.yaml").write_text(
        TEMPLATE.replace(".trusted", ".a") + '            - {name: B, value: "{{ .Values.a }}"}\n'
    )
    (chart / "values.yaml").write_text("a: 0.0.0.0/0\nb: 0.0.0.0/0\n")
    reports = ("--output", "sarif=r.sarif", "--output", "json=r.json")
    done = run("check", "app", "--format", "github", *reports)
    assert done.out.startswith("::error file=app/templates/app.yaml,title=truehop")
    [result] = json.loads((folder / "r.sarif").read_text())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "app/templates/app.yaml"}
    }
    [one] = json.loads((folder / "r.json").read_text())["findings"]
    assert [one["location"][key] for key in ("line", "column", "endLine", "endColumn")] == [None] * 4
    assert one["location"]["template"] == "app/templates/app.yaml"
    assert "app/templates/app.yaml (Deployment default/app" in run("check", "app").out


@pytest.mark.parametrize("place", ["template", "values", "annotation"])
def test_ignores_in_the_sources_hold(run: Run, chart: Path, place: str) -> None:
    template, values = TEMPLATE, "trusted: 0.0.0.0/0\n"
    if place == "template":
        template = template.replace("| quote }}", "| quote }}  # truehop: ignore[trust-any-address] a tunnel")
    elif place == "values":
        values = f"# truehop: ignore[trust-any-address] a tunnel\n{values}"
    else:
        name = "name: {{ .Release.Name }}"
        template = template.replace(
            name, f'{name}, annotations: {{truehop/ignore: "trust-any-address: a tunnel"}}'
        )
    (chart / "templates" / "app.yaml").write_text(template)
    (chart / "values.yaml").write_text(values)
    done = run("check", "--format", "json", "app")
    [one] = json.loads(done.out)["findings"]
    assert (done.status, one["suppressed"]["reason"]) == (0, "a tunnel")


def test_values_against_their_schema_are_told_once(run: Run, chart: Path) -> None:
    (chart / "values.schema.json").write_text(SCHEMA)
    (chart / "values.yaml").write_text("trusted: 25\n")
    assert [one[:3] for one in found(run, "app")] == [("schema-violation", "app/values.yaml", 1)]


def test_without_helm_the_values_are_judged_and_that_is_said(run: Run, chart: Path) -> None:
    (chart / "values.yaml").write_text("app: {env: {TRUSTED_PROXIES: 0.0.0.0/0}}\n")
    done = run("check", "app", PATH="/nowhere")
    assert done.status == 3
    assert "not judged: app/Chart.yaml: helm is not installed" in done.out
    assert "error[trust-any-address]" in done.out


def test_values_of_a_dependency_are_judged_by_its_version(run: Run, chart: Path) -> None:
    (chart / "Chart.yaml").write_text(
        "apiVersion: v2\nname: app\nversion: 1.0.0\n"
        "dependencies: [{name: traefik, version: 39.0.0, alias: edge, repository: 'https://example.org'}]\n"
    )
    (chart / "values.yaml").write_text(
        "trusted: 192.0.2.1\nedge:\n  ports:\n    smtp:\n      port: 25\n"
        "      proxyProtocol: {trustedIPs: [0.0.0.0/0]}\n"
    )
    done = run("check", "app", "--format", "json")
    report = json.loads(done.out)
    assert done.status == 3
    assert [lost["reason"] for lost in report["unjudged"]] == [
        "the chart's dependencies are not in its charts folder: traefik; run: helm dependency build app"
    ]
    assert [(one["rule"], one["location"]["line"]) for one in report["findings"]] == [
        ("trust-any-address", 6)
    ]


def test_a_library_chart_is_nothing_to_judge(run: Run, chart: Path) -> None:
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\ntype: library\n")
    assert run("check", "app").status == 3


def test_what_a_kustomization_would_fetch_is_not_judged(run: Run, overlay: Path) -> None:
    (overlay / "kustomization.yaml").write_text("resources: [../base, 'https://127.0.0.1:1/x.yaml']\n")
    done = run("check", "prod")
    assert done.status == 3
    assert (
        "not judged: prod/kustomization.yaml:1: kustomize would fetch https://127.0.0.1:1/x.yaml" in done.out
    )


def test_what_the_user_rendered_himself_has_lines_of_its_own(run: Run, chart: Path) -> None:
    del chart
    text = "---\n# Source: app/templates/app.yaml\n" + DEPLOYMENT.format(name="app", value="0.0.0.0/0")
    done = run("check", "--format", "json", "-", stdin=text)
    [one] = json.loads(done.out)["findings"]
    at = one["location"]
    assert (at["path"], at["line"], at["template"]) == ("-", 14, "app/templates/app.yaml")
