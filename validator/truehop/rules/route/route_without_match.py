"""Rules that match nothing."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged
from truehop.rules.subject import Subject


@rule(severity=ERROR, reads={"routers", "listeners", "doors"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A route has no match, or one that cannot be read.

    ## Why

    The API server refuses the object, or Traefik skips the route and logs it once: the port has no
    backend, mail is delayed at the senders, and the PROXY setting beside the rule never works.

    ## Bad

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - services: [{name: mta, port: 25}]
    ```

    ## Good

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25}]
    ```

    ## How to fix

    Write ``match: HostSNI(`*`)`` for a mail port, with back-ticks or double quotes; single quotes are
    none. On ports with TLS from the start a name may be matched, together with `tls`.

    ## Sources

    - traefik/traefik@v3.7.9 `pkg/provider/kubernetes/crd/kubernetes_tcp.go`, `pkg/muxer/tcp`
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    subject = Subject(graph)
    for router in graph.routers:
        if router.match_problem and (router.protocol == "tcp" or subject.leads_to_mail(router)):
            yield Report(
                at=router.match.at if router.match and router.match.at else router.at,
                message=f"{router.name} is not served: {router.match_problem}",
                help="write a match, HostSNI(`*`) for a mail port",
            )
