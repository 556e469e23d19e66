"""What in a document's text says that it may be about mail, or hold a list of trusted proxies.

A sign is looked for in lower case and without anything but letters and digits, so that no spelling,
quoting or folding hides it. Signs err on one side: a text without any has nothing that an adapter
or a rule reads; one with a sign may still have nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from truehop.adapters import mail_files, named_lists, releases
from truehop.adapters.traefik import containers, objects
from truehop.build.policies import INNER_PORTS
from truehop.model.terms import WELL_KNOWN
from truehop.profiles.registry import programs

#: Names of mail protocols and of what is called after mail; annotations of our own; a field that is
#: judged by itself.
_WORDS = ("mail", "smtp", "imap", "pop3", "sieve", "submission", "truehop", "externaltrafficpolicy")
#: Parts of flags that only a proxy has (``entryPoints`` is a field of routes as well).
_FLAGS = ("entrypoints", "providerskubernetes")
#: Kinds that are read whatever they say.
_KINDS = frozenset(
    {"IngressRouteTCP", "TLSOption", "ServersTransportTCP"} | {kind for _, kind in releases.READERS}
)
#: Kinds whose keys and values reach other documents.
STORES = frozenset({"ConfigMap", "Secret"})
_KIND = re.compile(r"^kind:[ \t]*(.*)$", re.MULTILINE)
_API = re.compile(r"^apiVersion: [\"']?[A-Za-z0-9./-]+[\"']?[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"[A-Z][A-Za-z]*")
_PORTS = re.compile(
    rf"(?<![\w.-])(?:{'|'.join(map(str, sorted(WELL_KNOWN.keys() | INNER_PORTS)))})(?![\w.-])"
)
_WITH_PORTS = frozenset({"Service", "NetworkPolicy", "Ingress", "IngressRoute"})
#: A flag whose name is put together from variables.
_MADE_FLAG = re.compile(r"(?<![\w$])--?[\w.]*\$\(")
#: Escapes that may spell any letter; every other one stands for something that no sign has.
_SPELLING = re.compile(r"\\[xuU\n]")
_ESCAPE = re.compile(r"\\.")
_WILD = re.compile(r"\*|\?|\[[^\]]*\]")
_NEITHER = bytes(code for code in range(256) if not (chr(code).isascii() and chr(code).isalnum()))
_RENDERED = "# Source: "


def squeeze(text: str) -> bytes:
    """Letters and digits only, in lower case; without a backslash's letter as well, where one stands."""
    squeezed = text.lower().encode("utf-8", "replace").translate(None, _NEITHER)
    if "\\" in text:
        squeezed += b" " + _ESCAPE.sub("", text).lower().encode("utf-8", "replace").translate(None, _NEITHER)
    return squeezed


def may_hide(text: str) -> bool:
    """Whether escapes may spell signs, or the text is a rendering, whose documents are judged together."""
    return _RENDERED in text or ("\\" in text and _SPELLING.search(text) is not None)


@dataclass(frozen=True, slots=True)
class Signs:
    """Squeezed signs: of any document; of images; of flags; of lists."""

    words: tuple[bytes, ...]
    images: tuple[bytes, ...]
    flags: tuple[bytes, ...]
    lists: tuple[bytes, ...]

    def among(self, text: str) -> Signs:
        """Those that stand in a text, to be looked for in its parts."""
        squeezed = squeeze(text)
        groups = (self.words, self.images, self.flags, self.lists)
        return Signs(*(tuple(sign for sign in group if sign in squeezed) for group in groups))

    def concern(self, squeezed: bytes, *, is_pod: bool) -> bool:
        """Whether one stands in a document that is of weight there."""
        if any(sign in squeezed for sign in self.words):
            return True
        if not is_pod:
            return any(sign in squeezed for sign in self.lists)
        return any(sign in squeezed for sign in self.images) or any(sign in squeezed for sign in self.flags)

    @property
    def is_any(self) -> bool:
        """Whether there is one."""
        return bool(self.words or self.images or self.flags or self.lists)

    def mark(self, squeezed: bytes) -> bool:
        """Whether one stands in a document for which it has no weight but where keys are given twice."""
        return any(sign in squeezed for sign in self.images) or any(sign in squeezed for sign in self.flags)

    def fill(self, squeezed: bytes) -> bool:
        """Whether one stands in a document that fills the variables of others."""
        return any(sign in squeezed for sign in (*self.flags, *self.lists))

    def count_lists(self, squeezed: bytes) -> int:
        """How often something is named like a list."""
        return sum(squeezed.count(sign) for sign in self.lists)


@lru_cache(maxsize=1)
def built_in() -> Signs:
    """The signs of the adapters, and of the profiles that the package carries."""
    globs = {glob.rpartition("/")[2] for program in programs() for glob in program.images}
    images = {max(_WILD.split(glob), key=len) for glob in globs} | containers.IMAGES
    words = (*_WORDS, *mail_files.SIGNS, objects.OLD_GROUP)
    return Signs(_squeezed(words), _squeezed(images), _squeezed(_FLAGS), _squeezed(named_lists.SIGNS))


def _squeezed(words: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(sorted({squeeze(word) for word in words}))


def may_matter(text: str) -> bool:
    """Whether a text without a kind may still hold anything that is read here."""
    return built_in().concern(squeeze(text), is_pod=True) or built_in().concern(squeeze(text), is_pod=False)


def kind_of(text: str) -> str | None:
    """The kind of an object in block style, None where that is not plain to see."""
    kinds = _KIND.findall(text)
    if len(kinds) != 1 or _API.search(text) is None:
        return None
    kind: str = kinds[0].strip().strip("\"'")
    return kind if _WORD.fullmatch(kind) else None


def is_concerned(text: str, kind: str) -> bool:
    """Whether an object is read for its kind, its ports or its flags."""
    if kind in _KINDS or kind.endswith("List"):
        return True
    return _MADE_FLAG.search(text) is not None or (kind in _WITH_PORTS and _PORTS.search(text) is not None)
