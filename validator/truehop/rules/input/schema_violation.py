"""Values against their chart's schema."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import ERROR, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=ERROR)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A value breaks its chart's own schema.

    ## Why

    Helm refuses the values, or a misspelt key is ignored and the default works in its place.

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

    Write what the schema asks for; the message names the key and the cure.

    ## Sources

    - helm/helm `pkg/chart/common/util/jsonschema.go`
    """
    yield from metadata_only(graph, walks, settings)
