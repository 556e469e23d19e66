"""Charts and kustomizations behind paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.inputs import collect
from truehop.source.kinds import FileKind, kind_of
from truehop.source.problems import INVALID

from .test_inputs import files_of, problems_of, put

# --- charts -------------------------------------------------------------------------------------


def make_chart(root: Path, name: str = "mail", kind: str = "application") -> None:
    put(root, "Chart.yaml", text=f"name: {name}\nversion: 1.2.3\ntype: {kind}\n")
    put(root, "values.yaml", "values-prod.yaml", "ci/b-values.yaml", "ci/a-values.yaml", "ci/note.yaml")
    put(root, "templates/a.yaml", "crds/c.yaml", "charts/sub/Chart.yaml", "charts/sub/values.yaml")
    put(root, "values.schema.json", "helmfile.yaml")


def test_a_chart_is_one_thing_and_its_files_are_its_own(tmp_path: Path) -> None:
    make_chart(tmp_path / "chart")
    put(tmp_path, "chart/examples/x.yaml", "other/y.yaml")
    found = collect([str(tmp_path)], tmp_path)
    (chart,) = found.charts
    assert (chart.path, chart.name, chart.version, chart.is_library) == ("chart", "mail", "1.2.3", False)
    assert chart.values == tmp_path / "chart/values.yaml"
    assert chart.schema == tmp_path / "chart/values.schema.json"
    assert [path.name for path in chart.ci_values] == ["a-values.yaml", "b-values.yaml"]
    assert [path.name for path in chart.other_values] == ["values-prod.yaml"]
    assert files_of(found) == ["chart/examples/x.yaml", "other/y.yaml"]
    assert found.files[0].chart is chart
    assert found.problems == []


def test_a_chart_without_anything_has_nothing(tmp_path: Path) -> None:
    put(tmp_path, "Chart.yaml", text="type: library\n")
    (chart,) = collect([str(tmp_path)], tmp_path).charts
    assert (chart.values, chart.schema, chart.ci_values, chart.other_values) == (None, None, (), ())
    assert chart.is_library


def test_a_file_that_may_not_be_looked_at_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_chart(tmp_path)
    (chart,) = collect([str(tmp_path)], tmp_path).charts

    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert chart.values is None


@pytest.mark.parametrize("text", ["a: [", "\xff", "", "- a"])
def test_a_chart_that_cannot_be_read_is_a_chart_all_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "Chart.yaml").write_text(text, encoding="latin-1")
    (chart,) = collect([str(tmp_path / "Chart.yaml")], tmp_path).charts
    assert (chart.path, chart.name) == (".", "")


@pytest.mark.parametrize("name", ["templates/a.yaml", "templates"])
def test_a_template_is_never_read_as_a_manifest(tmp_path: Path, name: str) -> None:
    make_chart(tmp_path / "chart")
    found = collect([f"{tmp_path}/chart/{name}"], tmp_path)
    assert problems_of(found) == [f"chart/{name}: a template of the chart chart"]
    assert found.problems[0].help == "give the chart's folder"
    assert files_of(found) == []


def test_a_values_file_that_is_given_knows_its_chart(tmp_path: Path) -> None:
    make_chart(tmp_path / "chart")
    found = collect([f"{tmp_path}/chart/{name}" for name in ("values.yaml", "ci/a-values.yaml")], tmp_path)
    assert [(file.path, file.kind, file.chart and file.chart.name) for file in found.files] == [
        ("chart/ci/a-values.yaml", FileKind.VALUES, "mail"),
        ("chart/values.yaml", FileKind.VALUES, "mail"),
    ]
    assert found.files[0].chart is found.files[1].chart


def test_a_chart_above_the_repository_is_not_the_files_chart(tmp_path: Path) -> None:
    make_chart(tmp_path)
    put(tmp_path, "repository/.git/HEAD", "repository/values.yaml")
    (file,) = collect([f"{tmp_path}/repository/values.yaml"], tmp_path).files
    assert file.chart is None


# --- kustomizations -----------------------------------------------------------------------------


def test_files_of_a_kustomization_belong_to_it(tmp_path: Path) -> None:
    put(tmp_path, "base/kustomization.yaml", text="resources: [a.yaml]\n")
    put(
        tmp_path,
        "base/a.yaml",
        "base/loose.yaml",
        "over/p.yaml",
        "over/values.yaml",
        "over/c.yaml",
        "comp/x.yaml",
    )
    put(tmp_path, "comp/kustomization.yml", text="kind: Component\n")
    put(
        tmp_path,
        "over/Kustomization",
        text=(
            'resources: [../base, "", https://example.org/x.yaml, "a\\0b"]\n'
            "components: [../comp]\n"
            "patches: [{path: p.yaml}, {patch: x}]\n"
            "helmCharts: [{repo: https://r, valuesFile: values.yaml}]\n"
            "configMapGenerator:\n- files: [main.cf=c.yaml]\n  envs: [none.env]\n"
        ),
    )
    found = collect([str(tmp_path)], tmp_path)
    assert files_of(found) == ["base/loose.yaml", "comp/x.yaml"]
    base, component, over = found.kustomizations
    assert [one.path for one in found.kustomizations] == ["base", "comp", "over"]
    assert [one.is_included for one in found.kustomizations] == [True, True, False]
    assert component.is_component
    assert base.builds == (tmp_path / "base/a.yaml",)
    assert over.remote == ("https://example.org/x.yaml", "a\0b", "https://r")
    assert [path.name for path in over.files] == ["p.yaml", "c.yaml", "values.yaml"]


def test_a_kustomization_file_that_is_given_is_its_folder(tmp_path: Path) -> None:
    put(tmp_path, "k/kustomization.yaml", "k/a.yaml", text="resources: [a.yaml]\n")
    found = collect([f"{tmp_path}/k/kustomization.yaml"], tmp_path)
    assert [one.path for one in found.kustomizations] == ["k"]
    assert files_of(found) == []


@pytest.mark.parametrize(("text", "rule"), [("a: [", INVALID), ("\xff", INVALID)])
def test_a_kustomization_that_cannot_be_read_is_told(tmp_path: Path, text: str, rule: str) -> None:
    (tmp_path / "kustomization.yaml").write_text(text, encoding="latin-1")
    found = collect([str(tmp_path)], tmp_path)
    assert [(problem.rule, problem.at.path) for problem in found.problems] == [(rule, "kustomization.yaml")]
    assert len(found.kustomizations) == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("values.yaml", FileKind.VALUES),
        ("x/values-prod.yml", FileKind.VALUES),
        ("prod.values.yaml", FileKind.VALUES),
        ("ci/haproxy-values.yaml", FileKind.VALUES),
        ("values.json", FileKind.JSON),
        ("myvalues.yaml", FileKind.YAML),
        ("dovecot.conf", FileKind.DOVECOT),
        ("dovecot/dovecot-sql.conf.ext", FileKind.DOVECOT),
        ("conf.d/10-ssl.conf", FileKind.DOVECOT),
        ("conf.d/nginx.conf", FileKind.OTHER),
        ("a.TOML", FileKind.TOML),
        ("postfix-main.cf", FileKind.MAIN_CF),
        ("extra.cf", FileKind.MAIN_CF),
        ("user-patches.sh", FileKind.OTHER),
    ],
)
def test_a_file_is_known_by_its_name(path: str, kind: FileKind) -> None:
    assert kind_of(path) is kind


def test_kustomizations_that_include_each_other_are_judged_once(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a"), ("c", "a")):
        put(tmp_path, f"{name}/kustomization.yaml", text=f"resources: [../{other}]\n")
    whole = collect([str(tmp_path)], tmp_path).kustomizations
    assert [one.path for one in whole if not one.is_included] == ["c"]
    (tmp_path / "c/kustomization.yaml").unlink()
    circle = collect([str(tmp_path)], tmp_path).kustomizations
    assert [one.path for one in circle if not one.is_included] == ["a"]
