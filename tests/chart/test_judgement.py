"""What truehop says of every topology: nothing to find, and the client's address at the end of each port."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.chart.helm import CHART, merged, nested, render
from tests.chart.judging import Part, is_right, judge
from tests.chart.topologies import TOPOLOGIES, judgement_of, open_ports, parts_of
from tests.chart.trees import dump
from truehop.profiles.front_registry import front_profiles

each_topology = pytest.mark.parametrize("topology", TOPOLOGIES)
FRONTS: dict[str, dict[str, str]] = yaml.safe_load((CHART / "files/fronts.yaml").read_text(encoding="utf-8"))


@each_topology
def test_truehop_finds_nothing(topology: str) -> None:
    assert judgement_of(topology).findings == ()


@each_topology
def test_every_server_records_the_client_and_nobody_can_forge(topology: str) -> None:
    judged = judgement_of(topology)
    wrong = [
        (route.port, route.listener, route.believes, dict(route.forgeable_by), route.settles)
        for route in judged.routes
        if not is_right(route)
    ]
    assert wrong == []


@each_topology
def test_every_open_mail_port_has_its_way(topology: str) -> None:
    assert judgement_of(topology).mail_ports == open_ports(topology)


def test_the_command_says_the_same(tmp_path: Path) -> None:
    """As a user runs it, on a file."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "mail.yaml").write_text(render("hetzner").text, encoding="utf-8")

    def truehop(*words: str) -> subprocess.CompletedProcess[str]:
        call = "import sys; from truehop.cli import main; sys.exit(main())"
        return subprocess.run(
            [sys.executable, "-c", call, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    checked = truehop("check", "mail.yaml")
    assert checked.returncode == 0, checked.stdout
    told = json.loads(truehop("path", "--format", "json", "mail.yaml").stdout)
    mail = [route for route in told["routes"] if route["port"] in open_ports("hetzner")]
    assert {route["port"] for route in mail} == open_ports("hetzner")
    assert {route["believes"] for route in mail} == {"client"}
    assert {answer for route in mail for answer in route["forgeable_by"].values()} == {"no"}


@pytest.mark.parametrize("front", FRONTS)
def test_every_front_is_right(front: str) -> None:
    given: dict[str, object] = nested("clientAddress.front", front)
    if FRONTS[front]["arrives"] == "proxy":
        known = next(profile.addresses for profile in front_profiles() if profile.id == front)
        networks = [str(network) for network in known.networks()] if known else ["10.9.0.0/24"]
        given = merged(given, nested("clientAddress.balancerNetworks", networks))
    if front == "hetzner":
        # What says that its packets come from those networks.
        private = {"load-balancer.hetzner.cloud/use-private-ip": "true"}
        given = merged(given, nested("edge.service.annotations", private))
    judged = judge(Part.of(found) for found in render("metallb", given).objects)
    assert judged.findings == ()
    assert judged.ports
    assert [port for port, right in judged.ports.items() if not right] == []


@pytest.mark.parametrize(
    "port", ["smtp", "submissions", "submission", "imaps", "imap", "pop3s", "pop3", "sieve"]
)
def test_every_port_can_be_the_only_one(port: str) -> None:
    names = ("smtp", "submissions", "submission", "imaps", "imap", "pop3s", "pop3", "sieve")
    given = {"ports": {name: {"enabled": name == port} for name in names}}
    judged = judge(Part.of(found) for found in render("k3s", given).objects)
    assert judged.findings == ()
    assert len(judged.mail_ports) == 1
    assert all(judged.ports.values())


def test_changes_to_parts_are_seen() -> None:
    """The tests of mutants judge parts that are written anew; this is what they rest on."""
    parts = parts_of("k3s")
    again = [Part.of(yaml.safe_load(dump(part.content)), part.name) for part in parts]
    assert judge(again) == judgement_of("k3s")
