"""Ignores that stand in the input itself: annotations on objects, comments in sources."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.findings.waivers import Waiver, of_annotation
from truehop.kube.objects import World
from truehop.source.tree import SourceFile

ANNOTATION = "truehop/ignore"


def annotated(world: World) -> Iterator[Waiver]:
    """The ignores in annotations of objects."""
    for resource in world.resources:
        place = resource.annotation(ANNOTATION)
        ref = resource.root.document.object
        if place.is_set and ref is not None:
            yield from of_annotation(place.string(), place.location(), ref)


def commented(source: SourceFile) -> Iterator[Waiver]:
    """The ignores in comments of a file."""
    if "truehop:" not in source.text:
        return
    yield from ()
