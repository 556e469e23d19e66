"""Policies against the proxy."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.hops import Hop, Rewrite
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged, softened
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"doors", "links", "routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A NetworkPolicy keeps a sender from the listener it is meant to reach.

    ## Why

    Every connection through the proxy times out although all pods are ready. In the hurry the policy is
    deleted, and from then on any pod may write its own address to a PROXY listener, or deliver past the
    filter.

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
              image: traefik:v3.6.12
              args: ["--entryPoints.imaps.address=:993", --providers.kubernetescrd]
              ports: [{name: imaps, containerPort: 993, hostPort: 993}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imaps, namespace: mail}
    spec:
      entryPoints: [imaps]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mda, port: 993}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {matchLabels: {app: mda}}
      template:
        metadata: {labels: {app: mda}}
        spec:
          containers: [{name: mda, image: "jeboehm/mailserver-mda:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      type: ClusterIP
      selector: {app: mda}
      ports: [{name: imaps, port: 993, targetPort: 31993}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: mda, namespace: mail}
    spec:
      podSelector: {matchLabels: {app: mda}}
      ingress:
        - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress}}}]
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
              image: traefik:v3.6.12
              args: ["--entryPoints.imaps.address=:993", --providers.kubernetescrd]
              ports: [{name: imaps, containerPort: 993, hostPort: 993}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: imaps, namespace: mail}
    spec:
      entryPoints: [imaps]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mda, port: 993}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {matchLabels: {app: mda}}
      template:
        metadata: {labels: {app: mda}}
        spec:
          containers: [{name: mda, image: "jeboehm/mailserver-mda:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      type: ClusterIP
      selector: {app: mda}
      ports: [{name: imaps, port: 993, targetPort: 31993}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: mda, namespace: mail}
    spec:
      podSelector: {matchLabels: {app: mda}}
      ingress:
        - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: traefik}}}]
    ```

    ## How to fix

    Admit the sender with `namespaceSelector` (`kubernetes.io/metadata.name: traefik`) and `podSelector`
    in one entry of `from`; a `podSelector` alone means pods of the policy's own namespace. Write the
    container's port (31993) or its name: policies know no Service ports. Where the sender has an egress
    policy, admit the mail pods there.

    ## Sources

    - kubernetes/website `content/en/docs/concepts/services-networking/network-policies.md`
    """
    del walks, settings
    index = Index(graph)
    return merged([*_reports(graph, index), *_closed_doors(graph, index)])


def _reports(graph: HopGraph, index: Index) -> Iterator[Report]:
    for link in graph.links:
        admitted = link.admitted
        if link.sender is None or admitted.value is not Tri.NO or not admitted.is_known:
            continue
        # A node reaches the pods that run on it in any case, and a cluster may have but one.
        on_node = link.sender.on_host_network
        exempt = " unless they share a node" if on_node else ""
        yield Report(
            at=admitted.at or link.to.at,
            message=f"a policy keeps {link.sender} from {link.to}{exempt}: {admitted.origin}",
            help=_cure(link.sender),
            severity=WARNING if on_node else softened(admitted),
            related=(here(link.to),),
            routes=index.routes_over(link),
        )


def _closed_doors(graph: HopGraph, index: Index) -> Iterator[Report]:
    """Doors to a listener that nobody outside may reach: packets with an outside address are dropped.

    What bears a node's address, and what runs on the host network, policies mean differently by the CNI.
    """
    for door in graph.doors:
        for link in door.links:
            admission = link.to.admission
            is_foreign = link.source.is_known and link.source.value in {Rewrite.KEPT, Rewrite.BALANCER}
            if door.is_side or admission is None or not is_foreign or link.to.hop.on_host_network:
                continue
            outside = admission.outside
            if outside.value is not Tri.NO or not outside.is_known:
                continue
            yield Report(
                at=outside.at or link.to.at,
                message=f"a policy keeps everybody outside from {link.to}: {outside.origin}",
                help="admit the port without from, or from the networks that clients come from",
                severity=softened(outside, link.source),
                related=(here(link.to),),
                routes=index.routes_over(link),
            )


def _cure(sender: Hop) -> str:
    if sender.on_host_network:
        return "admit the nodes' addresses, and those of their bridges to the pods, on the container's port"
    return "admit the sender's namespace and pods on the container's port"
