"""Headers about clients of a family that the receiver has switched off."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import HopGraph
from truehop.rules.base import ERROR, LOSES, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged, softened
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"routes"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """The header carries an address family that the receiver has switched off.

    ## Why

    Every client of that family is refused although it could connect to the front: mail from half of the
    large providers is delayed, and the log shows the proxy only.

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
    apiVersion: v1
    kind: Service
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {app: traefik}
      type: LoadBalancer
      externalTrafficPolicy: Local
      ipFamilyPolicy: RequireDualStack
      ipFamilies: [IPv4, IPv6]
      ports:
        - {name: smtp, port: 25}
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: postfix, port: 25, proxyProtocol: {version: 2}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {app: postfix}
      ports:
        - {name: smtp, port: 25}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: postfix, namespace: mail}
    data:
      main.cf: |
        inet_protocols = ipv4
        smtpd_upstream_proxy_protocol = haproxy
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {matchLabels: {app: postfix}}
      template:
        metadata: {labels: {app: postfix}}
        spec:
          containers:
            - name: postfix
              image: example.com/postfix:3.9
              ports: [{name: smtp, containerPort: 25}]
              volumeMounts: [{name: config, mountPath: /etc/postfix}]
          volumes: [{name: config, configMap: {name: postfix}}]
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
    apiVersion: v1
    kind: Service
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {app: traefik}
      type: LoadBalancer
      externalTrafficPolicy: Local
      ipFamilyPolicy: RequireDualStack
      ipFamilies: [IPv4, IPv6]
      ports:
        - {name: smtp, port: 25}
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: postfix, port: 25, proxyProtocol: {version: 2}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {app: postfix}
      ports:
        - {name: smtp, port: 25}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: postfix, namespace: mail}
    data:
      main.cf: |
        inet_protocols = all
        smtpd_upstream_proxy_protocol = haproxy
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {matchLabels: {app: postfix}}
      template:
        metadata: {labels: {app: postfix}}
        spec:
          containers:
            - name: postfix
              image: example.com/postfix:3.9
              ports: [{name: smtp, containerPort: 25}]
              volumeMounts: [{name: config, mountPath: /etc/postfix}]
          volumes: [{name: config, configMap: {name: postfix}}]
    ```

    ## How to fix

    Switch the family on at the receiver (`inet_protocols = all`), or let the front take one family only.

    ## Sources

    - vdukhovni/postfix `postfix/src/global/haproxy_srvr.c`: the family must be enabled in `inet_protocols`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for route in index.graph.routes:
        link, door, listener = route.links[-1], route.door, route.listener
        is_told = link.sends.is_known and link.sends.value.is_proxy and listener.proxy.is_on
        if not is_told or not door.families.is_known or not listener.families.is_known:
            continue
        spoken = listener.families.value or ()
        refused = [family for family in door.families.value or () if family not in spoken]
        if not refused or not spoken:
            continue
        yield Report(
            at=listener.families.at or listener.at,
            message=f"{listener} refuses the PROXY header of every IPv{refused[0]} client "
            f"that comes in at port {door.port} of {door.owner}",
            help=f"switch IPv{refused[0]} on at {listener.hop}, or off at the door",
            severity=softened(link.sends, door.families, listener.families),
            related=((door.families.at or door.at, f"IPv{refused[0]} comes in here"),),
            routes=(route,),
        )
