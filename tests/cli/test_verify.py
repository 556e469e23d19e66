"""``truehop verify`` as people call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.conftest import Run
from tests.unit.live.verify.servers import HERE, mail_stack
from truehop.cli import main, truehop
from truehop.live.kube import Cluster

FAST = ("--timeout", "2", "--no-chain", "--name", "mail.example.com", "--ipv4")


def ports_of(ports: dict[int, int]) -> list[str]:
    return [word for number, port in ports.items() for word in ("--port", f"{number}={HERE}:{port}")]


def call(*words: str) -> tuple[int, str, str]:
    """The command in this process."""
    done = CliRunner().invoke(truehop, ["verify", *words], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return int(done.return_value), done.stdout, done.stderr


@pytest.mark.parametrize(
    ("behaviour", "more", "status"),
    [
        ({}, (), 0),
        ({"logins_in_clear": "PLAIN"}, (), 1),
        ({"logins_in_clear": "PLAIN"}, ("--fail-on", "never"), 0),
        ({"logins_in_clear": "CRAM-MD5"}, (), 0),
        ({"logins_in_clear": "CRAM-MD5"}, ("--fail-on", "warning"), 1),
        ({"limited": True}, (), 3),
    ],
)
def test_exit_codes(behaviour: dict[str, object], more: tuple[str, ...], status: int) -> None:
    with mail_stack((587,), **behaviour) as (ports, _):
        assert call("mail.example.com", *ports_of(ports), *FAST, "--no-forge", *more)[0] == status


def test_reports_of_every_format(tmp_path: Path) -> None:
    files = [f"{name}={tmp_path / name}" for name in ("text", "json", "junit", "sarif")]
    words = [word for file in files for word in ("--output", file)]
    with mail_stack((25, 993)) as (ports, _):
        status, out, _ = call("mail.example.com", *ports_of(ports), *FAST, "--format", "json", *words)
    assert status == 0
    assert json.loads(out) == json.loads((tmp_path / "json").read_text())
    assert "<testsuites" in (tmp_path / "junit").read_text()
    assert "2 open ports" in (tmp_path / "text").read_text()


def test_its_own_session_in_a_log_that_grows(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    with mail_stack((25, 993)) as (ports, stacks), path.open("w") as file:

        def write(line: str) -> None:
            file.write(f"{line}\n")
            file.flush()

        for stack in stacks.values():
            stack.write = write  # type: ignore[method-assign]
        status, out, err = call("mail.example.com", *ports_of(ports), *FAST, "--log", str(path))
    assert status == 0
    assert out.count("the client, 127.0.0.1") == 2
    assert "1 logins will fail, each once (--no-login leaves them out)" in err


def test_its_own_session_in_a_pipe() -> None:
    reader, writer = os.pipe()
    with mail_stack((25,), hop="10.42.0.9") as (ports, stacks):

        def write(line: str) -> None:
            os.write(writer, f"{line}\n".encode())

        stacks[25].write = write  # type: ignore[method-assign]
        words = ["verify", "mail.example.com", *ports_of(ports), *FAST, "--log", "-", "--no-forge", "-q"]
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from truehop.cli import main; sys.exit(main())", *words],
            stdin=reader,
            capture_output=True,
            text=True,
            check=False,
        )
    os.close(reader)
    os.close(writer)
    assert done.returncode == 1, done.stderr
    assert "error[recorded-address] the server records 10.42.0.9 instead of 127.0.0.1" in done.stdout


def test_its_own_session_in_pods_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_stack((25,)) as (ports, stacks):

        class Api:
            warn = None

            @staticmethod
            def read(_: float) -> list[bytes]:
                return ["\n".join(stacks[25].log).encode()]

        asked: list[tuple[str, ...]] = []

        def connect(*words: str) -> Api:
            asked.append(words)
            return Api()

        monkeypatch.setattr(Cluster, "connect", connect)
        words = ("--kube-context", "", "-n", "mail", "--selector", "app=mta")
        status, out, _ = call("mail.example.com", *ports_of(ports), *FAST, *words)
    assert status == 0
    assert asked == [("", "mail", "app=mta")]
    assert "the client, 127.0.0.1" in out


def test_manifests_say_what_should_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.live.verify.test_knowledge import MANIFESTS

    path = folder / "mail.yaml"
    path.write_text(MANIFESTS.replace("hook.example.com", "localhost.localdomain"))
    monkeypatch.chdir(folder)
    with mail_stack((993,)) as (ports, stacks):
        words = (*ports_of(ports), "--ports", "993", *FAST)
        status, out, _ = call("--manifests", str(path), *words)
        assert not any(line.startswith(b"PROXY") for line in stacks[993].seen), "no host was named"
        named = call("mail.example.com", "--manifests", str(path), *words, "-v")[1]
    assert status == 0, out
    assert "open, as it should be" in named
    assert "forged-proxy-v1" in named


def test_an_allow_list_is_shown_and_nothing_done() -> None:
    with mail_stack((25,)) as (ports, stacks):
        status, out, _ = call("127.0.0.1", *ports_of(ports), "--allowlist-check")
        assert not stacks[25].log
    assert status == 0
    assert "sourceRange: [127.0.0.1/32]" in out
    assert "203.0.113.9/32" in call("127.0.0.1", "--allowlist-check", "--expect-ip", "203.0.113.9")[1]


def test_nothing_open_is_no_success() -> None:
    status, out, err = call("127.0.0.1", "--port", "25=127.0.0.1:1", *FAST)
    assert status == 3
    assert "nothing was judged" in err
    assert "closed" in out
    assert call("127.0.0.1", "--port", "25=127.0.0.1:1", *FAST, "--allow-empty")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "no host is named"),
        (("x", "--format", "yaml"), "not one of text, json, junit, sarif"),
        (("x", "--output", "json"), "is not FORMAT=FILE"),
        (("x", "--output", "yaml=x"), "not one of text"),
        (("x", "--ca-file", "/nowhere"), "no certificates can be read"),
        (("x", "--log", "/nowhere/x"), "there is no such folder"),
        (
            ("127.0.0.1", "--port", "25=127.0.0.1:1", "--ipv4", "--output", "json=/nowhere/x"),
            "cannot be written",
        ),
        (("x", "--user", "me"), "there is no password"),
        (("x", "--log", "-", "--manifests", "-"), "standard input cannot be log and manifests"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *words]) == 2
    assert says in capsys.readouterr().err


def test_both_families_may_be_named() -> None:
    done = call(
        "127.0.0.1", "--port", "25=127.0.0.1:1", "--ipv4", "--ipv6", "--timeout", "1", "--allow-empty"
    )
    assert done[0] == 0


def test_a_terminal_sees_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("truehop.cli.verification._is_watched", lambda: True)
    err = call("127.0.0.1", "--port", "25=127.0.0.1:1", "--ipv4", "--allow-empty")[2]
    assert "\r\x1b[K1 of 1 ports" in err
    assert err.endswith("\r\x1b[K")


def test_help_teaches_with_examples(run: Run) -> None:
    done = run("verify", "--help")
    assert "--from-inside" in done.out
    assert "truehop verify mail.example.com --allowlist-check" in done.out
    assert threading.active_count() >= 1
