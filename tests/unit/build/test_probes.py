"""Probes: what the kubelet says to which listener."""

from __future__ import annotations

import pytest

from truehop.model.hops import Probe, Wire

from .hand import graph_of, program, values_of


def probes(probe: str, more: str = "") -> list[Probe]:
    ports = "[{name: smtp, containerPort: 25}, {containerPort: 9000}]"
    container = f", ports: {ports}, readinessProbe: {probe}{more}"
    return graph_of(program("mta", "jeboehm/mailserver-mta:8.0.0", container=container)).probes


def told(probe: str) -> list[tuple[int, bool]]:
    return [(found.to.port, found.speaks) for found in probes(probe)]


@pytest.mark.parametrize("port", ["25", "smtp"])
def test_a_connect_says_nothing(port: str) -> None:
    assert told(f"{{tcpSocket: {{port: {port}}}}}") == [(25, False)]


def test_an_http_request_speaks() -> None:
    assert told("{httpGet: {port: 25, path: /}}") == [(25, True)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("[nc, 127.0.0.1, '25']", [(25, True)]),
        ("[sh, -c, 'nc -z 127.0.0.1 25']", [(25, False)]),
        ("[sh, -c, 'echo QUIT | openssl s_client -connect localhost:25']", [(25, True)]),
        ("[swaks, --port, '26']", []),
        ("[cat, /25]", []),
        ("[nc, 127.0.0.1]", []),
    ],
)
def test_a_command_speaks_to_the_port_that_it_names(command: str, expected: list[tuple[int, bool]]) -> None:
    assert told(f"{{exec: {{command: {command}}}}}") == expected


@pytest.mark.parametrize(
    "probe", ["{tcpSocket: {port: 9000}}", "{tcpSocket: {port: none}}", "{tcpSocket: {}}"]
)
def test_a_probe_of_no_listener_is_left_alone(probe: str) -> None:
    assert told(probe) == []


def test_a_probe_is_named_by_its_kind_and_container() -> None:
    found, second = probes("{tcpSocket: {port: 25}}", ", livenessProbe: {httpGet: {port: 25}}")
    assert (found.name, second.name) == (
        "readiness probe of container mta",
        "liveness probe of container mta",
    )
    assert found.sends.value is Wire.NONE
    assert found.at.pointer.endswith("/readinessProbe")
    assert found.to.admission is not None


def test_values_have_no_probes() -> None:
    assert graph_of(values=(values_of("ports: {smtp: {port: 2525}}"),)).probes == []
