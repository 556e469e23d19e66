"""Documents that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=ERROR)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A document cannot be read.

    ## Why

    What cannot be read is not judged: a trust list in it may name the whole internet.

    ## Bad

    ```yaml
    kind: Service
     metadata: {name: mta
    ```

    ## Good

    ```yaml
    kind: Service
    metadata: {name: mta}
    ```

    ## How to fix

    Repair the document where the message points, or ignore the path with a reason.

    ## Sources

    - YAML 1.1 and 1.2 specifications, yaml.org
    """
    yield from metadata_only(graph, walks, settings)
