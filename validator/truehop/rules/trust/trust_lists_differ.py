"""Lists that disagree about the same hop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.hops import Hop, HopGraph, Listener, TrustList
from truehop.rules.base import WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, is_live, merged, told
from truehop.rules.index import Index


@rule(severity=WARNING, reads={"listeners", "links", "doors", "routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """Listeners behind the same hop trust different networks.

    ## Why

    The hop sends from the same addresses to all of them, so one list is too wide or one is too narrow. On
    one port the client's address counts, on the other not: limits, bans and logs disagree from port to
    port.

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
                - --entrypoints.submission.address=:587
                - --entrypoints.imap.address=:143
                - --entrypoints.smtp.proxyprotocol.trustedips=10.42.7.0/24
                - --entrypoints.submission.proxyprotocol.trustedips=10.42.7.0/24
                - --entrypoints.imap.proxyprotocol.trustedips=10.42.9.0/24
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
                - --entrypoints.submission.address=:587
                - --entrypoints.smtp.proxyprotocol.trustedips=10.42.7.0/24
                - --entrypoints.submission.proxyprotocol.trustedips=10.42.7.0/24
    ```

    ## How to fix

    Write one list and use it for every listener behind that hop.

    ## Sources

    - traefik@v3.7.9 `pkg/config/static/entrypoints.go`: each entry point has a list of its own
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for hop, listeners in _groups(index):
        lists = [trust for listener in listeners if (trust := _judged(listener)) is not None]
        if not lists:
            continue
        usual = Counter(trust.addresses for trust in lists).most_common(1)[0][0]
        reference = next(trust for trust in lists if trust.addresses == usual)
        for trust in lists:
            if trust.addresses == usual:
                continue
            users = index.users_of(trust)
            yield Report(
                at=trust.at,
                message=f"{told(trust)} trusts {trust.addresses}, "
                f"but {reference.name} behind the same {hop} trusts {usual}",
                help="let all listeners behind one hop trust the same addresses",
                related=((reference.at, "the other list"), *map(here, users)),
                routes=index.routes_through(users),
            )


def _judged(listener: Listener) -> TrustList | None:
    """The PROXY trust list of a listener, if all of it is known and no graver rule speaks of it."""
    trust = listener.proxy.trusts
    if trust is None or not listener.proxy.is_on or not is_live(trust):
        return None
    is_clear = trust.is_complete is Tri.YES and trust.addresses and not trust.trusts_everyone
    return trust if is_clear else None


def _groups(index: Index) -> Iterator[tuple[Hop, list[Listener]]]:
    """The listeners behind each sender; those nobody is seen to send to, by their own hop."""
    senders: dict[int, tuple[Hop, dict[int, Listener]]] = {}
    for link in index.links:
        if link.sender is not None and not link.is_client:
            senders.setdefault(id(link.sender), (link.sender, {}))[1][id(link.to)] = link.to
    reached = {key for _, found in senders.values() for key in found}
    unreached: dict[int, tuple[Hop, dict[int, Listener]]] = {}
    for listener in index.graph.listeners:
        if id(listener) not in reached:
            unreached.setdefault(id(listener.hop), (listener.hop, {}))[1][id(listener)] = listener
    for hop, found in (*senders.values(), *unreached.values()):
        yield hop, list(found.values())
