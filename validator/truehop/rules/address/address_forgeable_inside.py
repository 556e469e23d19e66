"""Pods and nodes that choose the recorded address."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.walk import Walker
from truehop.rules.base import WARNING, HopGraph, Report, RuleSettings, Walks, rule

_WHO = {
    Walker.NAMESPACE: "another pod of its namespace",
    Walker.PODS: "a pod of another namespace",
    Walker.NODES: "whoever comes in by a node's address",
}


@rule(severity=WARNING, reads={"routes", "walks"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """Something inside the cluster can choose the address that a mail server records.

    ## Why

    One compromised pod, a shell in a web shop or a test namespace, then guesses passwords and sends mail
    as any address it likes: bans and rate limits never hold it, and the log blames a stranger. A trust
    list that is the whole pod network trusts every pod that can reach the listener, and Postfix has no
    list at all.

    ## Bad

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25, proxyProtocol: {version: 2}}]
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
              image: traefik:v3.6.12
              args: ["--entryPoints.smtp.address=:25", --providers.kubernetescrd]
              ports: [{name: smtp, containerPort: 25, hostPort: 25}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env: [{name: MTA_UPSTREAM_PROXY, value: "true"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: mta, namespace: mail}
    spec:
      podSelector: {matchLabels: {app: mta}}
      ingress:
        - from: [{namespaceSelector: {}}]
    ```

    ## Good

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25, proxyProtocol: {version: 2}}]
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
              image: traefik:v3.6.12
              args: ["--entryPoints.smtp.address=:25", --providers.kubernetescrd]
              ports: [{name: smtp, containerPort: 25, hostPort: 25}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env: [{name: MTA_UPSTREAM_PROXY, value: "true"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: mta, namespace: mail}
    spec:
      podSelector: {matchLabels: {app: mta}}
      ingress:
        - from:
            - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: traefik}}
              podSelector: {matchLabels: {app: traefik}}
    ```

    ## How to fix

    Select the mail pods by a NetworkPolicy whose `from` holds one entry for the hop that sends the
    header, with `namespaceSelector` (`kubernetes.io/metadata.name`) and `podSelector` in the same entry,
    on the container's port. Give webmail and other pods a listener without PROXY. Where a list trusts
    node addresses, set `allocateLoadBalancerNodePorts: false`, or `externalTrafficPolicy: Local`.

    ## Sources

    - kubernetes/website `content/en/docs/concepts/services-networking/network-policies.md`
    - vdukhovni/postfix `src/smtpd/smtpd_haproxy.c`
    """
    del settings
    return _reports(graph, walks)


def _reports(graph: HopGraph, walks: Walks) -> Iterator[Report]:
    for route in graph.routes:
        for walker, who in _WHO.items():
            walk = walks.of(route, walker)
            if walk.forges is Tri.YES:
                yield Report(
                    at=walk.turned_at or route.listener.at,
                    message=f"{who} chooses the address that {route.listener} records: {walk.because}",
                    help="admit only the hop that sends the header, by NetworkPolicy",
                    related=((route.listener.at, f"{route.listener} is concerned"),),
                    routes=(route,),
                    rests_on_absence=walk.rests_on_absence,
                )
