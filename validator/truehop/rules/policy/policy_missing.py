"""Mail pods without a policy."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.model.hops import Listener, Role
from truehop.rules.base import OPENS, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here
from truehop.rules.index import Index

_MAIL = frozenset({Role.MTA, Role.MDA, Role.WEB})


@rule(severity=WARNING, reads={"listeners", "routes"}, explains=OPENS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """No NetworkPolicy limits who may connect to a mail server or webmail.

    ## Why

    Every pod of the cluster reaches the inner ports and the PROXY listeners: one compromised container is
    enough to deliver past the filter, to guess passwords at the auth port, and to forge addresses where a
    trust list holds the pod network. Rate limits and bans see what it invents.

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
          containers: [{name: mda, image: "jeboehm/mailserver-mda:8.0.0"}]
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
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: mda, namespace: mail}
    spec:
      podSelector: {matchLabels: {app: mda}}
      ingress:
        - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: traefik}}}]
    ```

    ## How to fix

    Select the pods by a NetworkPolicy that admits the proxy to the mail ports, and each inner caller to
    its own: Postfix to LMTP and auth, webmail to IMAP and submission. Where the cluster decides by
    another kind (CiliumNetworkPolicy, Calico), check it together with the workloads.

    ## Sources

    - kubernetes/website `content/en/docs/concepts/services-networking/network-policies.md`
    """
    del walks, settings
    index = Index(graph)
    by_hop: dict[int, list[Listener]] = {}
    for listener in graph.listeners:
        admission = listener.admission
        if listener.hop.role in _MAIL and admission is not None and admission.is_selected.value is Tri.NO:
            by_hop.setdefault(id(listener.hop), []).append(listener)
    for listeners in by_hop.values():
        hop = listeners[0].hop
        if hop.at is not None:
            yield Report(
                at=hop.at,
                message=f"no NetworkPolicy limits who may connect to {hop}",
                help="admit only the proxy and the pods that call it",
                related=tuple(map(here, listeners)),
                routes=index.routes_through(listeners),
                rests_on_absence=True,
            )
