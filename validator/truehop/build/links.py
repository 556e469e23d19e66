"""Links inside the cluster: from an edge's entry points to listeners, and from clients to servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from truehop.adapters.readings import ClientDraft, Reading, RouterDraft
from truehop.build.doors import source_of
from truehop.build.families import carried_families
from truehop.build.resolve import ResolvedBackend, ResolvedRouter
from truehop.build.stock import Stock
from truehop.kube.policy import Peer
from truehop.kube.services import Service
from truehop.kube.workloads import Workload
from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.graph import Networks
from truehop.model.listeners import Hop, Listener
from truehop.model.routes import Backend, Link, Router
from truehop.model.terms import RouterTls, Tls


@dataclass(slots=True, eq=False)
class Wiring:
    """Routers and links of a scope, over sealed listeners."""

    stock: Stock
    sealed: dict[int, Listener]
    networks: Networks
    routers: list[Router] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    #: By entry (id of the unsealed listener): why its clients must speak first.
    awaiting: dict[int, Fact[str]] = field(default_factory=dict)
    #: By entry: why TLS that its clients begin with reaches no rule that leaves TLS alone.
    taking_tls: dict[int, Fact[str]] = field(default_factory=dict)
    #: Entries (ids of unsealed listeners) where a TCP rule takes every client without TLS.
    taken: set[int] = field(default_factory=set)

    def survey(self, routers: list[ResolvedRouter]) -> None:
        """Note the entries where a rule waits for TLS, and those where one takes every client without it.

        One that waits makes the proxy read every connection's first bytes, so whoever connects must
        speak first; and TCP rules are asked before HTTP (traefik@v3.7.9
        pkg/server/router/tcp/router.go ServeTCP). Of those only rules with TLS of their own are asked about
        TLS: beside HTTPS, what begins with TLS never reaches the others.

        Witness: v2 covers https v2 smtp demands honest
        Witness: v2 covers https v2 imaps demands honest
        """
        for resolved in routers:
            draft = resolved.draft
            if _broken(resolved) is not None:
                continue
            for entry in resolved.entries:
                has_own = draft.protocol == "http" and entry.tls.value is Tls.IMPLICIT
                if draft.tls is not RouterTls.NONE or has_own:
                    why = f"{draft.name} waits for TLS there, but the server greets first"
                    at = entry.tls.at if has_own else draft.tls_at or draft.at
                    self.awaiting.setdefault(id(entry), Fact(why, at))
                    if draft.protocol == "http":
                        takes = f"{draft.name} makes HTTPS of every TLS connection there"
                        self.taking_tls.setdefault(id(entry), Fact(takes, at))
                elif draft.takes_all and draft.protocol == "tcp":
                    self.taken.add(id(entry))

    def seal(self, listener: Listener) -> Listener:
        """The final form of a listener, with who may reach it."""
        return self.sealed.get(id(listener), listener)

    def add_router(self, resolved: ResolvedRouter) -> None:
        """Make a router and a link from each of its entries to each listener behind it."""
        draft = resolved.draft
        router = Router(
            draft.name,
            draft.protocol,
            draft.at,
            resolved.edge,
            draft.entries,
            tuple(self.seal(entry) for entry in resolved.entries),
            tuple(resolved.unknown_entries),
            draft.tls,
            draft.tls_at,
            draft.match,
            match_problem(draft),
            draft.host_names,
            resolved.lands_by_default,
            tuple(self._backend(backend) for backend in resolved.backends),
            draft.is_redirect,
            draft.entries_at,
        )
        self.routers.append(router)
        if draft.is_redirect:
            return
        broken = _broken(resolved)
        entries: list[Listener | None] = [*resolved.entries] or [None]
        for entry in entries:
            if entry is not None and not self._is_asked(draft, entry):
                continue
            for backend in resolved.backends:
                for listener in backend.listeners:
                    self.links.append(self._link(resolved, router, entry, backend, listener, broken))

    def _is_asked(self, draft: RouterDraft, entry: Listener) -> bool:
        """Whether a rule is ever asked there: one for plain HTTP is not where a TCP rule takes all."""
        is_plain = draft.protocol == "http" and draft.tls is RouterTls.NONE and entry.tls.value is Tls.PLAIN
        return not (is_plain and id(entry) in self.taken)

    def _backend(self, backend: ResolvedBackend) -> Backend:
        draft = backend.draft
        return Backend(
            draft.service,
            draft.port,
            draft.port_at or draft.at,
            tuple(self.seal(found) for found in backend.listeners),
            backend.dangling,
            backend.dangles,
            draft.sends,
        )

    def _link(
        self,
        resolved: ResolvedRouter,
        router: Router,
        entry: Listener | None,
        backend: ResolvedBackend,
        listener: Listener,
        broken: Fact[str] | None,
    ) -> Link:
        draft = backend.draft
        sender = resolved.reading.workload if resolved.reading else None
        is_plain = router.protocol == "tcp" and router.tls is RouterTls.NONE
        return Link(
            resolved.edge,
            self.seal(listener),
            draft.sends,
            source_of(
                is_in_input=resolved.reading is not None, on_host_network=resolved.edge.on_host_network
            ),
            at=draft.sends_at or draft.at,
            via=draft.service,
            router=router,
            entry=self.seal(entry) if entry else None,
            corrupts=draft.corrupts,
            bad_version=draft.bad_version,
            broken=broken,
            dials_tls=draft.dials_tls,
            admitted=self._admitted(resolved.edge, sender, listener),
            families=self._families(draft.service),
            awaits_client=self.awaiting.get(id(entry)),
            takes_tls=self.taking_tls.get(id(entry)) if is_plain else None,
        )

    def _families(self, ref: ObjectRef) -> Fact[tuple[int, ...] | None]:
        """The address families of the Service passed."""
        service = self.stock.service(ref.namespace, ref.name)
        return carried_families(service, self.networks) if service else Fact(None, basis=Basis.UNKNOWN)

    def _admitted(self, hop: Hop, sender: Workload | None, listener: Listener) -> Fact[Tri]:
        """Whether policies let a sender through; one without a workload in the input where anybody gets in.

        What runs on a node reaches the pods of that node in any case.
        """
        target = self.stock.workload_of.get(id(listener.hop))
        policies = self.stock.world.policies
        unknown = Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN)
        if target is None:
            return unknown
        if sender is None:
            anybody = policies.admits_anybody(target, listener.port)
            return anybody if anybody.value is Tri.NO and not hop.on_host_network else unknown
        came = policies.admits(target, listener.port, self._peer(sender))
        if came.value is Tri.NO:
            return came
        went = policies.admits_egress(sender, target, listener.port)
        return went if went.value is Tri.NO else came

    def _peer(self, workload: Workload) -> Peer:
        """A sender with the addresses that it may show; on the host network also a bridge's to the pods."""
        pods, nodes = self.networks.pods.value, self.networks.nodes.value
        if workload.host_network:
            return Peer.of(workload, pods | nodes if pods and nodes else None)
        return Peer.of(workload, pods)

    def add_clients(self, reading: Reading) -> None:
        """Links of a program's own logins and deliveries to listeners in the input."""
        for client in reading.clients:
            for listener, public_name in (*self._called(client), *self._called_outside(client)):
                sender = reading.workload
                self.links.append(
                    Link(
                        reading.hop,
                        self.seal(listener),
                        client.sends,
                        source_of(is_in_input=True, on_host_network=reading.hop.on_host_network),
                        at=client.at,
                        is_client=True,
                        public_name=public_name,
                        admitted=self._admitted(reading.hop, sender, listener),
                    )
                )

    def _called_outside(self, client: ClientDraft) -> Iterator[tuple[Listener, str]]:
        """The listeners behind the door whose public name the client uses."""
        host = client.host.rstrip(".").lower()
        for service in self.stock.world.services:
            if "." not in host or service.type != "LoadBalancer" or host not in _public_names(service):
                continue
            for port in service.ports:
                if port.port == client.port:
                    for listener in self.stock.behind(service, port):
                        yield listener, client.host

    def _called(self, client: ClientDraft) -> Iterator[tuple[Listener, str]]:
        name, _, rest = client.host.rstrip(".").partition(".")
        namespace = client.namespace
        if rest:
            space, _, tail = rest.partition(".")
            if tail and not (tail == "svc" or tail.startswith("svc.")):
                return
            namespace = space
        service = self.stock.service(namespace, name)
        for port in service.ports if service is not None else ():
            if port.port == client.port and service is not None:
                for listener in self.stock.behind(service, port):
                    yield listener, ""


#: Annotation by which external-dns learns a Service's public names, comma separated
#: (kubernetes-sigs/external-dns docs/annotations/annotations.md).
PUBLIC_NAMES = "external-dns.alpha.kubernetes.io/hostname"


def _public_names(service: Service) -> set[str]:
    """The public names that a Service's annotation gives it."""
    names = service.resource.annotation(PUBLIC_NAMES).string().split(",")
    return {name.strip().rstrip(".").lower() for name in names} - {""}


def _broken(resolved: ResolvedRouter) -> Fact[str] | None:
    """Why nothing gets through a routing rule, where the input proves it."""
    draft = resolved.draft
    use = draft.api_use
    if use is not None and use.is_gone.value is Tri.YES:
        return Fact(f"{use.name} is gone, so the route is not read", use.at, use.is_gone.basis)
    problem = match_problem(draft)
    if problem:
        return Fact(f"the route is not served: {problem}", draft.match.at if draft.match else draft.at)
    names = [name for name in draft.host_names if name != "*"]
    if draft.protocol == "tcp" and names and draft.tls is RouterTls.NONE:
        return Fact(
            "HostSNI of a name needs tls, so the route is not served", draft.match.at if draft.match else None
        )
    bad = next((backend.draft for backend in resolved.backends if backend.draft.bad_version), None)
    if bad is not None:
        return Fact(f"PROXY version {bad.bad_version} is unknown, so the route is not served", bad.sends_at)
    return None


def match_problem(draft: RouterDraft) -> str:
    """Why a rule serves nothing. A route of an Ingress needs no such words, nor does a file's for HTTP.

    Source: traefik/traefik@v3.6.12 pkg/server/router/tcp/manager.go ("router has no rule").
    """
    is_needed = draft.provider == "crd" or (draft.provider == "file" and draft.protocol == "tcp")
    if is_needed and (draft.match is None or not draft.match.value.strip()):
        return "it has no match" if draft.match is None else "its match is empty"
    return draft.match_problem
