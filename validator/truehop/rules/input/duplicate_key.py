"""Keys given twice."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=ERROR)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A key is given twice in one mapping.

    ## Why

    YAML forbids it, and readers differ: most take the last one, some the first, strict ones refuse the
    whole document. Whoever reads the file sees a traffic policy or trust list that is not the one in
    force, and clients' addresses are lost although the line that keeps them is there.

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

    Keep the one that is meant and remove the other. For lists, put all entries under one key.

    ## Sources

    - YAML 1.2.2, section 3.2.1.1: the keys of a mapping are unique (yaml.org/spec/1.2.2)
    - kubernetes-sigs/yaml `yaml.go`: UnmarshalStrict refuses them, Unmarshal does not
    """
    yield from metadata_only(graph, walks, settings)
