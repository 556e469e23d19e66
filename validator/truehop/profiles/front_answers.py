"""What a balancer sends at each port, and which of its annotations do not do what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from truehop.kube.objects import World
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.observed import Switch
from truehop.model.terms import Effect, Wire
from truehop.profiles.front_detection import Make, Sign
from truehop.profiles.front_grammars import Mistake, Understood, understand, wire_fact
from truehop.profiles.front_mistakes import mistakes_of
from truehop.profiles.front_profile import PORT, Clash, FrontProfile, Unset
from truehop.profiles.front_registry import Fronts
from truehop.profiles.front_service import BalancedService, Circumstances, parse_go_bool

#: What an annotation says where its writer wants nothing of it.
OFF_WORDS = frozenset({"", "false", "none", "0"})


@dataclass(slots=True, eq=False)
class Answers:
    """What is sent: at single ports, and else; what was noticed on the way."""

    otherwise: Fact[Wire]
    can_send: Tri
    by_port: dict[int, Fact[Wire]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)

    def at_port(self, port: int) -> Fact[Wire]:
        """What is sent at one port."""
        return self.by_port.get(port, self.otherwise)


def answer(make: Make, service: BalancedService, world: World | None, profiles: Fronts) -> Answers:
    """What the annotations make a balancer of this make send."""
    profile = make.profile
    if profile is None:
        found = Answers(_nobody_knows(make), Tri.UNKNOWN)
    elif profile.can_send is not Tri.YES:
        found = _silent(profile, make)
    else:
        found = _told(profile, service, world)
    if profile is not None:
        found.mistakes.extend(_unread(profile, service))
        _clash(profile, service, found)
    found.mistakes.extend(mistakes_of(service, make, profiles))
    return found


def _nobody_knows(make: Make) -> Fact[Wire]:
    origin = "what stands before the Service is unknown"
    if make.rivals:
        names = " and ".join(profile.title for profile in make.rivals)
        origin = f"the input speaks of {names}"
    return Fact(Wire.NONE, basis=Basis.UNKNOWN, origin=origin, settles="front")


def _silent(profile: FrontProfile, make: Make) -> Answers:
    if profile.can_send is Tri.NO:
        basis = Basis.ASSUMED if make.sign is Sign.OBJECT else Basis.DEFAULT
        sends = Fact(Wire.NONE, basis=basis, origin=f"{profile.title} sends no PROXY header")
    else:
        sends = Fact(
            Wire.NONE, basis=Basis.UNKNOWN, origin=f"{profile.title} is not documented", settles="front"
        )
    return Answers(sends, profile.can_send)


def _told(profile: FrontProfile, service: BalancedService, world: World | None) -> Answers:
    read = [understand(switch, service) for switch in profile.switches]
    found = Answers(_first(one.everywhere for one in read) or _unset(profile, service, world), Tri.YES)
    ports = {port for one in read for port in one.by_port}
    for port in sorted(ports):
        found.by_port[port] = _first(one.at_port(port) for one in read) or found.otherwise
    found.mistakes.extend(mistake for one in read for mistake in one.mistakes)
    _exclude(profile, service, read, found)
    refused = next((one.refuses for one in read if one.refuses is not None), None)
    if refused is not None:
        _doubt(found, refused, "the controller refuses the Service, so the balancer stays as it was")
    return found


def _first(facts: Iterator[Fact[Wire] | None]) -> Fact[Wire] | None:
    return next((fact for fact in facts if fact is not None), None)


def _doubt(found: Answers, at: Location, origin: str) -> None:
    found.otherwise = Fact(Wire.NONE, at, Basis.UNKNOWN, origin, "front")
    found.by_port.clear()


def _unset(profile: FrontProfile, service: BalancedService, world: World | None) -> Fact[Wire]:
    key = next((switch.key for switch in profile.switches if PORT not in switch.key), "")
    at, unset = service.nearest(key), profile.unset
    if unset is None:
        return Fact(Wire.NONE, at, Basis.DEFAULT, f"{key} does not switch PROXY on")
    return _environment(unset, world) or Fact(Wire.NONE, at, unset.basis, unset.because)


def _environment(unset: Unset, world: World | None) -> Fact[Wire] | None:
    """The controller's own default, where its workload is in the input."""
    said = controller_says(unset.env, world)
    if said is None or said.at is None:
        return None
    return wire_fact(unset.sends if said.value else "none", said.at, said.origin)


def controller_says(variable: str, world: World | None) -> Fact[bool] | None:
    """A boolean of the controller's environment, where its workload is in the input."""
    for workload in world.workloads if world is not None and variable else ():
        for container in workload.containers:
            value = container.env.get(variable)
            parsed = parse_go_bool(value.text.value) if value is not None and value.text is not None else None
            if value is not None and parsed is not None:
                return Fact(parsed, value.at, origin=f"{variable} of {workload.ref}")
    return None


def _exclude(profile: FrontProfile, service: BalancedService, read: list[Understood], found: Answers) -> None:
    """Two switches of different versions on one port: the controller refuses the Service."""
    pairs = [
        one
        for switch, one in zip(profile.switches, read, strict=True)
        if switch.exclusive and service.annotation(switch.key)
    ]
    for port in sorted(service.numbers):
        told = [fact for one in pairs if (fact := one.at_port(port)) is not None and fact.value.is_proxy]
        if len(told) > 1:
            first, second = told[0].at, told[1].at
            assert first is not None and second is not None  # noqa: S101, PT018 (switches say where they stand)
            keys = [switch.key for switch in profile.switches if switch.exclusive]
            because = f"port {port} is in {keys[0]} too, and the controller refuses a port with two versions"
            value = service.text(keys[1]) or ""
            found.switches.append(Switch(keys[1], value, second, Effect.CANCELLED, because, other=first))
            _doubt(found, second, f"port {port} is to get two versions, which the controller refuses")
            return


def _unread(profile: FrontProfile, service: BalancedService) -> Iterator[Mistake]:
    for unread in profile.unread:
        place = service.annotation(unread.key)
        if place is not None and place.string().strip().lower() not in OFF_WORDS:
            yield Mistake(
                unread.key, place.string(), place.location(), unread.because, unread.instead, unread.basis
            )


def _clash(profile: FrontProfile, service: BalancedService, found: Answers) -> None:
    """Settings that shut each other out."""
    circumstances = Circumstances(service, profile.attributes)
    on = _first(
        fact if fact.value.is_proxy and fact.basis is not Basis.UNKNOWN else None
        for fact in (found.otherwise, *found.by_port.values())
    )
    cannot, needs = profile.cannot_send, profile.needs
    if cannot is not None and any(circumstances.meets(one) for one in cannot.when):
        found.can_send = Tri.NO
        if on is not None and on.at is not None:
            found.mistakes.append(_useless(profile, service, cannot, on.at))
        found.otherwise = Fact(Wire.NONE, basis=Basis.DEFAULT, origin=cannot.because)
        found.by_port.clear()
    elif needs is not None and on is not None and not any(circumstances.meets(one) for one in needs.when):
        found.otherwise = Fact(Wire.NONE, on.at, Basis.ASSUMED, needs.because)
        found.by_port.clear()
    for clash in profile.conflicts:
        for condition in clash.when:
            if not circumstances.meets(condition):
                continue
            place = service.nearest(condition.key)
            if condition.policy:
                policy = service.spec.get("externalTrafficPolicy").location() if service.spec else service.at
                found.switches.append(_cancelled(service, condition.key, place, clash, policy))
            elif on is not None and on.at is not None:
                found.switches.append(_cancelled(service, profile.switches[0].key, on.at, clash, place))
                _doubt(found, on.at, clash.because)


def _useless(profile: FrontProfile, service: BalancedService, clash: Clash, at: Location) -> Mistake:
    key = profile.switches[0].key
    return Mistake(key, service.text(key) or "", at, clash.because, clash.instead)


def _cancelled(service: BalancedService, key: str, at: Location, clash: Clash, other: Location) -> Switch:
    return Switch(key, service.text(key) or "", at, Effect.CANCELLED, clash.because, clash.instead, other)
