"""Presets: the networks that a distribution gives pods and Services unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact
from truehop.profiles.folder import read_folder


@dataclass(frozen=True, slots=True)
class Platform:
    """A distribution's default networks; ``basis`` is assumed where it leaves the choice to an add-on."""

    id: str
    pods: Fact[AddressSet]
    services: Fact[AddressSet]


@lru_cache(maxsize=1)
def platforms() -> dict[str, Platform]:
    """The presets by id: ``k3s``, ``kubeadm``, ``kind``."""
    return {
        name: Platform(name, _networks(name, entry["pods"]), _networks(name, entry["services"]))
        for document in read_folder("platforms")
        for name, entry in document.items()
    }


def _networks(name: str, entry: Mapping[str, Any]) -> Fact[AddressSet]:
    basis = Basis.DEFAULT if entry["basis"] == "documented" else Basis.ASSUMED
    origin = f"the preset {name} ({entry['source']})"
    return Fact(AddressSet.parse(*entry["networks"]), basis=basis, origin=origin)
