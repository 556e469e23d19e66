"""Judgement by address where the address is a hop's."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.walk import Believes
from truehop.rules.base import WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged


@rule(severity=WARNING, reads={"address_uses", "routes", "walks"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """Something judges clients by their address on a path where every client has the hop's.

    ## Why

    One noisy client uses up the rate limit of all: the twenty-first connection of the minute is refused,
    whoever makes it. A ban of "the client" bans the proxy and with it everybody, and SPF, greylisting and
    block lists judge an address that sent nothing.

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
      externalTrafficPolicy: Cluster
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
          containers: [{name: mta, image: "jeboehm/mailserver-mta:8.0.0"}]
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

    First make the address arrive; another finding, or `truehop path`, says where it is lost. Until then
    exempt the hop's address from the limit or ban, or judge by account in place of address.

    ## Sources

    - vdukhovni/postfix `proto/postconf.proto`, smtpd_client_connection_rate_limit
    - jeboehm/docker-mailserver@v8.0.0 `target/mta/Dockerfile`
    """
    del settings
    return merged(_reports(graph, walks))


def _reports(graph: HopGraph, walks: Walks) -> Iterator[Report]:
    for use in graph.address_uses:
        wanted = {id(listener) for listener in use.listeners}
        for route in graph.routes:
            if id(route.listener) in wanted and walks.of(route).believes is Believes.HOP:
                yield Report(
                    at=use.at,
                    message=f"{use.name} judges by address, but {route.listener} sees a hop's "
                    f"address for every client on port {route.door.port}",
                    help="make the client's address arrive before judging by it",
                    related=(
                        (walks.of(route).turned_at or route.door.at, "here the client's address is lost"),
                    ),
                )
