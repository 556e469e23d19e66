"""Old TLS."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.hops import Serves, TlsPolicy
from truehop.rules.base import WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import merged
from truehop.rules.suites import is_outside


@rule(severity=WARNING, reads={"tls_policies"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """TLS below 1.2, or suites that nobody should offer any more.

    ## Why

    TLS 1.0 and 1.1 are forbidden for mail by RFC 8997, and suites without forward secrecy or with broken
    ciphers give away what TLS is there to protect. A misspelt minimum is ignored without a word, so the
    setting says one thing and does another.

    ## Bad

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: TLSOption
    metadata: {name: webmail, namespace: mail}
    spec:
      minVersion: VersionTLS10
    ```

    ## Good

    ```yaml
    apiVersion: traefik.io/v1alpha1
    kind: TLSOption
    metadata: {name: webmail, namespace: mail}
    spec:
      minVersion: VersionTLS12
    ```

    ## How to fix

    Ask for TLS 1.2 at least: `minVersion: VersionTLS12`, `ssl_min_protocol = TLSv1.2`,
    `smtpd_tls_mandatory_protocols = >=TLSv1.2`. Keep to Mozilla's intermediate suites, or remove the list
    and leave suites to the program. Suites for port 25 are left alone: a server that finds no common one
    there sends the mail in clear.

    ## Sources

    - RFC 8997
    - mozilla/ssl-config-generator `src/static/guidelines/5.7.json`, `6.0.json`
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    for policy in graph.tls_policies:
        minimum = policy.minimum
        if policy.unknown_minimum:
            yield Report(
                at=minimum.at if minimum and minimum.at else policy.at,
                message=f"{policy.name} asks for {policy.unknown_minimum}, which is no version and ignored",
                help="write a version that the program knows, 1.2 or 1.3",
            )
        elif minimum is not None and minimum.is_proven and minimum.value in {"1.0", "1.1", "SSLv2", "SSLv3"}:
            yield Report(
                at=minimum.at or policy.at,
                message=f"{policy.name} allows TLS {minimum.value.removeprefix('TLS')}",
                help="ask for TLS 1.2 or 1.3",
            )
        if not _is_relay_only(policy):
            for suite in policy.suites:
                if suite.at is not None and is_outside(suite.value):
                    yield Report(
                        at=suite.at,
                        message=f"{policy.name} offers the suite {suite.value}",
                        help="keep to Mozilla's intermediate suites, or leave them to the program",
                    )


def _is_relay_only(policy: TlsPolicy) -> bool:
    """Whether the policy is for port 25 alone, where strictness means plaintext."""
    return bool(policy.listeners) and all(
        listener.serves.value is Serves.SMTP for listener in policy.listeners
    )
