"""Ignores that stand in the input itself: annotations on objects, comments in sources."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.findings.waivers import Waiver, of_annotation
from truehop.kube.objects import World
from truehop.source.comments import InSourceIgnore

ANNOTATION = "truehop/ignore"


def annotated(world: World) -> Iterator[Waiver]:
    """The ignores in annotations of objects."""
    for resource in world.resources:
        text = resource.annotation(ANNOTATION).text
        ref = resource.root.document.object
        if text is not None and ref is not None:
            yield from of_annotation(text, ref)


def commented(ignore: InSourceIgnore) -> Waiver:
    """An ignore in a comment."""
    return Waiver("comment", ignore.rules, ignore.reason, ignore.at, line=ignore.line)
