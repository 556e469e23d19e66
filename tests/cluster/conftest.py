"""A Kubernetes for tests. What it needs is asked for before the first; nothing is passed over in silence."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster import elsewhere, names, stack
from tests.cluster import node as nodes
from tests.cluster.mail import Mail
from tests.cluster.needs import BUILT, ELSEWHERE, PACKAGES, complaint, is_root
from tests.cluster.node import Node
from tests.cluster.stage import Stage

HERE = Path(__file__).parent
LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kube-context", default="", help="a cluster in place of one that is made for the tests"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    context = _context(config)
    ours = [item for item in items if HERE in item.path.parents]
    if ours:
        packages, built = (ELSEWHERE, ()) if context else (PACKAGES, BUILT)
        missing = complaint(is_root=is_root(), packages=packages, built=built)
        if missing:
            raise pytest.UsageError(f"cluster tests: {missing}")
    if context:
        left_out = [item for item in ours if elsewhere.reason(item.nodeid)]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        config.stash[LEFT_OUT] = [item.nodeid for item in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What was not run on somebody's cluster, and why."""
    by_reason: dict[str, list[str]] = {}
    for nodeid in config.stash.get(LEFT_OUT, []):
        by_reason.setdefault(elsewhere.reason(nodeid), []).append(nodeid.rpartition("tests/cluster/")[2])
    if by_reason:
        terminalreporter.section(f"not run on {_context(config)}: for our own node alone")
    for why, nodeids in by_reason.items():
        terminalreporter.write_line(f"{why}:")
        for nodeid in nodeids:
            terminalreporter.write_line(f"  {nodeid}")


def _context(config: pytest.Config) -> str:
    found = config.getoption("--kube-context")
    assert isinstance(found, str)
    return found


@pytest.fixture(scope="session")
def node(pytestconfig: pytest.Config) -> Iterator[Node]:
    """The node that the tests share: our own, or that of somebody's cluster."""
    context = _context(pytestconfig)
    with elsewhere.reached(context) if context else nodes.start() as found:
        yield found


def furnish(node: Node) -> None:
    """Gives our own node names, and images of servers that run."""
    names.serve(node)
    archive = node.state / "stack.tar"
    stack.write_archive(archive)
    node.load_archive(archive)
    archive.unlink()
    node.load(stack.edge())


@pytest.fixture(scope="session")
def world(node: Node, pytestconfig: pytest.Config) -> Node:
    """The node with names and images; somebody's cluster has both."""
    if not _context(pytestconfig):
        furnish(node)
    return node


@pytest.fixture(scope="session")
def stage(world: Node, pytestconfig: pytest.Config) -> Iterator[Stage]:
    """A release whose servers run, with all ports open, behind a balancer that keeps the client's address."""
    values: dict[str, object] = {}
    if _context(pytestconfig):
        values["clientAddress__podNetworks"] = elsewhere.pod_networks(world)
    with new_namespace(world) as name:
        found = Stage(Mail(world, name, 4), values=values)
        found.open()
        yield found


@pytest.fixture(scope="module")
def whole(stage: Stage) -> Iterator[str]:
    """What the release is made of, and is made of again in the end."""
    manifest = stage.manifest()
    yield manifest
    stage.put(manifest)
    stage.wait()


@pytest.fixture
def namespace(node: Node) -> Iterator[str]:
    """A Kubernetes namespace of the test's own."""
    with new_namespace(node) as name:
        yield name


@contextmanager
def new_namespace(node: Node) -> Iterator[str]:
    """A Kubernetes namespace. Its end takes seconds, for which nobody waits."""
    name = f"test-{secrets.token_hex(4)}"
    made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    where = f"/api/v1/namespaces/{name}"
    node.api.create("/api/v1/namespaces", made)
    # No pod is admitted before its account exists.
    node.space.wait_until(
        lambda: node.api.find(f"{where}/serviceaccounts/default") is not None, f"the account of {name} exists"
    )
    yield name
    node.api.delete(where)
