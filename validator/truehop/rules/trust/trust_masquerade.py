"""Trusted networks from which strangers' connections appear."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.addresses import AddressSet
from truehop.model.facts import Fact
from truehop.model.hops import Door, HopGraph, Link, Rewrite, TrustEntry, TrustList, TrustUse, Wire
from truehop.rules.base import ERROR, OPENS, WARNING, Report, RuleSettings, Severity, Walks, rule
from truehop.rules.common import is_live, merged, routes_through, told

_USES = (TrustUse.PROXY, TrustUse.FORWARDED)
_WHOSE = {Rewrite.POD: "pod", Rewrite.NODE: "node"}


@rule(severity=ERROR, reads={"trust_lists", "listeners", "doors", "routes", "networks"}, explains=OPENS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """Internet clients appear with addresses that are trusted.

    ## Why

    Address translation on the way (a node port under policy `Cluster`, a balancer that masquerades) gives
    every client in the internet the address of a node or a pod. If that network is on the list, all of them
    may state any address: rate limits, access lists, greylisting and the log follow what they say.

    ## Bad

    ```truehop.yaml
    networks:
      nodes: [192.168.7.0/24]
    ```

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
                - --entrypoints.smtp.proxyprotocol.trustedips=192.168.7.0/24
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {app: traefik}
      type: NodePort
      externalTrafficPolicy: Cluster
      ports:
        - {name: smtp, port: 25, nodePort: 30025}
    ```

    ## Good

    ```truehop.yaml
    networks:
      nodes: [192.168.7.0/24]
    ```

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
                - --entrypoints.smtp.proxyprotocol.trustedips=192.168.7.0/24
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {app: traefik}
      type: NodePort
      externalTrafficPolicy: Local
      ports:
        - {name: smtp, port: 25, nodePort: 30025}
    ```

    ## How to fix

    Set `externalTrafficPolicy: Local`, so that clients keep their address. Where a balancer sends PROXY,
    close the side door with `allocateLoadBalancerNodePorts: false`. Behind a balancer that masquerades and
    sends nothing, no list is right: put a front before it that sends the header, or use the host's network.

    ## Sources

    - kubernetes/website `content/en/docs/tutorials/services/source-ip.md`: what each traffic policy does
    - k3s-io/klipper-lb `entry`: the service balancer of k3s masquerades
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    for trust in graph.trust_lists:
        if not is_live(trust) or trust.use not in _USES or trust.trusts_everyone:
            continue
        listeners = graph.listeners_using(trust)
        wanted = {id(listener) for listener in listeners}
        for door in graph.doors:
            for link in door.links:
                shown = _masquerade(graph, link)
                if id(link.to) not in wanted or shown is None or not trust.addresses.covers(shown.value):
                    continue
                entry = _covering(trust, shown.value)
                kind = f"node port of {door.owner}" if door.is_side else f"{door.kind} of {door.owner}"
                yield Report(
                    at=entry.at,
                    message=f"{told(trust)} trusts {entry.text}, and internet clients come through the "
                    f"{kind} with a {_WHOSE[link.source.value]} address",
                    help="keep the source (externalTrafficPolicy: Local), close the door, or trust single "
                    "addresses of a front that sends PROXY",
                    severity=_severity(door, link, shown),
                    related=((door.at, f"{kind}, port {door.port}"),),
                    routes=routes_through(graph, listeners),
                )


def _masquerade(graph: HopGraph, link: Link) -> Fact[AddressSet] | None:
    """The network in which clients of this door appear; None where they keep their address or send a header.

    Behind a sender that puts its own header first, a client's header is payload.
    """
    if not (link.source.is_known and link.sends.is_known and link.sends.value is Wire.NONE):
        return None
    network = {Rewrite.POD: graph.networks.pods, Rewrite.NODE: graph.networks.nodes}.get(link.source.value)
    if network is None or not network.is_known or not network.value:
        return None
    return Fact(network.value, network.at, network.basis)


def _covering(trust: TrustList, network: AddressSet) -> TrustEntry:
    """The entry that trusts the network, or the first that trusts a part of it."""
    sharing = [entry for entry in trust.entries if AddressSet.of(entry.networks).overlaps(network)]
    whole = (entry for entry in sharing if AddressSet.of(entry.networks).covers(network))
    return next(whole, (sharing or trust.entries)[0])


def _severity(door: Door, link: Link, shown: Fact[AddressSet]) -> Severity:
    """Error where the declared door itself does it and nothing is assumed."""
    is_proven = link.source.is_proven and link.sends.is_proven and shown.is_proven
    return ERROR if is_proven and not door.is_side else WARNING
