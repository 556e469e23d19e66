"""Values against their chart's schema."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=ERROR)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A value breaks its chart's own schema.

    ## Why

    Helm refuses such values and nothing is deployed; where the chart leaves the schema open, a misspelt
    key is ignored and the default works in its place: PROXY stays off, or the trust list stays empty.

    ## Bad

    ```yaml Chart.yaml
    apiVersion: v2
    name: mail
    version: 1.0.0
    ```

    ```json values.schema.json
    {"type": "object", "properties": {"replicas": {"type": "integer"}}, "additionalProperties": false}
    ```

    ```yaml values.yaml
    replica: 2
    ```

    ## Good

    ```yaml Chart.yaml
    apiVersion: v2
    name: mail
    version: 1.0.0
    ```

    ```json values.schema.json
    {"type": "object", "properties": {"replicas": {"type": "integer"}}, "additionalProperties": false}
    ```

    ```yaml values.yaml
    replicas: 2
    ```

    ## How to fix

    Write the key or the kind of value that the message names. Where the schema itself is wrong, mend it
    in the chart: helm install refuses the values as well.

    ## Sources

    - helm/helm `pkg/chart/common/util/jsonschema.go` (ValidateAgainstSchema)
    """
    yield from metadata_only(graph, walks, settings)
