"""Programs in the namespaces of a node."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.keeper import clean
from tests.cluster.needs import PATH

KEEPER = Path(__file__).with_name("keeper.py")


class FailedError(Exception):
    """A program of the node failed, or something did not happen in time."""


@dataclass(frozen=True)
class Program:
    """One that runs until the node ends."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self, lines: int = 15) -> str:
        """What it said last."""
        said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"{self.name}: {line[:400]}" for line in said[-lines:])


@dataclass
class Place:
    """Where programs run, and a folder; all of it goes when it is closed."""

    state: Path
    name: str
    #: The process that has its namespaces.
    holder: int
    programs: dict[str, Program] = field(default_factory=dict, repr=False, kw_only=True)

    def entered(self, *words: str) -> list[str]:
        """A command line that runs another one there."""
        of = f"/proc/{self.holder}/ns"
        inside = [f"--net={of}/net", f"--mount={of}/mnt", f"--pid={of}/pid_for_children"]
        return ["nsenter", *inside, "--", *words]

    def start(self, name: str, *words: str) -> Program:
        """Starts a program that runs until the end."""
        log = self.state / "log" / name
        with log.open("ab") as out:
            process = subprocess.Popen(
                self.entered(*words),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                start_new_session=True,
            )
        self.programs[name] = Program(name, process, log)
        return self.programs[name]

    def run(
        self,
        *words: str,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        is_expected_to_fail: bool = False,
        seconds: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command there to its end.

        Raises:
            FailedError: it fails; the text holds what it said.
        """
        try:
            done = subprocess.run(
                self.entered(*words),
                input=stdin,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=seconds,
                env={**self.environment(), **(env or {})},
            )
        except subprocess.TimeoutExpired as error:
            raise FailedError(f"{' '.join(words)} takes longer than {seconds} s") from error
        if bool(done.returncode) != is_expected_to_fail:
            raise FailedError(
                f"{' '.join(words)} ended with status {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done

    def environment(self) -> dict[str, str]:
        """That of every program: nothing of the user's, who may have clusters of their own."""
        return {"PATH": PATH, "HOME": str(self.state), "LANG": "C.UTF-8", "TMPDIR": str(self.state)}

    def wait_until(
        self, check: Callable[[], bool], what: str, *, seconds: float = 60, of: Sequence[str] = ()
    ) -> None:
        """Waits until something holds.

        Raises:
            FailedError: it takes too long, or a program of the node is gone; the text holds what those named,
                or the one that is gone, said last.
        """
        deadline = time.monotonic() + seconds
        while True:
            asked = time.monotonic()
            if check():
                return
            for program in self.programs.values():
                if program.process.poll() is not None:
                    raise FailedError(f"{program.name} is gone while waiting for: {what}\n{program.tail()}")
            if time.monotonic() > deadline:
                tails = "\n".join(self.programs[name].tail() for name in of)
                raise FailedError(f"not within {seconds:g} s: {what}\n{tails}")
            # Whatever is waited for gets at least half of the machine.
            time.sleep(max(0.1, time.monotonic() - asked))


@dataclass
class Space(Place):
    """Namespaces for network, mounts and processes."""

    keeper: subprocess.Popen[str] = field(repr=False)

    @classmethod
    def open(cls) -> Space:
        """New namespaces."""
        state = Path(tempfile.mkdtemp(prefix="truehop-node-"))
        name = state.name
        keeper = subprocess.Popen(
            [sys.executable, "-I", str(KEEPER), str(state), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={"PATH": PATH},
        )
        assert keeper.stdout is not None
        word, _, holder = keeper.stdout.readline().partition(" ")
        if word != "ready":
            keeper.communicate()
            raise FailedError("the namespaces could not be made; what the keeper said stands above")
        (state / "log").mkdir()
        return cls(state, name, int(holder), keeper)

    def close(self) -> None:
        """Ends every process and removes all that was made."""
        self.keeper.communicate(timeout=60)
        for program in self.programs.values():
            program.process.wait(timeout=10)
        if self.keeper.returncode:  # it was killed, or failed: this says why, or does what it did not
            clean(self.state, self.name)
