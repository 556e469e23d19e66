"""The environment a container's program really gets.

The order is the kubelet's (``pkg/kubelet/kubelet_pods.go``, makeEnvironmentVariables): ``envFrom`` in
order, later ones win, then ``env`` in order, each value seeing only what stands before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from truehop.kube.stores import Store, wants, written
from truehop.kube.texts import WholeText, expand, unknown_parts
from truehop.model.facts import Tri
from truehop.source.location import Location, ObjectRef
from truehop.source.tree import Cursor, Text

if TYPE_CHECKING:
    from truehop.kube.objects import World

#: Variables that the kubelet makes for every Service of the namespace.
SERVICE_VARIABLE = re.compile(
    r"[A-Z0-9_]*_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]*)?|PORT(?:_[0-9]+_[A-Z_]+)?)"
)
LONGEST_NAME = 253
#: More variables than any program starts with: sources beyond them are taken as unknown.
MOST_VARIABLES = 20_000
SOURCES = {"configMap": "ConfigMap", "secret": "Secret"}


@dataclass(frozen=True, slots=True, eq=False)
class PodContext:
    """What a container's settings may refer to: its pod's metadata and spec, namespace and world."""

    metadata: Cursor
    spec: Cursor
    namespace: str | None
    world: World

    def find_store(self, kind: str, name: str) -> Store | None:
        """A ConfigMap or Secret of the pod's namespace."""
        return self.world.find_store(kind, self.namespace, name)


@dataclass(frozen=True, slots=True, eq=False)
class EnvValue:
    """One variable: its text, or what would tell it.

    ``is_certain`` is false where a source that is not in the input may override it; ``wants`` then
    names that source.
    """

    name: str
    text: Text | None
    place: Cursor
    named_at: Cursor
    wants: str = ""
    is_secret: bool = False
    is_certain: bool = True

    @property
    def at(self) -> Location:
        """The value's span, in the ConfigMap for what comes from there."""
        return self.text.location() if self.text is not None else self.place.location()

    @property
    def reference(self) -> Location:
        """Where the workload names the variable or its source."""
        return self.named_at.location()


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """An ``envFrom`` that is not in the input."""

    wants: str
    prefix: str
    place: Cursor


@dataclass(slots=True, eq=False)
class Environment:
    """All variables of one container, effective values only."""

    values: dict[str, EnvValue] = field(default_factory=dict)
    sources: list[_Source] = field(default_factory=list)
    own_names: set[str] = field(default_factory=set)

    def get(self, name: str) -> EnvValue | None:
        """The variable as the program sees it; None where no source in the input sets it."""
        return self.values.get(name)

    def names(self) -> list[str]:
        """The names that are certainly set, in the order they appear."""
        return list(self.values)

    @property
    def unknown_sources(self) -> list[tuple[str, Location]]:
        """``envFrom`` sources that are not in the input, in words, and where each is named."""
        return [(source.wants, source.place.location()) for source in self.sources]

    def may_come_from(self, name: str) -> tuple[str, Location] | None:
        """The source outside the input that may set this variable, unless ``env`` sets it."""
        source = self._source_of(name)
        return (source.wants, source.place.location()) if source else None

    def expand(self, text: Text) -> Text:
        """A command or argument with its references replaced; secret values stay references."""
        return expand(text, self._look_up_openly)

    def _source_of(self, name: str) -> _Source | None:
        if name in self.own_names:
            return None
        return next((source for source in reversed(self.sources) if name.startswith(source.prefix)), None)

    def look_up(self, name: str) -> Text | str | None:
        """The text, what is wanted to know it, or None for a variable that is not set."""
        value = self.values.get(name)
        if value is not None and value.is_certain:
            return value.wants if value.text is None else value.text
        source = self._source_of(name)
        if source is not None:
            return source.wants
        is_of_service = len(name) <= LONGEST_NAME and SERVICE_VARIABLE.fullmatch(name)
        return f"the Service variable {name}" if is_of_service else None

    def _look_up_openly(self, name: str) -> Text | str | None:
        value = self.values.get(name)
        return f"the secret variable {name}" if value is not None and value.is_secret else self.look_up(name)


def read_environment(container: Cursor, pod: PodContext) -> Environment:
    """The effective environment of a container."""
    environment = Environment()
    for source in container.get("envFrom").items():
        _add_source(environment, source, pod)
    for entry in container.get("env").items():
        name = entry.get("name").string()
        value = _own_value(name, entry, environment, pod) if name else None
        if value is not None:
            environment.values[name] = value
            environment.own_names.add(name)
    return environment


def _add_source(environment: Environment, source: Cursor, pod: PodContext) -> None:
    prefix = source.get("prefix").string()
    for field_name, kind in SOURCES.items():
        reference = source.get(f"{field_name}Ref")
        name = reference.get("name")
        if not name.string():
            continue
        store = pod.find_store(kind, name.string())
        if store is None or len(environment.values) + len(store.entries) > MOST_VARIABLES:
            if (
                store is None
                and reference.get("optional").boolean()
                and pod.world.is_whole(pod.namespace) is Tri.YES
            ):
                continue
            absent = _Source(wants(ObjectRef(kind, name.string(), pod.namespace)), prefix, name)
            environment.sources.append(absent)
            _cast_doubt(environment, absent)
            continue
        for key, entry in store.entries.items():
            missing = "" if entry.text is not None else wants(store.ref, key)
            environment.values[prefix + key] = EnvValue(
                prefix + key, entry.text, entry.cursor, name, missing, entry.is_secret
            )


def _cast_doubt(environment: Environment, source: _Source) -> None:
    for key, value in environment.values.items():
        if key.startswith(source.prefix):
            environment.values[key] = EnvValue(
                key, value.text, value.place, value.named_at, source.wants, value.is_secret, is_certain=False
            )


def _own_value(name: str, entry: Cursor, environment: Environment, pod: PodContext) -> EnvValue | None:
    """The value of an ``env`` entry; None where an optional source leaves the variable as it was."""
    value, source = entry.get("value"), entry.get("valueFrom")
    named_at = entry.get("name")
    if value.string() or not source.is_set:
        return _written_value(name, entry, environment)
    for field_name, kind in SOURCES.items():
        selector = source.get(f"{field_name}KeyRef")
        if selector.is_set:
            ref = ObjectRef(kind, selector.get("name").string(), pod.namespace)
            return _keyed_value(name, ref, selector, pod)
    if source.get("fieldRef").is_set:
        path = source.get("fieldRef", "fieldPath")
        text = read_field(path, pod)
        return EnvValue(name, text, path, named_at, "" if text else f"the pod's {path.string()}")
    if source.get("resourceFieldRef").is_set:
        resource = source.get("resourceFieldRef", "resource")
        return EnvValue(name, None, resource, named_at, f"the container's {resource.string()}")
    return EnvValue(name, None, source, named_at, "a source of a kind that is not known")


def _written_value(name: str, entry: Cursor, environment: Environment) -> EnvValue:
    place, named_at = entry.get("value"), entry.get("name")
    text = place.text
    if text is None:
        if place.is_set:
            return EnvValue(name, None, place, named_at, "a value that is a string")
        return EnvValue(name, WholeText("", place), place, named_at)
    used: list[str] = []

    def look_up(other: str) -> Text | str | None:
        used.append(other)
        return environment.look_up(other)

    expanded = expand(text, look_up)
    is_secret = any(value.is_secret for value in map(environment.get, used) if value is not None)
    unknown = unknown_parts(expanded)
    if unknown:
        return EnvValue(name, None, place, named_at, unknown[0].wants, is_secret)
    return EnvValue(name, expanded, place, named_at, "", is_secret)


def _keyed_value(name: str, ref: ObjectRef, selector: Cursor, pod: PodContext) -> EnvValue | None:
    key, named_at = selector.get("key").string(), selector.get("name")
    store = pod.find_store(ref.kind, ref.name)
    entry = store.entries.get(key) if store else None
    if entry is not None:
        missing = "" if entry.text is not None else wants(ref, key)
        return EnvValue(name, entry.text, entry.cursor, named_at, missing, entry.is_secret)
    is_absent = store is not None or pod.world.is_whole(pod.namespace) is Tri.YES
    if is_absent and selector.get("optional").boolean():
        return None
    return EnvValue(name, None, selector.get("key"), named_at, wants(ref, key), ref.kind == "Secret")


def read_field(path: Cursor, pod: PodContext) -> Text | None:
    """The value of a downward API field where the input tells it."""
    asked = path.string()
    if asked == "metadata.namespace":
        return WholeText(pod.namespace, path) if pod.namespace else None
    if asked == "spec.serviceAccountName":
        return pod.spec.get("serviceAccountName").text
    for part in ("labels", "annotations"):
        if asked.startswith(f"metadata.{part}['") and asked.endswith("']"):
            return written(pod.metadata.get(part, asked[len(part) + 11 : -2]))
    return None


__all__ = ["EnvValue", "Environment", "PodContext", "read_environment", "read_field"]
