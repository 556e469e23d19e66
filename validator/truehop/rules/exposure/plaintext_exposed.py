"""Public ports without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis, Location, Tri
from truehop.model.hops import Link, Route, RouterTls, Serves, Tls
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged
from truehop.rules.entries import balancer_may_end_tls


@rule(severity=ERROR, reads={"routes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A public mail port or webmail works without TLS.

    ## Why

    Passwords, mail and webmail sessions cross the internet readable and changeable. RFC 8314 wants TLS
    for submission and access; a port that merely offers STARTTLS lets a man in the middle take the offer
    away, and whoever took over a mailbox sends spam from your address.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {matchLabels: {app: traefik}}
      template:
        metadata: {labels: {app: traefik}}
        spec:
          containers:
            - name: traefik
              image: traefik:v3.6.12
              args: ["--entryPoints.web.address=:80", --providers.kubernetescrd]
              ports: [{name: web, containerPort: 80, hostPort: 80}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRoute
    metadata: {name: webmail, namespace: mail}
    spec:
      entryPoints: [web]
      routes:
        - kind: Rule
          match: Host(`mail.example.com`)
          services: [{name: web, port: 80}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: mail}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers: [{name: web, image: "jeboehm/mailserver-web:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: mail}
    spec:
      type: ClusterIP
      selector: {app: web}
      ports: [{name: http, port: 80, targetPort: 8080}]
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: traefik, namespace: traefik}
    spec:
      selector: {matchLabels: {app: traefik}}
      template:
        metadata: {labels: {app: traefik}}
        spec:
          containers:
            - name: traefik
              image: traefik:v3.6.12
              args: ["--entryPoints.websecure.address=:443", --providers.kubernetescrd]
              ports: [{name: websecure, containerPort: 443, hostPort: 443}]
    ---
    apiVersion: traefik.io/v1alpha1
    kind: IngressRoute
    metadata: {name: webmail, namespace: mail}
    spec:
      entryPoints: [websecure]
      routes:
        - kind: Rule
          match: Host(`mail.example.com`)
          services: [{name: web, port: 80}]
      tls: {secretName: mail-tls}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: mail}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers: [{name: web, image: "jeboehm/mailserver-web:8.0.0"}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: mail}
    spec:
      type: ClusterIP
      selector: {app: web}
      ports: [{name: http, port: 80, targetPort: 8080}]
    ```

    ## How to fix

    - Webmail: give the route `tls`, or its entry point `http.tls`, and let the plain entry point redirect
      (`http.redirections.entryPoint.to: websecure`). A `tls` section of an Ingress only loads
      certificates: name the entry point in `traefik.ingress.kubernetes.io/router.entrypoints` as well.
    - 143, 110, 587 and 4190: demand STARTTLS before login (`ssl = required`, `smtpd_tls_security_level =
      encrypt`), or close them in favour of 993, 995 and 465.
    - 25: offer STARTTLS (`smtpd_tls_security_level = may`).

    ## Sources

    - RFC 8314 sections 3 and 4, RFC 8997
    - traefik/traefik@v3.7.9 `pkg/config/static/entrypoints.go`,
      `pkg/provider/kubernetes/ingress/kubernetes.go`
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    for route in graph.routes:
        listener = route.listener
        serves = listener.serves.value
        if _terminates(route) or balancer_may_end_tls(route):
            continue
        if serves.is_http:
            if serves is Serves.HTTP and listener.tls.value is not Tls.IMPLICIT and not _redirects(route):
                yield _report(
                    route,
                    f"{listener} is reachable over plain HTTP",
                    "give the route TLS, and redirect plain HTTP",
                )
        elif listener.tls.is_known and listener.tls.value is Tls.PLAIN:
            at = listener.tls.at if listener.tls.basis is Basis.STATED else None
            yield _report(route, f"{listener} has no TLS", "give the listener TLS, or close the port", at)
        elif serves is not Serves.SMTP and _leaves_tls_open(route):
            at = listener.demands_tls.at
            yield _report(route, f"{listener} does not demand STARTTLS", "demand TLS before any login", at)


def _leaves_tls_open(route: Route) -> bool:
    listener = route.listener
    demands = listener.demands_tls
    return listener.tls.value is Tls.STARTTLS and demands.is_known and demands.value is Tri.NO


def _terminates(route: Route) -> bool:
    return any(_offers_tls(link) for link in route.links)


def _offers_tls(link: Link) -> bool:
    """Whether TLS ends at the link's sender: by its routing rule, or by the entry point's own setting."""
    router = link.router
    if router is None:
        return False
    entry = link.entry
    has_own = (
        entry is not None and router.protocol == "http" and entry.tls.value in {Tls.IMPLICIT, Tls.UNKNOWN}
    )
    return router.tls is not RouterTls.NONE or has_own


def _redirects(route: Route) -> bool:
    return any(link.to.redirects is not Tri.NO for link in route.links)


def _report(route: Route, message: str, cure: str, at: Location | None = None) -> Report:
    router = route.links[-1].router
    place = at or (router.tls_at or router.at if router else route.door.at)
    is_guess = route.listener.serves.basis is Basis.ASSUMED
    return Report(
        at=place,
        message=f"{message} on public port {route.door.port}",
        help=cure,
        severity=WARNING if is_guess else None,
        related=((route.door.at, f"the door on port {route.door.port}"),),
    )
