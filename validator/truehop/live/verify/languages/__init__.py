"""The languages of mail ports, one module each."""

from __future__ import annotations

from truehop.live.verify.languages.base import Talk
from truehop.live.verify.languages.imap import Imap
from truehop.live.verify.languages.pop3 import Pop3
from truehop.live.verify.languages.sieve import Sieve
from truehop.live.verify.languages.smtp import Smtp
from truehop.live.verify.ports import Language
from truehop.live.verify.wire import Wire

_LANGUAGES: dict[Language, type[Talk]] = {
    Language.SMTP: Smtp,
    Language.IMAP: Imap,
    Language.POP3: Pop3,
    Language.SIEVE: Sieve,
}


def talk(language: Language, wire: Wire, name: str, noise: int = 0) -> Talk:
    """A conversation in a mail port's language."""
    return _LANGUAGES[language](wire, name, noise)
