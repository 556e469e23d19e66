"""The commands of the chart's README install it, as they stand there."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.chart.helm import CHART, MAJORS
from tests.cluster.definitions import define
from tests.cluster.node import Node

COMMANDS = re.findall(
    r"^helm install (?:.*\\\n)*.*$", (CHART / "README.md").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.fixture(scope="session", autouse=True)
def _kinds(node: Node) -> None:
    define(node, "cert-manager")


def test_the_readme_has_a_command_for_each_kind_of_platform() -> None:
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("command", COMMANDS, ids=range(len(COMMANDS)))
def test_a_command_of_the_readme_is_taken_by_the_cluster(command: str, major: int, node: Node) -> None:
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:4] == ["helm", "install", "mail", "charts/mailstack"]
    said = node.helm(major, "install", "mail", str(CHART), *words[4:], "--dry-run=server")
    assert "HOW CLIENTS COME IN" in said
