"""Traffic policies that the API refuses or that drop everything."""

from __future__ import annotations

import pytest

from .hand import graph_of, program, service

MTA = program("mta", "jeboehm/mailserver-mta:8.0.0")
PORTS = "[{name: smtp, port: 25}]"


def misuses(*texts: str) -> list[tuple[str, str, bool]]:
    return [(one.rule, one.message, one.is_certain) for one in graph_of(*texts).misuses]


def test_a_traffic_policy_inside_the_cluster_is_refused() -> None:
    policy = "  externalTrafficPolicy: Local"
    assert misuses(MTA, service("mta", PORTS, "ClusterIP", policy)) == [
        (
            "traffic-policy-invalid",
            "the API refuses externalTrafficPolicy Local on Service mail/mta of type ClusterIP",
            True,
        )
    ]
    assert misuses(MTA, service("mta", PORTS, "ClusterIP", f"{policy}\n  externalIPs: [192.0.2.1]")) == []


@pytest.mark.parametrize("policy", ["", "  externalTrafficPolicy: ''", "  externalTrafficPolicy: Cluster"])
def test_a_policy_that_says_nothing_is_fine(policy: str) -> None:
    kind = "LoadBalancer" if "Cluster" in policy else "ClusterIP"
    assert misuses(MTA, service("mta", PORTS, kind, policy)) == []


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
def test_local_without_a_replica_drops_everything(kind: str) -> None:
    none = MTA.replace("spec:\n  selector", "spec:\n  replicas: 0\n  selector", 1)
    local = service("mta", PORTS, kind, "  externalTrafficPolicy: Local")
    ((rule, message, is_certain),) = misuses(none, local)
    assert (rule, is_certain) == ("traffic-policy-invalid", False)
    assert message.endswith("drops everything: Deployment mail/mta has no replica")
    assert misuses(MTA, local) == []
    assert misuses(local) == []
