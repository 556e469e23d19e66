"""Entries that trust more addresses than the hop in front can have."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.addresses import PRIVATE_BLOCKS, AddressSet, Network
from truehop.model.hops import TrustEntry, TrustList, TrustUse
from truehop.rules.base import (
    ERROR,
    OPENS,
    WARNING,
    HopGraph,
    Report,
    RuleSettings,
    Setting,
    Severity,
    Walks,
    rule,
)
from truehop.rules.common import LOOPBACK, here, is_live, merged, shown_source, told
from truehop.rules.declared import declared_networks, public_part
from truehop.rules.index import Index

_USES = (TrustUse.PROXY, TrustUse.FORWARDED, TrustUse.UNKNOWN)
_SETTINGS = (
    Setting("ipv4", 16, "shortest IPv4 prefix that counts as narrow where the networks are unknown"),
    Setting("ipv6", 48, "shortest IPv6 prefix that counts as narrow where the networks are unknown"),
)


@rule(
    severity=WARNING,
    reads={"trust_lists", "listeners", "links", "routes", "networks", "doors"},
    settings=_SETTINGS,
    explains=OPENS,
)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A trust list is wider than the hop in front needs.

    ## Why

    Everything inside the range may state a client's address: other pods, other machines of the office, a
    neighbour at the same provider. One taken-over host is enough to pass rate limits, access lists and
    greylisting under any name, and the log cannot tell.

    ## Bad

    ```yaml
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
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16,172.16.0.0/12,192.168.0.0/16"}
    ```

    ## Good

    ```yaml
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

    Keep the network the proxy's packets really come from (for a proxy in the cluster, the pod network) and
    drop the rest. Whole private blocks are always too wide; else `/16` for IPv4 and `/48` for IPv6 count as
    narrow unless `networks` in `truehop.yaml` says better.

    ## Sources

    - RFC 1918, RFC 4193: private blocks and whom they belong to
    - dovecot/core@2.4.4 `src/lib-master/master-service-haproxy.c`: `haproxy_trusted_networks`
    - traefik@v3.7.9 `pkg/ip/checker.go`
    """
    del walks
    return merged(_reports(Index(graph), settings))


def _reports(index: Index, settings: RuleSettings) -> Iterator[Report]:
    declared = {use: declared_networks(index.graph, use) for use in _USES}
    for trust in index.graph.trust_lists:
        if not is_live(trust) or trust.use not in _USES or trust.trusts_everyone:
            continue
        needed = _needed(index, trust)
        listeners = index.users_of(trust)
        for entry in trust.entries:
            found = _judge(index, entry, declared[trust.use], needed, settings)
            if found is None:
                continue
            severity, why = found
            yield Report(
                at=entry.at,
                message=f"{told(trust)} trusts {entry.text}{_by_default(trust)}, {why}",
                help="name only the addresses of the hop in front",
                severity=severity,
                related=tuple(map(here, listeners)),
                routes=index.routes_through(listeners),
            )


def _by_default(trust: TrustList) -> str:
    return "" if trust.is_present else " by default"


def _judge(
    index: Index, entry: TrustEntry, declared: AddressSet, needed: AddressSet | None, settings: RuleSettings
) -> tuple[Severity, str] | None:
    """How bad an entry is and why; None for one that is narrow, or whose fault another rule names."""
    space = AddressSet.of(entry.networks) - LOOPBACK
    pods = index.graph.networks.pods.value
    if not space or public_part(space) - declared or (pods is not None and pods.covers(space)):
        return None
    wide = [net for net in entry.networks if _is_wide(net, settings)]
    if needed:
        surplus = space - needed
        if surplus and (wide or space.overlaps(needed)):
            return ERROR, f"beyond the hop in front ({needed})"
        if not surplus:
            return None
    if not wide or declared.covers(space):
        return None
    if any(block in wide for block in PRIVATE_BLOCKS):
        return WARNING, "a whole private block"
    return WARNING, f"wider than {' or '.join(f'/{_limit(net.family, settings)}' for net in wide)}"


def _is_wide(net: Network, settings: RuleSettings) -> bool:
    """Whether a network is wide on common sense: a whole private block, or shorter than the setting."""
    is_short = net.prefix < _limit(net.family, settings)
    return (is_short or net in PRIVATE_BLOCKS) and not LOOPBACK.covers(AddressSet.of([net]))


def _limit(family: int, settings: RuleSettings) -> int:
    """The shortest narrow prefix of a family."""
    setting = _SETTINGS[0 if family == 4 else 1]  # noqa: PLR2004 (an address family)
    limit = settings.get(setting.name, setting.default)
    return limit if isinstance(limit, int) else 0


def _needed(index: Index, trust: TrustList) -> AddressSet | None:
    """The addresses of all hops in front of the list's listeners; None where one is unknown."""
    found = AddressSet()
    for link in (link for listener in index.users_of(trust) for link in index.links_into(listener)):
        if link.is_client or index.is_only_side(link):
            continue
        source = shown_source(index.graph, link)
        if source.value is None or not source.is_proven:
            return None
        found |= source.value
    return found or None
