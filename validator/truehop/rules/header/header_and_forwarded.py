"""Listeners for which two headers decide."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import HopGraph, Role
from truehop.rules.base import WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, is_live, merged
from truehop.rules.index import Index


@rule(severity=WARNING, reads={"listeners"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A PROXY header and an HTTP header both decide about the address.

    ## Why

    Two sources for one address: a client that is refused by one may state its address in the other. Access
    lists, limits on logins and the log then follow the header that the client wrote itself.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: mail}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata:
          labels: {app: web}
          annotations: {truehop/listeners: "8080: {serves: http, header: required}"}
        spec:
          containers:
            - name: web
              image: jeboehm/mailserver-web:8.0.0
              env:
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16"}
              ports: [{name: http, containerPort: 8080}]
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: mail}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata:
          labels: {app: web}
          annotations: {truehop/listeners: "8080: {serves: http, header: never}"}
        spec:
          containers:
            - name: web
              image: jeboehm/mailserver-web:8.0.0
              env:
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16"}
              ports: [{name: http, containerPort: 8080}]
    ```

    ## How to fix

    Choose one. Behind a proxy that speaks HTTP, take its forwarded header and leave PROXY off; behind one
    that passes bytes, take PROXY and trust no forwarded header.

    ## Sources

    - apache/httpd `docs/manual/mod/mod_remoteip.xml`: `RemoteIPHeader` beside `RemoteIPProxyProtocol`
    - Mailu 2024.06 documentation: `REAL_IP_HEADER` must be unset with PROXY
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for listener in index.graph.listeners:
        forwarded, proxy = listener.forwarded, listener.proxy
        if listener.hop.role is Role.EDGE or forwarded is None or not proxy.is_on or not forwarded.is_on:
            continue
        trust = forwarded.trusts
        if trust is not None and (not is_live(trust) or trust.is_empty):
            continue
        yield Report(
            at=forwarded.at or (trust.at if trust else listener.at),
            message=f"{listener} takes the client's address from a PROXY header and from an HTTP header",
            help="let one of the two decide",
            related=(here(listener), *(((proxy.at, "the PROXY switch"),) if proxy.at else ())),
        )
