"""Files that grow and turn, pipes, and pods."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from truehop.errors import UserError
from truehop.live.kube import Cluster
from truehop.live.logs.frames import LONGEST_LINE
from truehop.live.verify import logs
from truehop.live.verify.logs import File, Lines, Logs, Pods, Stream


def texts(log: File | Stream | Logs | Pods) -> list[str]:
    return [entry.text for entry in log.read()]


def test_a_file_is_read_from_now_on_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_text("before\n")
    log = File(path)
    log.begin()
    assert texts(log) == []
    with path.open("a") as file:
        file.write("one\ntw")
        file.flush()
        assert texts(log) == ["one"]
        file.write("o\n")
    assert texts(log) == ["two"]
    log.end()
    log.end()


def test_a_file_that_is_turned_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_text("before\n")
    log = File(path)
    log.begin()
    with path.open("a") as file:
        file.write("last\n")
    path.rename(tmp_path / "mail.log.1")
    assert texts(log) == ["last"]
    path.write_text("first\n")
    assert texts(log) == ["first"]
    log.end()


def test_a_file_may_come_later(tmp_path: Path) -> None:
    log = File(tmp_path / "later")
    log.begin()
    assert texts(log) == []
    (tmp_path / "later").write_text("here\n")
    assert texts(log) == ["here"]
    log.end()


@pytest.mark.parametrize("name", ["none/mail.log", "folder/mail.log/x"])
def test_a_file_that_cannot_be_read_is_the_users_fault(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/mail.log").write_text("")
    with pytest.raises(UserError, match=r"--log .*mail\.log"):
        File(tmp_path / name).begin()


def test_a_pipe_gives_what_is_there_and_no_more() -> None:
    reader, writer = os.pipe()
    log = Logs((Stream(reader),))
    log.begin()
    assert texts(log) == []
    os.write(writer, b"one\n\xfftwo\nthr")
    assert texts(log) == ["one", "\ufffdtwo"]
    os.write(writer, b"ee\n")
    os.close(writer)
    assert texts(log) == ["three"]
    assert texts(log) == []
    log.end()
    os.close(reader)


def test_a_pipe_without_end_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_A_LOOK", 10)
    monkeypatch.setattr(logs, "BLOCK", 10)
    reader, writer = os.pipe()
    log = Stream(reader)
    log.begin()
    os.write(writer, b"123456789\n" * 3)
    assert texts(log) == ["123456789"]
    for descriptor in (reader, writer):
        os.close(descriptor)


def test_a_line_without_end_fills_nothing() -> None:
    lines = Lines()
    for _ in range(100):
        assert lines.cut(b"x" * 10_000) == []
    assert len(lines._rest) == LONGEST_LINE
    assert len(lines.cut(b"\n")) == 1


class Api:
    """A cluster with one log."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.warn = print

    def read(self, since: float) -> Iterator[bytes]:
        self.asked.append(since)
        yield b"one\ntwo\n"
        yield b"three\n"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    made = Api()
    monkeypatch.setattr(Cluster, "connect", lambda *words: made if words == ("prod", "mail", "a=b") else None)
    return made


def test_pods_are_read_since_the_beginning_once_a_second(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Pods("prod", "mail", "a=b")
    assert texts(log) == []
    log.begin()
    assert texts(log) == ["one", "two", "three"]
    assert texts(log) == [], "that was less than a second ago"
    monkeypatch.setattr(logs, "EVERY", 0)
    assert texts(log) == ["one", "two", "three"]
    assert api.asked[0] == 1
    assert all(5 <= seconds < 7 for seconds in api.asked[1:])
    log.end()


def test_of_pods_that_say_too_much_a_part_is_read(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_A_LOOK", 3)
    log = Pods("prod", "mail", "a=b")
    log.begin()
    assert texts(log) == ["one", "two"]
    assert api.asked
