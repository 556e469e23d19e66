"""The annotation ``truehop/networks``: what whoever made the manifests knows of the cluster's addresses.

YAML with the keys that ``networks`` has in the configuration, on any object or pod template::

    pods: [10.42.0.0/16]
    nodes: [192.0.2.0/28]

It holds for all of the scope that the object is in. What two annotations say differently is not
known: a cluster has its networks once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from truehop.kube.objects import World
from truehop.model.addresses import AddressSet, Network, parse_network
from truehop.model.facts import Basis, Fact, Location, ObjectRef
from truehop.model.hops import Effect, Switch
from truehop.profiles.platforms import platforms
from truehop.profiles.rewrites import DATAPATHS
from truehop.source.tree import Cursor, Mapping
from truehop.source.yaml import load_embedded

ANNOTATION = "truehop/networks"
#: Parts of a cluster, by their keys; every key but these and the words is a network of the user's own.
PARTS = ("pods", "nodes", "services", "loadBalancers")
PRESET, DATAPATH = "preset", "datapath"
#: How like a known key another one is that was meant to be it, as in the configuration.
NEAR = 0.75
_LONGEST = 40
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class StatedNetworks:
    """What the annotations of a scope say: networks and words by key, and what of them says nothing."""

    networks: dict[str, Fact[AddressSet]] = field(default_factory=dict)
    words: dict[str, Fact[str]] = field(default_factory=dict)
    switches: list[Switch] = field(default_factory=list)


def read_networks(world: World) -> StatedNetworks:
    """Everything that annotations of the scope's objects say of its networks."""
    found = StatedNetworks()
    networks: dict[str, list[Fact[AddressSet]]] = {}
    words: dict[str, list[Fact[str]]] = {}
    for ref, place in _places(world):
        for key, entry in _entries(found, place):
            if key in (PRESET, DATAPATH):
                word = _word(found, key, entry, ref)
                words.setdefault(key, []).extend([word] if word else [])
            else:
                said = _networks(found, key, entry, ref)
                networks.setdefault(key, []).extend([said] if said else [])
    found.networks = dict(_agreed(found, networks))
    found.words = dict(_agreed(found, words))
    return found


def _places(world: World) -> Iterator[tuple[ObjectRef, Cursor]]:
    """The annotation wherever it stands; a Pod's own annotations are its template's."""
    seen: set[int] = set()
    places = [(one.ref, one.annotation(ANNOTATION)) for one in world.resources]
    places += [(one.ref, one.pod_annotations.get(ANNOTATION)) for one in world.workloads]
    for ref, place in places:
        if place.node is not None and id(place.node) not in seen:
            seen.add(id(place.node))
            yield ref, place


def _entries(found: StatedNetworks, place: Cursor) -> Iterator[tuple[str, Cursor]]:
    """The keys of one annotation that are known and given once."""
    text = place.text
    if text is None:
        return
    loaded = load_embedded(text)
    if loaded.problems:
        problem = loaded.problems[0]
        _refuse(found, "", problem.at, f"it cannot be read: {problem.message}")
        return
    root = loaded.documents[0].cursor() if len(loaded.documents) == 1 else None
    if root is None or not root.is_mapping:
        because = "it is no mapping of a cluster's parts to networks"
        shown = text.value.strip().partition("\n")[0][:_LONGEST]
        _refuse(found, shown, text.location(), because, "pods: [10.42.0.0/16]")
        return
    known = (*PARTS, PRESET, DATAPATH)
    twice = root.node.duplicates if isinstance(root.node, Mapping) else ()
    for _, second in twice:
        at = root.span(second.line, second.column, second.end_line, second.end_column)
        _refuse(found, second.value, at, "this key is given twice", "it once")
    for key, entry in root.entries():
        if any(second.value == key for _, second in twice):
            continue
        lower = {one.lower(): one for one in known}
        meant = difflib.get_close_matches(key.lower(), lower, 1, NEAR) if key not in known else []
        if meant:
            _refuse(found, key, entry.key_location(), "there is no such key", lower[meant[0]])
        else:
            yield key, entry


def _networks(found: StatedNetworks, key: str, entry: Cursor, ref: ObjectRef) -> Fact[AddressSet] | None:
    """The networks of one key, none of them where a single one cannot be read: the rest would be too few."""
    texts = list(entry.items()) if entry.is_sequence else [entry]
    if not texts or not all(text.is_scalar and text.is_set for text in texts):
        because = f"{key} is a network or a list of them"
        _refuse(found, entry.string(key), entry.location(), because, f"{key}: [10.42.0.0/16]")
        return None
    read = [_network(found, key, text) for text in texts]
    known = [one for one in read if one is not None]
    if len(known) < len(read):
        return None
    return Fact(AddressSet.of(known), entry.location(), Basis.STATED, _origin(key, ref), f"networks.{key}")


def _network(found: StatedNetworks, key: str, place: Cursor) -> Network | None:
    text = place.string()
    network = parse_network(text, strict=True)
    if network is None:
        loose = parse_network(text)
        instead = str(loose) if loose else "an address or CIDR, as 10.42.0.0/16 or 2001:db8::/48"
        _refuse(found, text, place.location(), f"it is no network, so {key} stays unknown", instead)
    return network


def _word(found: StatedNetworks, key: str, entry: Cursor, ref: ObjectRef) -> Fact[str] | None:
    words = DATAPATHS if key == DATAPATH else tuple(platforms())
    if entry.string() in words:
        return Fact(entry.string(), entry.location(), Basis.STATED, _origin(key, ref))
    _refuse(found, entry.string(key), entry.location(), f"{key} knows no such word", " or ".join(words))
    return None


def _origin(key: str, ref: ObjectRef) -> str:
    return f"the {key} that {ref} declares"


def _agreed(found: StatedNetworks, said: dict[str, list[Fact[T]]]) -> Iterator[tuple[str, Fact[T]]]:
    """What all annotations say alike; the first that differs is told.

    A guess all the same, since a folder may hold renderings for two clusters.
    """
    for key, facts in said.items():
        other = next((fact for fact in facts if fact.value != facts[0].value), None)
        if facts and other is None:
            yield key, facts[0]
        elif other is not None and other.at is not None:
            because = f"it is said otherwise elsewhere, so {key} stays unknown"
            instead = "it in one way, or list what belongs to different clusters under scopes in truehop.yaml"
            first = facts[0].at
            found.switches.append(
                Switch(
                    ANNOTATION,
                    f"{key} {other.value}",
                    other.at,
                    Effect.CANCELLED,
                    because,
                    instead,
                    first,
                    basis=Basis.ASSUMED,
                )
            )


def _refuse(found: StatedNetworks, value: str, at: Location, because: str, instead: str = "") -> None:
    """Tell of a part of an annotation that says nothing."""
    found.switches.append(Switch(ANNOTATION, value, at, Effect.IGNORED, because, instead))
