"""Lists that trust strangers' addresses."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.addresses import AddressSet
from truehop.model.hops import TrustEntry, TrustUse
from truehop.rules.base import OPENS, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, is_live, merged, told
from truehop.rules.declared import declared_networks, public_part
from truehop.rules.index import Index

_USES = (TrustUse.PROXY, TrustUse.FORWARDED, TrustUse.UNKNOWN)


@rule(severity=WARNING, reads={"trust_lists", "listeners", "routes", "networks", "doors"}, explains=OPENS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A trust list covers public addresses that no declared balancer owns.

    ## Why

    In a public range live strangers. Each of them may state a client's address: he escapes rate limits and
    access lists, spoils the reputation of others, and the log names the wrong party.

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
                - --entrypoints.smtp.proxyprotocol.trustedips=93.184.216.0/24
    ```

    ## Good

    ```truehop.yaml
    networks:
      loadBalancers: [93.184.216.0/24]
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
                - --entrypoints.smtp.proxyprotocol.trustedips=93.184.216.0/24
    ```

    ## How to fix

    Name the balancer's single addresses. If the whole range is yours, declare it under
    `networks.loadBalancers` in `truehop.yaml`. The published ranges of delivery networks are right for
    forwarded HTTP headers only: anybody can let such a network connect to your mail ports.

    ## Sources

    - IANA IPv4 and IPv6 special-purpose address registries (RFC 6890): what is not globally routable
    - traefik@v3.7.9 `pkg/ip/checker.go`: every address of a network on the list is believed
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    declared = {use: declared_networks(index.graph, use) for use in _USES}
    for trust in index.graph.trust_lists:
        if not is_live(trust) or trust.use not in _USES or trust.trusts_everyone:
            continue
        for entry in trust.entries:
            strangers = _strangers(entry, declared[trust.use])
            if not strangers:
                continue
            listeners = index.users_of(trust)
            yield Report(
                at=entry.at,
                message=f"{told(trust)} trusts {entry.text}, public addresses that no declared balancer owns",
                help="name the balancer's own addresses, or declare its range as networks.loadBalancers",
                related=tuple(map(here, listeners)),
                routes=index.routes_through(listeners),
            )


def _strangers(entry: TrustEntry, declared: AddressSet) -> AddressSet:
    """The public addresses of an entry; a single host is taken for the user's own balancer."""
    ranges = AddressSet.of(net for net in entry.networks if not net.is_host)
    return public_part(ranges) - declared
