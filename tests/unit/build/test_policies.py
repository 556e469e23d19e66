"""Policies that open inner ports of pods that are not in the input."""

from __future__ import annotations

import pytest

from .hand import graph_of, program

FILTER = program("filter", "jeboehm/mailserver-filter:8.0.0")


def policy(
    ingress: str, group: str = "networking.k8s.io/v1", selector: str = "{matchLabels: {app: filter}}"
) -> str:
    return f"""\
apiVersion: {group}
kind: NetworkPolicy
metadata: {{name: filter, namespace: mail}}
spec:
  podSelector: {selector}
  ingress: {ingress}
"""


def misuses(*texts: str) -> list[tuple[str, str]]:
    return [(one.rule, one.message) for one in graph_of(*texts).misuses]


PORT = "ports: [{port: 11334}]"


@pytest.mark.parametrize(
    "who",
    [
        "",
        "from: [], ",
        "from: [{ipBlock: {cidr: 0.0.0.0/0}}], ",
        "from: [{podSelector: {}}, {ipBlock: {cidr: '::/0'}}], ",
    ],
)
def test_an_inner_port_open_to_everybody_is_told(who: str) -> None:
    assert misuses(policy(f"[{{{who}{PORT}}}]")) == [
        (
            "admin-exposed",
            "NetworkPolicy mail/filter admits everybody to port 11334, usually the spam filter's controller",
        )
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "{from: [{podSelector: {}}], ports: [{port: 11334}]}",
        "{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 11334}]}",
        "{from: 7, ports: [{port: 11334}]}",
        "{ports: [{port: 25}]}",
        "{ports: [{port: controller}]}",
        "{ports: [{port: 11334, protocol: UDP}]}",
        "{}",
    ],
)
def test_other_rules_are_left_alone(rule: str) -> None:
    assert misuses(policy(f"[{rule}]")) == []


def test_several_ports_are_told_one_by_one() -> None:
    found = misuses(policy("[{ports: [{port: 24}, {port: 11332}, {port: 25}]}]"))
    assert [rule for rule, _ in found] == ["backend-exposed", "backend-exposed"]


def test_pods_in_the_input_are_judged_by_their_listeners() -> None:
    assert misuses(FILTER, policy(f"[{{{PORT}}}]")) == []
    other = policy(f"[{{{PORT}}}]", selector="{matchLabels: {app: other}}")
    assert len(misuses(FILTER, other)) == 1


def test_policies_of_other_groups_are_not_these() -> None:
    assert misuses(policy(f"[{{{PORT}}}]", "crd.projectcalico.org/v1")) == []
