"""The annotation ``truehop/listeners``: what the user says of listeners that nobody can read.

YAML, one entry a container port::

    465: {serves: submissions, header: required, trusts: [], tls: implicit}

``serves`` is needed; ``header`` is never, optional or required; ``trusts`` a list of addresses, empty
or absent for a program that keeps none and believes everybody; ``untrusted`` what a sender outside
the list gets; ``tls`` plain, starttls or implicit; ``demandsTls``, ``auth`` and ``cleartextAuth``
booleans. Of a listener that is known already, what the annotation does not say stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from truehop.adapters.addresses import port_number
from truehop.adapters.grammars import completeness, read_list
from truehop.adapters.readings import Reading
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import (
    Effect,
    Header,
    HeaderPolicy,
    Listener,
    Serves,
    Switch,
    Tls,
    TrustList,
    TrustUse,
    Untrusted,
)
from truehop.source.tree import Cursor
from truehop.source.yaml import parse_embedded

ANNOTATION = "truehop/listeners"
KEYS = ("serves", "header", "trusts", "untrusted", "tls", "demandsTls", "auth", "cleartextAuth")
ORIGIN = f"declared by {ANNOTATION}"
Word = TypeVar("Word", bound=StrEnum)


def read_declared(reading: Reading, annotations: Cursor, kept: Iterable[Listener] = ()) -> list[Listener]:
    """Put the declared listeners into the reading; those in ``kept`` (from mounted files) win."""
    place = annotations.get(ANNOTATION)
    text = place.text
    if text is None:
        return []
    declared = _Declared(reading, place)
    documents = parse_embedded(text)
    root = documents[0].cursor() if len(documents) == 1 else None
    if root is None or not root.is_mapping:
        declared.refuse(text.value.strip()[:40], text.location(), "it is no mapping of ports to listeners")
        return []
    known = {listener.port: listener for listener in reading.listeners}
    found = [
        listener for port, entry in root.entries() if (listener := declared.listener(port, entry, known))
    ]
    taken = {listener.port for listener in kept}
    added = [listener for listener in found if listener.port not in taken]
    ports = {listener.port for listener in added}
    reading.listeners[:] = [listener for listener in reading.listeners if listener.port not in ports] + added
    told = {id(trusts) for trusts in reading.trust_lists}
    reading.trust_lists += [
        listener.proxy.trusts
        for listener in added
        if listener.proxy.trusts and id(listener.proxy.trusts) not in told
    ]
    return added


@dataclass(slots=True, eq=False)
class _Declared:
    reading: Reading
    place: Cursor

    def refuse(self, value: str, at: Location, because: str, instead: str = "") -> None:
        """Tell of a part of the annotation that says nothing."""
        self.reading.switches.append(
            Switch(ANNOTATION, value, at, Effect.IGNORED, because, instead, hop=self.reading.hop)
        )

    def listener(self, port: str, entry: Cursor, known: Mapping[int, Listener]) -> Listener | None:
        """One entry; None where it cannot be a listener. What it leaves out stays as it is known."""
        number = port_number(port)
        if number is None:
            self.refuse(port, entry.key_location(), "it is no port number")
            return None
        if not entry.is_mapping:
            self.refuse(entry.string(port), entry.location(), "a listener is a mapping", "{serves: smtp}")
            return None
        for name, value in entry.entries():
            if name not in KEYS:
                self.refuse(name, value.key_location(), "a listener has no such key", " ".join(KEYS))
        at = entry.key_location()
        before = known.get(number)
        serves = self._word(entry, "serves", Serves)
        if serves is None and before is not None and not entry.get("serves").is_set:
            serves = before.serves
        if serves is None:
            if not entry.get("serves").is_set:
                self.refuse(port, at, "it does not say which protocol it serves", "serves: smtp")
            return None
        fresh = self._fresh(number, entry, serves, at)
        return _over(before, fresh, entry) if before else fresh

    def _fresh(self, port: int, entry: Cursor, serves: Fact[Serves], at: Location) -> Listener:
        default = Tls.IMPLICIT if serves.value.is_implicit_tls else Tls.UNKNOWN
        basis = Basis.DEFAULT if default is Tls.IMPLICIT else Basis.UNKNOWN
        tls = self._word(entry, "tls", Tls) or Fact(default, at, basis, ORIGIN)
        is_covered = tls.value is Tls.IMPLICIT
        return Listener(
            self.reading.hop,
            port,
            serves,
            self._header(entry, at),
            tls,
            at,
            demands_tls=self._flag(entry, "demandsTls", at, Tri.YES if is_covered else Tri.UNKNOWN),
            offers_auth=self._flag(entry, "auth", at, Tri.UNKNOWN),
            cleartext_auth=self._flag(entry, "cleartextAuth", at, self._clear(entry, is_covered=is_covered)),
        )

    def _clear(self, entry: Cursor, *, is_covered: bool) -> Tri:
        return Tri.NO if is_covered or entry.get("demandsTls").boolean() else Tri.UNKNOWN

    def _header(self, entry: Cursor, at: Location) -> HeaderPolicy:
        basis = Basis.UNKNOWN if entry.get("header").is_set else Basis.DEFAULT
        mode = self._word(entry, "header", Header) or Fact(Header.NEVER, at, basis, ORIGIN)
        trusts = self._trusts(entry)
        default = Untrusted.DROPPED if trusts else Untrusted.BELIEVED
        untrusted = self._word(entry, "untrusted", Untrusted)
        if untrusted and untrusted.value is not Untrusted.BELIEVED and trusts is None:
            trusts = TrustList(
                ANNOTATION, TrustUse.PROXY, entry.get("trusts").location(), hop=self.reading.hop
            )
        absent = "refused" if mode.value is Header.REQUIRED else "works"
        return HeaderPolicy(
            mode,
            trusts if mode.value is not Header.NEVER else None,
            untrusted.value if untrusted else default,
            absent,
            at=mode.at,
        )

    def _trusts(self, entry: Cursor) -> TrustList | None:
        place = entry.get("trusts")
        texts = [one.text for one in place.items()] if place.is_sequence else [place.text]
        pieces = [text for text in texts if text is not None and text.value.strip()]
        if not pieces:
            return None
        entries = read_list("declared", *pieces)
        at = place.key_location() if place.is_sequence else place.location()
        return TrustList(
            ANNOTATION, TrustUse.PROXY, at, entries, is_complete=completeness(entries), hop=self.reading.hop
        )

    def _word(self, entry: Cursor, key: str, words: type[Word]) -> Fact[Word] | None:
        """A word of a closed set; None where it is none of them, or missing."""
        place = entry.get(key)
        if not place.is_set:
            return None
        value = place.string().strip()
        if value in {word.value for word in words}:
            return Fact(words(value), place.location(), Basis.STATED, ORIGIN)
        self.refuse(
            value, place.location(), f"{key} knows no such word", " ".join(word.value for word in words)
        )
        return None

    def _flag(self, entry: Cursor, key: str, at: Location, default: Tri) -> Fact[Tri]:
        place = entry.get(key)
        if not place.is_set:
            return Fact(default, at, Basis.UNKNOWN if default is Tri.UNKNOWN else Basis.STATED, ORIGIN)
        value = place.boolean()
        if value is None:
            self.refuse(place.string(), place.location(), f"{key} is true or false", "true")
            return Fact(Tri.UNKNOWN, place.location(), Basis.UNKNOWN, ORIGIN)
        return Fact(Tri.of(value), place.location(), Basis.STATED, ORIGIN)


def _over(before: Listener, fresh: Listener, entry: Cursor) -> Listener:
    """The declared listener over the known one: only what is written counts."""
    is_encrypted = entry.get("tls").is_set or entry.get("demandsTls").is_set
    has_header = entry.get("header").is_set or entry.get("trusts").is_set
    return replace(
        before,
        serves=fresh.serves,
        at=fresh.at,
        proxy=fresh.proxy if has_header else before.proxy,
        tls=fresh.tls if entry.get("tls").is_set else before.tls,
        demands_tls=fresh.demands_tls if is_encrypted else before.demands_tls,
        offers_auth=fresh.offers_auth if entry.get("auth").is_set else before.offers_auth,
        cleartext_auth=fresh.cleartext_auth
        if is_encrypted or entry.get("cleartextAuth").is_set
        else before.cleartext_auth,
    )
