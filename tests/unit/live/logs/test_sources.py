"""Files, packed or growing, and standard input."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard

from truehop.errors import UserError
from truehop.live.logs.extras import needed
from truehop.live.logs.frames import LONGEST_LINE
from truehop.live.logs.sources import Tail, blocks, follow

TEXT = b"".join(b"line %d\n" % number for number in range(20_000))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_a_file_is_unpacked_by_what_it_holds_whatever_its_name(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "mail.log.old"
    path.write_bytes(pack(TEXT) * 2)  # type: ignore[operator]  # frames one after the other, as cat makes them
    assert b"".join(blocks(str(path), 4096)) == TEXT * 2


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert list(blocks(str(tmp_path / "a"), 4096)) == []


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in (io.BytesIO(TEXT), io.BufferedReader(io.BytesIO(TEXT))):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=given))
        assert b"".join(blocks("-", 4096)) == TEXT


@pytest.mark.parametrize(
    "broken",
    [
        gzip.compress(TEXT)[:300],
        gzip.compress(TEXT)[:20] + b"x" * 90,
        zstandard.compress(TEXT)[:40] + b"x" * 99,
        zstandard.compress(TEXT)[:4] + b"x" * 99,
    ],
)
def test_broken_packing_is_told(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "mail.log.gz"
    path.write_bytes(broken)
    with pytest.raises(UserError, match="the log cannot be read") as caught:
        list(blocks(str(path), 4096))
    assert caught.value.place == str(path)


def test_other_packing_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mail.log.bz2"
    path.write_bytes(bz2.compress(TEXT))
    assert b"".join(blocks(str(path), 4096)) == bz2.compress(TEXT)


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", refuse)
    with pytest.raises(UserError) as caught:
        needed("kubernetes.client", "--kube")
    assert str(caught.value).splitlines() == [
        "--kube needs the Python package kubernetes, which is not installed",
        "  help: pip install 'truehop[live]'",
    ]


def test_a_growing_file_is_followed_over_rotation_and_emptying(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_bytes(b"one\ntw")
    tail = Tail(str(path))
    assert tail.read(4096) == b"one\n"
    with path.open("ab") as file:
        file.write(b"o\n")
    assert tail.read(4096) == b"two\n"
    path.rename(tmp_path / "mail.log.1")
    assert tail.read(4096) == b""  # the new one is not there yet
    path.write_bytes(b"three\n")
    assert tail.read(4096) == b""
    assert tail.read(4096) == b"three\n"
    os.truncate(path, 0)
    assert tail.read(4096) == b""
    path.write_bytes(b"4\n")
    assert tail.read(4096) == b"4\n"
    tail.close()
    tail.close()
    path.unlink()
    assert tail.read(4096) == b""
    tail._turn()


def test_a_growing_line_without_end_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_bytes(b"x" * (LONGEST_LINE + 5))
    tail = Tail(str(path))
    assert tail.read(1 << 20) == b""
    with path.open("ab") as file:
        file.write(b"\nnext\n")
    assert tail.read(1 << 20) == b"\nnext\n"
    tail.close()


def test_files_are_followed_until_it_is_enough(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a\n")
    (tmp_path / "b").write_bytes(b"b\n")
    stop = threading.Event()
    found: list[bytes] = []
    for block in follow((str(tmp_path / "a"), str(tmp_path / "b")), 4096, stop, pause=0.01):
        found.append(block)
        if not block:
            stop.set()
    assert found == [b"a\n", b"b\n", b""]
