"""Trusted networks from which strangers' connections appear."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.addresses import AddressSet
from truehop.model.hops import Door, HopGraph, Link, Rewrite, TrustEntry, TrustList, TrustUse, Wire
from truehop.rules.base import ERROR, OPENS, WARNING, Confidence, Report, RuleSettings, Severity, Walks, rule
from truehop.rules.common import is_live, merged, told
from truehop.rules.declared import USUAL_POD_NETWORKS
from truehop.rules.index import Index

_USES = (TrustUse.PROXY, TrustUse.FORWARDED)
_WHOSE = {Rewrite.POD: "pod", Rewrite.NODE: "node"}


@rule(
    severity=ERROR, reads={"trust_lists", "listeners", "links", "doors", "routes", "networks"}, explains=OPENS
)
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

    Say in `truehop.yaml` under `networks` which addresses pods and nodes have: without it only the usual pod
    networks are guessed at.

    ## Sources

    - kubernetes/website `content/en/docs/tutorials/services/source-ip.md`: what each traffic policy does
    - k3s-io/klipper-lb `entry`: the service balancer of k3s masquerades
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for trust in index.graph.trust_lists:
        if not is_live(trust) or trust.use not in _USES or trust.trusts_everyone:
            continue
        listeners = index.users_of(trust)
        for link in (link for listener in listeners for link in index.links_into(listener)):
            for door in index.doors_of(link):
                found = _judge(index, trust, door, link)
                if found is None:
                    continue
                entry, words, severity, confidence = found
                yield Report(
                    at=entry.at,
                    message=f"{told(trust)} trusts {entry.text}, {words}",
                    help="keep the source (externalTrafficPolicy: Local), close the door, or trust single "
                    "addresses of a front that sends PROXY",
                    severity=severity,
                    confidence=confidence,
                    related=((door.at, f"{_named(door)} comes in here"),),
                    routes=index.routes_through(listeners),
                )


_Verdict = tuple[TrustEntry, str, Severity, Confidence]


def _judge(index: Index, trust: TrustList, door: Door, link: Link) -> _Verdict | None:
    """The entry that trusts the door's clients, and how sure that is; None if none does.

    Behind a sender that puts its own header first, a client's header is payload.
    """
    if not (link.source.is_known and link.sends.is_known and link.sends.value is Wire.NONE):
        return None
    rewrite = link.source.value
    network = {Rewrite.POD: index.graph.networks.pods, Rewrite.NODE: index.graph.networks.nodes}.get(rewrite)
    if network is None:
        return None
    if network.is_known and network.value is not None:
        if not network.value or not trust.addresses.covers(network.value):
            return None
        entry, words = (
            _covering(trust, network.value),
            f"come through {_named(door)} with a {_WHOSE[rewrite]} address",
        )
        is_proven = link.source.is_proven and link.sends.is_proven and network.is_proven
        severity = ERROR if is_proven and not door.is_side else WARNING
        return entry, f"and internet clients {words}", severity, Confidence.HIGH
    usual = next((entry for entry in trust.entries if entry.network in USUAL_POD_NETWORKS), None)
    if usual is None or index.graph.networks.pods.is_known:
        return None
    words = f"a usual pod network, and internet clients may come through {_named(door)} with an address in it"
    return usual, words, WARNING, Confidence.LOW


def _named(door: Door) -> str:
    """A door in words."""
    return f"the {'node port' if door.is_side else door.kind} of {door.owner}"


def _covering(trust: TrustList, network: AddressSet) -> TrustEntry:
    """The entry that trusts the network, or the first that trusts a part of it."""
    sharing = [entry for entry in trust.entries if AddressSet.of(entry.networks).overlaps(network)]
    whole = (entry for entry in sharing if AddressSet.of(entry.networks).covers(network))
    return next(whole, (sharing or trust.entries)[0])
