"""Logins in clear."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Listener
from truehop.rules.base import ERROR, WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, merged
from truehop.rules.index import Index


@rule(severity=ERROR, reads={"listeners", "routes", "is_closed"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """A public listener takes passwords without TLS.

    ## Why

    Anybody on the way reads the password, in a hotel's network as at a provider, and a mailbox that is
    taken over sends spam in your name until your address is on every block list. Dovecot 2.4 counts a
    connection that came with a PROXY header as secured unless `ssl = required`: behind a proxy, `ssl =
    yes` is not enough.

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

    - Dovecot: `ssl = required`; remove `disable_plaintext_auth = no` (2.3) and `auth_allow_cleartext =
      yes` (2.4).
    - Postfix: `smtpd_tls_auth_only = yes`; for 587 also `smtpd_tls_security_level = encrypt` in
      `master.cf`.
    - Programs of the cluster that cannot do TLS get a listener of their own that no Service publishes.

    ## Sources

    - dovecot/core@2.3.21 and @2.4.4 `src/login-common/client-common.c`
    - vdukhovni/postfix `proto/postconf.proto`, smtpd_tls_auth_only
    - RFC 8314 section 4.1
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    index = Index(graph)
    for listener in graph.listeners:
        fact = listener.cleartext_auth
        if not listener.serves.value.is_mail or fact.value is not Tri.YES or not fact.is_known:
            continue
        if listener.offers_auth.value is Tri.NO:
            continue
        is_public = bool(index.routes_through([listener]))
        if not is_public and not _may_be_public(graph, listener, fact):
            continue
        yield Report(
            at=fact.at or listener.at,
            message=f"{listener} takes passwords without TLS" + (f" ({fact.origin})" if fact.origin else ""),
            help="demand TLS before login",
            severity=None if is_public and fact.is_proven else WARNING,
            related=(here(listener),),
        )


def _may_be_public(graph: HopGraph, listener: Listener, fact: Fact[Tri]) -> bool:
    """Whether what is written is worth telling although no door is known.

    Not where a whole input shows the program and nothing leads to it from outside, and not of a default: who
    reaches the listener would be a second guess.
    """
    is_placed = listener.admission is not None
    return fact.basis is Basis.STATED and not (is_placed and graph.is_closed is not Tri.NO)
