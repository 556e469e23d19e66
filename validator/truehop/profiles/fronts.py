"""What stands before a Service: its make, what it sends, whether it keeps the packet's source.

Facts about balancers are data in ``data/fronts``; here they meet a Service's annotations, what
else is in the input, and what the user declared.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from truehop.kube.objects import World
from truehop.kube.peers import ROUTABLE
from truehop.kube.services import Service
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Location, ObjectRef
from truehop.model.listeners import Hop
from truehop.model.observed import Switch
from truehop.model.terms import Effect, Role
from truehop.profiles.cdns import published_ranges
from truehop.profiles.front_answers import answer, controller_says
from truehop.profiles.front_detection import Make, Sign, recognise
from truehop.profiles.front_grammars import Mistake
from truehop.profiles.front_profile import FrontProfile, PublicSource
from truehop.profiles.front_reading import DECLARED, DeclaredFront, FrontReading
from truehop.profiles.front_registry import Fronts, front_ids, front_profiles
from truehop.profiles.front_service import (
    BalancedPort,
    BalancedService,
    Circumstances,
    ValuesService,
    parse_go_bool,
)
from truehop.profiles.rewrites import rewrite_for

FRONT_ANNOTATION = "truehop/front"
NOBODY_SAYS: Fact[AddressSet | None] = Fact(None, basis=Basis.UNKNOWN, settles="networks.loadBalancers")


def front_of(
    service: Service | ValuesService | BalancedService,
    world: World | None = None,
    declared: Sequence[DeclaredFront] = (),
    profiles: Fronts | None = None,
    balancers: AddressSet | None = None,
) -> FrontReading:
    """What stands before a Service: declared, or known from its annotations, class and the input.

    ``profiles`` are those to know (``front_profiles(extra)``), the package's own where none are given;
    ``balancers`` the networks declared as those of all balancers.
    """
    profiles = front_profiles() if profiles is None else profiles
    balanced = BalancedService.of(service)
    entry = next((one for one in declared if matches_service(one.service, balanced.ref)), None)
    make, mistakes = _make(balanced, world, entry, profiles)
    answers = answer(make, balanced, world, profiles)
    hop = Hop(
        f"{make.profile.title if make.profile else 'front'} of {balanced.ref}",
        Role.FRONT,
        make.profile.id if make.profile else "",
        balanced.ref,
        make.at or balanced.at,
        addresses=_addresses(make.profile, entry),
    )
    if hop.addresses.value is None and make.profile is not None and make.profile.public_source is not None:
        hop = replace(hop, addresses=_public(make.profile.public_source, balanced, world, balancers))
    switches = [
        *_switches([*mistakes, *answers.mistakes], hop),
        *(replace(one, hop=hop) for one in answers.switches),
    ]
    return FrontReading(balanced, make, hop, answers, entry, switches)


def matches_service(pattern: str, ref: ObjectRef) -> bool:
    """Whether a glob over ``namespace/name`` means a Service; without a slash it is over names.

    A Service whose namespace nobody says is matched by its name.
    """
    namespace, slash, name = pattern.rpartition("/")
    is_there = not slash or ref.namespace is None or fnmatchcase(ref.namespace, namespace)
    return is_there and fnmatchcase(ref.name, name)


def _make(
    service: BalancedService, world: World | None, entry: DeclaredFront | None, profiles: Fronts
) -> tuple[Make, list[Mistake]]:
    mistakes: list[Mistake] = []
    known = {profile.id: profile for profile in profiles}
    place = service.annotation(FRONT_ANNOTATION)
    if place is not None:
        profile = known.get(place.string().strip())
        if profile is not None:
            return Make(profile, Sign.DECLARED, place.location()), mistakes
        meant = "".join(difflib.get_close_matches(place.string().strip(), list(known), 1))
        because = "no profile has this id"
        mistakes.append(Mistake(FRONT_ANNOTATION, place.string(), place.location(), because, meant))
    profile = known.get(entry.kind) if entry is not None else None
    if profile is not None:
        return Make(profile, Sign.DECLARED), mistakes
    return recognise(service, world, profiles), mistakes


def _addresses(profile: FrontProfile | None, entry: DeclaredFront | None) -> Fact[AddressSet | None]:
    if entry is not None and entry.addresses is not None:
        return Fact(entry.addresses, origin=DECLARED)
    if profile is not None and profile.addresses is not None:
        return Fact(
            profile.addresses, basis=Basis.DEFAULT, origin=f"{profile.title} ({profile.addresses_source})"
        )
    return NOBODY_SAYS


def _public(
    public: PublicSource, service: BalancedService, world: World | None, balancers: AddressSet | None
) -> Fact[AddressSet | None]:
    """Where a balancer's address lies that comes from its public one, as far as the input shows."""
    circumstances = Circumstances(service)
    text = service.text(public.key)
    by_controller = controller_says(public.env, world) if text is None else None
    is_private = by_controller.value if by_controller else parse_go_bool(text or "") is True
    if is_private or any(circumstances.meets(one) for one in public.unless):
        return NOBODY_SAYS
    routable = ROUTABLE.of_families(public.families)
    within = routable & balancers if balancers else routable
    return Fact(within or routable, basis=Basis.ASSUMED, origin=public.because)


def _switches(mistakes: list[Mistake], hop: Hop) -> Iterator[Switch]:
    """One switch for each place; the first mistake found there names it."""
    seen: set[Location] = set()
    for one in mistakes:
        if one.at not in seen:
            seen.add(one.at)
            yield Switch(
                one.key, one.value, one.at, Effect.IGNORED, one.because, one.instead, None, hop, (), one.basis
            )


__all__ = [
    "FRONT_ANNOTATION",
    "BalancedPort",
    "BalancedService",
    "DeclaredFront",
    "FrontReading",
    "front_ids",
    "front_of",
    "front_profiles",
    "matches_service",
    "published_ranges",
    "rewrite_for",
]
