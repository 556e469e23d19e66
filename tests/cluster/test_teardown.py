"""Nothing of a node is left when it ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.cluster import node as nodes
from tests.cluster.keeper import control_groups
from tests.cluster.needs import ROOT
from tests.cluster.processes import Space
from tests.cluster.samples import STAND_IN, pod

#: Where the node puts mounts of its own.
FIXED = {"/", "/proc", "/run", "/var/lib", "/var/log"}
NAMESPACES = ("net", "mnt", "pid")
#: Starts namespaces with a program in them, and waits to be killed.
VICTIM = """
import sys, time
from tests.cluster.processes import Space
space = Space.open()
space.start("sleep", "sleep", "1000")
print(space.holder, space.state, flush=True)
time.sleep(1000)
"""


def _namespaces(holder: int) -> dict[str, str]:
    links = Path(f"/proc/{holder}/ns")
    names = {kind: "pid_for_children" if kind == "pid" else kind for kind in NAMESPACES}
    return {kind: str((links / name).readlink()) for kind, name in names.items()}


def _living(namespaces: dict[str, str]) -> Iterator[str]:
    """The processes that are still in one of some namespaces, but for those of pods, which have their own."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone while we looked
            found = {kind: str((process / "ns" / kind).readlink()) for kind in NAMESPACES}
            if found.items() & namespaces.items():
                yield (process / "cmdline").read_text().replace("\0", " ")


def _in_pods(name: str) -> Iterator[str]:
    """The processes of a node's pods: those in its control groups, which cannot go before them."""
    for group in control_groups(name):
        for listed in group.rglob("cgroup.procs"):
            for number in listed.read_text().split():
                yield Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")


def _mounts() -> list[str]:
    """Those of this machine that a node might leave; others come and go with other people's work."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line for line in lines if line.split()[4] in FIXED or "truehop-node-" in line]


def _is_outside_named() -> bool:
    """Whether the network of the world outside can be seen from here."""
    done = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    return "outside" in done.stdout.split()


def _wait_until(check: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _assert_nothing_is_left(state: Path, namespaces: dict[str, str]) -> None:
    assert not state.exists()
    assert list(_living(namespaces)) == []
    assert [group for group in control_groups(state.name) if group.exists()] == []


def test_node_leaves_nothing_when_its_tests_end() -> None:
    before = _mounts()
    with nodes.start() as node:
        node.load(STAND_IN)
        node.apply("default", pod("one"))
        node.wait_for_pods("default")
        namespaces = _namespaces(node.space.holder)
        assert any("kubelet" in line for line in _living(namespaces))
        assert any("/listen" in line for line in _in_pods(node.state.name))
        assert "outside" in node.space.run("ip", "netns", "list").stdout.split()
        assert (_mounts(), _is_outside_named()) == (before, False)
    _assert_nothing_is_left(node.state, namespaces)
    assert (_mounts(), _is_outside_named()) == (before, False)


def test_nothing_is_left_when_the_tests_are_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM], stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    ) as victim:
        assert victim.stdout is not None
        try:
            holder, state = victim.stdout.readline().split()
            namespaces = _namespaces(int(holder))
            assert _wait_until(lambda: any("sleep 1000" in line for line in _living(namespaces)))
        finally:
            victim.kill()
    assert _wait_until(lambda: not Path(state).exists() and not list(_living(namespaces)))
    _assert_nothing_is_left(Path(state), namespaces)


def test_keeper_is_deaf_to_what_ends_the_tests() -> None:
    space = Space.open()
    namespaces = _namespaces(space.holder)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(space.keeper.pid, number)
    assert space.run("readlink", "/proc/self/ns/net").stdout == f"{namespaces['net']}\n"
    space.close()
    _assert_nothing_is_left(space.state, namespaces)


def test_namespaces_go_even_when_the_keeper_is_killed() -> None:
    space = Space.open()
    namespaces = _namespaces(space.holder)
    space.start("sleep", "sleep", "1000")
    space.keeper.kill()
    assert _wait_until(lambda: not list(_living(namespaces)))
    space.close()
    _assert_nothing_is_left(space.state, namespaces)
