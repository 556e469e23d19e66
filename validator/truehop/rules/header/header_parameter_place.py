"""Parameters that stand where they miss or hit too much."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Effect, HopGraph
from truehop.rules.base import ERROR, SPOILS, Report, RuleSettings, Walks, rule
from truehop.rules.switches import switch_reports


@rule(severity=ERROR, reads={"switches", "routes"}, explains=SPOILS)
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A parameter stands where it does nothing, or where it hits too much.

    ## Why

    Behind the screening service the server's own parameter is ignored, so the proxy's address is recorded
    and limits and block lists judge that. In the main file the parameter also reaches services that filters
    use to hand mail back: those get no header, and mail stays in the queue.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: postfix, namespace: mail}
    data:
      main.cf: |
        smtpd_upstream_proxy_protocol = haproxy
      master.cf: |
        smtp      inet n - n - 1 postscreen
        smtpd     pass - - n - - smtpd
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {matchLabels: {app: postfix}}
      template:
        metadata: {labels: {app: postfix}}
        spec:
          containers:
            - name: postfix
              image: example.com/postfix:3.9
              ports: [{name: smtp, containerPort: 25}]
              volumeMounts: [{name: config, mountPath: /etc/postfix}]
          volumes: [{name: config, configMap: {name: postfix}}]
    ```

    ## Good

    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: postfix, namespace: mail}
    data:
      main.cf: |
        postscreen_upstream_proxy_protocol = haproxy
      master.cf: |
        smtp      inet n - n - 1 postscreen
        smtpd     pass - - n - - smtpd
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {matchLabels: {app: postfix}}
      template:
        metadata: {labels: {app: postfix}}
        spec:
          containers:
            - name: postfix
              image: example.com/postfix:3.9
              ports: [{name: smtp, containerPort: 25}]
              volumeMounts: [{name: config, mountPath: /etc/postfix}]
          volumes: [{name: config, configMap: {name: postfix}}]
    ```

    ## How to fix

    With postscreen on a port, set `postscreen_upstream_proxy_protocol` alone. For other ports write `-o
    smtpd_upstream_proxy_protocol=haproxy` at each public service in `master.cf`.

    ## Sources

    - vdukhovni/postfix `postfix/proto/postconf.proto`: both parameters, and what stands behind postscreen
    """
    del walks, settings
    return switch_reports(graph, Effect.MISPLACED)
