"""Documents that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=ERROR)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A document cannot be read.

    ## Why

    What cannot be read is neither applied nor judged: the Service, the route or the policy in it is
    missing in the cluster, and a trust list in it may name the whole internet. The other documents are
    judged all the same; the run ends with exit code 3.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta
    spec: {type: LoadBalancer}
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta}
    spec: {type: LoadBalancer}
    ```

    ## How to fix

    Repair the document where the message points: close brackets and quotes, indent with blanks, quote
    texts that hold `: ` or begin with `*`, `&`, `@` or a back-tick. A file that is no YAML on purpose is
    accepted in `truehop.yaml`, under `ignore:`, by its path with a reason.

    ## Sources

    - YAML 1.1 and YAML 1.2.2 (yaml.org/spec)
    """
    yield from metadata_only(graph, walks, settings)
