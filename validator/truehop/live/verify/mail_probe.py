"""The honest client on a mail port: greeting, TLS before login, certificate, and a name left in the log."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field

from truehop.live.verify.caller import Caller, blind
from truehop.live.verify.certificate_probe import judge_certificate, judge_chain
from truehop.live.verify.checks import Notebook, Recorded
from truehop.live.verify.languages.base import Offer, Talk
from truehop.live.verify.languages.smtp import FOREIGN
from truehop.live.verify.order import Account, Target
from truehop.live.verify.ports import Language, Tls
from truehop.live.verify.trace import NO_CONNECTION, is_limited
from truehop.live.verify.wire import TalkError, Trouble
from truehop.rules.base import Severity

#: Ways to log in that never show the password itself; in clear they are a slip, no disaster.
CHALLENGES = ("SCRAM-", "CRAM-MD5", "DIGEST-MD5", "GSSAPI", "GSS-SPNEGO", "NTLM", "EXTERNAL", "ANONYMOUS")
LOGIN_PATIENCE = 30.0  # seconds for the answer to a login
WAITS = 3.0  # seconds before a greeting that are worth a word


@dataclass(slots=True)
class Honest:
    """What became of the honest client; ``word`` is what it left in the log."""

    state: str = "unknown"
    works: bool = False
    recorded: Recorded = Recorded.UNKNOWN
    expected: str = ""
    word: str = ""
    answer: str = ""
    notes: list[str] = field(default_factory=list)


def visit(caller: Caller, target: Target, notebook: Notebook, login: str) -> Honest:
    """One whole session; a second one, blind, where the first does not trust the certificate.

    ``login`` is a user that does not exist, whose login is tried, empty for none.

    Raises:
        OutOfTimeError: the run is over.
    """
    found = Honest()
    contexts = [caller.trusts, blind()] if caller.order.judges_chain else [blind()]
    for context in contexts:
        try:
            _session(caller, target, notebook, login, context, found)
        except ssl.SSLCertVerificationError as error:
            found.notes = [error.verify_message, str(error.verify_code)]
            notebook.checks.clear()
            continue
        except TalkError as error:
            _ended(caller, target, notebook, error, found)
        break
    return found


def _session(
    caller: Caller, target: Target, notebook: Notebook, login: str, context: ssl.SSLContext, found: Honest
) -> None:
    begun = time.monotonic()
    with caller.begin(target, context) as talk:
        seconds = time.monotonic() - begun
        found.state, found.expected = "open", caller.expected(talk.wire)
        waited = f" after {seconds:.0f} s" if seconds >= WAITS else ""
        if target.kind.number in caller.order.demanding:
            help_ = (
                "whoever reaches this port needs no header: switch PROXY on for it, or let nobody reach it"
            )
            notebook.failed(
                "direct-refused", f"the server greets{waited} who comes without a PROXY header", help_
            )
        # A server that took somebody's header for commands greets, and then answers what nobody asked.
        offer = talk.ask()
        found.works = True
        notebook.passed("greeting", f"the server greets{waited}")
        _judge_offer(offer, target, notebook)
        if target.kind.tls is Tls.STARTTLS and offer.has_tls:
            talk.demand_tls()
            talk.wire.start_tls(context, caller.order.certificate_names[0])
            talk.greet_again()
        if talk.wire.tls is not None:
            judge_chain(caller.order, target, notebook, context, found.notes)
            judge_certificate(caller.order, target, notebook, talk.wire.tls)
        if target.kind.tls is Tls.STARTTLS and talk.wire.tls is not None:
            talk.ask()
        _sign(caller, talk, target, notebook, login, found)
        talk.leave()


def _judge_offer(offer: Offer, target: Target, notebook: Notebook) -> None:
    """What may be done before TLS."""
    if target.kind.tls is Tls.IMPLICIT:
        notebook.passed("tls-demanded", "the port begins with TLS")
        return
    strong = [login for login in offer.logins if not login.startswith(CHALLENGES)]
    if offer.logins:
        words = f"{' '.join(offer.logins)} is offered before TLS"
        severity = Severity.ERROR if strong else Severity.WARNING
        notebook.failed("tls-demanded", words, _CURES[target.kind.language], severity)
    elif not offer.has_tls:
        words = "TLS is not offered, so all of it goes in clear"
        help_ = "give the server a certificate"
        severity = Severity.ERROR if target.kind.has_login else Severity.WARNING
        notebook.failed("tls-demanded", words, help_, severity)
    else:
        notebook.passed("tls-demanded", "no login is offered before TLS")


_CURES = {
    Language.SMTP: "Postfix: smtpd_tls_auth_only = yes",
    Language.IMAP: "Dovecot: ssl = required",
    Language.POP3: "Dovecot: ssl = required",
    Language.SIEVE: "Dovecot: ssl = required",
    Language.HTTP: "",
}


def _sign(caller: Caller, talk: Talk, target: Target, notebook: Notebook, login: str, found: Honest) -> None:
    """Leave a name in the log: that of EHLO in a refused mail, or that of a user."""
    has_tls, account = talk.wire.tls is not None, caller.order.account
    if target.kind.language is Language.SMTP:
        is_refused = talk.sign()
        found.word = talk.name
        if is_refused:
            notebook.passed("relay-refused", "a stranger's mail for a foreign address is refused")
        else:
            help_ = "an open relay sends spam within hours: reject_unauth_destination, and no wide mynetworks"
            notebook.failed("relay-refused", f"the server takes a stranger's mail for {FOREIGN}", help_)
    # Dovecot lets an address that has failed before wait for up to 15 s, and auth's own delay comes on top.
    talk.wire.patience = max(talk.wire.patience, min(LOGIN_PATIENCE, 3 * talk.wire.patience))
    if account is not None and target.kind.has_login:
        if has_tls:
            found.word = found.word or account.user
            _log_in(talk, account, notebook)
        else:
            notebook.left_out("login", "no password is sent without TLS")
    elif login and has_tls:
        found.word = login
        talk.log_in(login, "none")


def _log_in(talk: Talk, account: Account, notebook: Notebook) -> None:
    """Whether the user can; nothing of what the server says then is told, as it may hold the password."""
    try:
        is_in = talk.log_in(account.user, account.password)
    except TalkError as error:
        raise TalkError(error.trouble, "the server did not answer the login as it should") from None
    if is_in:
        notebook.passed("login", f"{account.user} can log in")
    else:
        help_ = "is the password right? every further try counts against this address"
        notebook.failed("login", f"{account.user} cannot log in", help_)


def _ended(caller: Caller, target: Target, notebook: Notebook, error: TalkError, found: Honest) -> None:
    """The session did not come to its end."""
    is_demanding = target.kind.number in caller.order.demanding
    found.answer = error.words
    if error.trouble in NO_CONNECTION:
        found.state = "unknown" if error.trouble is Trouble.NO_WAY else "closed"
        found.recorded = Recorded.UNKNOWN if error.trouble is Trouble.NO_WAY else Recorded.REFUSED
        return
    is_greeted = found.state == "open"
    found.state = "open"
    if found.works:  # it broke later
        notebook.unknown("session", f"the session broke: {error.words}", "look into the server's log")
        return
    if is_demanding and not is_limited(error):
        found.recorded = Recorded.REFUSED
        notebook.passed("direct-refused", f"turned away without a header: {error.words}")
    elif is_limited(error):
        notebook.unknown("greeting", f"{error.words}: this client comes too often", "try again in a minute")
    elif error.trouble is Trouble.SILENT and not is_greeted:
        help_ = "--timeout 70 waits as long as Traefik does for a PROXY header that does not come"
        notebook.failed("greeting", f"the server does not greet: {error.words}", help_)
    else:
        found.recorded = Recorded.REFUSED
        notebook.failed("greeting", f"no session: {error.words}", _WHY.get(error.trouble, _WAITING))


_WAITING = (
    "does the server wait for a PROXY header that nothing before it sends, or get one that it does not read?"
)
_WHY = {Trouble.TLS: "a port for TLS from the first byte has to lead to a listener that begins with it"}
