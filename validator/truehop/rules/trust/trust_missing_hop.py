"""Lists without the hop that sends the header."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import HopGraph, Link, Rewrite, Role, TrustList, Untrusted, Wire
from truehop.rules.base import ERROR, LOSES, Confidence, Report, RuleSettings, Walks, rule
from truehop.rules.common import LOOPBACK, here, is_live, merged, shown_source, softened, told
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"links", "doors", "routes", "networks"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """The hop that sends the header is not on the list.

    ## Why

    The server drops the connection, or throws the header away and records the proxy's address for
    everybody: one client over the limit locks out all, bans hit the proxy, logs and rules by country are
    worthless.

    ## Bad

    ```truehop.yaml
    networks:
      pods: [10.42.0.0/16]
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
                - --entrypoints.imap.address=:143
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
                - {name: TRUSTED_PROXIES, value: "192.168.7.0/24"}
    ```

    ## Good

    ```truehop.yaml
    networks:
      pods: [10.42.0.0/16]
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
                - --entrypoints.imap.address=:143
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
    ```

    ## How to fix

    Add the addresses from which the hop's packets arrive. A pod that talks to a Service keeps its own
    address; a program on the host's network comes with a node's address.

    ## Sources

    - dovecot/core@2.4.4 `src/lib-master/master-service-haproxy.c`: an untrusted sender is disconnected
    - traefik@v3.7.9 `pkg/server/server_entrypoint_tcp.go`: an untrusted sender's header is removed
    - kubernetes/website `content/en/docs/tutorials/services/source-ip.md`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for link in index.links:
        trust = _judged_list(link)
        if trust is None or index.is_only_side(link):
            continue
        shown = _proven_stranger(index, link, trust)
        if shown is None:
            continue
        sender = str(link.sender) if link.sender else "whoever is in front"
        where = f" ({shown.value if shown.is_proven else shown.origin or shown.value})" if shown.value else ""
        yield Report(
            at=trust.at,
            message=f"{told(trust)} does not hold the addresses that {sender} shows{where}, "
            f"so its header {_fate(link)}",
            help=_cure(link, sender),
            severity=softened(link.sends, shown),
            confidence=Confidence.HIGH if link.source.is_proven else Confidence.MEDIUM,
            related=(here(link.to), *(((link.at, "the header is sent here"),) if link.at else ())),
            routes=index.routes_over(link),
        )


def _cure(link: Link, sender: str) -> str:
    if link.source.value is Rewrite.NODE:
        return "set externalTrafficPolicy Local, so that the sender's own address shows"
    return f"add the addresses of {sender}"


def _judged_list(link: Link) -> TrustList | None:
    """The list that decides about the header this link carries, if it is there to be judged."""
    if not link.sends.is_known or link.sends.value is Wire.NONE:
        return None
    policy = link.to.proxy if link.sends.value.is_proxy else link.to.forwarded
    if policy is None or not policy.is_on or policy.trusts is None:
        return None
    trust = policy.trusts
    if not is_live(trust) or trust.is_complete is not Tri.YES or trust.trusts_everyone or not trust.addresses:
        return None
    return trust


def _proven_stranger(index: Index, link: Link, trust: TrustList) -> Fact[AddressSet | None] | None:
    """The sender's addresses if certainly none of them is on the list, else None.

    A list of loopback addresses alone holds no other hop, whatever the networks are.
    """
    if LOOPBACK.covers(trust.addresses) and link.sender not in (None, link.to.hop):
        is_inside = link.sender is not None and link.sender.role is not Role.FRONT
        return Fact(None, basis=Basis.STATED if is_inside else link.sends.basis)
    shown = shown_source(index.graph, link)
    if shown.value is None or not shown.value or trust.addresses.overlaps(shown.value):
        return None
    return shown


def _fate(link: Link) -> str:
    """What becomes of a header from a sender that is not on the list."""
    if link.sends.value.is_proxy and link.to.proxy.untrusted is Untrusted.DROPPED:
        return "ends the connection"
    return "is ignored"
