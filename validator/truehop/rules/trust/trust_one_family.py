"""Lists that know one address family where two arrive."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.hops import HopGraph, Link, Rewrite, TrustList, Wire
from truehop.rules.base import LOSES, WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, is_live, merged, shown_source, told
from truehop.rules.index import Index

_FAMILIES = (4, 6)


@rule(severity=WARNING, reads={"links", "doors", "routes", "networks"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """The list knows one address family, the way to the listener carries two.

    ## Why

    Connections over the other family are refused or recorded with the proxy's address. It shows on some
    connections only: limits and logs that are right on most days. A Service that prefers both families
    (`PreferDualStack`) carries both where the declared `networks` show a cluster of both.

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
      ipFamilyPolicy: RequireDualStack
      ipFamilies: [IPv4, IPv6]
      ports:
        - {name: imap, port: 143, targetPort: 31143}
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
      ipFamilyPolicy: RequireDualStack
      ipFamilies: [IPv4, IPv6]
      ports:
        - {name: imap, port: 143, targetPort: 31143}
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
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16,fd00:10:42::/56"}
    ```

    ## How to fix

    Add the hop's addresses of the other family, or give the Service one family (`ipFamilyPolicy:
    SingleStack`).

    ## Sources

    - kubernetes/website `content/en/docs/concepts/services-networking/dual-stack.md`
    - dovecot/core@2.4.4 `src/lib-master/master-service-haproxy.c`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for link in index.links:
        trust = _judged(link)
        if trust is None or index.is_only_side(link):
            continue
        carried = link.families.value or ()
        missing = [family for family in _shown(index, link) if family not in trust.addresses.families]
        if not missing or set(carried) != set(_FAMILIES):
            continue
        yield Report(
            at=trust.at,
            message=f"{told(trust)} holds no IPv{missing[0]} address, "
            f"but {link.via or link.to} carries IPv4 and IPv6",
            help=f"add the IPv{missing[0]} addresses of {link.sender or 'the hop in front'}",
            related=(here(link.to), *(((link.families.at, "both families"),) if link.families.at else ())),
            routes=index.routes_over(link),
        )


def _shown(index: Index, link: Link) -> tuple[int, ...]:
    """The families in which the sender shows itself: a balancer's own, if known, whatever comes to it."""
    source = shown_source(index.graph, link) if link.source.value is Rewrite.BALANCER else None
    return source.value.families if source is not None and source.value else link.families.value or ()


def _judged(link: Link) -> TrustList | None:
    """The list that decides about this link's header, if all of it is known."""
    if not link.families.is_known or not link.sends.is_known or link.sends.value is Wire.NONE:
        return None
    policy = link.to.proxy if link.sends.value.is_proxy else link.to.forwarded
    trust = policy.trusts if policy is not None and policy.is_on else None
    if trust is None or not is_live(trust) or trust.is_complete is not Tri.YES:
        return None
    return trust if trust.addresses and not trust.trusts_everyone else None
