"""The settings: what ``truehop.yaml`` says, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Place:
    """A span in the configuration file; lines and columns from 1, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    pointer: str = ""

    def __str__(self) -> str:
        """The form editors and terminals make clickable."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Networks:
    """Addresses of the cluster's parts, as CIDR texts; what "narrow" is measured against.

    None is unknown. ``other`` holds networks the user named himself (``office``, …).
    """

    pods: tuple[str, ...] | None = None
    nodes: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    load_balancers: tuple[str, ...] | None = None
    other: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    preset: str = ""
    datapath: str = ""  # "", "kube-proxy", "dsr", "calico-ebpf"
    #: Where each of them is said, by its key in the file (``loadBalancers``, ``office``, …).
    places: Mapping[str, Place] = field(default_factory=dict)

    def over(self, base: Networks) -> Networks:
        """These, and what the base says where these are silent."""
        return Networks(
            pods=self.pods if self.pods is not None else base.pods,
            nodes=self.nodes if self.nodes is not None else base.nodes,
            services=self.services if self.services is not None else base.services,
            load_balancers=self.load_balancers if self.load_balancers is not None else base.load_balancers,
            other={**base.other, **self.other},
            preset=self.preset or base.preset,
            datapath=self.datapath or base.datapath,
            places={**base.places, **self.places},
        )


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the Services that ``service`` (a glob over ``namespace/name``) matches.

    ``kind`` is a profile's id; ``sends`` is ``none``, ``v1`` or ``v2``; None is not said.
    """

    service: str
    kind: str = ""
    sends: str | None = None
    keeps_source: bool | None = None
    addresses: tuple[str, ...] = ()  # the key `from`
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """What the user wants of one rule: another severity, off, or other settings."""

    severity: str | None = None
    is_off: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Findings the user accepts, with his reason; empty ``rules`` stands for every rule.

    ``path`` is a glob over paths relative to the configuration's folder, ``object`` one over
    ``Kind namespace/name``, ``namespace/name`` or ``name``; ``until`` is the last day it holds.
    """

    rules: tuple[str, ...]
    reason: str
    path: str = ""
    object: str = ""
    until: date | None = None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Input that is judged alone, as the configuration lists it; paths relative to its folder."""

    paths: tuple[str, ...]
    name: str = ""
    values: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    set_string: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
    networks: Networks | None = None
    fronts: tuple[Front, ...] | None = None
    world: str = ""
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the configuration says; the defaults where there is none.

    ``folder`` is the folder that paths, globs, baseline and fingerprints are relative to (absolute);
    ``path`` the configuration file as shown to the user, empty without one; ``world`` is ``open``,
    ``closed`` or empty.
    """

    folder: str = "."
    path: str = ""
    networks: Networks = field(default_factory=Networks)
    fronts: tuple[Front, ...] = ()
    rules: Mapping[str, RuleChoice] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    profiles: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    world: str = ""
    fail_on: str = ""
    baseline: str = ""

    def within(self, scope: Scope) -> Settings:
        """The settings that hold in one scope."""
        return replace(
            self,
            networks=scope.networks.over(self.networks) if scope.networks else self.networks,
            fronts=(*(scope.fronts or ()), *self.fronts),
            world=scope.world or self.world,
        )

    def choice(self, rule: str) -> RuleChoice:
        """What the user wants of a rule."""
        return self.rules.get(rule, _AS_IT_IS)


_AS_IT_IS = RuleChoice()
