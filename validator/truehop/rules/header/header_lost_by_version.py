"""Program versions that send a wrong address."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import HopGraph
from truehop.rules.base import ERROR, LOSES, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged, softened
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"links", "doors", "routes"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """This version sends a wrong address.

    ## Why

    The header arrives, is believed, and names the wrong party: limits, bans, reputation and the log follow
    an address that is not the client's.

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
              image: traefik:v3.5.2
              args:
                - --entrypoints.smtp.address=:25
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25, proxyProtocol: {version: 2}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports:
        - {name: smtp, port: 25}
        - {name: submission, port: 587}
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
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25, proxyProtocol: {version: 2}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports:
        - {name: smtp, port: 25}
        - {name: submission, port: 587}
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

    Use another version; the message says since when it is right again.

    ## Sources

    - traefik/traefik `CHANGELOG.md` v3.5.3 (pull request 12069): the header was made of the wrong
      connection
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for link in index.links:
        wrong, sends = link.corrupts, link.sends
        if wrong is None or not sends.is_known or not sends.value.is_proxy:
            continue
        yield Report(
            at=wrong.at or link.at or link.to.at,
            message=f"{link.sender or 'the front'} sends a wrong address to {link.to}: {wrong.value}",
            help="use another version",
            severity=softened(wrong, sends),
            related=((link.at, "the header is sent here"),) if link.at else (),
            routes=index.routes_over(link),
        )
