"""Whose networks an address lies in, by the configuration and by manifests."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.errors import UserError
from truehop.live.logs.hops import Hops, expected_of, networks_of

MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: networks
  namespace: mail
  annotations: {truehop/networks: "{pods: [10.42.0.0/16]}"}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def test_the_configuration_names_the_networks(tmp_path: Path) -> None:
    networks = "{preset: k3s, nodes: [192.0.2.0/28], office: [203.0.113.0/24]}"
    (tmp_path / "truehop.yaml").write_text(f"networks: {networks}\n")
    found, settings = networks_of("", ())
    assert {name: str(networks) for name, networks in found.items()} == {
        "networks.pods": "10.42.0.0/16",
        "networks.nodes": "192.0.2.0/28",
        "networks.services": "10.43.0.0/16",
    }
    assert settings.path.endswith("truehop.yaml")
    hops = Hops(found)
    assert hops.place(b"10.42.1.2").network == "networks.pods"
    assert hops.place(b"203.0.113.7").network == ""
    assert hops.is_stated


def test_without_any_only_private_addresses_are_inside() -> None:
    found, _ = networks_of("", ())
    hops = Hops(found, expected_of(("172.16.0.9", "198.51.100.0/24")))
    assert not hops.is_stated
    assert hops.place(b"172.16.0.8").network == "private addresses"
    assert hops.place(b"172.16.0.9").network == ""
    assert hops.is_expected(b"198.51.100.7")
    assert not hops.is_expected(b"192.0.2.1")
    assert not hops.place(b"nobody").is_address


def test_manifests_tell_networks(tmp_path: Path) -> None:
    (tmp_path / "truehop.yaml").write_text("networks: {nodes: [192.0.2.0/28]}\n")
    (tmp_path / "app.yaml").write_text(MANIFEST)
    found, _ = networks_of("", ("app.yaml",))
    assert str(found["networks.nodes"]) == "192.0.2.0/28"


def test_manifests_that_tell_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(MANIFEST.replace("truehop/networks", "other"))
    with pytest.raises(UserError, match="do not tell any network"):
        networks_of("", ("app.yaml",))


def test_a_network_that_is_none_is_told() -> None:
    with pytest.raises(UserError, match="not an address or network"):
        expected_of(("10.0.0.0/8", "office"))
