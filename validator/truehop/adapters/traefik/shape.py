"""Knowing the Traefik chart's values by their shape."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.adapters.traefik.flags import has_own_flags
from truehop.source.tree import Cursor

#: Keys that a port has in this chart and hardly in any other, and how much each tells.
PORT_KEYS = {
    "exposedPort": 1,
    "redirectTo": 1,
    "redirections": 1,
    "asDefault": 1,
    "http3": 1,
    "middlewares": 1,
    "allowACMEByPass": 2,
    "containerPort": 0,
}
#: Top-level keys that are this chart's.
ROOT_KEYS = {
    "ingressRoute": 1,
    "tlsOptions": 1,
    "tlsStore": 1,
    "certResolvers": 1,
    "certificatesResolvers": 2,
    "globalArguments": 1,
    "ingressClass": 0,
}
PROVIDERS = ("kubernetesCRD", "kubernetesIngress", "kubernetesGateway", "kubernetesIngressNGINX")
ENOUGH = 2
#: How deep entry points that a parent chart hands on are looked for.
DEEPEST = 4


def _has_trust(block: Cursor) -> bool:
    return block.get("trustedIPs").exists or block.get("insecure").exists


def port_score(port: Cursor) -> int:
    """How much a mapping looks like an entry point of the chart's ``ports``."""
    if not port.is_mapping:
        return 0
    score = sum(weight for key, weight in PORT_KEYS.items() if port.get(key).exists)
    score += 2 * sum(_has_trust(port.get(key)) for key in ("proxyProtocol", "forwardedHeaders"))
    score += port.get("expose").is_mapping or port.get("expose").boolean() is not None
    score += port.get("tls", "certResolver").exists or port.get("tls", "enabled").exists
    return score + (2 if port.get("http").is_mapping and port.get("http", "tls").is_mapping else 0)


def _flags(values: Cursor) -> bool:
    texts = [
        entry.text for key in ("additionalArguments", "globalArguments") for entry in values.get(key).items()
    ]
    return has_own_flags(text for text in texts if text is not None)


def _score(values: Cursor) -> int:
    ports = [port_score(port) for _, port in values.get("ports").entries()]
    score = max(ports, default=0)
    names = [name for name in ("web", "websecure") if values.get("ports", name).is_mapping]
    score += len(names) // 2
    score += 2 * _flags(values)
    score += sum(
        weight
        for key, weight in ROOT_KEYS.items()
        if values.get(key).is_mapping or values.get(key).is_sequence
    )
    score += 2 * any(values.get("providers", name).is_mapping for name in PROVIDERS)
    score += values.get("ingressRoute", "dashboard").is_mapping
    image = values.get("image")
    repository = image.get("repository").string() or image.get("name").string()
    return score + 2 * (repository.rpartition("/")[2] in {"traefik", "mirrored-library-traefik"})


def own_values(values: Cursor) -> Cursor | None:
    """The chart's values themselves: here, or under ``traefik:`` as a subchart's; None where they are not."""
    for place in (values, values.get("traefik")):
        if place.is_mapping and _score(place) >= ENOUGH:
            return place
    return None


def handed_ports(values: Cursor, depth: int = 0) -> Iterator[Cursor]:
    """Mappings of entry points that a parent chart hands on to Traefik under a name of its own."""
    if depth > DEEPEST:
        return
    entries = [entry for _, entry in values.entries()]
    if depth and any(port_score(entry) > ENOUGH and entry.get("port").exists for entry in entries):
        yield values
    else:
        for entry in entries:
            yield from handed_ports(entry, depth + 1)


def looks_like_values(values: Cursor) -> bool:
    """Whether values are for the Traefik chart, wholly, as a subchart's, or by handed-on entry points."""
    return own_values(values) is not None or next(handed_ports(values), None) is not None
