"""Listeners that wait for a header in vain."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis, Tri
from truehop.model.hops import Front, Header, HopGraph, Link, Listener, Role
from truehop.rules.base import ERROR, SPOILS, WARNING, Report, RuleSettings, Severity, Walks, rule
from truehop.rules.common import greets_first, here, is_heard, merged, sender_place, softened
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"links", "doors", "routers", "routes", "walks"}, explains=SPOILS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A listener waits for a header that its sender does not send.

    ## Why

    Honest clients are refused or wait for seconds until they are. And who sends a header of his own through
    the plain hop is believed: he chooses his address before rate limits, access lists, greylisting and the
    log.

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
          services: [{name: mta, port: 25}]
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

    Let the sender send it (`proxyProtocol: {version: 2}` at the route's service, or in the transport it
    names), or switch the receiver off. Balancers that cannot send it need another front before them:
    declare that one in `truehop.yaml` under `front`. Before a node port, a host port, the host network or a
    balancer of unknown make its addresses are enough, as `networks.loadBalancers`.

    ## Sources

    - vdukhovni/postfix `postfix/src/smtpd/smtpd_haproxy.c`: five seconds of silence, then 421
    - dovecot/core@2.4.4 `src/lib-master/master-service-haproxy.c`: disconnected after `haproxy_timeout`
    - traefik@v3.7.9 `pkg/server/server_entrypoint_tcp.go`: server-first protocols stall until `readTimeout`
    """
    del settings
    return merged(_reports(Index(graph), walks))


def _reports(index: Index, walks: Walks) -> Iterator[Report]:
    for link in index.links:
        if not link.sends.is_known or link.sends.value.is_proxy or link.bad_version or link.is_client:
            continue
        wants = _wants(index, link)
        if not wants or index.is_only_side(link):
            continue
        if is_heard(index, walks, link) and (_demands(link) or _may_come_along(index, link)):
            continue
        switch = link.to.proxy.at
        sender = link.sender or "the internet"
        because = f": {link.sends.origin}" if link.sends.basis is Basis.ASSUMED and link.sends.origin else ""
        yield Report(
            at=sender_place(link),
            message=f"{sender} sends no PROXY header to {link.to}, which {wants}{because}",
            help=_cure(index, link),
            severity=_severity(index, link),
            related=(here(link.to), *(((switch, "the receiver's switch"),) if switch else ())),
            routes=index.routes_over(link),
        )


def _cure(index: Index, link: Link) -> str:
    if link.sender is None:
        return "put a front that sends it before the door"
    fronts = [door.front for door in index.doors_of(link)]
    if fronts and all(front is not None and front.can_send is Tri.NO for front in fronts):
        declare = "" if all(map(_is_final, fronts)) else ", or say under front what stands before that"
        return f"switch the header off at {link.to}: {link.sender} cannot send one{declare}"
    return f"let {link.sender} send the header"


def _wants(index: Index, link: Link) -> str:
    """What the listener does without a header, in words; empty where it works."""
    policy = link.to.proxy
    if not policy.is_on:
        return ""
    if _demands(link):
        return "demands one"
    if policy.absent != "stalls" or not greets_first(index, link) or not _is_served(index, link.to):
        return ""
    seconds = f" {policy.stall_seconds} s" if policy.stall_seconds else ""
    return f"waits{seconds} for one before it greets"


def _demands(link: Link) -> bool:
    policy = link.to.proxy
    return policy.mode.value is Header.REQUIRED or policy.absent == "refused"


def _may_come_along(index: Index, link: Link) -> bool:
    """Whether a hop before this link's sender may have sent a header that is passed on as payload."""
    return any(
        earlier.sends.value.is_proxy or not earlier.sends.is_known
        for route in index.routes_over(link)
        for earlier in route.links[: route.links.index(link)]
    )


def _is_served(index: Index, listener: Listener) -> bool:
    """Whether connections to an edge's entry lead anywhere, as far as the input shows routes."""
    if listener.hop.role is not Role.EDGE:
        return True
    routers = index.routers_of(listener.hop)
    return not routers or any(listener in router.listeners for router in routers)


def _severity(index: Index, link: Link) -> Severity | None:
    """Warning where something outside the input may still stand before the door and send it."""
    if link.sender is not None and link.sender.role is not Role.FRONT:
        return softened(link.sends, link.to.proxy.mode)
    fronts = [door.front for door in index.doors_of(link)]
    if not fronts or not all(map(_is_final, fronts)):
        return WARNING
    return softened(link.sends, link.to.proxy.mode)


def _is_final(front: Front | None) -> bool:
    """Whether this front is the outermost one: declared, or of a make that could send the header."""
    return front is not None and (front.is_declared or front.can_send is Tri.YES)
