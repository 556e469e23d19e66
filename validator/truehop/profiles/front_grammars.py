"""What the value of an annotation makes a balancer send, by the grammar its controller reads it with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from truehop.model.facts import Basis, Fact, Location
from truehop.model.terms import Wire
from truehop.profiles.front_profile import PORT, ProxySwitch
from truehop.profiles.front_service import BalancedService, parse_attributes, parse_go_bool
from truehop.source.tree import Cursor, Text

MAX_PORT = 65535
#: How a version that nobody documents is known.
UNDOCUMENTED = Basis.STATED
NOT_DOCUMENTED = "version not documented"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A value that does not do what it says: where, why, and what to write."""

    key: str
    value: str
    at: Location
    because: str
    instead: str = ""
    basis: Basis = Basis.STATED


@dataclass(slots=True)
class Understood:
    """What one annotation says: for every port, and for single ones; None is silence.

    ``refuses`` names the place that makes the controller leave the balancer as it is.
    """

    everywhere: Fact[Wire] | None = None
    by_port: dict[int, Fact[Wire]] = field(default_factory=dict)
    refuses: Location | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    def at_port(self, port: int) -> Fact[Wire] | None:
        """What it says of one port."""
        return self.by_port.get(port, self.everywhere)


def wire_fact(word: str, at: Location, origin: str, basis: Basis = Basis.STATED) -> Fact[Wire]:
    """The fact of a profile's word: ``none``, ``v1``, ``v2`` or ``unknown``."""
    if word == "unknown":
        return Fact(Wire.V2, at, UNDOCUMENTED, f"{origin}; {NOT_DOCUMENTED}")
    return Fact(Wire(word), at, basis, origin)


def understand(switch: ProxySwitch, service: BalancedService) -> Understood:
    """What a switch says on a Service; silence where its annotation is missing."""
    found = Understood()
    for key, port, place in _places(switch.key, service):
        reader = _Reader(switch, service, place, key, port, found)
        text = place.text
        _GRAMMARS[switch.grammar](reader, text if text is not None else Text("", place))
    return found


def _places(pattern: str, service: BalancedService) -> Iterator[tuple[str, int | None, Cursor]]:
    head, mark, _tail = pattern.partition(PORT)
    for key, place in service.entries():
        if mark and key.startswith(head) and key[len(head) :].isdecimal():
            yield key, int(key[len(head) :]), place
        elif key == pattern:
            yield key, None, place


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """One annotation being read; it writes what it learns into ``found``."""

    switch: ProxySwitch
    service: BalancedService
    place: Cursor
    key: str
    port: int | None
    found: Understood

    def fact(self, word: str, at: Location | None = None, basis: Basis = Basis.STATED) -> Fact[Wire]:
        return wire_fact(word, at or self.place.location(), f"{self.key} is {self._shown()}", basis)

    def _shown(self) -> str:
        value = self.place.string()
        return f'"{value}"' if len(value) < 40 and "\n" not in value else "set"  # noqa: PLR2004 (one line of a message)

    def say(self, word: str) -> None:
        """Say it of the annotation's port, or of all."""
        if self.port is None:
            self.found.everywhere = self.fact(word)
        else:
            self.found.by_port[self.port] = self.fact(word)

    def blame(
        self, because: str, *, at: Text | None = None, instead: str | None = None, basis: Basis | None = None
    ) -> None:
        """Note a mistake at the value or a part of it."""
        value = at.value if at is not None else self.place.string()
        where = at.location() if at is not None else self.place.location()
        wanted = self.switch.instead if instead is None else instead
        self.found.mistakes.append(
            Mistake(self.key, value, where, because, wanted, basis or self.switch.basis)
        )

    def reject(self, because: str, *, at: Text | None = None, instead: str | None = None) -> None:
        """Note a value outside the grammar: off, or refused with the whole Service."""
        if self.switch.invalid == "refused":
            self.blame(f"{because}, and refuses anything else", at=at, instead=instead)
            self.found.refuses = self.place.location()
        else:
            self.blame(f"{because} and takes anything else for off", at=at, instead=instead)
            self.say("none")

    def word(self, text: str) -> str | None:
        words = self.switch.words or {}
        return words.get(text.lower() if self.switch.any_case else text)

    def vocabulary(self) -> str:
        known = [word for word in self.switch.words or {} if word]
        return f"the controller understands only {', '.join(known)}"

    def take_ports(self, text: Text, basis: Basis = Basis.STATED) -> None:
        """Read a comma list of Service ports; blamed as a whole where the Service has none of them."""
        numbers = []
        for part in text.split(","):
            number = _port(part.value)
            if number is None:
                self.reject("the controller wants a list of Service ports", at=part)
                return
            self.found.by_port[number] = self.fact(self.switch.sends, part.location(), basis)
            numbers.append(number)
        if numbers and self.service.ports and not self.service.numbers.intersection(numbers):
            shown = ", ".join(str(number) for number in numbers)
            self.blame(f"the value is a list of ports, and the Service has no port {shown}")


def _port(text: str) -> int | None:
    """A port as Go's ``ParseInt`` with base 0 reads it, None outside 1 to 65535."""
    try:
        number = int(text.replace(" ", ""), 0)
    except ValueError:
        return None
    return number if 1 <= number <= MAX_PORT else None


def _read_words(reader: _Reader, text: Text) -> None:
    word = reader.word(text.value)
    if word is not None:
        reader.say(word)
    elif text.value:
        reader.reject(reader.vocabulary())


def _read_bool(reader: _Reader, text: Text) -> None:
    parsed = parse_go_bool(text.value)
    if parsed is None:
        reader.reject("the controller understands only true and false")
    else:
        reader.say(reader.switch.sends if parsed else "none")


def _read_ports(reader: _Reader, text: Text) -> None:
    parsed = parse_go_bool(text.value) if text.value not in ("0", "1") else None
    if parsed or text.value == "*":
        reader.say(reader.switch.sends)
    elif parsed is None and text.value:
        reader.take_ports(text)


def _read_bool_or_ports(reader: _Reader, text: Text) -> None:
    parsed = parse_go_bool(text.value)
    if parsed is None:
        reader.take_ports(text)
    elif parsed:
        reader.say(reader.switch.sends)


def _read_port_list(reader: _Reader, text: Text) -> None:
    reader.say("none")
    reader.take_ports(text)


def _read_words_or_ports(reader: _Reader, text: Text) -> None:
    is_list = all(_port(part.value) is not None for part in text.split(","))
    if reader.word(text.value) is None and text.value and is_list:
        reader.take_ports(text, Basis.ASSUMED)
    else:
        _read_words(reader, text)


def _read_attribute(reader: _Reader, text: Text) -> None:
    name = reader.switch.attribute
    value = parse_attributes(text.value).get(name, "")
    if value in ("true", "false"):
        reader.say(reader.switch.sends if value == "true" else "none")
    elif value:
        part = next((one for one in text.split(",") if one.value.partition("=")[0].strip() == name), None)
        reader.blame(f"{name} is true or false", at=part, instead=f"{name}=true")


def _read_features(reader: _Reader, text: Text) -> None:
    if any(part.value == reader.switch.attribute for part in text.split(",")):
        reader.say(reader.switch.sends)


def _read_integer(reader: _Reader, text: Text) -> None:
    if not text.value:
        return
    try:
        number = str(int(text.value))
    except ValueError:
        reader.reject("the controller wants a version number")
        return
    word = reader.word(number)
    if word is None:
        reader.blame("there are PROXY versions 1 and 2 only", basis=Basis.ASSUMED)
    reader.say(word or "unknown")


def _read_json_port(reader: _Reader, text: Text) -> None:
    if reader.service.ports and reader.port not in reader.service.numbers:
        reader.blame(f"the Service has no port {reader.port}", instead="")
        return
    settings = _parse_json(reader, text)
    if settings is None:
        return
    value = settings.get(reader.switch.attribute, "")
    _read_json_word(reader, value, reader.say)


def _read_json_backends(reader: _Reader, text: Text) -> None:
    settings = _parse_json(reader, text)
    backends = settings.get("backends") if settings is not None else None
    for backend in backends if isinstance(backends, list) else []:
        properties = backend.get("properties") if isinstance(backend, dict) else None
        if not isinstance(properties, dict) or reader.switch.attribute not in properties:
            continue
        name = backend.get("name")
        port = reader.service.port_named(name) if isinstance(name, str) else None
        if port is None:
            reader.blame(
                f"the Service has no port named {name!r}", instead="the port's name", basis=Basis.ASSUMED
            )
            continue

        def say(word: str, port: int = port) -> None:
            reader.found.by_port[port] = reader.fact(word)

        _read_json_word(reader, properties[reader.switch.attribute], say)


def _parse_json(reader: _Reader, text: Text) -> Mapping[str, object] | None:
    if not text.value:
        return None
    try:
        found = json.loads(text.value)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    reader.reject("the controller wants a JSON object", instead=f'{{"{reader.switch.attribute}": "v2"}}')
    return None


def _read_json_word(reader: _Reader, value: object, say: Callable[[str], None]) -> None:
    word = reader.word(value) if isinstance(value, str) else None
    if word is not None:
        say(word)
    elif value != "":
        reader.reject(f"for {reader.switch.attribute} {reader.vocabulary()}", instead="v2")


_GRAMMARS: dict[str, Callable[[_Reader, Text], None]] = {
    "words": _read_words,
    "bool": _read_bool,
    "ports": _read_ports,
    "bool-or-ports": _read_bool_or_ports,
    "port-list": _read_port_list,
    "words-or-ports": _read_words_or_ports,
    "attribute": _read_attribute,
    "features": _read_features,
    "integer": _read_integer,
    "json-port": _read_json_port,
    "json-backends": _read_json_backends,
}
GRAMMARS = frozenset(_GRAMMARS)
