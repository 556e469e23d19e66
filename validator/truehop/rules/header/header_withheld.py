"""Balancers that hold the header back while the server waits to greet."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.hops import HopGraph
from truehop.rules.base import LOSES, WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import greets_first, here, merged
from truehop.rules.index import Index


@rule(severity=WARNING, reads={"links", "doors", "routes"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """The balancer holds the header back until the client speaks.

    ## Why

    In SMTP, IMAP and POP3 the server speaks first. It waits for the header, the client waits for the
    greeting, and both give up: no mail, or a long wait on every connection.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: mta
      namespace: mail
      annotations:
        service.beta.kubernetes.io/aws-load-balancer-type: external
        service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing
        service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip
        service.beta.kubernetes.io/aws-load-balancer-target-group-attributes:
          proxy_protocol_v2.enabled=true
    spec:
      selector: {app: mta}
      type: LoadBalancer
      ports:
        - {name: smtp, port: 25}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env:
                - {name: MTA_UPSTREAM_PROXY, value: "true"}
              ports: [{name: smtp, containerPort: 25}, {name: submission, containerPort: 587}]
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: mta
      namespace: mail
      annotations:
        service.beta.kubernetes.io/aws-load-balancer-type: external
        service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing
        service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip
        service.beta.kubernetes.io/aws-load-balancer-target-group-attributes:
          proxy_protocol_v2.enabled=true,proxy_protocol_v2.client_to_server.header_placement=on_first_ack
    spec:
      selector: {app: mta}
      type: LoadBalancer
      ports:
        - {name: smtp, port: 25}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env:
                - {name: MTA_UPSTREAM_PROXY, value: "true"}
              ports: [{name: smtp, containerPort: 25}, {name: submission, containerPort: 587}]
    ```

    ## How to fix

    Set the target group attribute `proxy_protocol_v2.client_to_server.header_placement` to `on_first_ack`.

    ## Sources

    - kubernetes-sigs/aws-load-balancer-controller@v3.5.0 `docs/guide/service/annotations.md`
    - pires/go-proxyproto `README.md`: the header comes with the first payload
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for link in index.links:
        held = link.withholds
        if not held.is_known or held.value is not Tri.YES or not greets_first(index, link):
            continue
        yield Report(
            at=held.at or link.at or link.to.at,
            message=f"{link.sender or 'the front'} holds the PROXY header back until the client speaks, "
            f"but behind {link.to} the server speaks first",
            help="let the balancer send the header with the first acknowledgement",
            related=(here(link.to),),
            routes=index.routes_over(link),
        )
