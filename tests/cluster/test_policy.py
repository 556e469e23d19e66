"""The node enforces NetworkPolicies, and does as the table says that truehop is held against too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster import enforcer
from tests.cluster.cast import Cast, assembled, expected, settled
from tests.cluster.node import Node
from tests.unit.kube.policy_cases import Case, cases


@pytest.fixture(scope="module")
def cast(node: Node) -> Iterator[Cast]:
    """Pods of the table."""
    with assembled(node) as found:
        yield found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_who_connects_is_whom_kubernetes_lets(case: Case, cast: Cast) -> None:
    asked = settled(case.questions)
    policies = case.objects()
    enforcer.change(cast.node, policies)
    try:
        assert cast.answers(asked) == expected(cast, asked)
    finally:
        enforcer.change(cast.node, [], policies)
