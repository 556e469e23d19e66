"""Values that are not in the input."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import ValueGap
from truehop.rules.base import INFO, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged


@rule(severity=INFO, reads={"gaps"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A value that decides comes from something that is not in the input.

    ## Why

    Whether the address arrives hangs on it, so the answer stays unknown.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
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
                - name: MDA_UPSTREAM_PROXY
                  valueFrom: {configMapKeyRef: {name: settings, key: proxy}}
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: mda, namespace: mail}
    spec:
      selector: {matchLabels: {app: mda}}
      template:
        metadata: {labels: {app: mda}}
        spec:
          containers: [{name: mda, image: "jeboehm/mailserver-mda:8.0.0"}]
    ```

    ## How to fix

    Check the folder or rendering that holds the ConfigMap too.

    ## Sources

    - kubernetes/api `core/v1/types.go`, EnvVarSource
    """
    del walks, settings
    return merged(map(_report, graph.gaps))


def _report(gap: ValueGap) -> Report:
    if gap.is_broken:
        return Report(at=gap.at, message=f"{gap.name} {gap.wants} cannot be read", help="mend the file")
    missing = "whose values are not judged" if gap.is_secret else "which is not in the input"
    cure = (
        "write addresses into a ConfigMap" if gap.is_secret else "check it together with what holds the value"
    )
    return Report(at=gap.at, message=f"{gap.name} comes from {gap.wants}, {missing}", help=cure)
