"""What enforces NetworkPolicies on the node: kube-router's controller of them, which is that of k3s too.

It writes all of its rules anew whenever a pod, a namespace or a policy changes. Its log says which change it
knows of and when it is done, so that nobody has to guess whether an answer is one of before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.cluster import configuration
from tests.cluster.api import Object
from tests.cluster.processes import Place

if TYPE_CHECKING:
    from tests.cluster.node import Node

NAME = "network-policies"
#: What it says of changes to policies and pods, when it begins to write, and when all is written.
CHANGED = "Received update for network policy: {}/{}\n"
GONE = "Received network policy: {}/{} delete event\n"
POD = "Received update to pod: {}/{}\n"
BEGUN = "] Starting sync of iptables"
DONE = "] sync iptables took"
LATEST = 30.0
#: How the controller marks what a policy admits; what has the mark already passes.
ADMITTED = "0x10000/0x10000"
#: Neighbours of IPv6 find each other by these. The controller takes them for traffic of the pod, which would
#: lose its link to the node by any policy for the way out; Kubernetes' policies are about connections alone.
NEIGHBOURS = ("neighbour-solicitation", "neighbour-advertisement")


def start(space: Place) -> None:
    """Starts it; from now on policies hold."""
    for kind in NEIGHBOURS:
        rule = ["-p", "icmpv6", "--icmpv6-type", kind, "-j", "MARK", "--set-xmark", ADMITTED]
        space.run("ip6tables", "-t", "mangle", "-A", "PREROUTING", *rule)
    space.start(NAME, *configuration.firewall(space.state))
    space.wait_until(lambda: DONE in said(space), "policies are enforced", of=[NAME])


def said(space: Place) -> str:
    """All that it has said."""
    return space.programs[NAME].log.read_text(encoding="utf-8", errors="replace")


def change(node: Node, new: Sequence[Object], gone: Sequence[Object] = ()) -> None:
    """Makes policies and removes others, and waits until the node does as they say."""
    before = len(said(node.space))
    for policy in gone:
        node.api.delete(f"{_policies(policy)}/{policy['metadata']['name']}")
    for policy in new:
        node.api.create(_policies(policy), policy)
    changes = [*(_told(GONE, one) for one in gone), *(_told(CHANGED, one) for one in new)]
    if changes:
        wait(node.space, before, changes)


def wait_for_pods(node: Node, pods: Sequence[tuple[str, str]]) -> None:
    """Waits until the node knows pods, by namespace and name, which it may have heard of long ago."""
    wait(node.space, 0, [POD.format(*pod) for pod in pods])


def wait(space: Place, since: int, changes: Sequence[str]) -> None:
    """Waits until changes are in force, of which it has told since some length of its log."""
    space.wait_until(
        lambda: are_in_force(said(space)[since:], changes),
        f"the firewall knows: {changes}",
        seconds=LATEST,
        of=[NAME],
    )


def are_in_force(text: str, changes: Sequence[str]) -> bool:
    """Whether rules were written from beginning to end after the last of some changes was known."""
    places = [text.find(change) for change in changes]
    begun = text.find(BEGUN, max(places))
    return -1 not in places and begun != -1 and text.find(DONE, begun) != -1


def _told(words: str, policy: Object) -> str:
    return words.format(policy["metadata"]["namespace"], policy["metadata"]["name"])


def _policies(policy: Object) -> str:
    return f"/apis/networking.k8s.io/v1/namespaces/{policy['metadata']['namespace']}/networkpolicies"
