"""How Dovecot's listeners take passwords.

Source: dovecot/core@2.3.21 and @2.4.4 src/login-common/client-common.c and login-settings.c, and
the project's pages on ssl: 2.3 counts a proxied connection as secured only with the header's TLS
part, 2.4 unless ``ssl = required``.

Source only: what counts as secured where passwords are taken
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from truehop.adapters.dovecot.config import Block
from truehop.adapters.dovecot.listeners import InetListener
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import Header, Tls

if TYPE_CHECKING:
    from truehop.adapters.dovecot.reader import DovecotFiles

#: The settings that let passwords through in clear, with the value that does it (2.3, 2.4).
CLEAR = {"disable_plaintext_auth": "no", "auth_allow_cleartext": "yes"}


@dataclass(frozen=True, slots=True, eq=False)
class Login:
    """The settings about TLS and passwords; ``is_newer`` is 2.4 or later, None where unknown."""

    config: Block
    files: DovecotFiles
    is_newer: bool | None

    @property
    def _ssl(self) -> tuple[str, Location | None, Basis]:
        setting = self.config.find("ssl")
        if setting is not None:
            return setting.value.lower(), setting.at, Basis.STATED
        image = self.files.image
        if image is not None and "ssl" in image.program.settings:
            return image.program.settings["ssl"], image.image_at, Basis.DEFAULT
        is_known = self.files.is_whole and not self.config.includes
        return "yes", None, Basis.DEFAULT if is_known else Basis.UNKNOWN

    def tls(self, inet: InetListener, at: Location) -> Fact[Tls]:
        """How TLS starts at a listener."""
        if inet.ssl:
            return Fact(
                Tls.IMPLICIT, at, Basis.STATED if inet.at else Basis.DEFAULT, "ssl is yes on the listener"
            )
        if not inet.is_login:
            return Fact(
                Tls.PLAIN, at, Basis.STATED if inet.at else Basis.DEFAULT, "ssl is not set on the listener"
            )
        value, place, basis = self._ssl
        kind = Tls.UNKNOWN if basis is Basis.UNKNOWN else Tls.PLAIN if value == "no" else Tls.STARTTLS
        return Fact(kind, place or at, basis, f"ssl is {value}")

    def passwords(self, inet: InetListener, mode: Fact[Header], at: Location) -> tuple[Fact[Tri], Fact[Tri]]:
        """Whether TLS is demanded before login, and whether passwords are taken in clear."""
        if inet.ssl or not inet.is_login:
            demands, basis = Tri.of(inet.ssl), Basis.STATED if inet.at else Basis.DEFAULT
            return Fact(demands, at, basis, "ssl on the listener"), Fact(Tri.NO, at, basis)
        value, place, basis = self._ssl
        allowing = next(
            (
                one
                for one in map(self.config.find, CLEAR)
                if one and one.value.lower() == CLEAR[one.key.value]
            ),
            None,
        )
        where = place or at
        if value == "required" and basis is not Basis.UNKNOWN:
            return Fact(Tri.YES, where, basis, "ssl is required"), Fact(
                Tri.NO, where, basis, "ssl is required"
            )
        if allowing is not None:
            origin = f"{allowing.key} is {allowing.value}"
            known = Basis.STATED if basis is not Basis.UNKNOWN else Basis.UNKNOWN
            return Fact(Tri.NO, allowing.at, known, origin), Fact(Tri.YES, allowing.at, known, origin)
        if basis is Basis.UNKNOWN:
            unknown = Fact(Tri.UNKNOWN, at, Basis.UNKNOWN, settles="dovecot.conf")
            return unknown, unknown
        if mode.value is not Header.NEVER or not mode.is_known:
            return self._behind_header(mode, where, basis)
        origin = "passwords are refused before TLS by default"
        return Fact(Tri.of(value != "no"), where, basis, origin), Fact(Tri.NO, where, basis, origin)

    def _behind_header(self, mode: Fact[Header], at: Location, basis: Basis) -> tuple[Fact[Tri], Fact[Tri]]:
        if self.is_newer is None or not mode.is_known:
            unknown = Fact(Tri.UNKNOWN, at, Basis.UNKNOWN, settles="Dovecot's version")
            return unknown, unknown
        origin = "a connection with a PROXY header counts as secured unless ssl is required"
        if not self.is_newer:
            origin = "a connection with a PROXY header counts as secured only where the header says so"
        return Fact(Tri.of(not self.is_newer), at, basis, origin), Fact(
            Tri.of(self.is_newer), at, basis, origin
        )
