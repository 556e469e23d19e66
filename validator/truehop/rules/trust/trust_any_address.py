"""Lists that trust whoever connects."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Tri
from truehop.model.hops import TrustEntry, TrustList
from truehop.rules.base import ERROR, OPENS, WARNING, HopGraph, Report, RuleSettings, Severity, Walks, rule
from truehop.rules.common import here, is_live, merged, told
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"trust_lists", "listeners", "routes"}, explains=OPENS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A listener believes headers from every address.

    ## Why

    Whoever reaches the listener writes the client's address himself. Rate limits and bans then hit whom the
    attacker names, access lists and rules by country let him pass, reputation and greylisting judge a
    stranger, and the log shows an address that never connected.

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
                - --entrypoints.smtp.proxyprotocol.trustedips=0.0.0.0/0
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
                - --entrypoints.smtp.proxyprotocol.trustedips=10.42.7.0/24
    ```

    ## How to fix

    Name the addresses of the hop in front and nothing else: the pod network of the proxy, the balancer's
    own addresses. Two halves (`0.0.0.0/1` and `128.0.0.0/1`) are the whole. Take `insecure` out; beside a
    list it wins over the list.

    ## Sources

    - traefik@v3.7.9 `pkg/server/server_entrypoint_tcp.go`, `pkg/ip/checker.go`: what the list and
      `insecure` do
    - symfony/symfony `src/Symfony/Component/HttpFoundation/Request.php`: `REMOTE_ADDR` trusts whoever
      connects
    - kubernetes/ingress-nginx `docs/user-guide/nginx-configuration/configmap.md`: the default of
      `proxy-real-ip-cidr` is `0.0.0.0/0`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for trust in index.graph.trust_lists:
        if not is_live(trust) or not trust.trusts_everyone:
            continue
        listeners = index.users_of(trust)
        for entries, whom in _culprits(trust):
            first, *others = entries
            if first.is_default and trust.is_active is not Tri.YES:
                continue
            words = " + ".join(entry.text for entry in entries)
            yield Report(
                at=first.at,
                message=f"{told(trust)} trusts {whom} ({words})",
                help="name only the addresses of the hop in front",
                severity=_severity(trust),
                related=(
                    *((entry.at, f"{entry.text} is the other part") for entry in others),
                    *map(here, listeners),
                ),
                routes=index.routes_through(listeners),
            )


def _severity(trust: TrustList) -> Severity | None:
    """A list that is only named like one is a guess."""
    return WARNING if trust.basis in {Basis.ASSUMED, Basis.UNKNOWN} else None


def _culprits(trust: TrustList) -> Iterator[tuple[list[TrustEntry], str]]:
    """Entries that trust everyone alone, else those that do so together, each with whom they trust."""
    alone = False
    for entry in trust.entries:
        whom = "everyone" if entry.is_everyone else _whole_families(trust, [entry])
        if whom:
            alone = True
            yield [entry], whom
    if not alone:
        whom = _whole_families(trust, trust.entries)
        yield _needed(trust), whom


def _needed(trust: TrustList) -> list[TrustEntry]:
    """The entries without which the list would not cover a family, in their order."""
    kept = list(trust.entries)
    for entry in sorted(trust.entries, key=_width):
        rest = [other for other in kept if other is not entry]
        if _whole_families(trust, rest):
            kept = rest
    return kept


def _width(entry: TrustEntry) -> int:
    """How many addresses an entry trusts."""
    return sum(net.last - net.first + 1 for net in entry.networks)


def _whole_families(trust: TrustList, entries: list[TrustEntry] | tuple[TrustEntry, ...]) -> str:
    """Which families the entries trust whole, in words; empty for none."""
    union = AddressSet.of(net for entry in entries for net in entry.networks)
    union = union.with_mapped() if trust.maps_ipv4 else union
    return " and ".join(f"every IPv{family} address" for family in (4, 6) if union.covers_family(family))
