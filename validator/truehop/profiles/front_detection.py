"""Which make of balancer serves a Service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from truehop.kube.objects import World
from truehop.kube.resources import Resource
from truehop.model.facts import Location
from truehop.profiles.front_profile import FrontProfile
from truehop.profiles.front_registry import Fronts
from truehop.profiles.front_service import BalancedService, Circumstances


class Sign(IntEnum):
    """How a make was recognised, the weakest first."""

    NONE = 0
    OBJECT = 1
    PREFIX = 2
    HINT = 3
    DECIDING = 4
    CLASS = 5
    DECLARED = 6

    @property
    def is_certain(self) -> bool:
        """Whether no other make can be meant."""
        return self >= Sign.CLASS


@dataclass(frozen=True, slots=True)
class Make:
    """The make that was recognised (None where none was), by what sign, and where that stands.

    ``rivals`` are the makes between which the annotations do not decide.
    """

    profile: FrontProfile | None = None
    sign: Sign = Sign.NONE
    at: Location | None = None
    rivals: tuple[FrontProfile, ...] = ()


def recognise(service: BalancedService, world: World | None, profiles: Fronts) -> Make:
    """The make by class, else by annotations of a single family, else by class-typical objects."""
    found = [make for profile in profiles if (make := _look(profile, service)).sign]
    named = [make for make in found if make.sign is Sign.CLASS]
    if named:
        return named[0]
    if found:
        if len({make.profile.family for make in found if make.profile}) > 1:
            return Make(rivals=_profiles(found))
        return _best(found)
    if world is None or service.balancer_class is not None:
        return Make()
    present = [make for profile in profiles if (make := _look_around(profile, world)).sign]
    # k3s brings its own balancer; one that somebody installed beside it takes its place.
    chosen = [make for make in present if make.profile and not make.profile.masquerades] or present
    return chosen[0] if len(chosen) == 1 else Make(rivals=_profiles(chosen))


def _best(makes: list[Make]) -> Make:
    strongest = max(make.sign for make in makes)
    best = [make for make in makes if make.sign is strongest]
    return best[0] if len(best) == 1 else Make(rivals=_profiles(best))


def _profiles(makes: Iterable[Make]) -> tuple[FrontProfile, ...]:
    return tuple(make.profile for make in makes if make.profile is not None)


def _look(profile: FrontProfile, service: BalancedService) -> Make:
    signs = profile.detection
    place = service.balancer_class
    if place is not None and place.string() in signs.classes:
        return Make(profile, Sign.CLASS, place.location())
    if place is not None and signs.prefixes and place.string().startswith(signs.prefixes):
        # The user chose this class, and under the domain of that make alone.
        return Make(profile, Sign.PREFIX, place.location())
    circumstances = Circumstances(service)
    met = [hint for hint in signs.hints if circumstances.meets(hint)]
    for hint in sorted(met, key=lambda one: not one.decides):
        return Make(profile, Sign.DECIDING if hint.decides else Sign.HINT, circumstances.place(hint))
    for key, value in service.entries():
        if key.startswith(signs.prefixes):
            return Make(profile, Sign.PREFIX, value.location())
    return Make()


def _look_around(profile: FrontProfile, world: World) -> Make:
    for typical in profile.detection.objects:
        for resource in world.of(*typical.kinds):
            if _is_typical(resource, typical.group, typical.name):
                return Make(profile, Sign.OBJECT, resource.name_location())
    return Make()


def _is_typical(resource: Resource, group: str, name: str) -> bool:
    return resource.group == group and (not name or resource.name == name)
