"""Switches that do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Effect, HopGraph
from truehop.rules.base import ERROR, SPOILS, Report, RuleSettings, Walks, rule
from truehop.rules.switches import switch_reports


@rule(severity=ERROR, reads={"switches", "routes"}, explains=SPOILS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A switch does nothing.

    ## Why

    What looks switched on is off. The server records the proxy's address, or refuses the header it is sent:
    limits, bans, greylisting and logs see one client instead of all.

    ## Bad

    ```yaml
    apiVersion: apps/v1
    kind: StatefulSet
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
                - {name: MDA_UPSTREAM_PROXY, value: "yes"}
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16"}
    ```

    ## Good

    ```yaml
    apiVersion: apps/v1
    kind: StatefulSet
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
                - {name: MDA_UPSTREAM_PROXY, value: "true"}
                - {name: TRUSTED_PROXIES, value: "10.42.0.0/16"}
    ```

    ## How to fix

    Write the value that this program understands, where it looks for it. The message says which.

    ## Sources

    - jeboehm/docker-mailserver@v8.0.0 `target/mda/rootfs/entrypoint.sh`: only `true` switches on
    - traefik@v3.7.9 `cmd/traefik/traefik.go`: with any flag given, variables are not read
    - kubernetes/cloud-provider-openstack `pkg/openstack/loadbalancer.go`: accepted annotation values
    """
    del walks, settings
    return switch_reports(graph, Effect.IGNORED)
