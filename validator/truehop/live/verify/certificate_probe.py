"""The certificate that a server shows: who stands behind it, whom it names, how long it holds."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

from truehop.live.verify.certificates import read_certificate
from truehop.live.verify.checks import Notebook
from truehop.live.verify.order import Order, Target
from truehop.rules.base import Severity

#: OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
_DAYS = frozenset({"9", "10"})


def judge_chain(
    order: Order, target: Target, notebook: Notebook, context: ssl.SSLContext, refusal: list[str]
) -> None:
    """Whether an authority stands behind it; ``refusal`` is what OpenSSL said against it, and its code."""
    if not order.judges_chain:
        return
    if context.verify_mode is ssl.CERT_REQUIRED:
        notebook.passed("certificate-chain", "an authority of this machine stands behind the certificate")
    elif refusal[1] not in _DAYS:  # those are judged by themselves
        help_ = "send the whole chain of a public authority, or name a private one by --ca-file"
        words = f"the certificate is not trusted: {refusal[0]}"
        notebook.failed("certificate-chain", words, help_, _severity(target))


def judge_certificate(order: Order, target: Target, notebook: Notebook, connection: ssl.SSLObject) -> None:
    """Names and days."""
    try:
        found = read_certificate(connection.getpeercert(binary_form=True) or b"")
    except ValueError as error:
        notebook.unknown(
            "certificate-name", f"the certificate cannot be read: {error}", "look at it by openssl s_client"
        )
        return
    names = ", ".join((*found.names, *found.addresses)) or "nobody"
    missing = [name for name in order.certificate_names if not found.holds(name)]
    if missing:
        help_ = "have it issued for the name that clients use, or say by --name which one is meant"
        words = f"the certificate names {names}, not {' and not '.join(missing)}"
        notebook.failed("certificate-name", words, help_, _severity(target))
    else:
        notebook.passed("certificate-name", f"the certificate names {names}")
    now = datetime.now(UTC)
    left, until = found.days_left(now), f"{found.ends:%Y-%m-%d %H:%M} UTC"
    if now < found.begins:
        words = f"the certificate does not hold before {found.begins:%Y-%m-%d %H:%M} UTC"
        notebook.failed("certificate-days", words, "is this machine's clock right?", _severity(target))
    elif left < 0:
        help_ = "renew it, and have the servers load it anew"
        notebook.failed("certificate-days", f"the certificate ended at {until}", help_, _severity(target))
    elif left < order.days:
        words = f"the certificate ends in {left} days, at {until}"
        notebook.failed("certificate-days", words, "is it renewed by itself?", Severity.WARNING)
    else:
        notebook.passed("certificate-days", f"the certificate holds for {left} days, until {until}")


def _severity(target: Target) -> Severity:
    """Servers that deliver mail to port 25 take any certificate; people's programs do not."""
    return Severity.ERROR if target.kind.has_login or target.kind.number != 25 else Severity.WARNING  # noqa: PLR2004 (SMTP)
