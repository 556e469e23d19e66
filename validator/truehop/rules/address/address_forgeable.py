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

    Whoever writes his own address is nobody that a limit or a ban can hold: he guesses passwords without
    end, passes SPF as the sender he claims to be, leaves the abuse reports to somebody else, and looks
    like the office to every allow-list. Where an address may relay, the server is his open relay. Postfix
    believes the PROXY header of anybody who reaches the port, and an edge without PROXY passes such a
    header on as payload.

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

    - Close the way around the hop that sends the header: no Service of type LoadBalancer or NodePort and
      no host port straight to the mail server.
    - An edge in front of a server that demands a header sends its own: `proxyProtocol.version: 2` in the
      route.
    - An entry point names the one balancer before it in `proxyProtocol.trustedIPs`; never `insecure`,
      never `0.0.0.0/0` or `::/0`.
    - Where clients connect directly, switch PROXY off: `MTA_UPSTREAM_PROXY: "false"`.

    ## Sources

    - vdukhovni/postfix `src/smtpd/smtpd_haproxy.c`, `src/global/haproxy_srvr.c`: no list of those who may
      send
    - traefik/traefik@v3.7.9 `pkg/server/server_entrypoint_tcp.go`, `pkg/tcp/dialer.go`
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
