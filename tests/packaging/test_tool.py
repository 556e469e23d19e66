"""Programs built from Go modules: all of one, with what the linker is told; or those that are missing."""

from __future__ import annotations

import os
import shutil
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from tests.packaging.samples import ROOT, Runner

MODULE, VERSION = "example.org/pair/v2", "v2.7.1"
PROGRAM = """\
package main

import "os"

var version = "nobody said"

func main() { os.Stdout.WriteString("it is " + version + "\\n") }
"""
SOURCES = {"go.mod": f"module {MODULE}\n\ngo 1.26\n"} | {
    f"cmd/{name}/main.go": PROGRAM for name in ("one", "two")
}
TOOLS = f"""\
module example.org/tools

go 1.26

tool (
\t{MODULE}/cmd/one
\t{MODULE}/cmd/two
)

require {MODULE} {VERSION}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A checkout with one folder of tools, and beside it a module proxy made of files."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", checkout / "scripts")
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy2(ROOT / name, checkout / name)
    if (ROOT / ".tools/go-bin").exists():
        (checkout / ".tools").mkdir()
        (checkout / ".tools/go-bin").symlink_to(ROOT / ".tools/go-bin")
    _write(checkout / "tools/pair/go.mod", TOOLS)
    _write(checkout / "tools/pair/go.sum", _publish(tmp_path / "proxy" / MODULE / "@v"))
    _write(checkout / "tools/pair/ldflags", f"# as its makers do\n-X main.version={{{MODULE}}}\n")
    yield checkout
    for folder, _, _ in os.walk(tmp_path / "modules"):
        Path(folder).chmod(0o755)  # Go writes them so that nobody can


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _publish(folder: Path) -> str:
    """The module as a proxy holds it; returns the lines of a go.sum."""
    _write(folder / f"{VERSION}.info", f'{{"Version": "{VERSION}"}}')
    _write(folder / f"{VERSION}.mod", SOURCES["go.mod"])
    files = {f"{MODULE}@{VERSION}/{name}": text for name, text in SOURCES.items()}
    with zipfile.ZipFile(folder / f"{VERSION}.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    only = {"go.mod": SOURCES["go.mod"]}
    return f"{MODULE} {VERSION} {_checksum(files)}\n{MODULE} {VERSION}/go.mod {_checksum(only)}\n"


def _checksum(files: Mapping[str, str]) -> str:
    """Go's own, ``h1``: of a list of each file's checksum and name (golang.org/x/mod ``sumdb/dirhash``)."""
    lines = "".join(f"{sha256(files[name].encode()).hexdigest()}  {name}\n" for name in sorted(files))
    return f"h1:{b64encode(sha256(lines.encode()).digest()).decode()}"


def _tool(run: Runner, checkout: Path, *words: str, first: Path | None = None) -> tuple[int, str, str]:
    """What the script ends with, prints and says; ``first`` is a folder that comes first on PATH."""
    beside = checkout.parent
    cache = os.environ.get("GOCACHE") or Path(os.environ.get("HOME", beside)) / ".cache/go-build"
    env = {
        "GOPROXY": f"file://{beside / 'proxy'}",
        "GOSUMDB": "off",
        "GOMODCACHE": str(beside / "modules"),
        "GOCACHE": str(cache),
        "PATH": f"{first}:{os.environ['PATH']}" if first else os.environ["PATH"],
    }
    done = run("/bin/sh", "scripts/tool", *words, cwd=checkout, env=env)
    return done.returncode, done.stdout, done.stderr


def _said(run: Runner, checkout: Path, name: str) -> str:
    return run(checkout / ".tools/go/pair" / name, cwd=checkout).stdout


def test_every_tool_of_a_module_is_built_once_and_told_its_version(checkout: Path, run: Runner) -> None:
    status, printed, said = _tool(run, checkout, "pair")
    assert (status, printed) == (0, "")
    assert [line.split()[2] for line in said.splitlines()] == ["one", "two"]
    assert [_said(run, checkout, name) for name in ("one", "two")] == [f"it is {VERSION}\n"] * 2
    assert _tool(run, checkout, "pair") == (0, "", "")
    _write(checkout / "tools/pair/ldflags", f"-X main.version=minor{{{MODULE} minor}}\n")
    assert _tool(run, checkout, "pair")[0] == 0
    assert _said(run, checkout, "two") == "it is minor7\n"
    assert _tool(run, checkout, "--path") == (0, f"{checkout}/.tools/go/pair\n", "")


def test_the_linker_is_told_of_no_module_that_is_not_required(checkout: Path, run: Runner) -> None:
    _write(checkout / "tools/pair/ldflags", "-X main.version={example.org/other}\n")
    status, _, said = _tool(run, checkout, "pair")
    assert status == 1
    assert "tools/pair/ldflags names a module that tools/pair/go.mod does not require" in said
    assert not (checkout / ".tools/go/pair").exists()


def test_the_source_of_a_tool_is_a_folder_and_nothing_is_built(checkout: Path, run: Runner) -> None:
    status, printed, _ = _tool(run, checkout, "--source", "pair")
    assert status == 0
    assert (Path(printed.strip()) / "cmd/two/main.go").read_text() == PROGRAM
    assert not (checkout / ".tools/go").exists()


def test_a_source_without_a_name_is_refused(checkout: Path, run: Runner) -> None:
    said = "tools: --source needs the name of a folder in tools/\n"
    assert _tool(run, checkout, "--source") == (1, "", said)


def test_a_folder_without_a_module_is_named(checkout: Path, run: Runner) -> None:
    assert _tool(run, checkout, "none") == (1, "", "tools: tools/none/go.mod does not exist\n")


@pytest.mark.parametrize(
    ("there", "is_built"),
    [
        ({"one": "one v2.1.0", "two": "2.9"}, False),
        ({"one": "of no number", "two": "2.9"}, False),
        ({"one": "one v2.1.0"}, True),
        ({"one": "one v2.1.0", "two": "two v1.9.0"}, True),
    ],
)
def test_a_program_on_path_does_unless_it_is_missing_or_of_another_major_version(
    there: Mapping[str, str], is_built: bool, checkout: Path, run: Runner
) -> None:
    for name, words in there.items():
        _write(checkout.parent / "bin" / name, f"#!/bin/sh\n[ $1 = version ] && echo '{words}'\n")
        (checkout.parent / "bin" / name).chmod(0o755)
    status, _, said = _tool(run, checkout, "--unless-on-path", "pair", first=checkout.parent / "bin")
    assert status == 0, said
    assert (checkout / ".tools/go/pair/two").exists() is is_built


def test_a_program_that_cannot_be_built_says_why(checkout: Path, run: Runner) -> None:
    _write(checkout / "tools/pair/go.sum", "")
    status, _, said = _tool(run, checkout, "pair")
    assert status == 1
    assert "missing go.sum entry" in said
    assert said.endswith("tools: could not build one\n")
