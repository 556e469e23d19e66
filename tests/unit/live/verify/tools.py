"""What the tests of a whole run share."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.unit.live.verify.servers import HERE
from tests.unit.live.verify.sessions import Stack
from truehop.live.verify.checks import Check, Seen, Verdict, Verification
from truehop.live.verify.evidence import Entry
from truehop.live.verify.knowledge import Knowledge
from truehop.live.verify.order import Order
from truehop.live.verify.ports import BY_NUMBER
from truehop.live.verify.reading import entries
from truehop.live.verify.run import Runner

NAME = "mail.example.com"
NOTHING = Knowledge()


class Impatient:
    """The machine's clock, with naps instead of sleep."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.02))


@dataclass
class Written:
    """The logs of servers in this process."""

    stacks: Mapping[int, Stack]
    at: dict[int, int] = field(default_factory=dict)

    def begin(self) -> None:
        self.at = {number: len(stack.log) for number, stack in self.stacks.items()}

    def read(self) -> Iterator[Entry]:
        for number, stack in self.stacks.items():
            lines = stack.log[self.at[number] :]
            self.at[number] += len(lines)
            yield from entries(line.encode() for line in lines)

    def end(self) -> None:
        self.at.clear()


def order(ports: Mapping[int, int], **changes: object) -> Order:
    """All of these ports, over loopback."""
    plain = Order(
        NAME,
        ports=tuple(BY_NUMBER[number] for number in ports),
        elsewhere={number: (HERE, port) for number, port in ports.items()},
        judges_chain=False,
        patience=1.5,
        deadline=60,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def verify(
    ports: Mapping[int, int],
    stacks: Mapping[int, Stack] | None = None,
    knowledge: Knowledge = NOTHING,
    **changes: object,
) -> Verification:
    """A run; with the servers' logs where there are stacks."""
    log = Written(stacks) if stacks is not None else None
    return Runner(order(ports, **changes), knowledge, log, clock=Impatient()).run()


def check(found: Verification, id_: str, number: int | None = None) -> Check:
    """The one check of that name (and port)."""
    (one,) = [one for one in found.checks if one.id == id_ and number in (None, one.place.number)]
    return one


def verdicts(found: Verification, number: int | None = None) -> dict[str, str]:
    """Verdicts by check of a port."""
    return {one.id: one.verdict.value for one in found.checks if number in (None, one.place.number)}


def failures(found: Verification) -> set[tuple[int, str]]:
    """Port and check of what failed or is unknown."""
    bad = (Verdict.FAIL, Verdict.UNKNOWN)
    return {(one.place.number, one.id) for one in found.checks if one.verdict in bad}


def port(found: Verification, number: int) -> Seen:
    """What became of the honest client on a port."""
    (one,) = [seen for seen in found.ports if seen.place.number == number]
    return one
