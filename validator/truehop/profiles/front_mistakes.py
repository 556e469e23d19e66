"""Annotations that no controller takes as they are meant: misspelt, no strings, or another cloud's."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from truehop.profiles.front_detection import Make
from truehop.profiles.front_grammars import Mistake, understand
from truehop.profiles.front_profile import PORT, FrontProfile
from truehop.profiles.front_registry import Fronts
from truehop.profiles.front_service import BalancedService

#: How alike a key under a make's own prefix, and any other key, must be to a known one (0 to 1).
CLOSE_UNDER_PREFIX, CLOSE_ELSEWHERE = 0.75, 0.9
OWN_PREFIX = "truehop/"


def mistakes_of(service: BalancedService, make: Make, profiles: Fronts) -> Iterator[Mistake]:
    """Every annotation that is certainly not understood although it is about PROXY or a known balancer."""
    yield from _no_strings(service, profiles)
    yield from _misspelt(service, make, profiles)
    if make.sign.is_certain and make.profile is not None:
        yield from _foreign(service, make.profile, profiles)


def _no_strings(service: BalancedService, profiles: Fronts) -> Iterator[Mistake]:
    prefixes = (OWN_PREFIX, *(prefix for one in profiles for prefix in one.detection.prefixes))
    for key, place in service.entries():
        if not place.is_string and not place.is_null and key.startswith((*prefixes, *_known_keys(profiles))):
            kind = "boolean" if place.boolean() is not None else "number"
            because = f"annotation values are strings; the API server refuses a {kind}"
            yield Mistake(key, place.string(), place.location(), because, f'"{place.string()}"')


def _misspelt(service: BalancedService, make: Make, profiles: Fronts) -> Iterator[Mistake]:
    for key, place in service.entries():
        if "prox" not in key.lower() or _is_known(key, profiles):
            continue
        meant = _closest(key, make, profiles)
        if meant:
            because = "no controller reads this key"
            yield Mistake(key, place.string(), place.location(), because, meant)


def _closest(key: str, make: Make, profiles: Fronts) -> str:
    """The known PROXY key that is meant, empty where none is close."""
    if make.profile is not None:
        family = [one for one in profiles if one.family == make.profile.family]
        prefixes = tuple(prefix for one in family for prefix in one.detection.prefixes)
        if key.startswith(prefixes):
            return _best(key, family, CLOSE_UNDER_PREFIX, CLOSE_UNDER_PREFIX)
    return _best(key, profiles, CLOSE_ELSEWHERE, CLOSE_ELSEWHERE)


def _best(key: str, profiles: Iterable[FrontProfile], whole: float, tail: float) -> str:
    scored = [
        (_alike(key, known), known)
        for profile in profiles
        for switch in profile.switches
        if "prox" in (known := switch.key) and PORT not in known
        if _alike(key, known) >= whole and _alike(_tail(key), _tail(known)) >= tail
    ]
    return max(scored)[1] if scored else ""


def _alike(left: str, right: str) -> float:
    return difflib.SequenceMatcher(None, left.lower(), right.lower()).ratio()


def _tail(key: str) -> str:
    return key.rpartition("/")[2]


@lru_cache(maxsize=8)
def _known_keys(profiles: Fronts) -> tuple[str, ...]:
    return tuple(sorted({key.partition(PORT)[0] for profile in profiles for key in profile.keys}))


def _is_known(key: str, profiles: Fronts) -> bool:
    return any(
        key == known or (known.endswith(("-", ".")) and key.startswith(known))
        for known in _known_keys(profiles)
    )


def _foreign(service: BalancedService, profile: FrontProfile, profiles: Fronts) -> Iterator[Mistake]:
    own = {key for one in profiles if one.family == profile.family for key in one.keys}
    seen: set[str] = set()
    for other in profiles:
        for switch in other.switches:
            if switch.key in own or switch.key in seen or other.family == profile.family:
                continue
            facts = understand(switch, service)
            told = [facts.everywhere, *facts.by_port.values()]
            place = service.annotation(switch.key)
            if place is not None and any(fact is not None and fact.value.is_proxy for fact in told):
                seen.add(switch.key)
                because = f"the balancer is {profile.title}, which does not read it"
                yield Mistake(switch.key, place.string(), place.location(), because)
