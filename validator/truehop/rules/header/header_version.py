"""Header versions that the receiver does not understand."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import HopGraph
from truehop.rules.base import ERROR, LOSES, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged, sender_place, softened
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"links", "doors", "routes"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """The receiver does not know that version of the header.

    ## Why

    The sender rejects the setting and the route is gone, or the receiver ends each session: no mail over
    that port.

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
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25, proxyProtocol: {version: 3}}]
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

    Versions 1 and 2 exist. Write 2 unless the receiver knows only 1.

    ## Sources

    - HAProxy `doc/proxy-protocol.txt`
    - traefik@v3.7.9 `pkg/tcp/dialer.go`: "unknown proxyProtocol version"
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for link in index.links:
        policy, sends = link.to.proxy, link.sends
        known = " and ".join(version.value for version in policy.versions)
        if link.bad_version:
            message = f"PROXY version {link.bad_version!r} to {link.to} does not exist"
        elif sends.is_known and sends.value.is_proxy and policy.is_on and sends.value not in policy.versions:
            message = f"{link.to} understands PROXY {known}, not the {sends.value} it is sent"
        else:
            continue
        yield Report(
            at=sender_place(link),
            message=message,
            help=f"send PROXY {policy.versions[-1].value}" if policy.versions else "stop sending the header",
            severity=None if link.bad_version else softened(sends, policy.mode),
            related=(here(link.to),),
            routes=index.routes_over(link),
        )
