"""Traefik's own kinds in the input, found by reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from truehop.adapters.readings import Reading
from truehop.adapters.traefik.versions import VersionRange, at_least, parse_range
from truehop.kube.objects import World
from truehop.kube.resources import Resource
from truehop.model.facts import Fact, Tri
from truehop.model.hops import ApiUse

GROUP, OLD_GROUP = "traefik.io", "traefik.containo.us"
#: How a reference names an object of another provider: ``namespace-name@kubernetescrd``.
CRD_PROVIDER = "@kubernetescrd"


@dataclass(eq=False)
class Objects:
    """The objects of one scope, and the version of the Traefik that reads them, where it is known."""

    world: World
    readings: Sequence[Reading] = ()
    version: Fact[str] | None = field(default=None)

    def __post_init__(self) -> None:
        """Take the version on which all agree; Traefiks that run say it better than values."""
        running = [reading for reading in self.readings if reading.workload] or self.readings
        found = {
            reading.hop.version.value if reading.hop.version else "": reading.hop.version
            for reading in running
        }
        if len(found) == 1 and self.version is None:
            self.version = next(iter(found.values()))

    @cached_property
    def versions(self) -> VersionRange | None:
        """The version as a range."""
        return parse_range(self.version.value) if self.version else None

    @cached_property
    def syntax(self) -> str:
        """The dialect of rules: ``v2`` or ``v3``, empty where either may be meant."""
        chosen = {reading.rule_syntax for reading in self.readings} - {""}
        if chosen:
            return chosen.pop() if len(chosen) == 1 else ""
        return {Tri.YES: "v3", Tri.NO: "v2"}.get(at_least(self.versions, "3.0.0"), "")

    def of(self, *kinds: str) -> Iterator[Resource]:
        """Traefik's objects of these kinds, of both API groups."""
        for resource in self.world.of(*kinds):
            if resource.group in {GROUP, OLD_GROUP}:
                yield resource

    def find(self, kind: str, namespace: str | None, name: str) -> Resource | None:
        """The object a reference means: by name and namespace, or as ``namespace-name@kubernetescrd``."""
        if name.endswith(CRD_PROVIDER):
            joined = name.removesuffix(CRD_PROVIDER)
            return next(
                (
                    resource
                    for resource in self.of(kind)
                    if joined in {f"{resource.namespace}-{resource.name}", resource.name}
                ),
                None,
            )
        found = self.world.find(kind, namespace, name)
        return found if found and found.group in {GROUP, OLD_GROUP} else None

    def api_use(self, resource: Resource) -> ApiUse | None:
        """The use of the API group that Traefik 3.0 removed (traefik/traefik commit 8b47c5adf7)."""
        if resource.group != OLD_GROUP:
            return None
        is_gone = at_least(self.versions, "3.0.0")
        at = self.version.at if self.version else None
        return ApiUse(
            f"API group {OLD_GROUP}",
            resource.get("apiVersion").location(),
            "3.0",
            Fact(
                is_gone,
                at,
                origin=f"version {self.version.value}" if self.version else "no version is in the input",
            ),
            f"{GROUP}/v1alpha1",
        )
