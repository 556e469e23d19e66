"""Paths lead to files, charts and kustomizations; what must not be followed is refused."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from truehop.source.inputs import Inputs, collect
from truehop.source.kinds import FileKind
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
