"""Dovecot's files to listeners, trust lists and TLS settings.

Witness: silent absent none imap demands honest
Witness: silent absent none imap demands trixie honest
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from truehop.adapters.dovecot.config import Block, Setting, read_config
from truehop.adapters.dovecot.listeners import InetListener, listeners_of, started_by
from truehop.adapters.dovecot.login import Login
from truehop.adapters.dovecot.tls import tls_policies
from truehop.adapters.grammars import completeness, read_list
from truehop.adapters.images import ImageReading
from truehop.adapters.readings import Reading
from truehop.adapters.settings import Variable
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import Header, HeaderPolicy, Listener, TrustList, TrustUse, Untrusted
from truehop.profiles.versions import parts
from truehop.source.tree import Text

#: haproxy_timeout.
TIMEOUT_SECONDS = 3
NETWORKS = "haproxy_trusted_networks"
LOGIN_NETWORKS = "login_trusted_networks"
#: Settings that change every listener.
GLOBAL = (
    NETWORKS,
    LOGIN_NETWORKS,
    "ssl",
    "disable_plaintext_auth",
    "auth_allow_cleartext",
    "listen",
    "haproxy_timeout",
)
FAMILIES = {"*": (4,), "0.0.0.0": (4,), "::": (6,), "[::]": (6,)}  # noqa: S104 (read, not bound)
NO_BLANKS = "2.4.1"


@dataclass(slots=True, eq=False)
class DovecotFiles:
    """The files of one Dovecot in the order it reads them.

    ``is_whole`` says that the main file is among them; ``image`` is what a profile says of the image
    they are mounted into; ``release`` Dovecot's version where the image tells it; ``look_up`` reads
    the container's variables.
    """

    texts: list[Text]
    is_whole: bool
    at: Location
    image: ImageReading | None = None
    release: str | None = None
    look_up: Callable[[str], Variable] | None = None


def read_dovecot(reading: Reading, files: DovecotFiles) -> list[Listener]:
    """Add what the files say to the reading; returns the listeners they give or change."""
    config = Block("", "", None)
    for text in files.texts:
        one = read_config(text)
        config.settings += one.settings
        config.blocks += one.blocks
        config.includes += one.includes
    return _Mda(reading, files, config).read()


@dataclass(slots=True, eq=False)
class _Mda:
    reading: Reading
    files: DovecotFiles
    config: Block
    listeners: list[Listener] = field(default_factory=list)
    trusts: TrustList | None = None
    own: tuple[TrustList, ...] = ()

    def read(self) -> list[Listener]:
        image = self.files.image
        known = [
            InetListener(one.service, one.name, one.port, one.tls.value == "implicit", is_known=True)
            for one in (image.program.listeners if image else ())
        ]
        if image is None and self.files.is_whole:
            known = started_by(self.config)
        is_changed = any(self.config.words(name) is not None for name in GLOBAL)
        inets = [one for one in listeners_of(self.config, known) if not one.is_local]
        self._read_lists(inets)
        login = Login(self.config, self.files, self.is_newer())
        for inet in inets:
            if inet.is_known and not is_changed and image is not None:
                continue
            self.listeners.append(self._listener(inet, login))
        self._replace(inets, is_changed=is_changed)
        self.reading.tls_policies += tls_policies(self.config, self.listeners)
        return self.listeners

    def is_newer(self) -> bool | None:
        """Whether this is 2.4 or later; None where nothing tells.

        2.4 demands ``dovecot_config_version`` (dovecot/core@2.4.4 src/config/config-parser.c).
        """
        stated = self.config.find("dovecot_config_version")
        release = stated.value if stated else self.files.release
        if release and parts(release):
            return parts(release)[:2] >= (2, 4)
        return False if self.files.is_whole and not self.config.includes else None

    def _replace(self, inets: list[InetListener], *, is_changed: bool) -> None:
        """Put the listeners into the reading in the place of the image's own."""
        image = self.files.image
        if image is not None:
            kept = {one.port for one in inets if one.is_known and not is_changed}
            gone = [one for port, one in image.listeners.items() if port not in kept]
            self.reading.listeners[:] = [one for one in self.reading.listeners if one not in gone]
        self.reading.listeners += self.listeners

    # --- lists -----------------------------------------------------------------------------------

    def _read_lists(self, inets: list[InetListener]) -> None:
        is_on = [self._mode(one).value is not Header.NEVER for one in inets]
        words = self._words(NETWORKS)
        image = self.files.image
        if words is None and image is not None and image.trusts:
            self.trusts = self._image_list(next(iter(image.trusts.values())), is_on=any(is_on))
        else:
            self.trusts = self._list(NETWORKS, TrustUse.PROXY, words, is_active=Tri.of(any(is_on)))
            if words is not None or any(is_on):
                self._drop_image_lists()
                self.reading.trust_lists.append(self.trusts)
        own = self._words(LOGIN_NETWORKS)
        if own is not None:
            found = self._list(LOGIN_NETWORKS, TrustUse.LOGIN, own, is_active=Tri.YES)
            self.own = (found,)
            self.reading.trust_lists.append(found)

    def _image_list(self, known: TrustList, *, is_on: bool) -> TrustList:
        """The image's own list, in force where a listener that the files add demands a header."""
        if not is_on or known.is_active is Tri.YES:
            return known
        active = replace(known, is_active=Tri.YES)
        self.reading.trust_lists[:] = [active if one is known else one for one in self.reading.trust_lists]
        return active

    def _drop_image_lists(self) -> None:
        if self.files.image is not None:
            gone = list(self.files.image.trusts.values())
            self.reading.trust_lists[:] = [one for one in self.reading.trust_lists if one not in gone]

    def _words(self, name: str) -> list[Text] | None:
        """The words of a list, None where it is unset; a variable in its place is looked up."""
        setting = self.config.find(name)
        if setting is not None and setting.variable:
            variable = self._variable(setting)
            return [variable.text] if variable and variable.text and not variable.is_secret else []
        if setting is not None and not any(block.kind == name for block in self.config.blocks):
            return [piece for piece in setting.pieces if piece.value]
        return self.config.words(name)

    def _list(self, name: str, use: TrustUse, words: list[Text] | None, *, is_active: Tri) -> TrustList:
        setting = self.config.find(name)
        # What stands in the file is split at blanks by every release, what a variable holds is not.
        is_held = setting is not None and bool(setting.variable)
        grammar = "dovecot_2_4_1" if is_held and self.files.release == NO_BLANKS else "dovecot"
        entries = read_list(grammar, *(words or ()))
        is_complete = completeness(entries)
        if (words is None and not self._knows_all()) or self._is_elsewhere(name):
            is_complete = Tri.UNKNOWN
        basis = Basis.DEFAULT if words is None else Basis.STATED
        return TrustList(
            name,
            use,
            self.config.place(name) or self._switch_place() or self.files.at,
            entries,
            is_present=words is not None,
            is_complete=is_complete,
            basis=basis,
            hop=self.reading.hop,
            is_active=is_active,
        )

    def _variable(self, setting: Setting) -> Variable | None:
        """The variable that a setting names, None where no container is known."""
        return self.files.look_up(setting.variable) if self.files.look_up else None

    def _knows_all(self) -> bool:
        return self.files.is_whole and not self.config.includes

    def _is_elsewhere(self, name: str) -> bool:
        setting = self.config.find(name)
        if setting is None or not setting.variable:
            return False
        variable = self._variable(setting)
        return variable is None or variable.is_unknown or variable.is_secret

    def _switch_place(self) -> Location | None:
        """Where a missing list is missed: the first listener that demands a header."""
        for service in self.config.of("service"):
            for block in service.of("inet_listener"):
                setting = block.find("haproxy")
                if setting is not None and setting.value.lower() == "yes":
                    return setting.at
        return None

    # --- listeners -------------------------------------------------------------------------------

    def _mode(self, inet: InetListener) -> Fact[Header]:
        image = self.files.image
        setting = inet.haproxy
        place = inet.at or self.files.at
        if setting is None:
            known = image and next((one for one in image.program.listeners if one.name == inet.name), None)
            if image and known and known.is_switched:
                return image.mode
            return Fact(Header.NEVER, place, Basis.DEFAULT, "haproxy is not set")
        if image and image.program.switch and setting.variable == image.program.switch.env:
            return image.mode
        value = setting.value
        if setting.variable:
            variable = self._variable(setting)
            if variable is None or variable.text is None:
                wants = variable.wants if variable else setting.variable
                return Fact(Header.NEVER, setting.at, Basis.UNKNOWN, f"haproxy is {setting.value}", wants)
            value = variable.text.value
        mode = Header.REQUIRED if value.strip().lower() == "yes" else Header.NEVER
        return Fact(mode, setting.at, Basis.STATED, f"haproxy is {value}")

    def _listener(self, inet: InetListener, login: Login) -> Listener:
        at = inet.at or self.files.at
        mode = self._mode(inet)
        is_on = mode.value is not Header.NEVER
        proxy = HeaderPolicy(
            mode,
            self.trusts if is_on or not mode.is_known else None,
            Untrusted.DROPPED,
            "refused",
            TIMEOUT_SECONDS,
            at=inet.haproxy.at if inet.haproxy else at,
        )
        basis = Basis.STATED if inet.at else Basis.DEFAULT
        tls = login.tls(inet, at)
        demands, clear = login.passwords(inet, mode, at)
        return Listener(
            self.reading.hop,
            inet.port,
            Fact(inet.serves, at, basis, f"service {inet.service}"),
            proxy,
            tls,
            at,
            inet.name,
            demands_tls=demands,
            offers_auth=Fact(Tri.of(inet.is_login), at, basis),
            cleartext_auth=clear,
            own_networks=self.own if inet.is_login else (),
            families=self._families(at),
        )

    def _families(self, at: Location) -> Fact[tuple[int, ...] | None]:
        words = self.config.words("listen")
        if words is None:
            return Fact(
                (4, 6) if self._knows_all() else None,
                at,
                Basis.DEFAULT if self._knows_all() else Basis.UNKNOWN,
            )
        families = _families_of(word.value for word in words)
        return Fact(
            families or None, self.config.place("listen"), Basis.STATED if families else Basis.UNKNOWN
        )


def _families_of(words: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({family for word in words for family in FAMILIES.get(word, ())}))
