"""Names that nobody says."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import RouterTls
from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged


@rule(severity=ERROR, reads={"routers"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A TCP route asks for a server name without TLS.

    ## Why

    Only a TLS handshake carries a name. Without `tls` Traefik refuses the route and logs an error: the
    port is open, nothing answers, and every mail client times out.

    ## Bad

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imaps, namespace: mail}
    spec:
      entryPoints: [imaps]
      routes:
        - match: HostSNI(`mail.example.com`)
          services: [{name: mda, port: 993}]
    ```

    ## Good

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imaps, namespace: mail}
    spec:
      entryPoints: [imaps]
      routes:
        - match: HostSNI(`mail.example.com`)
          services: [{name: mda, port: 993}]
      tls: {passthrough: true}
    ```

    ## How to fix

    Match ``HostSNI(`*`)``, or add `tls` (with `passthrough: true` where the mail server ends TLS).

    ## Sources

    - traefik/traefik@v3.7.9 `pkg/server/router/tcp/manager.go`
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    for router in graph.routers:
        names = [name for name in router.host_names if name != "*"]
        if router.protocol == "tcp" and names and router.tls is RouterTls.NONE:
            yield Report(
                at=router.match.at if router.match and router.match.at else router.at,
                message=f"{router.name} matches the server name {names[0]} without tls",
                help="match HostSNI(`*`), or add tls with passthrough",
            )
