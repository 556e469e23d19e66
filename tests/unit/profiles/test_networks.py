"""Published ranges and the presets of distributions."""

from __future__ import annotations

from truehop.model.addresses import AddressSet, network
from truehop.model.facts import Basis
from truehop.profiles.cdns import published_ranges
from truehop.profiles.platforms import platforms


def test_published_ranges_are_by_name_and_of_both_families() -> None:
    ranges = published_ranges()
    assert {"cloudflare", "fastly"} <= set(ranges)
    assert all(one.families == (4, 6) for one in ranges.values())
    assert ranges["cloudflare"].covers(AddressSet.parse("104.16.0.0/13", "2606:4700::/32"))
    assert not ranges["cloudflare"].overlaps(AddressSet.of([network("10.0.0.0/8")]))


def test_presets_give_pods_and_services() -> None:
    said = {name: (str(one.pods.value), str(one.services.value)) for name, one in platforms().items()}
    assert said == {
        "k3s": ("10.42.0.0/16", "10.43.0.0/16"),
        "kubeadm": ("10.244.0.0/16", "10.96.0.0/12"),
        "kind": ("10.244.0.0/16", "10.96.0.0/16"),
    }


def test_preset_is_assumed_where_an_addon_chooses() -> None:
    presets = platforms()
    assert (presets["kubeadm"].pods.basis, presets["k3s"].pods.basis) == (Basis.ASSUMED, Basis.DEFAULT)
    assert presets["k3s"].pods.origin.startswith("the preset k3s")
