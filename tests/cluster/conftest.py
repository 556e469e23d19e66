"""A Kubernetes for tests. What it needs is asked for before the first; nothing is passed over in silence."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster import names, stack
from tests.cluster import node as nodes
from tests.cluster.mail import Mail
from tests.cluster.needs import ROOT, complaint, is_root
from tests.cluster.node import Node
from tests.cluster.stage import Stage

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if any(HERE in item.path.parents for item in items):
        missing = complaint(is_root=is_root())
        if missing:
            raise pytest.UsageError(f"cluster tests: {missing}")


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """The node that the tests share."""
    with nodes.start() as started:
        yield started


@pytest.fixture(scope="session")
def traefik_kinds(node: Node) -> None:
    """Has the node know Traefik's kinds of objects, as Traefik's source defines them."""
    done = subprocess.run(
        [ROOT / "scripts/tool", "--source", "traefik"], stdout=subprocess.PIPE, text=True, check=True
    )
    folder = Path(done.stdout.strip(), "docs/content/reference/dynamic-configuration")
    definitions = str(folder / "kubernetes-crd-definition-v1.yml")
    node.kubectl("apply", "--server-side", "-f", definitions)
    node.kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", definitions)


@pytest.fixture(scope="session")
def world(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The node with names, and with images of servers that run."""
    names.serve(node)
    archive = tmp_path_factory.mktemp("stack") / "stack.tar"
    stack.write_archive(archive)
    node.load_archive(archive)
    archive.unlink()
    node.load(stack.edge())
    return node


@pytest.fixture(scope="session")
def stage(world: Node) -> Iterator[Stage]:
    """A release whose servers run, with all ports open, behind a balancer that keeps the client's address."""
    with new_namespace(world) as name:
        found = Stage(Mail(world, name, 4))
        found.open()
        yield found


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
