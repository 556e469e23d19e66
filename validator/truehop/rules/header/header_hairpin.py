"""Clients in the cluster that use the public name and so miss the balancer."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Door, Header, HopGraph, Link
from truehop.rules.base import WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import greets_first, here, merged
from truehop.rules.index import Index


@rule(severity=WARNING, reads={"links", "doors", "routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A client inside the cluster uses the public name and misses the balancer.

    ## Why

    Inside the cluster the balancer's address leads straight to the pods. No header is sent on that way, so
    webmail or an application waits, or is refused, although the same name works from outside.

    ## Bad

    ```truehop.yaml
    front:
      - {service: "traefik/traefik", sends: v2, keepsSource: false}
    ```

    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: traefik
      namespace: traefik
      annotations:
        external-dns.alpha.kubernetes.io/hostname: mail.example.com
    spec:
      selector: {app: traefik}
      type: LoadBalancer
      ports:
        - {name: imap, port: 143}
    status: {loadBalancer: {ingress: [{ip: 192.0.2.10, ipMode: VIP}]}}
    ---
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
                - --entrypoints.imap.address=:143
                - --entrypoints.imap.proxyprotocol.trustedips=192.168.9.7
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imap, namespace: mail}
    spec:
      entryPoints: [imap]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mda, port: 143, proxyProtocol: {version: 2}}]
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
    ---
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
                - {name: MDA_IMAP_ADDRESS, value: "mail.example.com:143"}
              ports: [{name: http, containerPort: 8080}]
    ```

    ## Good

    ```truehop.yaml
    front:
      - {service: "traefik/traefik", sends: v2, keepsSource: false}
    ```

    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: traefik
      namespace: traefik
      annotations:
        external-dns.alpha.kubernetes.io/hostname: mail.example.com
    spec:
      selector: {app: traefik}
      type: LoadBalancer
      ports:
        - {name: imap, port: 143}
    status: {loadBalancer: {ingress: [{ip: 192.0.2.10, ipMode: Proxy}]}}
    ---
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
                - --entrypoints.imap.address=:143
                - --entrypoints.imap.proxyprotocol.trustedips=192.168.9.7
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imap, namespace: mail}
    spec:
      entryPoints: [imap]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mda, port: 143, proxyProtocol: {version: 2}}]
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
    ---
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
                - {name: MDA_IMAP_ADDRESS, value: "mail.example.com:143"}
              ports: [{name: http, containerPort: 8080}]
    ```

    ## How to fix

    Use the Service's name inside the cluster, with a listener that reads no header. Or let the balancer's
    controller report `ipMode: Proxy`, or a hostname in place of the address.

    ## Sources

    - kubernetes/enhancements `keps/sig-network` number 1860: `ipMode`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for link in index.links:
        if not link.is_client or not link.public_name or not _suffers(index, link):
            continue
        for door in index.doors_to(link.to):
            if door.is_side or door.is_workaround or not _sends(door):
                continue
            yield Report(
                at=link.at or link.to.at,
                message=f"{link.sender or 'a client'} goes to {link.public_name} from inside the cluster, "
                f"where {door.owner} is reached without its balancer and {link.to} gets no PROXY header",
                help="use the Service's name, or let the balancer report ipMode: Proxy or a hostname",
                related=((door.at, "the public door"), here(link.to)),
            )


def _suffers(index: Index, link: Link) -> bool:
    """Whether the listener turns away or stalls a client without a header."""
    policy = link.to.proxy
    if not policy.is_on:
        return False
    if policy.mode.value is Header.REQUIRED or policy.absent == "refused":
        return True
    return policy.absent == "stalls" and greets_first(index, link)


def _sends(door: Door) -> bool:
    """Whether the door's front is known to send PROXY headers."""
    front = door.front
    return front is not None and front.sends.is_known and front.sends.value.is_proxy
