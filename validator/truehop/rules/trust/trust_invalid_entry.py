"""Entries that the program cannot read, or reads otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis
from truehop.model.hops import TrustUse
from truehop.rules.base import ERROR, SPOILS, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, is_live, merged, told
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"trust_lists", "listeners", "routes"}, explains=SPOILS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A trust list holds what the program cannot read.

    ## Why

    Depending on the program it does not start, drops the rest of the list, or trusts something else than is
    written. Then mail is refused, or the proxy's address is recorded for everybody, and rate limits,
    reputation and the log follow it.

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
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16,private_ranges"}
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

    Write addresses and networks only, separated by commas without blanks: that form all programs read.
    Words such as `private_ranges` belong to one framework and are errors elsewhere.

    ## Sources

    - dovecot/core@2.4.4 `src/lib-master/master-service-settings.c`: reading stops at the first bad entry
    - traefik@v3.7.9 `pkg/ip/checker.go`: a bad entry keeps the program from starting
    - symfony/symfony `src/Symfony/Component/HttpFoundation/IpUtils.php`: the words it knows
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for trust in index.graph.trust_lists:
        # A relay list is read at every connection, whether or not anything is relayed by it.
        if not is_live(trust) and trust.use is not TrustUse.RELAY:
            continue
        listeners = index.users_of(trust)
        for entry in trust.entries:
            if not entry.problem:
                continue
            is_certain = trust.basis in {Basis.STATED, Basis.DEFAULT} and not entry.is_reinterpreted
            yield Report(
                at=entry.at,
                message=f"{told(trust)} holds {entry.text!r}: {entry.problem}",
                help="write an address or a network such as 10.42.0.7 or 10.42.0.0/24",
                severity=ERROR if is_certain else WARNING,
                related=tuple(map(here, listeners)),
                routes=index.routes_through(listeners),
            )
