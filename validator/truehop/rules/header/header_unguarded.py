"""Listeners that believe anybody, and anybody may connect."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import HopGraph, Listener, Role, Wire
from truehop.rules.base import ERROR, OPENS, WARNING, Report, RuleSettings, Severity, Walks, rule
from truehop.rules.common import believes_anyone, here, merged
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"listeners", "links", "doors", "routes"}, explains=OPENS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A listener believes any sender, and anybody may connect.

    ## Why

    The program has no list of those who may send the header. Any pod, or any client that finds a door,
    writes its own address there: rate limits, access lists, SPF, greylisting and the log judge what it
    says.

    ## Bad

    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: mta, namespace: mail}
    spec:
      podSelector: {matchLabels: {app: mta}}
      policyTypes: [Ingress]
      ingress:
        - from:
            - ipBlock: {cidr: 0.0.0.0/0}
          ports: [{port: 25}, {port: 587}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports:
        - {name: smtp, port: 25}
        - {name: submission, port: 587}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env:
                - {name: MTA_UPSTREAM_PROXY, value: "true"}
              ports: [{name: smtp, containerPort: 25}, {name: submission, containerPort: 587}]
    ```

    ## Good

    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: mta, namespace: mail}
    spec:
      podSelector: {matchLabels: {app: mta}}
      policyTypes: [Ingress]
      ingress:
        - from:
            - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: traefik}}
              podSelector: {matchLabels: {app: traefik}}
          ports: [{port: 25}, {port: 587}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {app: mta}
      ports:
        - {name: smtp, port: 25}
        - {name: submission, port: 587}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: mta, namespace: mail}
    spec:
      selector: {matchLabels: {app: mta}}
      template:
        metadata: {labels: {app: mta}}
        spec:
          containers:
            - name: mta
              image: jeboehm/mailserver-mta:8.0.0
              env:
                - {name: MTA_UPSTREAM_PROXY, value: "true"}
              ports: [{name: smtp, containerPort: 25}, {name: submission, containerPort: 587}]
    ```

    ## How to fix

    Admit only the proxy's pods by a NetworkPolicy, and publish the port through the proxy alone: no
    LoadBalancer, NodePort or hostPort straight on it.

    ## Sources

    - vdukhovni/postfix `postfix/src/smtpd/smtpd_haproxy.c`: there is no trust list
    - kubernetes/website `content/en/docs/concepts/services-networking/network-policies.md`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for listener in index.graph.listeners:
        is_edge = listener.hop.role in {Role.EDGE, Role.FRONT}
        if is_edge or listener.serves.value.is_http or not believes_anyone(listener):
            continue
        openings = [
            *((opening, _DOOR_CURE) for opening in _open_doors(index, listener)),
            *((opening, _POLICY_CURE) for opening in _open_policy(listener)),
        ]
        for (at, words, severity, is_absence), cure in openings:
            yield Report(
                at=at,
                message=f"{listener} believes the PROXY header of any sender, and {words}",
                help=cure,
                severity=severity,
                related=(here(listener),),
                routes=tuple(index.routes_through([listener])),
                rests_on_absence=is_absence,
            )


_DOOR_CURE = "let clients go through the proxy, and take this port away"
_POLICY_CURE = "admit only the pods of the hop in front, by a NetworkPolicy"
_Opening = tuple[Location, str, Severity, bool]


def _open_doors(index: Index, listener: Listener) -> Iterator[_Opening]:
    """Doors that lead strangers straight to the listener, without a front that puts its header first."""
    for door in index.doors_to(listener):
        for link in door.links:
            is_plain = link.sends.is_known and link.sends.value is Wire.NONE
            is_blocked = link.admitted.is_known and link.admitted.value is Tri.NO
            if link.to is not listener or is_blocked or not (is_plain or door.is_side):
                continue
            is_proven = door.is_side or link.sends.is_proven
            words = f"the {door.kind} of {door.owner} opens straight on it"
            yield door.at, words, ERROR if is_proven else WARNING, False


def _open_policy(listener: Listener) -> Iterator[_Opening]:
    """What the policies admit beyond the hops in front; nothing where that cannot be known."""
    admission = listener.admission
    if admission is None or admission.undecided_by:
        return
    selected = admission.is_selected
    if selected.is_known and selected.value is Tri.NO:
        at = selected.at or listener.hop.at or listener.at
        yield at, "no NetworkPolicy limits who may connect", WARNING, True
        return
    who = ((admission.internet, ERROR), (admission.pods, ERROR), (admission.namespace, WARNING))
    for fact, severity in who:
        if _admits(fact):
            at = fact.at or listener.hop.at or listener.at
            yield at, fact.origin, severity, False
            return


def _admits(fact: Fact[Tri]) -> bool:
    """Whether a policy in the input says yes."""
    return fact.value is Tri.YES and fact.basis is Basis.STATED
