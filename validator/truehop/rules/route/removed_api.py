"""API groups and fields that are gone."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import ObjectRef, Tri
from truehop.model.hops import ApiUse, Router
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged
from truehop.rules.subject import Subject


@rule(severity=ERROR, reads={"api_uses", "routers", "listeners", "doors"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A manifest uses an API group or field that the program's version no longer has.

    ## Why

    The object is refused, or stored and never read. The port stays closed, or the route lives on from an
    older object without its PROXY setting, and then rate limits, logs and access lists see the proxy in
    place of the client.

    ## Bad

    ```yaml
    apiVersion: traefik.containo.us/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25}]
    ```

    ## Good

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: IngressRouteTCP
    metadata: {name: smtp, namespace: mail}
    spec:
      entryPoints: [smtp]
      routes:
        - match: HostSNI(`*`)
          services: [{name: mta, port: 25}]
    ```

    ## How to fix

    Write the group or field that the running version knows: `apiVersion: traefik.io/v1alpha1` from
    Traefik 2.10 on, the only one since 3.0; `proxyProtocol` in `ServersTransportTCP` from 3.5.2 on.
    Install that version's CRDs first, or the API server prunes the new fields.

    ## Sources

    - traefik/traefik commit 8b47c5adf7 (group removed in v3.0) and commit f9fbcfbb42 (#11956, v3.5.2)
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    subject = Subject(graph)
    by_object: dict[ObjectRef, list[Router]] = {}
    for router in graph.routers:
        if router.at.object is not None:
            by_object.setdefault(router.at.object, []).append(router)
    for use in graph.api_uses:
        is_certain = use.is_gone.value is Tri.YES
        # What is certainly gone is told of every object; a guess only of what is about mail.
        if use.is_gone.value is Tri.NO or not (is_certain or _is_about_mail(use, subject, by_object)):
            continue
        version = f" ({use.is_gone.origin})" if use.is_gone.origin else ""
        yield Report(
            at=use.at,
            message=f"{use.name} is gone since {use.removed_in}{version}",
            help=f"write {use.instead}",
            severity=None if is_certain else WARNING,
            related=((use.is_gone.at, "the version"),) if is_certain and use.is_gone.at else (),
        )


def _is_about_mail(use: ApiUse, subject: Subject, by_object: dict[ObjectRef, list[Router]]) -> bool:
    """Whether the object is a TCP one or leads to mail: other web routes are not our subject."""
    ref = use.at.object
    if ref is None or ref.kind.endswith("TCP") or subject.has_mail(ref):
        return True
    return any(subject.leads_to_mail(router) for router in by_object.get(ref, ()))
