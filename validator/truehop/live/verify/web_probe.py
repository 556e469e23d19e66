"""The browser on 443 and 80: certificate, HSTS, redirect, and headers that only a proxy may set."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator

from truehop.live.verify.caller import Caller, blind
from truehop.live.verify.certificate_probe import judge_certificate, judge_chain
from truehop.live.verify.checks import Notebook, Place, Recorded
from truehop.live.verify.mail_probe import Honest
from truehop.live.verify.order import Target
from truehop.live.verify.ports import Tls
from truehop.live.verify.trace import NO_CONNECTION, Trace, end_of, is_limited
from truehop.live.verify.web import Answer, Request, ask, path_of
from truehop.live.verify.wire import TalkError, Trouble, Wire
from truehop.rules.base import Severity

#: The headers by their checks; a program that speaks CGI takes an underscore for a hyphen.
HEADERS = {
    "forged-x-forwarded-for": "X-Forwarded-For",
    "forged-forwarded": "Forwarded",
    "forged-x-real-ip": "X-Real-IP",
    "forged-x-forwarded-for-underscore": "X_Forwarded_For",
    "forged-x-real-ip-underscore": "X_Real_IP",
}
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?0*[1-9]", re.IGNORECASE)
_LOGIN, _OK, _MOVED, _MOVED_END = 401, 200, 300, 400


def visit(caller: Caller, target: Target, notebook: Notebook) -> Honest:
    """A page and a path of our own.

    Raises:
        OutOfTimeError: the run is over.
    """
    found = Honest()
    is_secured = target.kind.tls is Tls.IMPLICIT
    contexts = [caller.trusts, blind()] if caller.order.judges_chain and is_secured else [blind()]
    for context in contexts:
        try:
            _session(caller, target, notebook, context, found)
        except ssl.SSLCertVerificationError as error:
            found.notes = [error.verify_message, str(error.verify_code)]
            continue
        except TalkError as error:
            _ended(notebook, error, found)
        break
    return found


def _session(
    caller: Caller, target: Target, notebook: Notebook, context: ssl.SSLContext, found: Honest
) -> None:
    host = caller.order.certificate_names[0]
    with caller.connect(target) as wire:
        found.expected = caller.expected(wire)
        _secure(caller, target, wire, context)
        if wire.tls is not None:
            judge_chain(caller.order, target, notebook, context, found.notes)
            judge_certificate(caller.order, target, notebook, wire.tls)
        page = ask(wire, Request(host))
        found.state, found.works = "open", True
        notebook.passed("greeting", f"the server answers with {page.status}")
        if wire.tls is not None:
            _judge_hsts(page, notebook)
        else:
            _judge_redirect(page, notebook)
        path = path_of(caller.names)
        if page.goes_on:
            ask(wire, Request(host, path))
            found.word = path
    if not found.word:
        with caller.connect(target) as wire:
            _secure(caller, target, wire, context)
            ask(wire, Request(host, path))
            found.word = path


def _secure(caller: Caller, target: Target, wire: Wire, context: ssl.SSLContext) -> None:
    if target.kind.tls is Tls.IMPLICIT:
        wire.start_tls(context, caller.order.certificate_names[0])


def _judge_hsts(page: Answer, notebook: Notebook) -> None:
    said = page.header("strict-transport-security")
    if _MAX_AGE.search(said):
        notebook.passed("http-hsts", f"Strict-Transport-Security: {said}")
    elif page.status == 404:  # noqa: PLR2004 (nothing is served under this name)
        notebook.left_out("http-hsts", "nothing is served under this name", "name the host of the webmail")
    else:
        words = f"Strict-Transport-Security says {said}" if said else "no Strict-Transport-Security"
        help_ = "send Strict-Transport-Security: max-age=31536000 (Traefik: middleware headers, stsSeconds)"
        notebook.failed("http-hsts", words, help_, Severity.WARNING)


def _judge_redirect(page: Answer, notebook: Notebook) -> None:
    where = page.header("location")
    help_ = "lead all of port 80 to HTTPS, or close it"
    if _MOVED <= page.status < _MOVED_END:
        if where.lower().startswith("https://"):
            notebook.passed("http-redirect", f"{page.status} leads to {where}")
        else:
            notebook.failed("http-redirect", f"{page.status} leads to {where or 'nowhere'}, in clear", help_)
    elif _OK <= page.status < _MOVED or page.status == _LOGIN:
        notebook.failed(
            "http-redirect", f"plain HTTP answers with {page.status} instead of a redirect", help_
        )
    else:
        notebook.passed("http-redirect", f"plain HTTP serves nothing ({page.status})")


def _ended(notebook: Notebook, error: TalkError, found: Honest) -> None:
    found.answer = error.words
    if error.trouble in NO_CONNECTION and not found.works:
        found.state = "unknown" if error.trouble is Trouble.NO_WAY else "closed"
        found.recorded = Recorded.UNKNOWN if error.trouble is Trouble.NO_WAY else Recorded.REFUSED
        return
    found.state = "open"
    if found.works:
        return  # the page came, the path of our own did not: nothing to be found in a log
    if is_limited(error) or error.trouble is Trouble.SILENT:
        notebook.unknown("greeting", error.words, "try again with a longer --timeout")
    else:
        found.recorded = Recorded.REFUSED
        help_ = "does the server wait for a PROXY header, or get one that it does not read?"
        notebook.failed("greeting", f"no answer: {error.words}", help_)


def forge_headers(caller: Caller, target: Target, place: Place) -> Iterator[Trace]:
    """Ask with each of the headers, for paths of our own, in as few connections as the server lets.

    Raises:
        OutOfTimeError: the run is over.
    """
    waiting = list(HEADERS.items())
    while waiting:
        is_fresh = True  # a refusal counts only of the first request: later ones may meet a connection's end
        try:
            with caller.connect(target) as wire:
                _secure(caller, target, wire, blind())
                goes_on = True
                while goes_on and waiting:
                    trace, goes_on = _ask_with(caller, target, place, wire, waiting[0])
                    waiting.pop(0)
                    is_fresh = False
                    yield trace
        except TalkError as error:
            if is_fresh:
                id_, _ = waiting.pop(0)
                yield Trace(id_, place, target.kind, end=end_of(error), answer=error.words)


def _ask_with(
    caller: Caller, target: Target, place: Place, wire: Wire, header: tuple[str, str]
) -> tuple[Trace, bool]:
    id_, name = header
    lie = str(caller.names.address(target.version))
    path = path_of(caller.names)
    is_rfc = name == "Forwarded"
    value = f'for="[{lie}]"' if is_rfc and ":" in lie else f"for={lie}" if is_rfc else lie
    said = ask(wire, Request(caller.order.certificate_names[0], path, {name: value}))
    answer = f"answered with {said.status}"
    return Trace(id_, place, target.kind, word=path, lies=frozenset({lie}), answer=answer), said.goes_on
