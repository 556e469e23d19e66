"""Keys given twice."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=ERROR)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A key is given twice in one mapping.

    ## Why

    Only the last one counts, and some programs refuse the document: the setting one reads is not the one
    that works.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: LoadBalancer
      externalTrafficPolicy: Local
      externalTrafficPolicy: Cluster
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      type: LoadBalancer
      externalTrafficPolicy: Local
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ```

    ## How to fix

    Keep the one that is meant.

    ## Sources

    - YAML 1.2 section 3.2.1.3: keys of a mapping are unique
    """
    yield from metadata_only(graph, walks, settings)
