"""Lists that grant more than an address, and strangers who end up on them."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.addresses import PRIVATE_BLOCKS, AddressSet
from truehop.model.facts import Basis, Tri
from truehop.model.hops import HopGraph, Link, Route, TrustEntry, TrustList, TrustUse
from truehop.model.walk import FORGERS, Believes, Walk, Walker
from truehop.rules.base import ERROR, WARNING, Report, RuleSettings, Severity, Walks, rule
from truehop.rules.common import here, merged, shown_source, told

_GRANTS = {TrustUse.RELAY: "relays mail", TrustUse.LOGIN: "takes passwords in clear"}
_WHO = {
    Walker.INTERNET: "anybody in the internet",
    Walker.PODS: "any pod",
    Walker.NAMESPACE: "any pod of the namespace",
    Walker.NODES: "whoever comes with a node's address",
}


@rule(severity=ERROR, reads={"routes", "networks", "walks"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """Strangers end up on a list that grants relaying or login in clear.

    ## Why

    Who is on such a list needs no password: an open relay within hours, and the reputation of the host is
    gone. A lost address puts every client on it, a forged one puts the forger there.

    ## Bad

    ```truehop.yaml
    networks:
      nodes: [192.168.7.0/24]
    ```

    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: postfix, namespace: mail}
    data:
      main.cf: |
        mynetworks = 127.0.0.0/8, 192.168.7.0/24
        smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
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
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {app: postfix}
      type: NodePort
      externalTrafficPolicy: Cluster
      ports:
        - {name: smtp, port: 25, nodePort: 30025}
    ```

    ## Good

    ```truehop.yaml
    networks:
      nodes: [192.168.7.0/24]
    ```

    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: postfix, namespace: mail}
    data:
      main.cf: |
        mynetworks = 127.0.0.0/8, 192.168.7.0/24
        smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
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
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: postfix, namespace: mail}
    spec:
      selector: {app: postfix}
      type: NodePort
      externalTrafficPolicy: Local
      ports:
        - {name: smtp, port: 25, nodePort: 30025}
    ```

    ## How to fix

    Keep the client's address on the way (policy `Local`, or PROXY with a narrow list of senders), or take
    the hop's network off the list. Let clients log in instead of naming networks.

    ## Sources

    - vdukhovni/postfix `postfix/proto/postconf.proto`: `permit_mynetworks`, `mynetworks`
    - dovecot/core@2.4.4 `src/login-common/client-common.c`: `login_trusted_networks` is compared with the
      claimed address
    """
    del settings
    return merged(
        report
        for route in graph.routes
        for trust in route.listener.own_networks
        if trust.use in _GRANTS and trust.is_active is not Tri.NO
        for report in (*_lost(graph, walks, route, trust), *_forged(walks, route, trust))
    )


def _lost(graph: HopGraph, walks: Walks, route: Route, trust: TrustList) -> Iterator[Report]:
    """Every client is recorded with a hop's address, and that is on the list."""
    walk = walks.of(route)
    if walk.believes is not Believes.HOP:
        return
    shown = shown_source(graph, _losing_link(route))
    if shown.value:
        if not trust.addresses.covers(shown.value):
            return
        severity = _severity(walk, trust, is_certain=shown.is_proven)
        entry = _covering(trust, shown.value)
    else:
        # Whatever the hop's address is, it is a private one.
        if not trust.addresses.covers(AddressSet.of(PRIVATE_BLOCKS)):
            return
        severity, entry = WARNING, _covering(trust, AddressSet.of(PRIVATE_BLOCKS))
    yield Report(
        at=entry.at if entry else trust.at,
        message=f"{route.listener} {_GRANTS[trust.use]} for {told(trust)}, "
        f"and every client comes with a hop's address on it",
        help="keep the client's address on the way, or take the hop's addresses off the list",
        severity=severity,
        related=(here(route.listener), *(((walk.turned_at, "lost here"),) if walk.turned_at else ())),
        routes=(route,),
        rests_on_absence=walk.rests_on_absence,
    )


def _forged(walks: Walks, route: Route, trust: TrustList) -> Iterator[Report]:
    """A forger chooses the recorded address, and so one that is on the list."""
    if trust.is_complete is Tri.YES and not trust.addresses and not trust.trusts_everyone:
        return
    for walker in FORGERS:
        walk = walks.of(route, walker)
        if walk.believes is Believes.FORGED:
            entry = trust.entries[0] if trust.entries else None
            yield Report(
                at=entry.at if entry else trust.at,
                message=f"{route.listener} {_GRANTS[trust.use]} for {told(trust)}, "
                f"and {_WHO[walker]} can claim an address on it",
                help="let only the hop in front state addresses",
                severity=_severity(walk, trust, is_certain=True),
                related=(
                    here(route.listener),
                    *(((walk.turned_at, "opened here"),) if walk.turned_at else ()),
                ),
                routes=(route,),
                rests_on_absence=walk.rests_on_absence,
            )
            return


def _severity(walk: Walk, trust: TrustList, *, is_certain: bool) -> Severity:
    """Error where nothing on the way is assumed."""
    bases = {walk.basis, trust.basis}
    is_proven = is_certain and trust.is_active is Tri.YES and bases <= {Basis.STATED, Basis.DEFAULT}
    return ERROR if is_proven else WARNING


def _covering(trust: TrustList, addresses: AddressSet) -> TrustEntry | None:
    """The first entry that shares an address."""
    found = (entry for entry in trust.entries if AddressSet.of(entry.networks).overlaps(addresses))
    return next(found, None)


def _losing_link(route: Route) -> Link:
    """The link whose source the last server records: the last one that no header bridges."""
    for link in reversed(route.links[1:]):
        if not (link.sends.is_known and link.sends.value.is_proxy and link.to.proxy.is_on):
            return link
    return route.links[0]
