"""The message dictionary: what a line about the PROXY protocol means, and what to change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of line, told by all of ``holds`` standing in it, with its meaning, cure and rules."""

    id: str
    program: str
    holds: tuple[bytes, ...]
    severity: str
    meaning: str
    cure: str
    rules: tuple[str, ...]
    source: str
    sample: str

    def is_in(self, line: bytes) -> bool:
        """Whether a line is of this kind."""
        return all(words in line for words in self.holds)


@cache
def messages() -> tuple[Message, ...]:
    """All messages, in the order in which lines are compared with them."""
    text = resources.files("truehop.live.logs").joinpath("messages.yaml").read_text(encoding="utf-8")
    return tuple(
        Message(
            **{
                **entry,
                "holds": tuple(words.encode() for words in entry["holds"]),
                "rules": tuple(entry["rules"]),
            }
        )
        for entry in yaml.safe_load(text)
    )


@cache
def by_id() -> dict[str, Message]:
    """The messages by their ids."""
    return {message.id: message for message in messages()}


@cache
def _of_program(program: str) -> tuple[Message, ...]:
    return tuple(one for one in messages() if one.program == program)


def find_message(program: str, line: bytes) -> Message | None:
    """Which of a program's messages a line is."""
    return next((one for one in _of_program(program) if one.is_in(line)), None)
