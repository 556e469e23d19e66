"""Backends that the input contradicts."""

from __future__ import annotations

import pytest

from truehop.model.facts import Basis, Tri

from .hand import graph_of, program, service

MDA = program("mda", "jeboehm/mailserver-mda:8.0.0")


def route(name: str, port: int) -> str:
    return f"""\
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {{name: in, namespace: mail}}
spec:
  routes:
    - match: HostSNI(`*`)
      services: [{{name: {name}, port: {port}}}]
"""


@pytest.mark.parametrize(
    ("is_closed", "expected"),
    [(Tri.YES, (Tri.YES, Basis.STATED)), (Tri.UNKNOWN, (Tri.UNKNOWN, Basis.ASSUMED))],
)
def test_a_missing_service_is_certain_in_a_closed_world_only(
    is_closed: Tri, expected: tuple[Tri, Basis]
) -> None:
    (backend,) = graph_of(MDA, route("imap", 993), is_closed=is_closed).routers[0].backends
    assert (backend.dangles.value, backend.dangles.basis) == expected
    assert backend.dangling == "Service mail/imap is not there"


@pytest.mark.parametrize("is_closed", [Tri.YES, Tri.UNKNOWN])
def test_a_selector_without_pods_is_never_certain(is_closed: Tri) -> None:
    texts = MDA, service("mta", "[{port: 25}]", "ClusterIP"), route("mta", 25)
    (backend,) = graph_of(*texts, is_closed=is_closed).routers[0].backends
    assert (backend.dangles.value, backend.dangling) == (Tri.UNKNOWN, "Service mail/mta selects no pod")


def test_pods_that_an_operator_makes_are_in_no_input() -> None:
    by_label = service("mta", "[{port: 25}]", "ClusterIP").replace(
        "{app: mta}", "{postfix.example.net/cluster: main, app.kubernetes.io/name: mta}"
    )
    (backend,) = graph_of(MDA, by_label, route("mta", 25)).routers[0].backends
    assert not backend.dangling
    others = MDA.replace("labels: {app: mda}", "labels: {postfix.example.net/cluster: other}")
    (backend,) = graph_of(others, by_label, route("mta", 25)).routers[0].backends
    assert backend.dangling == "Service mail/mta selects no pod"


def test_nothing_dangles_in_an_open_world() -> None:
    (backend,) = graph_of(MDA, route("imap", 993), is_closed=Tri.NO).routers[0].backends
    assert not backend.dangling


@pytest.mark.parametrize(
    ("is_closed", "expected"), [(Tri.YES, Tri.YES), (Tri.UNKNOWN, Tri.UNKNOWN), (Tri.NO, Tri.NO)]
)
def test_a_name_that_no_pod_gives_a_port_leads_nowhere(is_closed: Tri, expected: Tri) -> None:
    texts = MDA, service("mda", "[{port: 993, targetPort: imaps}]", "ClusterIP"), route("mda", 993)
    (backend,) = graph_of(*texts, is_closed=is_closed).routers[0].backends
    assert backend.dangles.value is expected
    if expected is not Tri.NO:
        assert (
            backend.dangling == "port 993 of Service mail/mda leads to imaps, a port that no pod of it names"
        )


def test_a_name_that_one_of_the_pods_gives_is_enough() -> None:
    named = program(
        "mda2", "jeboehm/mailserver-mda:8.0.0", container=", ports: [{name: imaps, containerPort: 31993}]"
    ).replace("{app: mda2}", "{app: mda}")
    texts = MDA, named, service("mda", "[{port: 993, targetPort: imaps}]", "ClusterIP"), route("mda", 993)
    (backend,) = graph_of(*texts, is_closed=Tri.YES).routers[0].backends
    assert not backend.dangling
