"""Whose networks an address lies in: those that the configuration or manifests name, else what is private."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from truehop.build.declared import declared_networks
from truehop.engine.request import Request
from truehop.engine.runner import load_scopes, load_settings
from truehop.engine.scope import graph_of, view_of
from truehop.errors import UserError
from truehop.model.addresses import MAPPED_FIRST, MAPPED_LAST, AddressSet, parse_network
from truehop.settings import Settings

#: Where no client on the internet comes from: RFC 1918, RFC 4193, RFC 6598, loopback and link-local.
PRIVATE = AddressSet.parse(
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)
#: The name of these, where nobody names the networks.
PRIVATE_NAME = "private addresses"
_MOST_KNOWN = 50_000


@dataclass(slots=True)
class Place:
    """Where an address lies: the hop network's name, empty for none; ``is_address`` no for what is none."""

    network: str = ""
    is_address: bool = True


OUTSIDE = Place()
_NONE = Place(is_address=False)
_EXPECTED = Place()


@dataclass
class Hops:
    """The networks of the hops by name, and those whose addresses rightly appear in the logs."""

    networks: Mapping[str, AddressSet] = field(default_factory=dict)
    expected: AddressSet = field(default_factory=AddressSet)
    _known: dict[bytes, Place] = field(default_factory=dict, repr=False)
    _places: dict[str, Place] = field(default_factory=dict, repr=False)

    @property
    def is_stated(self) -> bool:
        """Whether anybody named the networks; else what is private is taken for inside, as a guess."""
        return bool(self.networks)

    def place(self, address: bytes) -> Place:
        """Where an address lies."""
        try:
            return self._known[address]
        except KeyError:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            return self._known.setdefault(address, self._find(address))

    def is_expected(self, address: bytes) -> bool:
        """Whether the user said that the address rightly appears."""
        return self.place(address) is _EXPECTED

    def _find(self, address: bytes) -> Place:
        family, number = number_of(address)
        if not family:
            return _NONE
        if _holds(self.expected, family, number):
            return _EXPECTED
        for name, networks in (self.networks or {PRIVATE_NAME: PRIVATE}).items():
            if _holds(networks, family, number):
                return self._places.setdefault(name, Place(name))
        return OUTSIDE


def number_of(address: bytes) -> tuple[int, int]:
    """Family and number of an address, IPv4 in IPv6 as the former; family 0 for what is no address."""
    text = address.decode("ascii", "replace")
    try:
        if ":" not in text:
            return 4, int.from_bytes(socket.inet_pton(socket.AF_INET, text), "big")
        number = int.from_bytes(socket.inet_pton(socket.AF_INET6, text), "big")
    except (OSError, ValueError):
        return 0, 0
    return (4, number - MAPPED_FIRST) if MAPPED_FIRST <= number <= MAPPED_LAST else (6, number)


def _holds(networks: AddressSet, family: int, number: int) -> bool:
    return any(first <= number <= last for first, last in networks.family(family))


def networks_of(config: str, manifests: tuple[str, ...]) -> tuple[dict[str, AddressSet], Settings]:
    """The networks that the configuration names and those that manifests tell, and the configuration.

    Raises:
        UserError: a configuration or path that is none.
    """
    request = Request(paths=manifests, config=config)
    settings = load_settings(request)
    # Networks of the user's own naming, such as an office, are no hops.
    found = declared_networks(settings.networks).named
    for scope in load_scopes(request, settings) if manifests else ():
        graph = graph_of(scope, view_of(scope))
        for name, networks in graph.networks.named.items():
            found[name] = found.get(name, AddressSet()) | networks
    if manifests and not found:
        raise UserError(
            "the manifests do not tell any network",
            place="--manifests",
            value=" ".join(manifests),
            cure="write networks: into truehop.yaml, such as networks: {preset: k3s}",
        )
    return found, settings


def expected_of(texts: tuple[str, ...]) -> AddressSet:
    """The networks of ``--expect``.

    Raises:
        UserError: one that is none.
    """
    for text in texts:
        if parse_network(text) is None:
            cure = "write an address or a network, such as 10.42.0.7 or 198.51.100.0/24"
            raise UserError("not an address or network", place="--expect", value=text, cure=cure)
    return AddressSet.parse(*texts)
