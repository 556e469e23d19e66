"""What the configuration declares, in the model's terms."""

from __future__ import annotations

from tests.unit.kube.hand import world_of
from truehop import settings
from truehop.adapters.networks import StatedNetworks, read_networks
from truehop.build.declared import declared_fronts, declared_networks, with_stated
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis


def test_what_nobody_says_is_unknown_and_names_its_key() -> None:
    networks = declared_networks(settings.Networks())
    assert (networks.pods.value, networks.pods.is_known, networks.pods.settles) == (
        None,
        False,
        "networks.pods",
    )
    assert networks.load_balancers.settles == "networks.loadBalancers"


def test_a_preset_fills_what_is_left_out() -> None:
    networks = declared_networks(settings.Networks(preset="k3s", services=("10.99.0.0/16",), datapath="dsr"))
    assert networks.pods.value == AddressSet.parse("10.42.0.0/16")
    assert (networks.pods.basis, networks.pods.origin) == (Basis.STATED, "the networks of k3s")
    assert networks.services.value == AddressSet.parse("10.99.0.0/16")
    assert not networks.nodes.is_known
    assert networks.datapath == "dsr"


def test_a_declared_network_has_its_place_in_the_configuration() -> None:
    place = settings.Place("truehop.yaml", 2, 9, 2, 23, "0#/networks/nodes")
    declared = settings.Networks(
        nodes=("192.0.2.0/28", "2001:db8::/64"),
        pods=(),
        places={"nodes": place},
        other={"office": ("192.0.2.7",)},
    )
    networks = declared_networks(declared)
    assert str(networks.nodes.at) == "truehop.yaml:2:9"
    assert networks.nodes.value == AddressSet.parse("192.0.2.0/28", "2001:db8::/64")
    assert (networks.pods.value, networks.pods.at) == (AddressSet(), None)
    assert networks.other == {"office": AddressSet.parse("192.0.2.7")}


def test_fronts_keep_what_was_said_and_nothing_else() -> None:
    front, silent = declared_fronts(
        (
            settings.Front("edge/*", "hetzner", "v2", keeps_source=False, addresses=("192.0.2.1",)),
            settings.Front("mail/*"),
        )
    )
    assert (front.kind, front.sends, front.keeps_source) == ("hetzner", "v2", False)
    assert front.addresses == AddressSet.parse("192.0.2.1")
    assert (silent.kind, silent.sends, silent.keeps_source, silent.addresses) == ("", "", None, None)


def stated(text: str) -> StatedNetworks:
    """What an annotation says."""
    return read_networks(
        world_of(
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: mail\n  annotations:\n"
            f"    truehop/networks: '{text}'\n"
        )
    )


def test_an_annotation_says_what_the_config_does_not() -> None:
    said = stated("{pods: 10.42.0.0/16, nodes: 192.0.2.0/28, office: 203.0.113.0/24, datapath: dsr}")
    networks = with_stated(declared_networks(settings.Networks()), said)
    assert networks.pods.value == AddressSet.parse("10.42.0.0/16")
    assert (networks.pods.basis, networks.pods.settles) == (Basis.STATED, "networks.pods")
    assert str(networks.pods.at) == "input.yaml:6:31"
    assert networks.nodes.value == AddressSet.parse("192.0.2.0/28")
    assert (networks.services.is_known, networks.services.settles) == (False, "networks.services")
    assert not networks.load_balancers.is_known
    assert networks.other == {"office": AddressSet.parse("203.0.113.0/24")}
    assert networks.datapath == "dsr"


def test_the_config_wins_key_by_key() -> None:
    config = settings.Networks(
        pods=("10.244.0.0/16",), other={"office": ("198.51.100.0/24",)}, datapath="kube-proxy"
    )
    said = stated("{pods: 10.42.0.0/16, nodes: 192.0.2.0/28, office: 203.0.113.0/24, datapath: dsr}")
    networks = with_stated(declared_networks(config), said)
    assert networks.pods.value == AddressSet.parse("10.244.0.0/16")
    assert networks.nodes.value == AddressSet.parse("192.0.2.0/28")
    assert networks.other == {"office": AddressSet.parse("198.51.100.0/24")}
    assert networks.datapath == "kube-proxy"


def test_a_preset_of_an_annotation_comes_last_and_one_of_the_config_first() -> None:
    said = stated("{preset: kind, services: 10.99.0.0/16}")
    networks = with_stated(declared_networks(settings.Networks()), said)
    assert networks.pods.value == AddressSet.parse("10.244.0.0/16")
    assert networks.services.value == AddressSet.parse("10.99.0.0/16")
    networks = with_stated(declared_networks(settings.Networks(preset="k3s")), said)
    assert networks.pods.value == AddressSet.parse("10.42.0.0/16")
    assert networks.services.value == AddressSet.parse("10.43.0.0/16")
