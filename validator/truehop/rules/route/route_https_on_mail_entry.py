"""HTTPS routes on mail entry points."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Listener, RouterTls
from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.entries import Entries
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"routers", "doors", "routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """An HTTPS route without entry points lands on mail ports as well.

    ## Why

    A route that names no entry point is served on all of them, unless one is the default. One HTTPS route
    on a mail entry point makes the proxy wait for a TLS handshake while mail clients wait for the
    greeting: every connection to 25, 587, 143 or 110 stalls until the time-out, and mail stops for a
    reason in another file.

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
              image: traefik:v3.6.12
              args:
                - --entryPoints.websecure.address=:443
                - --entryPoints.smtp.address=:25
                - --providers.kubernetescrd
              ports: [{name: smtp, containerPort: 25}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRoute
    metadata: {name: webmail, namespace: mail}
    spec:
      routes:
        - kind: Rule
          match: Host(`mail.example.com`)
          services: [{name: web, port: 80}]
      tls: {secretName: mail-tls}
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
              image: traefik:v3.6.12
              args:
                - --entryPoints.websecure.address=:443
                - --entryPoints.smtp.address=:25
                - --providers.kubernetescrd
              ports: [{name: smtp, containerPort: 25}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRoute
    metadata: {name: webmail, namespace: mail}
    spec:
      entryPoints: [websecure]
      routes:
        - kind: Rule
          match: Host(`mail.example.com`)
          services: [{name: web, port: 80}]
      tls: {secretName: mail-tls}
    ```

    ## How to fix

    Name the entry points of every HTTPS route (`entryPoints: [websecure]`), or make the web entry point
    the default for all of them: `--entryPoints.websecure.asDefault=true`, in the chart `ports:
    {websecure: {asDefault: true}}`.

    ## Sources

    - traefik/traefik@v3.7.9 `cmd/traefik/traefik.go` (getDefaultsEntrypoints),
      `pkg/server/router/tcp/router.go`
    """
    del walks, settings
    return merged(_reports(graph))


def _takes_tls(index: Index, entry: Listener) -> bool:
    """Whether TLS that clients begin with is taken from a route of the entry that leaves it alone."""
    return any(
        link.takes_tls is not None and link.entry is entry and link.to.serves.value.is_mail
        for route in index.routes_through([entry])
        for link in route.links
    )


def _reports(graph: HopGraph) -> Iterator[Report]:
    index = Index(graph)
    entries = Entries(graph)
    for router in graph.routers:
        if router.protocol != "http" or router.tls is RouterTls.NONE or not router.lands_by_default:
            continue
        for entry in router.listeners:
            protocol = entries.protocol(entry)
            if protocol is not None and (protocol.is_server_first or _takes_tls(index, entry)):
                yield Report(
                    at=router.entries_at or router.at,
                    message=f"{router.name} names no entry point, so it lands on {entry} ({protocol}) too",
                    help="name its entry points, or make the web entry point the default",
                    related=(here(entry),),
                    routes=index.routes_through([entry]),
                )
