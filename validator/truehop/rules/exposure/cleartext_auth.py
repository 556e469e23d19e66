"""Logins in clear."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Tri
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged, routes_through


@rule(severity=ERROR, reads={"listeners", "routes", "is_closed"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A public listener takes passwords without TLS.

    ## Why

    Anybody on the way reads the password, and a mailbox that is taken over sends spam from your address.
    Dovecot 2.4 counts a connection with a PROXY header as secured unless `ssl = required`.

    ## Bad

    ```text dovecot.conf
    protocols = imap
    ssl = yes
    disable_plaintext_auth = no
    ```

    ## Good

    ```text dovecot.conf
    protocols = imap
    ssl = required
    disable_plaintext_auth = yes
    ```

    ## How to fix

    Dovecot: `ssl = required` (2.4 and 2.3), `disable_plaintext_auth = yes` (2.3), `auth_allow_cleartext = no`
    (2.4). Postfix: `smtpd_tls_auth_only = yes`.

    ## Sources

    - dovecot/core@2.3.21 and @2.4.4 `src/login-common/client-common.c`
    - vdukhovni/postfix `proto/postconf.proto`, smtpd_tls_auth_only
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    for listener in graph.listeners:
        fact = listener.cleartext_auth
        if not listener.serves.value.is_mail or fact.value is not Tri.YES or not fact.is_known:
            continue
        if listener.offers_auth.value is Tri.NO:
            continue
        is_public = bool(routes_through(graph, [listener]))
        is_placed = listener.admission is not None
        if not is_public and is_placed and graph.is_closed is not Tri.NO:
            continue  # nothing in a whole input leads from outside to the program
        yield Report(
            at=fact.at or listener.at,
            message=f"{listener} takes passwords without TLS" + (f" ({fact.origin})" if fact.origin else ""),
            help="demand TLS before login",
            severity=None if is_public and fact.is_proven else WARNING,
            related=(here(listener),),
        )
