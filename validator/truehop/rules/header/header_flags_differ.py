"""Ports of one mail service that treat the header differently."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import WELL_KNOWN, Hop, HopGraph, Listener, Serves
from truehop.model.walk import Believes
from truehop.rules.base import WARNING, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.index import Index


@rule(severity=WARNING, reads={"listeners", "routes", "walks"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """Ports of one mail service treat the header differently.

    ## Why

    Behind the same front one port works and the other stalls, or one records the client and the other the
    proxy. Then bans and rate limits hold on one port, and on the other they hit everybody.

    ## Bad

    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: postfix, namespace: mail}
    data:
      main.cf: |
        myhostname = mail.example.com
      master.cf: |
        smtp       inet n - n - - smtpd
          -o smtpd_upstream_proxy_protocol=haproxy
        submissions inet n - n - - smtpd
          -o smtpd_tls_wrappermode=yes
          -o smtpd_upstream_proxy_protocol=haproxy
        submission inet n - n - - smtpd
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
        myhostname = mail.example.com
      master.cf: |
        smtp       inet n - n - - smtpd
          -o smtpd_upstream_proxy_protocol=haproxy
        submissions inet n - n - - smtpd
          -o smtpd_tls_wrappermode=yes
          -o smtpd_upstream_proxy_protocol=haproxy
        submission inet n - n - - smtpd
          -o smtpd_upstream_proxy_protocol=haproxy
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

    Set the switch for all public ports of the service, and let the front send the header to all of them.
    Listeners for clients inside the cluster get ports of their own, without the header.

    ## Sources

    - vdukhovni/postfix `postfix/proto/postconf.proto`: `smtpd_upstream_proxy_protocol`, per service with
      `-o`
    - dovecot/core@2.4.4 `src/lib-master/master-service-settings.c`: `haproxy` per `inet_listener`
    """
    del settings
    return merged(_reports(Index(graph), walks))


def _reports(index: Index, walks: Walks) -> Iterator[Report]:
    for hop, listeners in _services(index):
        on = [listener for listener in listeners if listener.proxy.is_on]
        off = [listener for listener in listeners if listener.proxy.is_off]
        if not on or not off or _all_heard(index, walks, [*on, *off]):
            continue
        few, many = (on, off) if len(on) < len(off) else (off, on)
        does, differs = ("reads", "do not") if few is on else ("does not read", "do")
        others = ", ".join(f":{listener.port}" for listener in many)
        for listener in few:
            yield Report(
                at=listener.proxy.at or listener.at,
                message=f"{listener} {does} PROXY headers, but {others} of {hop} {differs}",
                help="treat all public ports of one mail service alike",
                related=tuple(map(here, (*few, *many))),
            )


def _services(index: Index) -> Iterator[tuple[Hop, list[Listener]]]:
    """The public mail listeners of each program, by sender where routes are in the input.

    A listener for clients inside the cluster that stands beside a public one of the same protocol
    is no difference; where nothing is seen to send to a program, the ports of the protocols count.
    """
    groups: dict[tuple[int, int], tuple[Hop, dict[int, Listener]]] = {}
    for route in index.graph.routes:
        for link in route.links:
            if _is_mail(link.to):
                key = (id(link.to.hop), id(link.sender) if link.sender else 0)
                groups.setdefault(key, (link.to.hop, {}))[1][id(link.to)] = link.to
    routed = {key[0] for key in groups}
    for listener in index.graph.listeners:
        if _is_mail(listener) and id(listener.hop) not in routed:
            groups.setdefault((id(listener.hop), 0), (listener.hop, {}))[1][id(listener)] = listener
    for (hop_id, _), (hop, found) in groups.items():
        yield hop, list(found.values()) if hop_id in routed else _without_twins(list(found.values()))


def _is_mail(listener: Listener) -> bool:
    """Whether a mail client or server outside speaks to it; ManageSieve is often kept out of the front."""
    return (
        listener.serves.is_known
        and listener.serves.value.is_mail
        and listener.serves.value is not Serves.SIEVE
        and listener.proxy.mode.is_known
    )


def _without_twins(listeners: list[Listener]) -> list[Listener]:
    """One kind of listener a protocol: those on its own port number, else those that read the header."""
    own = {found.serves.value for found in listeners if _is_on_own_port(found)}
    reading = {found.serves.value for found in listeners if found.proxy.is_on} - own
    return [
        found
        for found in listeners
        if _is_on_own_port(found)
        or (found.serves.value not in own and (found.proxy.is_on or found.serves.value not in reading))
    ]


def _is_on_own_port(listener: Listener) -> bool:
    return WELL_KNOWN.get(listener.port) is listener.serves.value


def _all_heard(index: Index, walks: Walks, listeners: list[Listener]) -> bool:
    """Whether each port gets the client's address all the same."""
    routes = index.routes_through(listeners)
    return bool(routes) and all(walks.of(route).believes is Believes.CLIENT for route in routes)
