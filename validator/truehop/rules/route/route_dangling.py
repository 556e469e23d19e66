"""Routes that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged
from truehop.rules.subject import Subject


@rule(severity=ERROR, reads={"routers", "listeners", "doors"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A route or Service leads to something that is not there.

    ## Why

    Connections are refused: mail is delayed at the senders and lost after days, and clients report that
    the server is down. Often the number is the container's where the Service's belongs.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports: [{name: smtp, port: 25}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: submission, namespace: mail}
    spec:
      entryPoints: [submission]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 587}]
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports: [{name: submission, port: 587}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: submission, namespace: mail}
    spec:
      entryPoints: [submission]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 587}]
    ```

    ## How to fix

    Name a port that the Service has, by number or name (the Service's, not the container's), and a
    Service whose selector matches the labels of the pods. Where an operator makes the pods and the
    selector asks for none of its own labels (`acme.cert-manager.io/…`), accept the finding with that reason.

    ## Sources

    - kubernetes/api `core/v1/types.go`, ServicePort
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    subject = Subject(graph)
    for router in graph.routers:
        if not subject.leads_to_mail(router):
            continue
        for backend in router.backends:
            if not backend.dangling:
                continue
            is_contradicted = backend.dangles.value is Tri.YES and backend.dangles.is_proven
            yield Report(
                at=backend.dangles.at or backend.at,
                message=f"{router.name} leads nowhere: {backend.dangling}",
                help="name a Service and port that exist",
                severity=None if is_contradicted else WARNING,
                rests_on_absence=not is_contradicted,
            )
