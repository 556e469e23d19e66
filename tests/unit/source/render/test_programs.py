"""Programs are bounded: in time, in what they print, in what they see."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from truehop.source.render.programs import (
    OFFLINE,
    Bounds,
    ProgramError,
    Ran,
    bounds,
    environment,
    find_program,
    run_program,
)

from .hand import program


def ran(folder: Path, script: str, limits: Bounds | None = None, *arguments: str) -> Ran:
    path = program(folder, "tool", script)
    return run_program([path, *arguments], environment({}), limits or Bounds(), folder)


def refusal(folder: Path, script: str, limits: Bounds) -> str:
    with pytest.raises(ProgramError) as caught:
        ran(folder, script, limits)
    return caught.value.reason


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()


def test_output_and_status_are_handed_back(tmp_path: Path) -> None:
    done = ran(tmp_path, "echo out; echo oops >&2; exit 3")
    assert (done.status, done.output, done.complaint, done.reason) == (3, b"out\n", "oops\n", "oops")


def test_arguments_never_reach_a_shell(tmp_path: Path) -> None:
    done = ran(tmp_path, 'printf "%s\\n" "$@"', None, "$(touch evil)", "; touch evil", "--x=`touch evil`")
    assert done.output.decode().splitlines() == ["$(touch evil)", "; touch evil", "--x=`touch evil`"]
    assert not (tmp_path / "evil").exists()


def test_nothing_can_be_read_from_standard_input(tmp_path: Path) -> None:
    assert ran(tmp_path, "cat").output == b""


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    begun = time.monotonic()
    script = f'sleep 300 & echo $! > "{tmp_path}/child"; sleep 300'
    assert refusal(tmp_path, script, Bounds(seconds=0.5)) == "tool takes longer than 0.5 seconds"
    assert time.monotonic() - begun < 5
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(child)


def test_a_child_that_holds_the_pipe_is_not_waited_for(tmp_path: Path) -> None:
    begun = time.monotonic()
    assert "takes longer" in refusal(tmp_path, "sleep 300 & exit 0", Bounds(seconds=5))
    assert time.monotonic() - begun < 5


def test_a_program_that_prints_without_end_is_ended(tmp_path: Path) -> None:
    begun = time.monotonic()
    limits = Bounds(seconds=30, output_bytes=1024 * 1024)
    assert refusal(tmp_path, "head -c 1000000000 /dev/zero", limits) == "tool prints more than 1 MiB"
    assert time.monotonic() - begun < 10


def test_endless_complaints_are_cut(tmp_path: Path) -> None:
    done = ran(tmp_path, "echo 'Error: much' >&2; head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 1")
    assert len(done.complaint) == 64 * 1024
    assert len(done.reason) == 300
    assert done.reason.startswith("much xxx")
    assert done.reason.endswith("...")


def test_a_complaint_that_is_no_text_is_told_as_far_as_it_is(tmp_path: Path) -> None:
    done = ran(tmp_path, "printf 'Error: \\033[31mred\\033[0m \\377\\007 end\\n' >&2; exit 1")
    assert done.reason == "red \ufffd end"


def test_warnings_before_the_error_are_left_out() -> None:
    assert Ran(1, b"", "WARNING: old\nError: bad\n- more\n").reason == "bad - more"


def test_a_silent_failure_is_told_by_its_status() -> None:
    assert Ran(7, b"", "\n").reason == "exit status 7"


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tool"
    path.write_text("#!/nowhere/at/all\n")
    path.chmod(0o755)
    with pytest.raises(ProgramError, match="tool does not start: No such file"):
        run_program([str(path)], {}, Bounds(), tmp_path)


def test_an_argument_that_no_program_can_take_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="does not start: embedded null byte"):
        ran(tmp_path, "true", None, "a\0b")


def test_an_interrupt_ends_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    class Interrupted(subprocess.Popen[bytes]):
        calls = 0

        def wait(self, timeout: float | None = None) -> int:
            type(self).calls += 1
            if type(self).calls == 1:
                raise KeyboardInterrupt
            ended.append(self.pid)
            return super().wait(timeout)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        ran(tmp_path, "sleep 300")
    assert ended
    assert not any(is_alive(number) for number in ended)


def test_a_system_without_process_groups_ends_the_program_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "killpg")
    assert "takes longer" in refusal(tmp_path, "exec sleep 300", Bounds(seconds=0.2))


def test_secrets_of_the_environment_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("HELM_PLUGINS", "/evil")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("ASDF_DATA_DIR", "/asdf")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    seen = environment({"ADDED": "1"})
    assert {"PATH", "LC_ALL", "ASDF_DATA_DIR", "ADDED"} <= seen.keys()
    assert not {"AWS_SECRET_ACCESS_KEY", "HELM_PLUGINS", "HTTPS_PROXY"} & seen.keys()
    assert environment({}, ["HTTPS_PROXY"])["HTTPS_PROXY"] == "http://proxy"
    assert environment(OFFLINE, ["HTTPS_PROXY"])["HTTPS_PROXY"] == "http://127.0.0.1:0"


def test_a_program_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(tmp_path, "own", "true")
    monkeypatch.setenv("TOOL", path)
    assert find_program("TOOL", "tool") == path
    monkeypatch.setenv("TOOL", str(tmp_path / "none"))
    with pytest.raises(ProgramError, match="TOOL names no program"):
        find_program("TOOL", "tool")


def test_the_first_program_on_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOOL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program("TOOL", "one", "two") is None
    path = program(tmp_path, "two", "true")
    assert find_program("TOOL", "one", "two") == path


def test_the_time_may_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUEHOP_RENDER_SECONDS", raising=False)
    assert bounds().seconds == 60
    monkeypatch.setenv("TRUEHOP_RENDER_SECONDS", "1.5")
    assert bounds().seconds == 1.5


@pytest.mark.parametrize("text", ["0", "-1", "1e9", "nan", "x", "99999999"])
def test_a_time_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TRUEHOP_RENDER_SECONDS", text)
    with pytest.raises(ProgramError, match="no number of seconds"):
        bounds()
