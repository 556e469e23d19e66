"""Probes that a listener turns away because of the header."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Header, HopGraph, Probe
from truehop.rules.base import WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.index import Index


@rule(severity=WARNING, reads={"probes"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A probe does not get past the header.

    ## Why

    The pod never becomes ready, or is restarted again and again, and each probe leaves an error in the log
    in which real trouble drowns.

    ## Bad

    ```yaml
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
              readinessProbe:
                exec: {command: [sh, -c, "echo QUIT | nc -w 10 127.0.0.1 25 | grep -q ^220"]}
    ```

    ## Good

    ```yaml
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
              readinessProbe:
                tcpSocket: {port: 25}
    ```

    ## How to fix

    Probe by a bare TCP connect, or a port that reads no header. Balancers that check with a header should
    use version 2, whose `LOCAL` form Postfix and Dovecot take.

    ## Sources

    - vdukhovni/postfix `postfix/src/global/haproxy_srvr.c`: v1 `UNKNOWN` is refused, v2 `LOCAL` is not
    - kubernetes/website `content/en/docs/concepts/configuration/liveness-readiness-startup-probes.md`
    """
    del walks, settings
    return merged(_reports(Index(graph)))


def _reports(index: Index) -> Iterator[Report]:
    for probe in index.graph.probes:
        trouble = _trouble(probe)
        if trouble:
            yield Report(
                at=probe.at,
                message=f"the {probe.name} {trouble}",
                help="probe by a bare TCP connect, or a port that reads no header",
                related=(here(probe.to),),
            )


def _trouble(probe: Probe) -> str:
    """What goes wrong between the probe and its listener, in words; empty if nothing does."""
    policy, sends = probe.to.proxy, probe.sends
    if not sends.is_known or not policy.mode.is_known:
        return ""
    if not sends.value.is_proxy:
        demands = policy.mode.value is Header.REQUIRED
        return (
            f"speaks without a PROXY header to {probe.to}, which demands one"
            if probe.speaks and demands
            else ""
        )
    if policy.is_off:
        return f"sends a PROXY header to {probe.to}, which reads none"
    if probe.form and probe.form in policy.refused_forms:
        return f"sends PROXY {sends.value} {probe.form}, which {probe.to} refuses"
    return ""
