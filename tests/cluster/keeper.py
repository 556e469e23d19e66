"""Holds the namespaces of a node and removes everything of it, whatever becomes of the tests.

    python keeper.py STATE NAME

Run as a process of its own, in its own session: neither Ctrl-C nor a killed test process reaches it. It says
``ready PID`` once process PID has the namespaces, and cleans up when its input ends, which happens when
whoever started it is gone. All of the node's processes live in one process namespace, so that killing its
first one ends every one of them; all mounts live in one mount namespace and go with it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

#: Run as the first process of the namespaces. What the node's programs keep in fixed places stays in its own
#: folder; the shell stays as the parent of what loses its own, and `wait` lets such processes end.
INIT = """
set -e
mount --make-rshared /
mount -t tmpfs tmpfs /run
mount --bind "$1/var-lib" /var/lib
mount --bind "$1/var-log" /var/log
echo ready
exec >/dev/null
sleep infinity &
wait
"""
PATIENCE = 20.0


def control_groups(name: str) -> Iterator[Path]:
    """The control group of the node in each hierarchy of the machine."""
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        words, _, kind = line.partition(" - ")
        if kind.startswith(("cgroup ", "cgroup2 ")):
            yield Path(words.split()[4]) / name


def hold(state: Path) -> subprocess.Popen[str]:
    """A process in new namespaces; those below it end with it, and it ends with this one."""
    for folder in ("var-lib", "var-log"):
        (state / folder).mkdir()
    new = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "--", *new, "--", "sh", "-c", INIT, "sh", str(state)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


def remove(group: Path) -> None:
    """Removes a control group and those in it, which must have no processes left."""
    for folder, _, _ in os.walk(group, topdown=False):
        Path(folder).rmdir()


def clean(state: Path, name: str) -> None:
    """Removes control groups and folder. The kernel may still be ending the last processes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            for group in control_groups(name):
                remove(group)
            if state.exists():
                shutil.rmtree(state)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def main(state: Path, name: str) -> int:
    """Holds the namespaces until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        for group in control_groups(name):
            group.mkdir()
        with hold(state) as held:
            try:
                if held.stdout is not None and held.stdout.readline() == "ready\n":
                    with contextlib.suppress(BrokenPipeError):
                        sys.stdout.write(f"ready {held.pid}\n")
                        sys.stdout.flush()
                    sys.stdin.read()
            finally:
                held.kill()
    finally:
        clean(state, name)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
