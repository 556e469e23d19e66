"""Listeners by workload and port; mail ports of unknown programs are guessed."""

from __future__ import annotations

import pytest

from truehop.build.stock import unknown_listener
from truehop.model.facts import Basis
from truehop.model.hops import Hop, HopGraph, Listener, Role, Serves, Tls

from .hand import graph_of, program, service

CUSTOM = program("mta", "registry.example.com/postfix:3.10")


def listeners(graph: HopGraph) -> dict[str, Listener]:
    return {str(listener): listener for listener in graph.listeners}


def test_a_mail_port_of_an_unknown_program_is_guessed() -> None:
    graph = graph_of(CUSTOM, service("mta", "[{port: 25}, {port: 465}, {port: 8025, name: Submission}]"))
    found = listeners(graph)
    assert {name: listener.serves.value for name, listener in found.items()} == {
        "Deployment mail/mta :25": Serves.SMTP,
        "Deployment mail/mta :465": Serves.SUBMISSIONS,
        "Deployment mail/mta :8025": Serves.SUBMISSION,
    }
    assert {listener.basis for listener in found.values()} == {Basis.ASSUMED}
    assert not found["Deployment mail/mta :25"].proxy.mode.is_known
    assert found["Deployment mail/mta :465"].tls.value is Tls.IMPLICIT
    assert found["Deployment mail/mta :25"].tls.value is Tls.UNKNOWN
    assert len({id(listener.hop) for listener in found.values()}) == 1


def test_a_guessed_listener_is_one_for_all_services() -> None:
    ports = "[{name: smtp, port: 25}]"
    graph = graph_of(
        CUSTOM, service("mta", ports), service("mta", ports, "NodePort").replace("name: mta,", "name: x,")
    )
    assert len(graph.listeners) == 1
    assert len({id(link.to) for door in graph.doors for link in door.links}) == 1


@pytest.mark.parametrize("port", ["{port: 9000}", "{port: 9000, name: lmtp}", "{port: 25, protocol: UDP}"])
def test_other_ports_are_not_guessed(port: str) -> None:
    assert graph_of(CUSTOM, service("mta", f"[{port}]")).listeners == []


@pytest.mark.parametrize(
    ("name", "serves"),
    [("lmtp", Serves.LMTP), ("sasl", Serves.AUTH), ("doveadm", Serves.DOVEADM), ("milter", Serves.MILTER)],
)
def test_inner_ports_are_believed_beside_a_mail_port(name: str, serves: Serves) -> None:
    graph = graph_of(CUSTOM, service("mta", f"[{{port: 25}}, {{port: 9000, name: {name}}}]"))
    assert listeners(graph)["Deployment mail/mta :9000"].serves.value is serves


def test_a_service_without_pods_in_the_input_has_a_listener_of_its_own() -> None:
    graph = graph_of(service("mta", "[{port: 25}, {port: 9000}]"))
    (listener,) = graph.listeners
    assert str(listener) == "pods of Service mail/mta :25"
    assert graph.doors[0].links[0].to is listener


def test_a_mail_port_of_a_proxy_is_its_entry_or_nothing() -> None:
    edge = program("edge", "traefik:v3.6.12", container=', args: ["--entryPoints.smtp.address=:2525"]')
    graph = graph_of(edge, service("edge", "[{port: 25, targetPort: 2525}, {port: 587, targetPort: 2587}]"))
    ports = {door.port for door in graph.doors if not door.is_side}
    assert ports == {25}


def test_a_named_target_port_that_no_container_has_leads_nowhere() -> None:
    graph = graph_of(CUSTOM, service("mta", "[{port: 25, targetPort: smtp}]"))
    assert graph.doors == []


def test_a_listener_of_a_hop_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        unknown_listener(Hop("nowhere", Role.OTHER), 25, Serves.SMTP, "")


def test_a_guess_joins_the_hop_of_a_known_program() -> None:
    known = program("mta", "jeboehm/mailserver-mta:8.0.0")
    graph = graph_of(known, service("mta", "[{port: 25}, {port: 465}]"))
    assert {listener.hop.profile for listener in graph.listeners} == {"mailserver-mta"}
    assert {listener.port for listener in graph.listeners} == {25, 587, 465}
