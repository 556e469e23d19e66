"""IngressRoute and IngressRouteTCP: from objects to routing rules before anything is resolved."""

from __future__ import annotations

from truehop.adapters.readings import BackendDraft, RouterDraft, Routing
from truehop.adapters.traefik.grammar import parse_rule
from truehop.adapters.traefik.objects import Objects
from truehop.adapters.traefik.redirects import redirects_all
from truehop.adapters.traefik.sending import read_sending
from truehop.kube.resources import Resource
from truehop.model.facts import Basis, Fact, Location, ObjectRef
from truehop.model.hops import ApiUse, RouterTls, Wire
from truehop.source.tree import Cursor

#: The kinds of routes, and the protocol of their rules.
PROTOCOLS = {"IngressRouteTCP": "tcp", "IngressRoute": "http"}


def read_entries(place: Cursor) -> tuple[tuple[Fact[str], ...], Location]:
    """The entry points that are named, and where they are (or should be) named."""
    entries = tuple(Fact(entry.string(), entry.location()) for entry in place.items() if entry.string())
    return entries, place.key_location()


def read_tls(tls: Cursor) -> tuple[RouterTls, Location]:
    """What a router does with TLS, and where that is (or should be) said."""
    if not tls.is_set:
        return RouterTls.NONE, tls.key_location()
    passthrough = tls.get("passthrough")
    if passthrough.boolean():
        return RouterTls.PASSTHROUGH, passthrough.location()
    return RouterTls.TERMINATES, tls.key_location()


def _opaque(service: Cursor, ref: ObjectRef, objects: Objects) -> str:
    if service.get("kind").string() == "TraefikService" or "@" in ref.name:
        return f"TraefikService {ref.name}"
    resource = objects.world.find("Service", ref.namespace, ref.name)
    if resource and resource.get("spec", "type").string() == "ExternalName":
        return f"ExternalName {resource.get('spec', 'externalName').string()}"
    return ""


def _backend(
    service: Cursor, objects: Objects, namespace: str | None, protocol: str, routing: Routing
) -> BackendDraft:
    name, port = service.get("name"), service.get("port")
    ref = ObjectRef("Service", name.string(), service.get("namespace").string() or namespace)
    at = name.location() if name.exists else service.location()
    draft = BackendDraft(
        ref,
        port.string(),
        at,
        port.location() if port.is_set else None,
        opaque=_opaque(service, ref, objects),
    )
    if protocol == "http":
        scheme = service.get("scheme").string()
        draft.sends, draft.sends_at = (
            Fact(Wire.XFF, at, Basis.DEFAULT, "the header is set for every request"),
            at,
        )
        draft.dials_tls = scheme == "https" or (
            not scheme and (port.string() == "443" or port.string().startswith("https"))
        )
        return draft
    sending = read_sending(service, objects, namespace)
    draft.sends, draft.sends_at, draft.bad_version = sending.wire, sending.at, sending.bad_version
    draft.corrupts = sending.corrupts
    draft.dials_tls = bool(service.get("tls").boolean())
    if sending.switch:
        routing.switches.append(sending.switch)
    return draft


def _route(
    route: Cursor, number: int, resource: Resource, objects: Objects, api_use: ApiUse | None, routing: Routing
) -> RouterDraft:
    protocol, namespace = PROTOCOLS[resource.kind], resource.namespace
    match = route.get("match")
    spec = resource.get("spec")
    entries, entries_at = read_entries(spec.get("entryPoints"))
    tls, tls_at = read_tls(spec.get("tls"))
    draft = RouterDraft(
        f"{resource.ref} route {number + 1}",
        protocol,
        match.location(),
        namespace,
        entries,
        tls,
        tls_at,
        ref=resource.ref,
        provider="crd",
        api_use=api_use,
        entries_at=entries_at,
    )
    if match.is_set:
        syntax = route.get("syntax").string() or objects.syntax
        rule = parse_rule(match.string(), protocol, syntax)
        draft.match = Fact(match.string(), match.location())
        draft.match_problem, draft.takes_all = rule.problem, rule.takes_all
        draft.host_names = rule.hosts("HostSNI" if protocol == "tcp" else "Host")
    draft.backends = [
        _backend(service, objects, namespace, protocol, routing) for service in route.get("services").items()
    ]
    if protocol == "http" and tls is RouterTls.NONE:
        draft.is_redirect = redirects_all(
            [
                (reference.get("namespace").string() or namespace, reference.get("name").string())
                for reference in route.get("middlewares").items()
            ],
            objects,
        )
    return draft


def read_route_object(resource: Resource, objects: Objects, routing: Routing) -> None:
    """Add the rules of one IngressRoute or IngressRouteTCP."""
    api_use = objects.api_use(resource)
    for number, route in enumerate(resource.get("spec", "routes").items()):
        routing.routers.append(_route(route, number, resource, objects, api_use, routing))
