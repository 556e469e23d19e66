"""Input that is left out."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import INFO, HopGraph, Report, RuleSettings, Walks, metadata_only, rule


@rule(severity=INFO)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A part of the input is not judged.

    ## Why

    Silence about a part that nobody looked at reads like praise. A chart that was not rendered, a
    template given as a manifest or a file beyond the limits may hold the trust list that names the whole
    internet. So every report lists what was left out, beside the findings, and the run ends with exit
    code 3.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}-mta
    spec:
      type: LoadBalancer
      externalTrafficPolicy: {{ .Values.policy }}
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: mail-mta
    spec:
      type: LoadBalancer
      externalTrafficPolicy: Local
    ```

    ## How to fix

    Give the chart's folder, or its rendering: `helm template mail charts/mail | truehop check -`. Split
    files beyond the limits. What is meant to stay out is accepted in `truehop.yaml`, under `ignore:`, by
    `rule: not-judged` with a path and a reason; that takes the exit code away too.

    ## Sources

    - helm/helm `cmd/helm/template.go`: templates are text, and YAML only once they are rendered
    """
    yield from metadata_only(graph, walks, settings)
