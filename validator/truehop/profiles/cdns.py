"""The address ranges that content delivery networks publish."""

from __future__ import annotations

from functools import lru_cache

from truehop.model.addresses import AddressSet
from truehop.profiles.folder import read_folder


@lru_cache(maxsize=1)
def published_ranges() -> dict[str, AddressSet]:
    """By the network's id, the addresses its requests come from."""
    return {document["id"]: AddressSet.parse(*document["networks"]) for document in read_folder("cdns")}
