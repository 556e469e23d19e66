"""Entries that take a header although nothing right can come of it."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.hops import HopGraph, Listener, Role, Router, Wire
from truehop.rules.base import WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import greets_first, merged
from truehop.rules.index import Index


@rule(severity=WARNING, reads={"listeners", "links", "doors", "routers", "routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """An entry takes headers although nothing right can come of it.

    ## Why

    An entry without a route, or behind a front that sends no header, gains nothing from reading one. It is
    one more place where a wrong list lets a client name its own address, past rate limits, access lists and
    the log.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {matchLabels: {app: traefik}}
      template:
        metadata: {labels: {app: traefik}}
        spec:
          containers:
            - name: traefik
              image: traefik:v3.7.9
              args:
                - --entrypoints.smtp.address=:25
                - --entrypoints.smtp.proxyprotocol.trustedips=10.42.7.0/24
                - --entrypoints.imap.address=:143
                - --entrypoints.imap.proxyprotocol.trustedips=10.42.7.0/24
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25, proxyProtocol: {version: 2}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports:
        - {name: smtp, port: 25}
        - {name: submission, port: 587}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env:
                - {name: MTA_UPSTREAM_PROXY, value: "true"}
              ports: [{name: smtp, containerPort: 25}, {name: submission, containerPort: 587}]
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {matchLabels: {app: traefik}}
      template:
        metadata: {labels: {app: traefik}}
        spec:
          containers:
            - name: traefik
              image: traefik:v3.7.9
              args:
                - --entrypoints.smtp.address=:25
                - --entrypoints.smtp.proxyprotocol.trustedips=10.42.7.0/24
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25, proxyProtocol: {version: 2}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports:
        - {name: smtp, port: 25}
        - {name: submission, port: 587}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env:
                - {name: MTA_UPSTREAM_PROXY, value: "true"}
              ports: [{name: smtp, containerPort: 25}, {name: submission, containerPort: 587}]
    ```

    ## How to fix

    Take the switch off that entry, or add the route it was meant for. Right behind a balancer that sends
    the header on every port, leave it on: without it such a port would answer with garbage.

    ## Sources

    - traefik@v3.7.9 `pkg/server/server_entrypoint_tcp.go`: reading is a matter of the entry, not of the
      route
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for listener in index.graph.listeners:
        if listener.hop.role is not Role.EDGE or not listener.proxy.is_on:
            continue
        if not any(map(_is_mail, index.routers_of(listener.hop))):
            continue  # a proxy for web alone is not our subject
        name = f"{listener.name or f':{listener.port}'} of {listener.hop}"
        if _gets_none(index, listener):
            message = f"entry {name} takes PROXY headers, but the front sends none"
        elif _is_unserved(index, listener) and not _gets_some(index, listener):
            message = f"entry {name} takes PROXY headers, but no route serves it"
        else:
            continue
        yield Report(
            at=listener.proxy.at or listener.at,
            message=message,
            help="take PROXY headers only where a route serves mail and the front sends them",
            related=((listener.at, "the entry"),),
        )


def _gets_none(index: Index, listener: Listener) -> bool:
    """Whether a known front certainly sends no header here, where no graver rule says so already."""
    links = [link for link in index.links_into(listener) if not index.is_only_side(link)]
    if not links or any(greets_first(index, link) for link in links):
        return False
    for link in links:
        fronts = [door.front for door in index.doors_of(link)]
        is_final = bool(fronts) and all(
            front is not None and (front.is_declared or front.can_send is Tri.YES) for front in fronts
        )
        if not is_final or not link.sends.is_proven or link.sends.value is not Wire.NONE:
            return False
    return True


def _gets_some(index: Index, listener: Listener) -> bool:
    """Whether a balancer is known to send the header on this port, so that taking it is right."""
    return any(link.sends.is_known and link.sends.value.is_proxy for link in index.links_into(listener))


def _is_unserved(index: Index, listener: Listener) -> bool:
    """Whether none of its edge's routes uses the entry."""
    return not any(listener in router.listeners for router in index.routers_of(listener.hop))


def _is_mail(router: Router) -> bool:
    """Whether a route carries mail, as its entry or what is behind it says."""
    ends = (*router.listeners, *(end for backend in router.backends for end in backend.listeners))
    return router.protocol == "tcp" and any(end.serves.is_known and end.serves.value.is_mail for end in ends)
