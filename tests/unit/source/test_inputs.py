"""Paths lead to files, charts and kustomizations; what must not be followed is refused."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from truehop.source.inputs import Inputs, collect
from truehop.source.kinds import FileKind, kind_of
from truehop.source.limits import Limits
from truehop.source.problems import INVALID, NOT_JUDGED, Problem
from truehop.source.reading import decode, read_file
from truehop.source.tree import SourceFile


def put(root: Path, *names: str, text: str = "a: 1\n") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def files_of(found: Inputs) -> list[str]:
    return [file.path for file in found.files]


def problems_of(found: Inputs) -> list[str]:
    return [f"{problem.at.path}: {problem.message}" for problem in found.problems]


def test_a_folder_is_read_sorted_without_what_is_hidden_or_foreign(tmp_path: Path) -> None:
    put(tmp_path, "b.yaml", "a/z.yml", "a/a.json", ".git/x.yaml", ".hidden.yaml", "node_modules/x.yaml")
    put(tmp_path, "venv/x.yaml", "readme.md", "t.toml", "postfix/main.cf", "postfix/master.cf")
    put(tmp_path, "dovecot/conf.d/10-master.conf", "nginx.conf")
    found = collect([str(tmp_path)], tmp_path)
    assert [(file.path, file.kind) for file in found.files] == [
        ("a/a.json", FileKind.JSON),
        ("a/z.yml", FileKind.YAML),
        ("b.yaml", FileKind.YAML),
        ("dovecot/conf.d/10-master.conf", FileKind.DOVECOT),
        ("postfix/main.cf", FileKind.MAIN_CF),
        ("postfix/master.cf", FileKind.MASTER_CF),
        ("t.toml", FileKind.TOML),
    ]
    assert found.problems == []
    assert all(file.absolute.is_absolute() for file in found.files)


def test_paths_count_from_the_current_folder_and_are_told_from_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "here/a.yaml", "there/b.yaml")
    monkeypatch.chdir(tmp_path / "here")
    found = collect(["a.yaml", "../there", "a.yaml", "."], tmp_path / "here")
    assert files_of(found) == ["../there/b.yaml", "a.yaml"]


def test_a_path_that_leads_nowhere_is_missing(tmp_path: Path) -> None:
    found = collect([f"{tmp_path}/no", "a\0b"], tmp_path)
    assert found.missing == [f"{tmp_path}/no", "a\0b"]
    assert files_of(found) == []


def test_a_hidden_file_is_read_where_it_is_given(tmp_path: Path) -> None:
    put(tmp_path, ".hidden/.x.yaml", "rendered")
    found = collect([f"{tmp_path}/.hidden/.x.yaml", f"{tmp_path}/rendered"], tmp_path)
    assert [(file.path, file.kind) for file in found.files] == [
        (".hidden/.x.yaml", FileKind.YAML),
        ("rendered", FileKind.YAML),
    ]


def test_a_foreign_configuration_is_refused_where_it_is_given(tmp_path: Path) -> None:
    put(tmp_path, "nginx.conf")
    assert problems_of(collect([f"{tmp_path}/nginx.conf"], tmp_path)) == [
        "nginx.conf: no kind of file that is read here"
    ]


def test_standard_input_is_a_file(tmp_path: Path) -> None:
    found = collect(["-"], tmp_path, stdin=io.BytesIO(b"a: 1\n"))
    (file,) = found.files
    source = file.read()
    assert isinstance(source, SourceFile)
    assert (file.path, source.text) == ("-", "a: 1\n")
    source = collect(["-"], tmp_path).files[0].read()
    assert isinstance(source, SourceFile)
    assert source.text == ""


# --- links, devices, sizes ----------------------------------------------------------------------


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "out/secret.yaml", "in/a.yaml", "in/sub/b.yaml")
    inside = tmp_path / "in"
    (inside / "file.yaml").symlink_to(tmp_path / "out/secret.yaml")
    (inside / "folder").symlink_to(tmp_path / "out")
    (inside / "again.yaml").symlink_to("a.yaml")
    (inside / "sub/up").symlink_to(inside)
    (inside / "self.yaml").symlink_to("self.yaml")
    (inside / "gone.yaml").symlink_to("nowhere.yaml")
    found = collect([str(inside)], tmp_path)
    assert files_of(found) == ["in/a.yaml", "in/sub/b.yaml"]
    assert [problem.rule for problem in found.problems] == [NOT_JUDGED] * 4
    told = problems_of(found)
    assert told[:2] == ["in/file.yaml: a link that leaves in", "in/folder: a link that leaves in"]
    assert told[2].startswith("in/gone.yaml: cannot be read: ")
    assert told[3].startswith("in/self.yaml: cannot be read: ")


def test_a_given_link_is_followed(tmp_path: Path) -> None:
    put(tmp_path, "out/a.yaml")
    (tmp_path / "in").symlink_to(tmp_path / "out")
    assert files_of(collect([str(tmp_path / "in")], tmp_path)) == ["in/a.yaml"]


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    for path in (tmp_path, tmp_path / "x.yaml"):
        assert problems_of(collect([str(path)], tmp_path)) == ["x.yaml: no regular file"]
    late = read_file(tmp_path / "x.yaml", "x.yaml")
    assert isinstance(late, Problem)
    assert late.message == "no regular file"


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    assert problems_of(collect([str(tmp_path)], tmp_path)) == [".: cannot be read: Permission denied"]


def test_a_name_that_is_no_text_is_told_printably(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml"))).write_text("a: 1")
    (file,) = collect([str(tmp_path)], tmp_path).files
    assert file.path == "\ufffd.yaml"
    assert isinstance(file.read(), SourceFile)


def test_too_large_a_file_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", text="x" * 11)
    limits = Limits(file_bytes=10)
    for file in collect([str(tmp_path), "-"], tmp_path, stdin=io.BytesIO(b"y" * 11), limits=limits).files:
        problem = file.read()
        assert isinstance(problem, Problem)
        assert problem.rule == NOT_JUDGED
        assert problem.message.startswith("larger than ")


def test_a_file_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    problem = read_file(tmp_path / "no", "no")
    assert isinstance(problem, Problem)
    assert problem.message == "cannot be read: No such file or directory"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_texts_are_read_by_their_mark(encoding: str) -> None:
    source = decode("é: 😀\r\n".encode(encoding), "f")
    assert isinstance(source, SourceFile)
    assert source.text == "é: 😀\n"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"a: 1\nb: \xff\n", 2, "byte 0xff is no UTF-8 text"),
        (b"\xff\xfea\0\n\0\x00\xd8", 2, "byte 0x00 is no UTF-16-LE text"),
    ],
)
def test_bytes_that_are_no_text_are_told_with_their_line(content: bytes, line: int, message: str) -> None:
    problem = decode(content, "f")
    assert isinstance(problem, Problem)
    assert (problem.rule, problem.at.line, problem.message) == (INVALID, line, message)


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
