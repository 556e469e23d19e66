"""Header handling that trusts nobody."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis, Tri
from truehop.model.hops import Header, HopGraph, Listener, Route, TrustUse, Untrusted
from truehop.rules.base import ERROR, LOSES, WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged, told
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"trust_lists", "listeners", "routes"}, explains=LOSES)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A listener handles headers and trusts nobody.

    ## Why

    The program does not start, or refuses every connection: no mail at all. Cures in a hurry (a range that
    trusts everybody) then open rate limits, access lists and the log to forgers.

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
                - --entrypoints.smtp.proxyprotocol
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

    Name the addresses of the hop in front, or take the switch out. A bare `proxyprotocol` flag is neither
    "nobody" nor "everybody": the program ends at start.

    ## Sources

    - traefik@v3.7.9 `pkg/ip/checker.go`: an empty list is refused ("no trusted IPs provided")
    - dovecot/core@2.4.4 `src/lib-master/master-service-haproxy.c`: an empty list trusts nobody
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for trust in index.graph.trust_lists:
        if trust.use is not TrustUse.PROXY or trust.is_active is not Tri.YES or not trust.is_empty:
            continue
        if any(entry.problem for entry in trust.entries):
            continue
        listeners = [found for found in index.users_of(trust) if _fate(found)]
        if not listeners:
            continue
        is_certain = trust.basis in {Basis.STATED, Basis.DEFAULT}
        yield Report(
            at=trust.at,
            message=f"{told(trust)} trusts nobody, so {_fate(listeners[0])}",
            help="name the addresses of the hop in front, or switch the header off",
            severity=ERROR if is_certain else WARNING,
            related=tuple(map(here, listeners)),
            routes=tuple(
                {id(route): route for found in listeners for route in _routes(index, found)}.values()
            ),
        )


def _fate(listener: Listener) -> str:
    """What an empty list does to the listener, in words; empty where it does no harm."""
    policy, starts = listener.proxy, listener.hop.starts
    if not policy.is_on or policy.untrusted is Untrusted.BELIEVED:
        return ""
    if starts.is_known and starts.value is Tri.NO:
        return f"{listener.hop} does not start"
    if policy.untrusted is Untrusted.DROPPED or policy.mode.value is Header.REQUIRED:
        return f"{listener} refuses every connection"
    return ""


def _routes(index: Index, listener: Listener) -> tuple[Route, ...]:
    """The routes that the empty list spoils, its own first: all of a program that does not start."""
    own = index.routes_through([listener])
    if listener.hop.starts.value is not Tri.NO:
        return own
    return tuple(dict.fromkeys((*own, *index.routes_by(listener.hop))))
