"""``truehop logs`` as people call it."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Done, Run
from tests.unit.live.logs.lines import client, connect, fault, login
from truehop.cli import main
from truehop.cli.commands import logs
from truehop.live.kube import Cluster
from truehop.live.logs import run as running

DATA = Path(__file__).parents[1] / "data" / "logs"
SOUND = "".join(connect(number, client(number)) for number in range(30))
SHARED = "".join(login(number % 9, "10.42.0.3", f"user{number}@example.com") for number in range(12))
CONFIG = "networks: {pods: [10.42.0.0/16]}\n"


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in a folder, without a process of its own: that would take a second for each."""

    def start(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin.encode())))
        status = main(arguments)
        return Done(status, *capsys.readouterr())

    return start


def test_a_sound_log_is_clean(folder: Path, run: Run) -> None:
    (folder / "mail.log").write_text(SOUND)
    done = run("logs", "mail.log")
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith("nothing found\n")


def test_a_shared_hop_is_a_finding(folder: Path, call: Run) -> None:
    (folder / "truehop.yaml").write_text(CONFIG)
    (folder / "mail.log.gz").write_bytes(gzip.compress(SHARED.encode()))
    done = call("logs", "mail.log.gz")
    assert done.status == 1
    assert (
        "error shared-address: 10 accounts logged in from 10.42.0.3, an address of networks.pods" in done.out
        or ("error shared-address: 12 accounts" in done.out)
    )
    assert "user1@" not in done.out
    assert call("logs", "mail.log.gz", "--fail-on", "never").status == 0
    assert call("logs", "mail.log.gz", "--expect", "10.42.0.0/24").status == 0
    assert "user1@example.com" in call("logs", "mail.log.gz", "--show-accounts").out


def test_the_configuration_says_what_fails(folder: Path, call: Run) -> None:
    (folder / "mail.log").write_text(SHARED)
    assert call("logs", "mail.log").status == 0
    assert call("logs", "mail.log", "--fail-on", "warning").status == 1
    assert call("logs", "mail.log", "--accounts", "13", "--fail-on", "warning").status == 0


def test_standard_input_and_files_are_read_together(folder: Path, call: Run) -> None:
    (folder / "a.log").write_text(SOUND)
    done = call("logs", "a.log", "-", "--format", "json", stdin=SOUND)
    assert json.loads(done.out)["read"]["recognised"] == 60


def test_nothing_recognised_is_not_clean(folder: Path, call: Run) -> None:
    (folder / "a.log").write_text("hello\n")
    done = call("logs", "a.log")
    assert done.status == 3
    assert "nothing was judged" in done.err
    assert call("logs", "a.log", "--allow-empty").status == 0


def test_what_is_broken_is_told_and_the_rest_is_judged(folder: Path, call: Run) -> None:
    (folder / "a.log").write_text(SOUND)
    (folder / "b.log").write_bytes(gzip.compress(SOUND.encode())[:60])
    done = call("logs", "b.log", "a.log")
    assert done.status == 3
    assert "truehop: b.log: the log cannot be read" in done.err
    assert "30 of them" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name logs"),
        (["a.log", "--kube"], "not both"),
        (["a.log", "-n", "mail"], "--namespace is for pods"),
        (["a.log", "--context", "mail"], "--context is for pods"),
        (["a.log", "--since", "1h"], "--since is for pods"),
        (["-", "a.log", "--follow"], "not both"),
        (["missing.log"], "there is no such log"),
        (["a.log", "--since", "soon"], "no time such as"),
        (["a.log", "--since", "0s"], "no time such as"),
        (["a.log", "--window", "90s"], "no whole number of minutes"),
        (["a.log", "--window", "9d"], "no whole number of minutes"),
        (["a.log", "--expect", "office"], "not an address or network"),
        (["a.log", "--listen", "9108"], "not ADDRESS:PORT"),
        (["a.log", "--config", "none.yaml"], "there is no such configuration"),
    ],
)
def test_wrong_usage_is_told(folder: Path, call: Run, arguments: list[str], words: str) -> None:
    (folder / "a.log").write_text(SOUND)
    done = call("logs", *arguments)
    assert done.status == 2
    assert words in done.err


def test_help_teaches_with_examples(call: Run) -> None:
    assert "truehop logs --kube -n mail --follow" in call("logs", "--help").out
    assert re.search(r"^  logs +\S", call("--help").out, re.MULTILINE)


def test_the_samples_of_real_programs_are_explained(call: Run) -> None:
    done = call("logs", *(str(path) for path in sorted(DATA.glob("*.log"))))
    assert "dovecot-not-trusted" in done.out
    assert "postfix-header-timeout" in done.out
    assert "nginx-broken-header" in done.out


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_CONFIG") if name in os.environ}
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from truehop.cli import main; sys.exit(main())",
            "logs",
            *arguments,
        ],
        cwd=folder,
        env=kept | {"LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_followed_file_serves_metrics_until_it_is_ended(folder: Path) -> None:
    (folder / "mail.log").write_text(SHARED)
    process = _start(folder, "mail.log", "--listen", "127.0.0.1:0")
    try:
        assert process.stderr is not None
        told = process.stderr.readline()
        url = told.split()[-1]
        end = time.monotonic() + 20
        text = ""
        while "truehop_logs_lines_total 12.0" not in text and time.monotonic() < end:
            text = urllib.request.urlopen(url, timeout=10).read().decode()  # noqa: S310 (our own)
            time.sleep(0.05)
        assert "truehop_logs_lines_total 12.0" in text
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "12 lines" in out


class _Pods:
    """A cluster whose logs are given."""

    def __init__(self, blocks: list[bytes]) -> None:
        self.blocks = blocks
        self.namespace = "mail"
        self.warn = print

    def read(self, since: float | None) -> list[bytes]:
        assert since == 5400
        self.warn("pod/new/main: 404 Not Found")
        return self.blocks

    def follow(self, since: float | None, *, stop: object) -> list[bytes]:
        assert since is None
        assert stop is not None
        return [*self.blocks, b"", fault(0, "10.0.0.9").encode(), b"", b""]


def test_pods_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    asked: list[tuple[str, ...]] = []

    def connected(*words: str) -> _Pods:
        asked.append(words)
        return _Pods([SOUND.encode()])

    monkeypatch.setattr(Cluster, "connect", connected)
    assert main(["logs", "--kube", "--context", "c", "-n", "mail", "-l", "app=x", "--since", "90m"]) == 0
    out, err = capsys.readouterr()
    assert asked == [("c", "mail", "app=x")]
    assert "30 of them" in out
    assert "truehop: pod/new/main: 404 Not Found" in err


def test_followed_pods_tell_at_once_what_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Cluster, "connect", lambda *_: _Pods([SOUND.encode()]))
    monkeypatch.setattr(running, "LOOK", 0.0)
    assert main(["logs", "--kube", "--follow", "--fail-on", "warning"]) == 1
    out, err = capsys.readouterr()
    assert err.count("warning dovecot-not-trusted: who connected") == 1
    assert "31 lines" in out


def test_followed_standard_input_is_read_to_its_end(folder: Path, call: Run) -> None:
    assert folder.is_dir()
    done = call("logs", "-", "--follow", stdin=SOUND)
    assert (done.status, done.err) == (0, "")
    assert "30 of them" in done.out


def test_an_interruption_ends_the_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        logs._interrupt(15, None)

    def interrupted(*_: object, **__: object) -> object:
        yield SOUND.encode()
        raise KeyboardInterrupt

    monkeypatch.chdir(folder)
    (folder / "a.log").write_text("")
    monkeypatch.setattr(running, "follow", interrupted)
    outcome = running.run(running.LogRequest(files=("a.log",), follow=True), print)
    assert outcome.summary.recognised == 30
