"""master.cf: services, their types and their ``-o`` settings.

Source: vdukhovni/postfix@3.12-20260821 postfix/proto/master.

Witness: none absent none submissions demands honest
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from truehop.adapters.addresses import port_number
from truehop.adapters.postfix.lines import logical_lines
from truehop.adapters.postfix.main_cf import Parameter
from truehop.model.facts import Location
from truehop.source.tree import Text

TYPES = frozenset({"inet", "unix", "unix-dgram", "fifo", "pass"})
#: Ports by service name, as /etc/services of the common distributions has them.
NAMED_PORTS = {
    "smtp": 25,
    "mail": 25,
    "submission": 587,
    "submissions": 465,
    "smtps": 465,
    "ssmtp": 465,
    "urd": 465,
    "lmtp": 24,
}
FIELDS = 8
LOOPBACK = re.compile(r"\[?(?:127(?:\.\d{1,3}){3}|localhost|::1)\]?", re.IGNORECASE)
_WORD = re.compile(r"\{[^{}]*\}|\S+")


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One service: its first column, type, command and settings."""

    name: Text
    type: str
    command: str
    options: dict[str, Parameter]

    @property
    def at(self) -> Location:
        """Where its name stands."""
        return self.name.location()

    @property
    def host(self) -> str:
        """The address it is bound to, empty for all."""
        return self.name.value.rpartition(":")[0]

    @property
    def is_local(self) -> bool:
        """Whether only the pod itself can reach it."""
        return LOOPBACK.fullmatch(self.host) is not None

    @property
    def port(self) -> int | None:
        """The port of an inet service, None for a name that is not known."""
        text = self.name.value.rpartition(":")[2]
        return port_number(text) or NAMED_PORTS.get(text)


def read_master(text: Text) -> list[Service]:
    """The services of a file in order; of those given twice the last counts."""
    found: dict[tuple[str, str], Service] = {}
    for line in logical_lines(text):
        service = _service(line.pieces) if line.pieces else None
        if service is not None:
            found.pop((service.name.value, service.type), None)
            found[service.name.value, service.type] = service
    return list(found.values())


def _service(pieces: tuple[Text, ...]) -> Service | None:
    words = [piece.slice(*match.span()) for piece in pieces for match in _WORD.finditer(piece.value)]
    if len(words) < FIELDS or words[1].value not in TYPES:
        return None
    return Service(words[0], words[1].value, words[FIELDS - 1].value, _options(words[FIELDS:]))


def _options(words: list[Text]) -> dict[str, Parameter]:
    options: dict[str, Parameter] = {}
    expects = False
    for word in words:
        if word.value == "-o":
            expects = True
            continue
        setting = word if expects else word.slice(2, len(word.value)) if word.value.startswith("-o") else None
        expects = False
        option = _option(setting) if setting else None
        if option is not None:
            options[option.name.value] = option
    return options


def _option(setting: Text) -> Parameter | None:
    if setting.value.startswith("{"):
        setting = setting.slice(1, len(setting.value) - 1).strip()
    position = setting.value.find("=")
    if position < 0:
        return None
    name, value = setting.slice(0, position).strip(), setting.slice(position + 1, len(setting.value)).strip()
    return Parameter(name, (value,)) if name.value else None
