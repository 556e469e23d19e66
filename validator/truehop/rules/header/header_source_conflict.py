"""Settings that cancel each other."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Effect, HopGraph
from truehop.rules.base import ERROR, SPOILS, Report, RuleSettings, Walks, rule
from truehop.rules.switches import switch_reports


@rule(severity=ERROR, reads={"switches", "routes"}, explains=SPOILS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """One setting cancels another.

    ## Why

    Two settings about the same thing do not add up: one wins, at times another one at each start. Trust
    that was meant to be narrow is gone, or the header is not sent at all, and the recorded address changes
    with it: limits, access lists and logs work today and not tomorrow.

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
                - --entrypoints.smtp.proxyprotocol.trustedips=10.42.8.0/24
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
                - --entrypoints.smtp.proxyprotocol.trustedips=10.42.7.0/24,10.42.8.0/24
    ```

    ## How to fix

    Say it once: one flag with `=` and a comma-separated list, one source of configuration, and the header's
    version at the transport if the service names one.

    ## Sources

    - traefik/paerser@v0.2.2 `flag/flagtype.go`: repeated flags are merged or not, by chance
    - traefik@v3.7.9 `pkg/provider/kubernetes/crd/kubernetes_tcp.go`: a named transport replaces the
      service's header
    - traefik@v3.7.9 `cmd/traefik/traefik.go`: a file, else flags, else variables
    """
    del walks, settings
    return switch_reports(graph, Effect.CANCELLED, Effect.UNSTABLE)
