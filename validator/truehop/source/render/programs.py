"""Programs of the user's, run with bounds: no shell, little environment, not for ever, not without end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from truehop.source.limits import DEFAULT_LIMITS

SECONDS = 60.0
_COMPLAINT_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_LONGEST = 300
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
#: What a program needs to be found and to speak; nothing that could hold a secret.
_KEPT = frozenset(
    {"PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE"}
    | {"PATHEXT", "COMSPEC", "USERPROFILE"}
)
#: Version managers put shims on PATH that look here for the program itself.
_KEPT_PREFIXES = ("LC_", "ASDF_", "MISE_")
#: Nothing is fetched: no proxy listens on port 0, and git may speak no protocol.
OFFLINE = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:0"),
    "NO_PROXY": "",
    "no_proxy": "",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
}
#: What fetching from elsewhere may need.
ONLINE = tuple(name for name in OFFLINE if name.lower().endswith("_proxy"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a program may run, in seconds, and how many bytes it may print."""

    seconds: float = SECONDS
    output_bytes: int = DEFAULT_LIMITS.file_bytes


def bounds() -> Bounds:
    """The bounds, with the time that ``TRUEHOP_RENDER_SECONDS`` gives.

    Raises:
        ProgramError: the variable holds no positive number.
    """
    text = os.environ.get("TRUEHOP_RENDER_SECONDS", "")
    if not text:
        return Bounds()
    if not _NUMBER.fullmatch(text) or not float(text):
        raise ProgramError(f"TRUEHOP_RENDER_SECONDS is no number of seconds: {text}", "write 120")
    return Bounds(seconds=float(text))


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and what it printed; ``complaint`` is how its standard error begins."""

    status: int
    output: bytes
    complaint: str

    @property
    def reason(self) -> str:
        """What it says went wrong, in one line fit for a message."""
        lines = [line.strip() for line in self.complaint.splitlines() if line.strip()]
        telling = [line for line in lines if line.lower().startswith("error")] or lines
        text = " ".join(lines[lines.index(telling[0]) :]) if telling else f"exit status {self.status}"
        text = re.sub(r"^error:\s*", "", text, flags=re.IGNORECASE)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


class ProgramError(Exception):
    """A program that cannot be run, or had to be stopped."""

    def __init__(self, reason: str, cure: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.cure = cure


def find_program(variable: str, *names: str) -> str | None:
    """The program that a variable names, else the first of the names on PATH, else None.

    Raises:
        ProgramError: the variable names something that is no program.
    """
    wanted = os.environ.get(variable, "")
    if wanted:
        found = shutil.which(os.path.expanduser(wanted))  # noqa: PTH111 (a word may stand here, not only a path)
        if found is None:
            raise ProgramError(
                f"{variable} names no program: {wanted}", f"unset {variable}, or name a program"
            )
        return os.path.abspath(found)  # noqa: PTH100 (links keep their name, it says what the program is)
    return next((os.path.abspath(found) for name in names if (found := shutil.which(name))), None)  # noqa: PTH100


def environment(extra: Mapping[str, str], kept: Sequence[str] = ()) -> dict[str, str]:
    """What a program sees of the user's environment, and what it is told besides."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _KEPT or name.startswith(_KEPT_PREFIXES) or name in kept
    }
    return {**own, **extra}


def run_program(arguments: Sequence[str], env: Mapping[str, str], bounds: Bounds, folder: Path) -> Ran:
    """Run a program in a folder, with nothing to read from standard input.

    Raises:
        ProgramError: it does not start, takes too long or prints too much; it and all that it
            started are then ended.
    """
    name = Path(arguments[0]).name
    try:
        process = subprocess.Popen(  # noqa: S603 (a list of arguments, no shell)
            list(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=dict(env),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ProgramError(f"{name} does not start: {getattr(error, 'strerror', None) or error}") from None
    return _attend(process, name, bounds)


def _attend(process: subprocess.Popen[bytes], name: str, bounds: Bounds) -> Ran:
    with process:
        output = _Reader(process, process.stdout, bounds.output_bytes)
        complaint = _Reader(process, process.stderr, _COMPLAINT_BYTES, is_bounded=False)
        try:
            status = process.wait(bounds.seconds)
            # What it started may hold the pipe open; that is not waited for.
            is_late = not output.wait(1.0)
        except subprocess.TimeoutExpired:
            is_late, status = True, -1
        except BaseException:  # an interrupt: it must not go on alone
            _end(process)
            process.wait()
            raise
        if is_late:
            _end(process)
        if output.is_full:
            size = bounds.output_bytes / (1024 * 1024)
            raise ProgramError(f"{name} prints more than {size:g} MiB", "render less at once")
        if is_late:
            raise ProgramError(
                f"{name} takes longer than {bounds.seconds:g} seconds",
                "TRUEHOP_RENDER_SECONDS gives it more time",
            )
        complaint.wait(1.0)
    return Ran(status, output.taken, _CONTROL.sub("", complaint.taken.decode("utf-8", "replace")))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and whatever it started; harmless where all of it has ended."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


class _Reader:
    """Takes what a pipe brings, up to a bound; more than that ends the program."""

    def __init__(
        self, process: subprocess.Popen[bytes], pipe: IO[bytes] | None, most: int, *, is_bounded: bool = True
    ) -> None:
        self.process = process
        self.pipe = pipe
        self.most = most
        self.is_bounded = is_bounded
        self.parts: list[bytes] = []
        self.length = 0
        self.is_full = False
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    @property
    def taken(self) -> bytes:
        """What was read so far."""
        return b"".join(self.parts)[: self.most]

    def wait(self, seconds: float) -> bool:
        """Whether the pipe's end was reached."""
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            while self.pipe is not None and (chunk := os.read(self.pipe.fileno(), _CHUNK)):
                self.length += len(chunk)
                if self.length - len(chunk) < self.most:
                    self.parts.append(chunk)
                if self.length > self.most and self.is_bounded:
                    self.is_full = True
                    _end(self.process)
                    return
