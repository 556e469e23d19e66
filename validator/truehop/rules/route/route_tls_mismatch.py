"""TLS that starts at different times."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis, Location
from truehop.model.hops import WELL_KNOWN, Listener, Route, RouterTls, Tls
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.entries import balancer_may_end_tls


@rule(severity=ERROR, reads={"routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A port's clients start TLS at once and its listener does not, or the reverse.

    ## Why

    Clients of 465, 993 and 995 begin with a TLS handshake; a listener that greets in plain answers
    garbage, and nobody gets in. The other way round both sides wait for each other until the time-out.
    People then switch TLS off to make it work, and passwords cross the internet in clear.

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
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      type: LoadBalancer
      selector: {app: mda}
      ports: [{name: imaps, port: 993, targetPort: 31143}]
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
    apiVersion: v1
    kind: Service
    metadata: {name: mda, namespace: mail}
    spec:
      type: LoadBalancer
      selector: {app: mda}
      ports: [{name: imaps, port: 993, targetPort: 31993}]
    ```

    ## How to fix

    Lead 465, 993 and 995 to listeners that start with TLS, and 25, 587, 143, 110 and 4190 to those that
    greet first (in the images of this stack 31993 and 31995, and 31143 and 31110). Where the proxy ends
    TLS, lead its route to the plain listener, or let it dial TLS again (`tls: true` at the service).

    ## Sources

    - RFC 8314 sections 3.3 and 7.3
    - jeboehm/docker-mailserver@v8.0.0 `target/mda/rootfs/etc/dovecot/conf.d/10-master.conf`
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    for route in graph.routes:
        offered, listener = WELL_KNOWN.get(route.door.port), route.listener
        if offered is None or not _is_known(listener) or balancer_may_end_tls(route):
            continue
        is_ended = any(
            link.router is not None and link.router.tls is RouterTls.TERMINATES for link in route.links
        )
        greets_in_tls = listener.tls.value is Tls.IMPLICIT and not (is_ended and route.links[-1].dials_tls)
        expects_tls = offered.is_implicit_tls and not is_ended
        if is_ended and not offered.is_implicit_tls:
            continue  # the router is the fault, and another rule's
        if greets_in_tls is expects_tls:
            continue
        starts = (
            "start TLS at once"
            if expects_tls
            else "get TLS ended before it"
            if is_ended
            else "start in plain"
        )
        waits = "starts with TLS" if greets_in_tls else "greets in plain"
        yield Report(
            at=_place(route),
            message=f"clients of port {route.door.port} {starts}, but {listener} {waits}",
            help="lead the port to a listener with the same kind of TLS",
            severity=WARNING if listener.tls.basis is Basis.ASSUMED else None,
            related=(here(listener),),
            routes=(route,),
        )


def _is_known(listener: Listener) -> bool:
    """Whether how TLS starts is known, and not guessed from the very port that is judged."""
    is_guess = listener.basis is Basis.ASSUMED
    is_told = listener.tls.is_known and listener.tls.value is not Tls.UNKNOWN
    return listener.serves.value.is_mail and is_told and not is_guess


def _place(route: Route) -> Location:
    """The backend of the last routing rule, or the door where no proxy stands before the listener."""
    router = route.links[-1].router
    for backend in router.backends if router else ():
        if any(listener is route.listener for listener in backend.listeners):
            return backend.at
    return route.door.at
