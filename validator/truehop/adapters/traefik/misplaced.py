"""Keys of values that the chart does not know, where they are about headers, trust, TLS or traffic policy.

The chart reads its values by exact names; a key it does not know does nothing, or is refused by the schema
(traefik/traefik-helm-chart ``traefik/Changelog.md`` and the templates of the releases named).
"""

from __future__ import annotations

from collections.abc import Iterator

from truehop.adapters.traefik.chart import is_truthy
from truehop.adapters.traefik.spelling import meant
from truehop.adapters.traefik.versions import VersionRange, at_least
from truehop.model.facts import Tri
from truehop.model.hops import Effect, Switch
from truehop.source.tree import Cursor

BLOCKS = ("proxyProtocol", "forwardedHeaders")
TRUST = ("trustedIPs", "insecure")
#: Keys below the two blocks that some release of the chart reads.
KNOWN = {"proxyProtocol": {*TRUST}, "forwardedHeaders": {*TRUST, "notAppendXForwardedFor"}}
#: Blocks of a port that hold no header settings.
WRONG_PARENTS = ("http", "transport", "tls", "http3", "forwardedHeaders", "proxyProtocol")


def has_content(place: Cursor) -> bool:
    """Whether anything below says more than the empty defaults do."""
    if place.is_scalar:
        return is_truthy(place)
    return any(has_content(entry) for _, entry in place.entries()) or any(True for _ in place.items())


def _ignored(name: str, place: Cursor, because: str, instead: str) -> Switch:
    return Switch(name, place.string(), place.key_location(), Effect.IGNORED, because, instead=instead)


def _near_names(place: Cursor, where: str, names: tuple[str, ...]) -> Iterator[Switch]:
    for key, entry in place.entries():
        name = meant(key, names)
        if name and not place.get(name).exists and has_content(entry):
            yield _ignored(
                f"{where}.{key}", entry, f"the chart reads {name}, spelt just so", f"{where}.{name}"
            )


def _unknown_in_block(block: Cursor, name: str, where: str) -> Iterator[Switch]:
    if block.is_scalar and is_truthy(block):
        yield _ignored(where, block, "the chart reads only the keys below it", f"{where}.trustedIPs")
    is_on = any(is_truthy(block.get(key)) for key in TRUST)
    for key, entry in block.entries():
        if key in KNOWN[name] or meant(key, TRUST) or key in BLOCKS:
            continue
        if key == "enabled":
            if is_truthy(entry) is is_on:
                continue
        elif not has_content(entry):
            continue
        yield _ignored(
            f"{where}.{key}",
            entry,
            f"the chart reads only {' and '.join(TRUST)} there",
            f"{where}.trustedIPs",
        )


def _moved(port: Cursor, where: str, chart: VersionRange | None) -> Iterator[Switch]:
    """Keys that a release moved, took away or did not have yet."""
    rules = (
        (("tls",), "39.0.0", True, "http.tls"),
        (("redirections",), "39.0.0", True, "http.redirections"),
        (("http", "tls"), "39.0.0", False, "tls"),
        (("http", "redirections"), "39.0.0", False, "redirections"),
        (("redirectTo",), "34.0.0", True, "redirections"),
        (("redirections",), "34.0.0", False, "redirectTo"),
        (("proxyProtocol",), "16.2.0", False, ""),
        (("forwardedHeaders",), "16.2.0", False, ""),
    )
    for path, release, is_gone, instead in rules:
        place = port.get(*path)
        since = at_least(chart, release)
        if not has_content(place) or since is not (Tri.YES if is_gone else Tri.NO):
            continue
        name = f"{where}.{'.'.join(path)}"
        because = f"the chart has no such key {'since' if is_gone else 'before'} {release}"
        yield _ignored(name, place, because, f"{where}.{instead}" if instead else f"chart {release} or newer")
    expose = port.get("expose")
    if expose.boolean() and at_least(chart, "27.0.0") is Tri.YES:
        yield _ignored(f"{where}.expose", expose, "it names Services since 27.0.0", f"{where}.expose.default")


def port_switches(name: str, port: Cursor, chart: VersionRange | None) -> Iterator[Switch]:
    """What one port says that does nothing."""
    where = f"ports.{name}"
    yield from _near_names(port, where, BLOCKS)
    for key in TRUST:
        if has_content(port.get(key)):
            yield _ignored(
                f"{where}.{key}",
                port.get(key),
                "it stands outside of proxyProtocol and forwardedHeaders",
                f"{where}.proxyProtocol.{key}",
            )
    for block in BLOCKS:
        yield from _near_names(port.get(block), f"{where}.{block}", TRUST)
        yield from _unknown_in_block(port.get(block), block, f"{where}.{block}")
        for parent in WRONG_PARENTS:
            place = port.get(parent, block)
            if parent != block and has_content(place):
                yield _ignored(
                    f"{where}.{parent}.{block}",
                    place,
                    f"the chart reads {block} right under the port",
                    f"{where}.{block}",
                )
    yield from _moved(port, where, chart)


def service_switches(values: Cursor, chart: VersionRange | None) -> Iterator[Switch]:
    """What stands in the wrong place of ``service``, or at the top."""
    policy = "externalTrafficPolicy"
    for path in ((), ("service",), ("deployment",), ("service", "annotations")):
        place = values.get(*path, policy)
        if place.is_set:
            yield _ignored(
                ".".join((*path, policy)),
                place,
                "the chart hands on only what stands in service.spec",
                f"service.spec.{policy}",
            )
    yield from _near_names(values.get("service", "spec"), "service.spec", (policy,))
    kind = values.get("service", "type")
    if kind.is_set and kind.string() != "LoadBalancer" and at_least(chart, "40.0.0") is Tri.YES:
        yield _ignored("service.type", kind, "the chart has no such key since 40.0.0", "service.spec.type")
    named = [("", values), ("service.", values.get("service")), ("ports.", values.get("ports"))]
    named += [(f"entryPoints.{name}.", entry) for name, entry in values.get("entryPoints").entries()]
    for prefix, parent in named:
        for block in BLOCKS:
            place = parent.get(block)
            if has_content(place):
                yield _ignored(
                    prefix + block,
                    place,
                    f"the chart reads {block} under ports.NAME only",
                    f"ports.NAME.{block}",
                )
