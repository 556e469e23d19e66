"""Clients outside that choose their own address."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis, Tri
from truehop.model.walk import Walker
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule


@rule(severity=ERROR, reads={"routes", "walks"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A client from the internet can choose the address that the server records.

    ## Why

    Whoever can write his own address passes every rate limit, ban, block list, SPF check, access
    list and country rule, and where an address may relay, the server is his open relay. Postfix
    believes the PROXY header of anybody who reaches the port.

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
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env: [{name: MTA_UPSTREAM_PROXY, value: "true"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail, annotations: {truehop/front: metallb}}
    spec:
      type: LoadBalancer
      externalTrafficPolicy: Local
      selector: {app: mta}
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
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env: [{name: MTA_UPSTREAM_PROXY, value: "false"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail, annotations: {truehop/front: metallb}}
    spec:
      type: LoadBalancer
      externalTrafficPolicy: Local
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ```

    ## How to fix

    A listener that believes headers must be reachable only by the hop that sends them: put it behind
    that hop, name only the hop in its trust list, and close the rest with a NetworkPolicy. An edge
    that passes bytes on must send its own header to a listener that reads one.

    ## Sources

    - vdukhovni/postfix `src/smtpd/smtpd_haproxy.c`, `src/global/haproxy_srvr.c`
    - traefik/traefik@v3.7.9 `pkg/server/server_entrypoint_tcp.go`
    """
    del settings
    return _reports(graph, walks)


def _reports(graph: HopGraph, walks: Walks) -> Iterator[Report]:
    for route in graph.routes:
        walk = walks.of(route, Walker.INTERNET)
        if walk.forges is not Tri.YES:
            continue
        yield Report(
            at=walk.turned_at or route.door.at,
            message=f"a client outside chooses the address that {route.listener} records "
            f"on port {route.door.port}: {walk.because}",
            help="let only the hop in front state addresses, and let nobody else reach the listener",
            severity=WARNING if walk.basis in {Basis.ASSUMED, Basis.UNKNOWN} else None,
            related=((route.door.at, f"the door on port {route.door.port}"),),
            routes=(route,),
            rests_on_absence=walk.rests_on_absence,
        )
