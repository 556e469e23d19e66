"""Old versions and weak suites, each offered in a connection of its own."""

from __future__ import annotations

from truehop.live.verify.caller import Caller
from truehop.live.verify.checks import Notebook
from truehop.live.verify.hello import TLS_1_1, TLS_1_2, VERSIONS, Chosen, ask_for
from truehop.live.verify.languages import talk
from truehop.live.verify.order import Target
from truehop.live.verify.ports import Tls
from truehop.live.verify.suites import BEFORE_1_2, WEAK
from truehop.live.verify.trace import is_limited
from truehop.live.verify.wire import TalkError
from truehop.rules.base import Severity


def judge_versions(caller: Caller, target: Target, notebook: Notebook) -> None:
    """Whether TLS before 1.2 is refused (RFC 8997).

    Raises:
        OutOfTimeError: the run is over.
    """
    try:
        chosen = _offer(caller, target, TLS_1_1, BEFORE_1_2)
    except TalkError as error:
        notebook.unknown("tls-versions", f"old versions cannot be tried: {error.words}", _settles(error))
        return
    if chosen is not None and chosen.version <= TLS_1_1:
        words = f"the server takes {VERSIONS.get(chosen.version, f'version {chosen.version:#06x}')}"
        help_ = "Postfix: smtpd_tls_mandatory_protocols; Dovecot: ssl_min_protocol; Traefik: minVersion"
        notebook.failed("tls-versions", words, help_, Severity.WARNING)
    else:
        notebook.passed("tls-versions", "TLS before 1.2 is refused")


def judge_suites(caller: Caller, target: Target, notebook: Notebook) -> None:
    """Whether suites below Mozilla intermediate are refused.

    Raises:
        OutOfTimeError: the run is over.
    """
    try:
        chosen = _offer(caller, target, TLS_1_2, tuple(WEAK))
    except TalkError as error:
        notebook.unknown("tls-suites", f"weak suites cannot be tried: {error.words}", _settles(error))
        return
    if chosen is not None and chosen.suite in WEAK:
        help_ = "allow the suites of Mozilla intermediate alone (ssl-config.mozilla.org)"
        words = f"the server takes {WEAK[chosen.suite]}, which is below Mozilla intermediate"
        notebook.failed("tls-suites", words, help_, Severity.WARNING)
    else:
        notebook.passed("tls-suites", "suites below Mozilla intermediate are refused")


def _offer(caller: Caller, target: Target, version: int, suites: tuple[int, ...]) -> Chosen | None:
    with caller.connect(target) as wire:
        if target.kind.tls is Tls.STARTTLS:
            spoken = talk(target.kind.language, wire, caller.names.host())
            spoken.greet()
            spoken.ask()
            spoken.demand_tls()
            wire.pending.clear()
        return ask_for(wire, version, suites, caller.order.certificate_names[0])


def _settles(error: TalkError) -> str:
    return "try again in a minute" if is_limited(error) else "openssl s_client shows more"
