"""What stands before one Service, port by port."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Protocol

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.listeners import Hop
from truehop.model.observed import Switch
from truehop.model.routes import Front
from truehop.model.terms import Wire
from truehop.profiles.front_answers import Answers
from truehop.profiles.front_detection import Make, Sign
from truehop.profiles.front_profile import FrontProfile, Keeping
from truehop.profiles.front_service import BalancedPort, BalancedService, Circumstances

DECLARED = "declared in the configuration"
NO_CASE = "no case of the profile applies"
NO_MAKE = "what stands before the Service is unknown"
#: Words in annotations that give a balancer a certificate of its own, in every provider's spelling.
_TLS = re.compile(r"(?:^|[-_./\"])(?:ssl|tls|cert|certificates?)(?:[-_./\"]|$)")
#: Annotations with such words that are for other controllers.
NO_BALANCERS = "cert-manager.io/"


class DeclaredFront(Protocol):
    """A ``front:`` entry of the configuration; ``sends`` is ``none``, ``v1``, ``v2`` or empty."""

    @property
    def service(self) -> str:
        """A glob over ``namespace/name``, or over names alone."""

    @property
    def kind(self) -> str:
        """A profile's id, empty where none is named."""

    @property
    def sends(self) -> str:
        """What it sends, empty where that is the profile's to say."""

    @property
    def keeps_source(self) -> bool | None:
        """Whether packets keep their source, None where that is the profile's to say."""

    @property
    def addresses(self) -> AddressSet | None:
        """The addresses its packets come from, None where nobody says."""


@dataclass(slots=True, eq=False)
class FrontReading:
    """What stands before one Service, port by port.

    ``profile`` is None for an unknown make. ``switches`` are annotations that do not do what they
    say. For Services that are no LoadBalancer only a declared front counts (``is_declared``).
    """

    service: BalancedService
    make: Make
    hop: Hop
    answers: Answers
    declared: DeclaredFront | None = None
    switches: list[Switch] = field(default_factory=list)
    _fronts: dict[int, Front] = field(default_factory=dict)

    @property
    def profile(self) -> FrontProfile | None:
        """The profile of its make."""
        return self.make.profile

    @property
    def kind(self) -> str:
        """The profile's id, empty for an unknown make."""
        return self.profile.id if self.profile else ""

    @property
    def is_declared(self) -> bool:
        """Whether the user said what stands there."""
        return self.declared is not None or self.make.sign is Sign.DECLARED

    @property
    def is_public(self) -> bool:
        """Whether the internet reaches it: not for internal schemes."""
        return not (self.profile and self._circumstances().hold(self.profile.internal))

    @property
    def is_workaround(self) -> bool:
        """Whether pods that use the public address go out to the balancer (ipMode Proxy, or a host name)."""
        if self._status_leads_out():
            return True
        sends = tuple(self.front_for_port(one.port).sends for one in self._tcp_ports())
        circumstances = replace(self._circumstances(), sends=sends)
        return self.profile is not None and any(circumstances.hold(cases) for cases in self.profile.hairpin)

    def front_for_port(self, port: int) -> Front:
        """What stands before one public port; the same object for the same port."""
        if port not in self._fronts:
            self._fronts[port] = self._front(port)
        return self._fronts[port]

    def withholds_for_port(self, port: int) -> Fact[Tri]:
        """Whether the header is held back until the client speaks."""
        withholding = self.profile.withholding if self.profile else None
        sends = self.front_for_port(port).sends
        if withholding is None or sends.basis is Basis.UNKNOWN or not sends.value.is_proxy:
            return Fact(Tri.NO, basis=Basis.ASSUMED)
        name = withholding.attribute
        found = self._circumstances(port).attribute(name)
        if found is not None and found[0] in withholding.values:
            return Fact(Tri.of(withholding.values[found[0]]), found[1], Basis.STATED, f"{name} is {found[0]}")
        origin = f"{name} is not set, and the default is to wait for the client's first bytes"
        return Fact(Tri.of(withholding.default), sends.at, Basis.ASSUMED, origin, name)

    # --- parts of a front -----------------------------------------------------------------------

    def _front(self, port: int) -> Front:
        sends = self._sends(port)
        profile = self.profile
        circumstances = self._circumstances(port)
        return Front(
            hop=self.hop,
            kind=self.kind,
            sends=sends,
            keeps_source=self._keeps(replace(circumstances, sends=(sends,)), sends),
            is_declared=self.is_declared,
            is_public=self.is_public,
            can_send=self._can_send(sends),
            targets_pods=profile is not None and circumstances.hold(profile.targets_pods),
            masquerades=profile is not None and profile.masquerades and self._declared_keeping() is None,
            ends_tls=self._ends_tls(),
        )

    def _ends_tls(self) -> Tri:
        speaks = any(
            _TLS.search(place.string() if place.string().lstrip().startswith("{") else key)
            for key, place in self.service.entries()
            if place.string() not in {"", "false"} and not key.startswith(NO_BALANCERS)
        )
        return Tri.UNKNOWN if speaks else Tri.NO

    def _sends(self, port: int) -> Fact[Wire]:
        word = self.declared.sends if self.declared else ""
        return (
            Fact(Wire(word), origin=DECLARED) if word in ("none", "v1", "v2") else self.answers.at_port(port)
        )

    def _can_send(self, sends: Fact[Wire]) -> Tri:
        if self.declared and self.declared.sends and sends.value.is_proxy:
            return Tri.YES
        return self.answers.can_send

    def _declared_keeping(self) -> bool | None:
        return self.declared.keeps_source if self.declared else None

    def _keeps(self, circumstances: Circumstances, sends: Fact[Wire]) -> Fact[Tri]:
        said = self._declared_keeping()
        if said is not None:
            return Fact(Tri.of(said), origin=DECLARED)
        if self.profile is None:
            if self.declared and self.declared.sends and sends.value.is_proxy:
                return Fact(Tri.NO, basis=Basis.ASSUMED, origin="a sender of PROXY opens its own connection")
            return Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN, origin=NO_MAKE, settles="front")
        cases = (one for one in self.profile.keeping if one.when is None or circumstances.meets(one.when))
        case = next(cases, Keeping(None, Tri.UNKNOWN, Basis.UNKNOWN, NO_CASE, "", "front"))
        return self._kept(case, circumstances)

    def _kept(self, case: Keeping, circumstances: Circumstances) -> Fact[Tri]:
        at = circumstances.place(case.when) if case.when else self.make.at
        is_guess = self.make.sign is Sign.OBJECT and case.basis is Basis.DEFAULT
        return Fact(case.value, at, Basis.ASSUMED if is_guess else case.basis, case.reason, case.settles)

    def _circumstances(self, port: int = 0) -> Circumstances:
        return Circumstances(self.service, self.profile.attributes if self.profile else (), port)

    def _tcp_ports(self) -> list[BalancedPort]:
        return [one for one in self.service.ports if one.protocol == "TCP"]

    def _status_leads_out(self) -> bool:
        entries = (
            list(self.service.status.get("loadBalancer", "ingress").items()) if self.service.status else []
        )
        return bool(entries) and all(
            entry.get("ipMode").string() == "Proxy"
            or (entry.get("hostname").string() and not entry.get("ip").string())
            for entry in entries
        )
