"""Servers that record a hop instead of the client."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis
from truehop.model.walk import Believes
from truehop.rules.base import ERROR, WARNING, Confidence, HopGraph, Report, RuleSettings, Walks, rule


@rule(severity=ERROR, reads={"routes", "walks"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A mail server records a hop's address in place of its client's.

    ## Why

    Rate limits then hit everybody at once, SPF, greylisting and block lists judge the hop, fail2ban
    bans it, rules by country match nothing, and the log names nobody. If the hop's address lies in a
    network that may relay, the server is an open relay.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers: [{name: mta, image: "jeboehm/mailserver-mta:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: LoadBalancer
      selector: {app: mta}
      externalTrafficPolicy: Cluster
      ports: [{name: smtp, port: 25}]
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers: [{name: mta, image: "jeboehm/mailserver-mta:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: LoadBalancer
      selector: {app: mta}
      externalTrafficPolicy: Local
      ports: [{name: smtp, port: 25}]
    ```

    ## How to fix

    Where packets are forwarded, set `externalTrafficPolicy: Local`. Where a balancer or proxy opens
    its own connection, let it send a PROXY header and let the next hop trust exactly that sender.
    Say in `front:` what stands before the cluster if no manifest shows it.

    ## Sources

    - kubernetes/website `content/en/docs/tutorials/services/source-ip.md`
    - kubernetes/enhancements KEP-1860
    """
    del settings
    return _reports(graph, walks)


def _reports(graph: HopGraph, walks: Walks) -> Iterator[Report]:
    for route in graph.routes:
        walk = walks.of(route)
        if walk.believes is not Believes.HOP:
            continue
        is_guess = walk.basis in {Basis.ASSUMED, Basis.UNKNOWN}
        yield Report(
            at=walk.turned_at or route.door.at,
            message=f"{route.listener} records a hop instead of its clients on port {route.door.port}: "
            f"{walk.because}",
            help="keep the packet's source with externalTrafficPolicy Local, "
            "or hand the address on in a PROXY header",
            severity=WARNING if is_guess else None,
            confidence=Confidence.MEDIUM if is_guess else Confidence.HIGH,
            related=((route.door.at, f"the door on port {route.door.port}"),),
            routes=(route,),
            rests_on_absence=walk.rests_on_absence,
        )
