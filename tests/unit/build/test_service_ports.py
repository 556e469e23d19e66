"""What a Service's port leads to."""

from __future__ import annotations

from .hand import graph_of, program, service

MTA = program("mta", "jeboehm/mailserver-mta:8.0.0")
UNBOUND = program("unbound", "jeboehm/mailserver-unbound:8.0.0")


def test_a_udp_port_is_another_socket_than_the_mail_listener_of_that_number() -> None:
    graph = graph_of(MTA, service("mta", "[{name: odd, port: 25, protocol: UDP}]"))
    assert graph.doors == []


def test_dns_is_one_listener_for_both_protocols() -> None:
    ports = "[{name: dns, port: 53, targetPort: 5353, protocol: UDP}]"
    doors = graph_of(UNBOUND, service("unbound", ports)).doors
    assert {str(link.to) for door in doors for link in door.links} == {"Deployment mail/unbound :5353"}


def test_an_inner_port_is_known_by_its_name_and_a_mail_port_by_its_number() -> None:
    ports = "[{name: imaps, port: 993}, {name: lmtp, port: 2424}]"
    graph = graph_of(program("dovecot", "example.com/dovecot:1"), service("dovecot", ports))
    assert [(one.port, one.name, one.serves.value.value) for one in graph.listeners] == [
        (993, "", "imaps"),
        (2424, "lmtp", "lmtp"),
    ]
