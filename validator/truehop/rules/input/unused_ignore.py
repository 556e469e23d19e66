"""Ignores that match nothing."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import WARNING, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=WARNING)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """An ignore matches no finding.

    ## Why

    An ignore that nothing needs any more hides the next finding that happens to fit: the trust list that
    was narrowed once may be widened again, and nobody is told. It also tells readers of a problem that is
    gone.

    ## Bad

    ```yaml
    # truehop: ignore[trust-any-address] the office is behind it
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: ClusterIP
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: ClusterIP
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ```

    ## How to fix

    Remove the ignore, or repair it: an id that exists (`truehop rules`), a reason behind it, the line or
    object it is about. One whose `until:` day is past is over.

    ## Sources

    - truehop's own documentation on ignores: comments, annotations and `ignore:` in `truehop.yaml`
    """
    yield from metadata_only(graph, walks, settings)
