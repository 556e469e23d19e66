"""Traffic policies that cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule


@rule(severity=ERROR, reads={"misuses"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A traffic policy is refused by the API or leaves nodes without an endpoint.

    ## Why

    The API server refuses the Service, so the release stops half-way; or, with `Local` and no pod where
    clients arrive, connections are dropped. People then go back to `Cluster`, and every client's address
    is lost.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: ClusterIP
      externalTrafficPolicy: Local
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: LoadBalancer
      externalTrafficPolicy: Local
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ```

    ## How to fix

    Write `externalTrafficPolicy` on Services of type LoadBalancer or NodePort (or with `externalIPs`)
    only; in a chart's template, beneath a condition on the type. With `Local`, run pods where clients
    arrive: a DaemonSet, or a node selector.

    ## Sources

    - kubernetes/kubernetes `pkg/apis/core/validation/validation.go`, ValidateService
    - kubernetes/website `content/en/docs/reference/networking/virtual-ips.md`
    """
    del walks, settings
    for misuse in graph.misuses:
        if misuse.rule == "traffic-policy-invalid":
            yield Report(misuse.at, misuse.message, misuse.help, None if misuse.is_certain else WARNING)
