"""Whether a router answers everything with a redirect to HTTPS."""

from __future__ import annotations

from collections.abc import Iterable

from truehop.adapters.traefik.objects import Objects
from truehop.kube.resources import Resource
from truehop.source.tree import Cursor

#: Regular expressions that mean every plain request.
ALL_PLAIN = ("^http://(.*)", "^http://(.+)", "^http:\\/\\/(.*)", "http://(.*)")
#: Chains are this deep at most.
DEEPEST = 10


def redirects_by(spec: Cursor) -> bool:
    """Whether a middleware's own settings redirect every plain request to HTTPS."""
    if spec.get("redirectScheme", "scheme").string() == "https":
        return True
    regex = spec.get("redirectRegex")
    written = regex.get("regex").string().rstrip("$")
    return written in ALL_PLAIN and regex.get("replacement").string().startswith("https://")


def _redirects(resource: Resource, objects: Objects, depth: int) -> bool:
    spec = resource.get("spec")
    if redirects_by(spec):
        return True
    return depth < DEEPEST and redirects_all(
        [
            (reference.get("namespace").string() or resource.namespace, reference.get("name").string())
            for reference in spec.get("chain", "middlewares").items()
        ],
        objects,
        depth + 1,
    )


def redirects_all(references: Iterable[tuple[str | None, str]], objects: Objects, depth: int = 0) -> bool:
    """Whether one of the middlewares redirects every plain request.

    One that is not in the input counts by its name: taking it for none would be a guess.
    """
    for namespace, name in references:
        resource = objects.find("Middleware", namespace, name)
        if resource is None:
            if "redirect" in name.lower() or "https" in name.lower():
                return True
        elif _redirects(resource, objects, depth):
            return True
    return False
