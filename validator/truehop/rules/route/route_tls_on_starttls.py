"""TLS routers on ports that greet first."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import RouterTls
from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.entries import Entries
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"routers", "doors", "routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A TLS route stands on a port whose server greets first.

    ## Why

    The proxy waits for a TLS handshake, and the client for the server's greeting: every connection stalls
    until the read time-out (60 s), mail is delayed at all senders, and clients report that the server is
    down. A TCP proxy cannot see STARTTLS.

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
              args: ["--entryPoints.imap.address=:143", --providers.kubernetescrd]
              ports: [{name: imap, containerPort: 143}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imap, namespace: mail}
    spec:
      entryPoints: [imap]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mda, port: 143}]
      tls: {passthrough: true}
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
              args: ["--entryPoints.imap.address=:143", --providers.kubernetescrd]
              ports: [{name: imap, containerPort: 143}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imap, namespace: mail}
    spec:
      entryPoints: [imap]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mda, port: 143}]
    ```

    ## How to fix

    Route 25, 587, 143, 110 and 4190 as opaque bytes: ``HostSNI(`*`)`` and no `tls`. The mail server holds
    the certificate.

    ## Sources

    - traefik/traefik@v3.7.9 `pkg/server/router/tcp/router.go`, ServeTCP
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    index = Index(graph)
    entries = Entries(graph)
    for router in graph.routers:
        if router.protocol != "tcp" or router.tls is RouterTls.NONE:
            continue
        for entry in router.listeners:
            protocol = entries.protocol(entry)
            if protocol is not None and protocol.is_server_first:
                yield Report(
                    at=router.tls_at or router.at,
                    message=f"{router.name} waits for TLS on {entry}, but {protocol} servers greet first",
                    help="remove tls from the route, and match HostSNI(`*`)",
                    related=(here(entry),),
                    routes=index.routes_through([entry]),
                )
