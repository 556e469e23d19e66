"""Ingress objects that Traefik serves, with its annotations.

A ``tls`` section only loads certificates; a router has TLS by the annotation or its entry point
(traefik@v3.7.9 ``pkg/provider/kubernetes/ingress/kubernetes.go``).

Source only: routes of Ingress objects
"""

from __future__ import annotations

from collections.abc import Iterator

from truehop.adapters.readings import BackendDraft, RouterDraft, Routing
from truehop.adapters.traefik.objects import CRD_PROVIDER, Objects
from truehop.adapters.traefik.redirects import redirects_all
from truehop.kube.resources import Resource
from truehop.model.facts import Basis, Fact, ObjectRef
from truehop.model.hops import RouterTls, Wire
from truehop.source.tree import Cursor

ANNOTATIONS = "traefik.ingress.kubernetes.io/router."
CONTROLLER = "traefik.io/ingress-controller"
CLASS_ANNOTATION = "kubernetes.io/ingress.class"


def _is_served(resource: Resource, objects: Objects) -> bool:
    """Whether Traefik serves it: by class, by its annotations, or as the only one who takes any class."""
    name = resource.get("spec", "ingressClassName").string() or resource.annotation(CLASS_ANNOTATION).string()
    if name:
        known = next((entry for entry in objects.world.of("IngressClass") if entry.name == name), None)
        if known:
            return known.get("spec", "controller").string() == CONTROLLER
        return "traefik" in name
    if any(key.startswith("traefik.ingress.kubernetes.io/") for key, _ in resource.annotations.entries()):
        return True
    return any("ingress" in reading.providers for reading in objects.readings)


def _backend(service: Cursor, namespace: str | None) -> BackendDraft:
    name = service.get("name")
    number, port_name = service.get("port", "number"), service.get("port", "name")
    port = number if number.is_set else port_name
    at = name.location()
    return BackendDraft(
        ObjectRef("Service", name.string(), namespace),
        port.string(),
        at,
        port.location() if port.is_set else None,
        Fact(Wire.XFF, at, Basis.DEFAULT, "the header is set for every request"),
        at,
        dials_tls=port.string() == "443" or port.string().startswith("https"),
    )


def _paths(resource: Resource) -> Iterator[tuple[Cursor, str, Cursor]]:
    """Place, host and service of each path, the default backend last."""
    spec = resource.get("spec")
    for rule in spec.get("rules").items():
        for path in rule.get("http", "paths").items():
            yield path, rule.get("host").string(), path.get("backend", "service")
    default = spec.get("defaultBackend", "service")
    if default.is_mapping:
        yield spec.get("defaultBackend"), "", default


def read_ingress(resource: Resource, objects: Objects, routing: Routing) -> None:
    """Add the rules of one Ingress, if Traefik serves it."""
    if not _is_served(resource, objects):
        return
    annotated = resource.annotation(f"{ANNOTATIONS}entrypoints")
    tls = resource.annotation(f"{ANNOTATIONS}tls")
    middlewares = resource.annotation(f"{ANNOTATIONS}middlewares").text
    entries = tuple(
        Fact(part.value, part.location()) for part in (annotated.text.split(",") if annotated.text else ())
    )
    is_tls = tls.string().strip() == "true"
    names = [part.value for part in middlewares.split(",")] if middlewares else []
    for number, (place, host, service) in enumerate(_paths(resource)):
        path = place.get("path").string("/")
        rule = f"Host(`{host}`) && PathPrefix(`{path}`)" if host else f"PathPrefix(`{path}`)"
        routing.routers.append(
            RouterDraft(
                f"{resource.ref} path {number + 1}",
                "http",
                place.location(),
                resource.namespace,
                entries,
                RouterTls.TERMINATES if is_tls else RouterTls.NONE,
                tls.location() if is_tls else tls.key_location(),
                Fact(rule, place.location()),
                host_names=(host,) if host else (),
                backends=[_backend(service, resource.namespace)],
                is_redirect=not is_tls
                and redirects_all(
                    [(resource.namespace, name if "@" in name else name + CRD_PROVIDER) for name in names],
                    objects,
                ),
                ref=resource.ref,
                provider="ingress",
                entries_at=annotated.key_location(),
            )
        )
