"""Entry points that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Location
from truehop.model.hops import Router
from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.subject import Subject


@rule(severity=ERROR, reads={"routers", "listeners", "doors"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A route names an entry point that the proxy does not have.

    ## Why

    The route is never served: its port is dead, or falls to another route that sends no PROXY header, and
    then the mail server logs the proxy as everybody's address.

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
              args: ["--entryPoints.smtp.address=:25", --providers.kubernetescrd]
              ports: [{name: smtp, containerPort: 25}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: submission, namespace: mail}
    spec:
      entryPoints: [submission]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 587}]
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
                - --entryPoints.smtp.address=:25
                - --entryPoints.submission.address=:587
                - --providers.kubernetescrd
              ports: [{name: smtp, containerPort: 25}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: submission, namespace: mail}
    spec:
      entryPoints: [submission]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 587}]
    ```

    ## How to fix

    Name an entry point of the proxy's static configuration, or add it there:
    `--entryPoints.submission.address=:587`, in the chart `ports: {submission: {port: 587}}`. If another
    proxy serves the route, check both together.

    ## Sources

    - traefik/traefik@v3.7.9 `cmd/traefik/traefik.go`, `pkg/config/static/entrypoints.go`
    """
    del walks, settings
    by_place: dict[Location, list[Router]] = {}
    subject = Subject(graph)
    for router in graph.routers:
        if router.protocol == "tcp" or subject.leads_to_mail(router):
            by_place.setdefault(router.at, []).append(router)
    for served in by_place.values():
        for entry in served[0].unknown_entries:
            # With several proxies, the entry point is missing only if all of them miss it.
            if entry.at is None or not all(_misses(router, entry.value) for router in served):
                continue
            names = sorted(
                {
                    listener.name
                    for listener in graph.listeners
                    if listener.hop is served[0].edge and listener.name
                }
            )
            yield Report(
                at=entry.at,
                message=f"{served[0].name} names the entry point {entry.value}, "
                f"which {served[0].edge} does not have",
                help=f"name one of {', '.join(names)}" if names else "add the entry point to the proxy",
            )


def _misses(router: Router, name: str) -> bool:
    return any(entry.value == name for entry in router.unknown_entries)
