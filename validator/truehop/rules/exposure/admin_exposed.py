"""Administration on a public door."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Listener, Serves
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.entries import admitted_internet, is_declared, public_entries


@rule(severity=ERROR, reads={"doors", "routers", "listeners", "misuses"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """The proxy's dashboard or the spam filter's controller is reachable from outside.

    ## Why

    The dashboard shows every route, service and address of the cluster to strangers, and its API is what
    attackers read first. Whoever reaches the spam filter's controller may guess its password without
    limit, and then teach it that spam is fine, or whitelist himself. Neither is meant to be public.

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
              args: ["--api.insecure=true", "--entryPoints.traefik.address=:8080", --providers.kubernetescrd]
              ports: [{name: traefik, containerPort: 8080, hostPort: 8080}]
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
              args: ["--entryPoints.traefik.address=:8080", --providers.kubernetescrd]
              ports: [{name: traefik, containerPort: 8080}]
    ```

    ## How to fix

    Remove `api.insecure` (in the chart: `api: {insecure: false}`), and take the port out of Services of
    type LoadBalancer or NodePort and out of `hostPort`. Use `kubectl port-forward`, or a route with a
    login and an allow-list before it.

    ## Sources

    - traefik/traefik@v3.7.9 `docs/content/reference/install-configuration/api-dashboard.md`
    - rspamd/rspamd `conf/worker-controller.inc`
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    yield from _by_door(graph)
    yield from _by_route(graph)
    yield from _by_policy(graph)


def _by_door(graph: HopGraph) -> Iterator[Report]:
    for door in filter(is_declared, graph.doors):
        for link in door.links:
            if _is_admin(link.to):
                yield Report(
                    at=door.at,
                    message=f"{link.to} ({link.to.serves.value}) is open to the outside: "
                    f"{door.owner}, port {door.port}",
                    help="publish it inside the cluster only",
                    related=(here(link.to),),
                )


def _by_route(graph: HopGraph) -> Iterator[Report]:
    public = public_entries(graph)
    for router in graph.routers:
        is_public = any(id(entry) in public for entry in router.listeners)
        for backend in router.backends if is_public else ():
            for listener in filter(_is_admin, backend.listeners):
                yield Report(
                    at=backend.at,
                    message=f"{router.name} leads from outside to {listener} ({listener.serves.value})",
                    help="remove the route, or put a login and an allow-list before it",
                    related=(here(listener),),
                    severity=WARNING,  # a middleware may guard it
                )


def _by_policy(graph: HopGraph) -> Iterator[Report]:
    for listener in filter(_is_admin, graph.listeners):
        internet = admitted_internet(listener)
        if internet is not None:
            yield Report(
                at=internet,
                message=f"a policy admits the internet to {listener} ({listener.serves.value})",
                help="admit only the pods that call it",
                related=(here(listener),),
                severity=WARNING,  # no door is known
            )
    for misuse in graph.misuses:
        if misuse.rule == "admin-exposed":
            yield Report(misuse.at, misuse.message, misuse.help, None if misuse.is_certain else WARNING)


def _is_admin(listener: Listener) -> bool:
    return listener.serves.value in {Serves.CONTROLLER, Serves.DASHBOARD}
