"""Lists that disagree about the same hop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.hops import HopGraph, Listener, Role, TrustList
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
    for name, listeners, is_told in _groups(index):
        lists = [trust for listener in listeners if (trust := _judged(listener)) is not None]
        if not lists:
            continue
        usual = Counter(trust.addresses for trust in lists).most_common(1)[0][0]
        reference = next(trust for trust in lists if trust.addresses == usual)
        for trust in lists:
            if trust.addresses == usual or (is_told and not trust.addresses.overlaps(usual)):
                continue
            users = index.users_of(trust)
            yield Report(
                at=trust.at,
                message=f"{told(trust)} trusts {trust.addresses}, "
                f"but {reference.name} behind the same {name} trusts {usual}",
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


def _groups(index: Index) -> Iterator[tuple[str, list[Listener], bool]]:
    """The listeners behind each sender; those nobody is seen to send to, by their own hop.

    With each group whether lists alone tell of its sender: each of those doors may have one of its own.
    """
    groups: dict[object, tuple[str, dict[int, Listener], bool]] = {}
    for link in index.links:
        if link.sender is not None and not link.is_client:
            is_told = link.sender.role is Role.FRONT and not link.sender.profile
            key = ("doors", link.sender.ref) if is_told else id(link.sender)
            groups.setdefault(key, (str(link.sender), {}, is_told))[1][id(link.to)] = link.to
    reached = {key for _, found, _ in groups.values() for key in found}
    for link in index.links:
        beside = groups.get(("doors", link.via)) if link.sender is None else None
        if beside is not None:
            beside[1][id(link.to)] = link.to
    for listener in index.graph.listeners:
        if id(listener) not in reached:
            own = groups.setdefault(("own", id(listener.hop)), (str(listener.hop), {}, False))
            own[1][id(listener)] = listener
    for name, found, is_told in groups.values():
        yield name, list(found.values()), is_told
