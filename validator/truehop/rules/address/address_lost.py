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

    Every client then has the same address. A rate limit or a fail2ban ban hits all of them at once; SPF,
    greylisting and block lists judge the hop, so spam passes or good mail is refused; rules by country
    match nothing, and the log of an incident names nobody. Spam filters take a private address for one of
    their own and skip checks. If the hop's address may relay, the server is an open relay.

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

    Find the step that says where the address is lost (`truehop path`):

    - a node's address: `externalTrafficPolicy: Local` on the Service, with a pod on each node that
      clients reach, or a datapath that keeps the source, told as `networks: {datapath: dsr}`;
    - a balancer's address: switch its PROXY header on, and let the next hop read it from that balancer
      alone;
    - a proxy's address: let its route send PROXY (`proxyProtocol.version: 2`), and let the mail server
      expect it;
    - for webmail: name the proxy, and nothing wider, in the list of trusted proxies.

    A balancer whose make no annotation shows is declared: `truehop/front: metallb` on the Service, or
    `front:`.

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
