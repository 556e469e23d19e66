"""Inner listeners with a door of their own."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis
from truehop.model.hops import Door, Header, Listener, Role, Serves
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.entries import admitted_internet, is_declared, public_entries
from truehop.rules.index import Index
from truehop.rules.subject import Subject

#: Ports whose exposure is told by another rule.
_ADMIN = frozenset({Serves.CONTROLLER, Serves.DASHBOARD})
#: What every other application has as well.
_SHARED = frozenset({Serves.DATABASE, Serves.CACHE, Serves.DNS, Serves.INTERNAL})


@rule(
    severity=ERROR,
    reads={"doors", "routers", "listeners", "links", "routes", "misuses"},
    explains={"address-forgeable"},
)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A listener that should stand behind the proxy, or inside the cluster, is reachable from outside.

    ## Why

    Whoever reaches LMTP delivers mail past SPF, greylisting and every filter; whoever reaches Dovecot's
    auth port guesses passwords without limit; whoever reaches a PROXY listener beside its proxy writes
    his own address, and then no ban, rate limit or access list holds him.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {matchLabels: {app: mda}}
      template:
        metadata: {labels: {app: mda}}
        spec:
          containers: [{name: mda, image: "jeboehm/mailserver-mda:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      type: LoadBalancer
      selector: {app: mda}
      ports: [{name: lmtp, port: 2003, targetPort: 2003}]
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {matchLabels: {app: mda}}
      template:
        metadata: {labels: {app: mda}}
        spec:
          containers: [{name: mda, image: "jeboehm/mailserver-mda:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      type: ClusterIP
      selector: {app: mda}
      ports: [{name: lmtp, port: 2003, targetPort: 2003}]
    ```

    ## How to fix

    Publish what clients use and nothing else: Services for inner ports are ClusterIP, and a Service of
    type LoadBalancer or NodePort lists mail ports only. A listener that demands PROXY gets no door but
    the proxy's. In policies, write `ports` beside an `ipBlock` of the whole internet, and admit inner
    ports by `podSelector`.

    ## Sources

    - jeboehm/docker-mailserver@v8.0.0 `deploy/kustomize/mda/service.yaml`, `network-policy.yaml`
    - dovecot/core@2.4.4 `src/lmtp`, `src/auth`; rspamd/rspamd `conf/worker-proxy.inc`
    - kubernetes/kubernetes `pkg/apis/core/types.go`, ServiceType
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    subject = Subject(graph)
    yield from _by_door(graph, subject)
    yield from _by_route(graph, subject)
    yield from _by_policy(graph, subject)


def _by_door(graph: HopGraph, subject: Subject) -> Iterator[Report]:
    index = Index(graph)
    proxied = {
        id(link.to) for link in graph.links if link.sender is not None and link.sender.role is Role.EDGE
    }
    for door in graph.doors:
        if not is_declared(door):
            continue
        for link in door.links:
            listener = link.to
            if _is_inner(listener, subject):
                yield _published(door, listener)
            elif id(listener) in proxied and _bypasses(door, listener):
                yield Report(
                    at=door.at,
                    message=f"{listener} stands behind a proxy and demands a PROXY header, "
                    f"but {door.owner} opens it on port {door.port}",
                    help="remove the port from this Service or host, and let clients go through the proxy",
                    related=(here(listener),),
                    routes=index.routes_through([listener]),
                )


def _by_route(graph: HopGraph, subject: Subject) -> Iterator[Report]:
    public = public_entries(graph)
    for router in graph.routers:
        if not any(id(entry) in public for entry in router.listeners):
            continue
        for backend in router.backends:
            for listener in backend.listeners:
                if _is_inner(listener, subject):
                    yield Report(
                        at=backend.at,
                        message=f"{router.name} leads from outside to {listener}, which is internal",
                        help="remove the route",
                        related=(here(listener),),
                    )


def _by_policy(graph: HopGraph, subject: Subject) -> Iterator[Report]:
    for listener in graph.listeners:
        if not _is_inner(listener, subject):
            continue
        internet = admitted_internet(listener)
        if internet is not None:
            yield Report(
                at=internet,
                message=f"a policy admits the internet to {listener}, which is internal",
                help="admit only the pods that call it",
                related=(here(listener),),
            )
    for misuse in graph.misuses:
        if misuse.rule == "backend-exposed":
            yield Report(misuse.at, misuse.message, misuse.help, None if misuse.is_certain else WARNING)


def _is_inner(listener: Listener, subject: Subject) -> bool:
    """Whether a mail stack's listener is for callers inside only.

    A proxy's metrics are not our subject, nor the database of a namespace without mail.
    """
    serves = listener.serves.value
    if not serves.is_internal or serves in _ADMIN or listener.hop.role is Role.EDGE:
        return False
    return serves not in _SHARED or subject.has_mail(listener.hop.ref)


def _published(door: Door, listener: Listener) -> Report:
    return Report(
        at=door.at,
        message=f"{listener} ({listener.serves.value}) is internal, "
        f"but {door.owner} opens it on port {door.port}",
        help="publish it inside the cluster only",
        related=(here(listener),),
        severity=WARNING if listener.serves.basis is Basis.ASSUMED and not listener.name else None,
    )


def _bypasses(door: Door, listener: Listener) -> bool:
    """Whether the door sends no header of its own to a listener that demands one."""
    demands = listener.proxy.mode.is_known and listener.proxy.mode.value is Header.REQUIRED
    return demands and all(link.sends.is_known and not link.sends.value.is_proxy for link in door.links)
