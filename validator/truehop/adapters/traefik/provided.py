"""Routes of the file provider: ``tcp``, ``http`` and ``tls`` of a dynamic configuration file.

Names of sections are compared without regard to case; ``proxyProtocol: {}`` means version 2 in a service
and in a transport alike (traefik@v3.7.9 ``pkg/config/dynamic/tcp_config.go`` ``SetDefaults``).

Source only: proxyProtocol without a version in a file's service or transport
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from truehop.adapters.readings import BackendDraft, Reading, RouterDraft, Routing
from truehop.adapters.traefik.grammar import parse_rule
from truehop.adapters.traefik.objects import Objects
from truehop.adapters.traefik.redirects import redirects_by
from truehop.adapters.traefik.routes import read_entries, read_tls
from truehop.adapters.traefik.sending import TAKEOVER, Sending, read_header, with_corruption
from truehop.adapters.traefik.tlsoptions import read_option
from truehop.adapters.traefik.versions import at_least
from truehop.kube.objects import World
from truehop.model.addresses import parse_network
from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.hops import Effect, RouterTls, Switch, Wire
from truehop.source.tree import Cursor

#: A Service's name in the cluster: ``mta``, ``mta.mail``, ``mta.mail.svc.cluster.local``.
NAME = re.compile(r"^([a-z0-9][a-z0-9-]*)(?:\.([a-z0-9][a-z0-9-]*))?(?:\.svc(?:\.[a-z0-9.-]+)?)?\.?$")
URL = re.compile(r"^(?:(https?|h2c)://)?(\[[^\]]*\]|[^:/]+)(?::(\d+))?(?:/.*)?$")
MOST_DEPTH = 5


def _get(cursor: Cursor, *names: str) -> Cursor:
    """The place below, its keys in any case."""
    for name in names:
        found = next((entry for key, entry in cursor.entries() if key.lower() == name.lower()), None)
        cursor = found if found is not None else cursor.get(name)
    return cursor


class _File:
    """One dynamic file, read for one Traefik."""

    def __init__(self, root: Cursor, reading: Reading) -> None:
        self.root = root
        self.reading = reading
        self.objects = Objects(World([], Tri.NO), [reading])
        self.routing = Routing()
        self.namespace = reading.hop.ref.namespace if reading.hop.ref else None

    def backend(self, server: Cursor, key: str) -> BackendDraft | None:
        place = _get(server, key)
        found = URL.match(place.string().strip())
        if not found:
            return None
        scheme, host, port = found.groups()
        is_name = parse_network(host.strip("[]")) is None and NAME.match(host)
        parts = NAME.match(host) if is_name else None
        ref = ObjectRef(
            "Service", parts[1] if parts else host, (parts[2] or self.namespace) if parts else None
        )
        at = place.location()
        return BackendDraft(
            ref,
            port or {"https": "443", "http": "80"}.get(scheme or "", ""),
            at,
            at,
            opaque="" if parts else f"the address {host}",
            dials_tls=scheme == "https" or bool(_get(server, "tls").boolean()),
        )

    def sending(self, balancer: Cursor) -> Sending:
        """What a TCP service sends; see :mod:`truehop.adapters.traefik.sending` for who wins."""
        own = read_header(_get(balancer, "proxyProtocol"))
        name = _get(balancer, "serversTransport")
        versions = self.objects.versions
        if not name.is_set or at_least(versions, TAKEOVER) is Tri.NO:
            return with_corruption(own, self.objects)
        transport = _get(self.root, "tcp", "serversTransports", name.string().partition("@")[0])
        if not transport.exists:
            unknown = f"serversTransport {name.string()} is not in the input"
            return Sending(
                Fact(Wire.NONE, name.location(), Basis.UNKNOWN, unknown, settles=unknown), name.location()
            )
        found = read_header(_get(transport, "proxyProtocol"))
        if own.wire.value is not Wire.NONE and own.wire.value is not found.wire.value:
            self.routing.switches.append(
                Switch(
                    "proxyProtocol",
                    own.wire.value,
                    own.at,
                    Effect.CANCELLED,
                    f"the named serversTransport {name.string()} decides alone since {TAKEOVER}",
                    instead="proxyProtocol.version in the transport",
                    other=name.location(),
                    basis=Basis.STATED if at_least(versions, TAKEOVER) is Tri.YES else Basis.ASSUMED,
                )
            )
        return with_corruption(found, self.objects)

    def backends(self, protocol: str, name: str, depth: int = 0) -> Iterator[BackendDraft]:
        """The servers behind a service; weighted and failover ones are followed."""
        service = _get(self.root, protocol, "services", name.partition("@")[0])
        balancer = _get(service, "loadBalancer")
        for server in _get(balancer, "servers").items():
            draft = self.backend(server, "address" if protocol == "tcp" else "url")
            if draft is None:
                continue
            if protocol == "http":
                draft.sends, draft.sends_at = Fact(Wire.XFF, draft.at, Basis.DEFAULT), draft.at
            else:
                sending = self.sending(balancer)
                draft.sends, draft.sends_at, draft.bad_version = sending.wire, sending.at, sending.bad_version
                draft.corrupts = sending.corrupts
            yield draft
        if depth < MOST_DEPTH:
            for part in _get(service, "weighted", "services").items():
                yield from self.backends(protocol, _get(part, "name").string(), depth + 1)

    def is_redirect(self, router: Cursor) -> bool:
        names = [entry.string().partition("@")[0] for entry in _get(router, "middlewares").items()]
        return any(redirects_by(_get(self.root, "http", "middlewares", name)) for name in names)

    def router(self, protocol: str, name: str, router: Cursor) -> RouterDraft:
        entries, entries_at = read_entries(_get(router, "entryPoints"))
        block = _get(router, "tls")
        tls, tls_at = read_tls(block)
        match, service = _get(router, "rule"), _get(router, "service")
        draft = RouterDraft(
            f"{protocol} router {name}",
            protocol,
            match.location(),
            self.namespace,
            entries,
            tls,
            tls_at,
            ref=self.reading.hop.ref,
            provider="file",
            entries_at=entries_at,
        )
        if match.is_set:
            rule = parse_rule(
                match.string(), protocol, _get(router, "ruleSyntax").string() or self.objects.syntax
            )
            draft.match = Fact(match.string(), match.location())
            draft.match_problem, draft.takes_all = rule.problem, rule.takes_all
            draft.host_names = rule.hosts("HostSNI" if protocol == "tcp" else "Host")
        draft.backends = list(self.backends(protocol, service.string())) if service.string() else []
        if service.string() and not draft.backends:
            draft.backends.append(
                BackendDraft(
                    ObjectRef("Service", service.string()),
                    "",
                    service.location(),
                    sends=Fact(Wire.NONE, service.location(), Basis.UNKNOWN),
                    opaque=f"the service {service.string()}",
                )
            )
        draft.is_redirect = protocol == "http" and tls is RouterTls.NONE and self.is_redirect(router)
        return draft

    def read(self) -> Routing:
        for protocol in ("tcp", "http"):
            for name, router in _get(self.root, protocol, "routers").entries():
                self.routing.routers.append(self.router(protocol, name, router))
        for name, option in _get(self.root, "tls", "options").entries():
            self.routing.tls_policies.append(read_option(option, name))
        return self.routing


def read_provided(root: Cursor, reading: Reading) -> Routing:
    """The routes of one file of the file provider."""
    return _File(root, reading).read()
