"""Clients in the cluster that go straight to a listener that demands a header."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Header, HopGraph
from truehop.rules.base import ERROR, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged, softened
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"links", "doors"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A client inside the cluster goes straight to a listener that demands a header.

    ## Why

    Webmail, filters and fetchers cannot log in or send: they speak plainly where only the proxy may speak.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: mail}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
            - name: web
              image: jeboehm/mailserver-web:8.0.0
              env:
                - {name: MDA_IMAP_ADDRESS, value: "mda:143"}
              ports: [{name: http, containerPort: 8080}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {app: mda}
      ports:
        - {name: imap, port: 143, targetPort: 31143}
        - {name: imaps, port: 993, targetPort: 31993}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {matchLabels: {app: mda}}
      template:
        metadata: {labels: {app: mda}}
        spec:
          containers:
            - name: mda
              image: jeboehm/mailserver-mda:8.0.0
              env:
                - {name: MDA_UPSTREAM_PROXY, value: "true"}
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16"}
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: mail}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
            - name: web
              image: jeboehm/mailserver-web:8.0.0
              env:
                - {name: MDA_IMAP_ADDRESS, value: "mda:143"}
              ports: [{name: http, containerPort: 8080}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {app: mda}
      ports:
        - {name: imap, port: 143, targetPort: 31143}
        - {name: imaps, port: 993, targetPort: 31993}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {matchLabels: {app: mda}}
      template:
        metadata: {labels: {app: mda}}
        spec:
          containers:
            - name: mda
              image: jeboehm/mailserver-mda:8.0.0
              env:
                - {name: MDA_UPSTREAM_PROXY, value: "false"}
    ```

    ## How to fix

    Give such clients a listener of their own that reads no header, or lead them through the proxy. Never
    make the header optional for everybody instead.

    ## Sources

    - jeboehm/docker-mailserver@v8.0.0 `docs/how-to/configure-reverse-proxy.md`
    - dovecot/core@2.4.4 `src/lib-master/master-service-haproxy.c`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for link in index.links:
        policy = link.to.proxy
        if not link.is_client or link.public_name or not link.sends.is_known or link.sends.value.is_proxy:
            continue
        if not policy.is_on or not (policy.mode.value is Header.REQUIRED or policy.absent == "refused"):
            continue
        yield Report(
            at=link.at or policy.at or link.to.at,
            message=f"{link.sender or 'a client'} talks to {link.via or link.to} without a PROXY header, "
            f"but {link.to} demands one",
            help="give clients inside the cluster a listener of their own that reads no header",
            severity=softened(link.sends, policy.mode),
            related=(here(link.to), *(((policy.at, "the receiver's switch"),) if policy.at else ())),
        )
