"""A Service as a balancer's controller sees it, whether from a manifest or from a chart's values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from truehop.kube.services import Service
from truehop.model.facts import Basis, Fact, Location, ObjectRef
from truehop.model.terms import Wire
from truehop.profiles.front_profile import PORT, Cases, Condition
from truehop.source.tree import Cursor

#: What Go's strconv.ParseBool reads; everything else is an error to it.
GO_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
GO_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def parse_go_bool(text: str) -> bool | None:
    """A boolean as Go's ``strconv.ParseBool`` reads it, None where that fails."""
    return True if text in GO_TRUE else False if text in GO_FALSE else None


class ValuesPort(Protocol):
    """A Service port that only a chart's values describe: its number and the name it leads to."""

    port: int
    target: str


class ValuesService(Protocol):
    """A Service that only a chart's values describe (``adapters.readings.ServiceDraft``).

    ``spec`` and ``annotations`` are cursors where the values hold them.
    """

    ref: ObjectRef
    type: Fact[str]
    at: Location
    spec: object | None
    annotations: object | None

    @property
    def ports(self) -> Sequence[ValuesPort]:
        """The ports."""


@dataclass(frozen=True, slots=True)
class BalancedPort:
    """A Service port by its public number, name and protocol."""

    port: int
    name: str = ""
    protocol: str = "TCP"


@dataclass(frozen=True, slots=True, eq=False)
class BalancedService:
    """What a controller reads of a Service; ``at`` is where the Service itself stands."""

    ref: ObjectRef
    at: Location
    ports: tuple[BalancedPort, ...] = ()
    annotations: Cursor | None = None
    spec: Cursor | None = None
    status: Cursor | None = None
    type: str = "LoadBalancer"

    @classmethod
    def of(cls, service: Service | ValuesService | BalancedService) -> BalancedService:
        """The common form of a manifest's Service and of one that values describe."""
        if isinstance(service, BalancedService):
            return service
        if isinstance(service, Service):
            ports = tuple(BalancedPort(one.port, one.name, one.protocol) for one in service.ports)
            return cls(
                service.ref, service.resource.name_location(), ports,
                service.resource.annotations, service.spec, service.status, service.type,
            )  # fmt: skip
        ports = tuple(BalancedPort(one.port, one.target) for one in service.ports)
        return cls(
            service.ref, service.at, ports,
            service.annotations if isinstance(service.annotations, Cursor) else None,
            service.spec if isinstance(service.spec, Cursor) else None,
            None, service.type.value,
        )  # fmt: skip

    @property
    def balancer_class(self) -> Cursor | None:
        """The place of ``loadBalancerClass`` where one is set."""
        place = self.spec.get("loadBalancerClass") if self.spec else None
        return place if place is not None and place.string() else None

    @property
    def traffic_policy(self) -> str:
        """``externalTrafficPolicy``, with the API's default."""
        return self.spec.get("externalTrafficPolicy").string("Cluster") if self.spec else "Cluster"

    def entries(self) -> Iterator[tuple[str, Cursor]]:
        """Every annotation with a scalar value."""
        if self.annotations is not None:
            yield from ((key, place) for key, place in self.annotations.entries() if place.is_scalar)

    def annotation(self, key: str) -> Cursor | None:
        """The place of an annotation that is there with a scalar value."""
        place = self.annotations.get(key) if self.annotations is not None else None
        return place if place is not None and place.is_scalar else None

    def text(self, key: str) -> str | None:
        """An annotation's text; a null is the empty string, as the API server reads it."""
        place = self.annotation(key)
        return place.string() if place is not None else None

    def nearest(self, key: str) -> Location:
        """An annotation's place or, where it is missing, the nearest key."""
        return self.annotations.get(key).location() if self.annotations is not None else self.at

    def port_named(self, name: str) -> int | None:
        """The number of the port of a name."""
        return next((one.port for one in self.ports if one.name == name), None)

    @property
    def numbers(self) -> frozenset[int]:
        """The public port numbers."""
        return frozenset(one.port for one in self.ports)


def parse_attributes(text: str) -> dict[str, str]:
    """A ``name=value`` comma list."""
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


@dataclass(frozen=True, slots=True, eq=False)
class Circumstances:
    """A Service at one of its ports, for conditions to be asked of."""

    service: BalancedService
    attribute_keys: tuple[str, ...] = ()
    port: int = 0
    sends: tuple[Fact[Wire], ...] = ()

    def attribute(self, name: str) -> tuple[str, Location] | None:
        """An attribute of the port or of the Service; an empty one does not override."""
        for key in self.attribute_keys:
            place = self.service.annotation(key.replace(PORT, str(self.port)))
            value = parse_attributes(place.string()).get(name, "") if place is not None else ""
            if place is not None and value:
                return value, place.location()
        return None

    def meets(self, condition: Condition) -> bool:
        """Whether every part of the condition holds."""
        return (
            self._has_key(condition)
            and (not condition.attribute or self._has_attribute(condition))
            and (not condition.classes or self._has_class(condition.classes))
            and (not condition.policy or self.service.traffic_policy == condition.policy)
            and (not condition.sends_on or self._sends_on(condition.sends_on))
        )

    def place(self, condition: Condition) -> Location | None:
        """Where the condition's setting stands, None for one without a setting."""
        if condition.attribute:
            found = self.attribute(condition.attribute)
            return found[1] if found else None
        if condition.classes:
            place = self.service.balancer_class
            return place.location() if place else None
        return self.service.nearest(condition.key) if condition.key else None

    def hold(self, cases: Cases | None) -> bool:
        """Whether the cases amount to a yes."""
        if cases is None:
            return False
        if cases.unless is not None and any(self.meets(one) for one in cases.unless):
            return False
        is_open = cases.always or (cases.unless is not None and not cases.when)
        return is_open or any(self.meets(one) for one in cases.when)

    def _has_key(self, condition: Condition) -> bool:
        if condition.prefix:
            return any(key.startswith(condition.prefix) for key, _place in self.service.entries())
        if not condition.key:
            return True
        head, mark, _tail = condition.key.partition(PORT)
        if mark:
            return any(
                key.startswith(head) and key[len(head) :].isdigit() for key, _place in self.service.entries()
            )
        text = self.service.text(condition.key)
        return text is not None and self._admits(condition, text)

    @staticmethod
    def _admits(condition: Condition, text: str) -> bool:
        if condition.feature:
            return condition.feature in (part.strip() for part in text.split(","))
        if condition.filled and not text:
            return False
        if condition.values is None:
            return True
        if condition.reads == "bool":
            parsed = parse_go_bool(text)
            return parsed is not None and str(parsed).lower() in condition.values
        return (text.lower() if condition.any_case else text) in condition.values

    def _has_attribute(self, condition: Condition) -> bool:
        found = self.attribute(condition.attribute)
        return found is not None and (condition.values is None or found[0] in condition.values)

    def _has_class(self, classes: tuple[str, ...]) -> bool:
        place = self.service.balancer_class
        return place is not None and place.string() in classes

    def _sends_on(self, ports: str) -> bool:
        answers = [fact.basis is not Basis.UNKNOWN and fact.value.is_proxy for fact in self.sends]
        return bool(answers) and (all(answers) if ports == "every-port" else any(answers))
