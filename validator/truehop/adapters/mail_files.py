"""The configuration files of mail programs, gathered from one place, and handed to their readers."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from truehop.adapters.dovecot.reader import DovecotFiles, read_dovecot
from truehop.adapters.images import ImageReading
from truehop.adapters.postfix.image import base_parameters
from truehop.adapters.postfix.reader import PostfixFiles, read_postfix
from truehop.adapters.readings import Reading
from truehop.adapters.settings import look_up
from truehop.adapters.webmail import read_roundcube
from truehop.kube.workloads import Container
from truehop.model.facts import Location
from truehop.model.hops import Listener, Role
from truehop.source.tree import Text

MAIN, MASTER, DOVECOT, DOVECOT_PART, ROUNDCUBE = (
    "main.cf",
    "master.cf",
    "dovecot.conf",
    "dovecot part",
    "roundcube",
)
_NAMES = {
    "main.cf": MAIN,
    "master.cf": MASTER,
    "dovecot.conf": DOVECOT,
    "dovecot.cf": DOVECOT_PART,
    "config.inc.php": ROUNDCUBE,
}
#: One of these stands in the path of every such file.
SIGNS = ("main.cf", "master.cf", "dovecot", "config.inc.php")
_PREFIXED = re.compile(r"(?:^|[/._-])(main\.cf|master\.cf)\Z")
ROLES = {MAIN: Role.MTA, MASTER: Role.MTA, DOVECOT: Role.MDA, DOVECOT_PART: Role.MDA, ROUNDCUBE: Role.WEB}


def kind_of(path: str) -> str:
    """Which program's file a path names, empty for none."""
    base = posixpath.basename(path)
    found = _NAMES.get(base, "")
    if not found and base.endswith(".conf") and "/dovecot/" in path:
        return DOVECOT_PART
    return found


def named_kind(path: str) -> tuple[str, str]:
    """What stands before a file's own name, and its kind; files of one prefix belong together.

    ``postfix-main.cf`` and ``postfix-master.cf`` are such files, ``mail/main.cf`` and ``mail/master.cf``
    are; ``sites.conf`` is of no kind.
    """
    path = path.replace("\\", "/")
    found = _PREFIXED.search(path)
    if found is not None:
        return path[: found.start(1)], _NAMES[found[1]]
    return posixpath.dirname(path), kind_of(f"/{path}")


@dataclass(slots=True, eq=False)
class MailFiles:
    """Files by kind and path; the first container that has one counts."""

    texts: dict[str, dict[str, Text]] = field(default_factory=dict)
    holders: dict[str, Container] = field(default_factory=dict)

    def add(self, kind: str, path: str, text: Text, container: Container | None = None) -> None:
        """Add one file."""
        self.texts.setdefault(kind, {}).setdefault(path, text)
        if container is not None:
            self.holders.setdefault(kind, container)

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return not self.texts

    @property
    def role(self) -> Role:
        """What the program behind the files is for."""
        return next((ROLES[kind] for kind in ROLES if kind in self.texts), Role.OTHER)

    def first(self, kind: str) -> Text | None:
        """The file of a kind that there is only one of."""
        return next(iter(self.texts.get(kind, {}).values()), None)

    def place(self) -> Location:
        """Where the first file stands."""
        return next(text.cursor.key_location() for files in self.texts.values() for text in files.values())


def read_mail_files(
    reading: Reading,
    files: MailFiles,
    images: dict[str, ImageReading] | None = None,
    main: Container | None = None,
) -> list[Listener]:
    """Add what the files say to the reading; returns the listeners that files give."""
    images = images or {}
    return [
        *_postfix(reading, files, images.get("postfix")),
        *_dovecot(reading, files, images.get("dovecot"), main),
        *_roundcube(reading, files, images.get("roundcube")),
    ]


def _postfix(reading: Reading, files: MailFiles, image: ImageReading | None) -> list[Listener]:
    main, master = files.first(MAIN), files.first(MASTER)
    if main is None and master is None:
        return []
    if image is None:
        return read_postfix(reading, PostfixFiles(main, master))
    if master is None:
        return []  # the image writes its own settings into main.cf when it starts; its services stay
    known, told = image.listeners.values(), image.trusts.values()
    reading.trust_lists[:] = [trusts for trusts in reading.trust_lists if trusts not in told]
    reading.listeners[:] = [listener for listener in reading.listeners if listener not in known]
    reading.address_uses[:] = [use for use in reading.address_uses if not set(use.listeners) & set(known)]
    return read_postfix(reading, PostfixFiles(main, master, base_parameters(image), knows_base=True))


def _dovecot(
    reading: Reading, files: MailFiles, image: ImageReading | None, main: Container | None
) -> list[Listener]:
    whole = files.texts.get(DOVECOT, {})
    parts = files.texts.get(DOVECOT_PART, {})
    if not whole and not parts:
        return []
    texts = [*whole.values(), *(parts[path] for path in sorted(parts))]
    holder = (
        image.container if image else files.holders.get(DOVECOT) or files.holders.get(DOVECOT_PART) or main
    )
    release = image.program.release(image.version) if image else None
    if image is None and holder is not None and holder.image.name == "dovecot":
        release = holder.image.version
    return read_dovecot(
        reading,
        DovecotFiles(
            texts,
            bool(whole),
            texts[0].cursor.key_location(),
            image,
            release,
            (lambda name: look_up(holder, name)) if holder is not None else None,
        ),
    )


def _roundcube(reading: Reading, files: MailFiles, image: ImageReading | None) -> list[Listener]:
    text = files.first(ROUNDCUBE)
    if text is None:
        return []
    version = image.program.release(image.version) if image else None
    found = read_roundcube(text, reading.hop, version)
    if found.trusts is not None:
        reading.trust_lists.append(found.trusts)
    if found.clients:
        names = {client.name for client in found.clients}
        reading.clients[:] = [
            client for client in reading.clients if client.name not in names
        ] + found.clients
    return []
