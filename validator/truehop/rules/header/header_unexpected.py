"""Headers that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import HopGraph, Link, Role
from truehop.rules.base import ERROR, LOSES, WARNING, Report, RuleSettings, Severity, Walks, rule
from truehop.rules.common import here, is_heard, merged, sender_place, softened
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"links", "doors", "routes", "walks"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A header is sent to a listener that reads none.

    ## Why

    The server takes the header for commands or for broken TLS and ends the session: no mail over that port.
    Where it tolerates the line, it records the proxy's address, and limits, bans and logs follow that.

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

    Switch the header on at the receiver, and name the sender in its trust list, or stop sending it. Each
    port has a switch of its own at both ends.

    ## Sources

    - HAProxy `doc/proxy-protocol.txt`: the receiver must be told to expect the header
    - vdukhovni/postfix `postfix/src/smtpd/smtpd_haproxy.c`
    - jeboehm/docker-mailserver@v8.0.0 `target/mda/rootfs/etc/dovecot/conf.d/10-master.conf`: 4190 reads no
      header
    """
    del settings
    return merged(_reports(Index(graph), walks))


def _reports(index: Index, walks: Walks) -> Iterator[Report]:
    for link in index.links:
        policy = link.to.proxy
        if not policy.is_off or not link.sends.is_known or not link.sends.value.is_proxy:
            continue
        if index.is_only_side(link) or is_heard(index, walks, link):
            continue
        sender = link.sender or "the front"
        yield Report(
            at=sender_place(link),
            message=f"{sender} sends a PROXY {link.sends.value} header to {link.to}, which reads none",
            help=f"switch the header on at {link.to}, or stop sending it",
            severity=_severity(index, link),
            related=(here(link.to), *(((policy.at, "the receiver's switch"),) if policy.at else ())),
            routes=index.routes_over(link),
        )


def _severity(index: Index, link: Link) -> Severity | None:
    """Warning where a guess decides, or where an entry may pass the header on to who reads it."""
    is_end = link.to.hop.role is not Role.EDGE or link.to.serves.value.is_http
    if not is_end and not index.routes_over(link):
        return WARNING
    return softened(link.sends, link.to.proxy.mode)
