"""What the config and the annotations declare, in the terms of the model."""

from __future__ import annotations

from truehop import settings
from truehop.adapters.networks import DATAPATH, PARTS, PRESET, StatedNetworks
from truehop.build.request import DeclaredFront
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Location
from truehop.model.graph import Networks
from truehop.profiles.platforms import platforms


def declared_networks(declared: settings.Networks) -> Networks:
    """The networks of the config; a preset fills what the config leaves out, as an assumption."""
    platform = platforms().get(declared.preset)
    # The user named the platform: its documented networks are what he stated.
    preset = {"pods": platform.pods.value, "services": platform.services.value} if platform else {}
    networks = Networks(datapath=declared.datapath)
    networks.pods = _fact("pods", declared.pods, declared, preset)
    networks.nodes = _fact("nodes", declared.nodes, declared, preset)
    networks.services = _fact("services", declared.services, declared, preset)
    networks.load_balancers = _fact("loadBalancers", declared.load_balancers, declared, preset)
    networks.other = {name: AddressSet.parse(*texts) for name, texts in declared.other.items()}
    return networks


def _fact(
    name: str, texts: tuple[str, ...] | None, declared: settings.Networks, preset: dict[str, AddressSet]
) -> Fact[AddressSet | None]:
    settles = f"networks.{name}"
    if texts is not None:
        place = declared.places.get(name)
        at = None
        if place is not None:
            at = Location(
                place.path, place.line, place.column, place.end_line, place.end_column, place.pointer
            )
        return Fact(AddressSet.parse(*texts), at, Basis.STATED, f"the config's {settles}", settles)
    if name in preset:
        return Fact(preset[name], None, Basis.STATED, f"the networks of {declared.preset}", settles)
    return Fact(None, basis=Basis.UNKNOWN, settles=settles)


def with_stated(declared: Networks, stated: StatedNetworks) -> Networks:
    """The config's networks, and what annotations say where it is silent; their preset comes last."""

    def known(key: str, fact: Fact[AddressSet | None]) -> Fact[AddressSet | None]:
        said = stated.networks.get(key)
        if fact.is_known or said is None:
            return fact
        return Fact(said.value, said.at, said.basis, said.origin, said.settles)

    preset, datapath = stated.words.get(PRESET), stated.words.get(DATAPATH)
    usual = declared_networks(settings.Networks(preset=preset.value if preset else ""))
    return Networks(
        pods=_first(known("pods", declared.pods), usual.pods),
        nodes=known("nodes", declared.nodes),
        services=_first(known("services", declared.services), usual.services),
        load_balancers=known("loadBalancers", declared.load_balancers),
        other={
            **{name: fact.value for name, fact in stated.networks.items() if name not in PARTS},
            **declared.other,
        },
        datapath=declared.datapath or (datapath.value if datapath else ""),
    )


def _first(one: Fact[AddressSet | None], other: Fact[AddressSet | None]) -> Fact[AddressSet | None]:
    return one if one.is_known else other


def declared_fronts(fronts: tuple[settings.Front, ...]) -> tuple[DeclaredFront, ...]:
    """The config's fronts, their addresses parsed."""
    return tuple(
        DeclaredFront(
            front.service,
            front.kind,
            front.sends or "",
            front.keeps_source,
            AddressSet.parse(*front.addresses) if front.addresses else None,
        )
        for front in fronts
    )
