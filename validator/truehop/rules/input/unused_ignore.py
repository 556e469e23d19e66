"""Ignores that match nothing."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import WARNING, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=WARNING)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """An ignore matches no finding.

    ## Why

    It hides the next finding that happens to fit, and tells readers of a problem that is gone.

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

    Remove the ignore.

    ## Sources

    - none: this is about truehop's own comments, annotations and configuration
    """
    yield from metadata_only(graph, walks, settings)
