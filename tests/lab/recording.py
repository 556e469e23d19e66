"""Runs rows on the real programs and compares what was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypedDict

from tests.lab.bounds import programs
from tests.lab.client import Seen
from tests.lab.logs import Logged, Recorded, plain, read_logs, read_web, start_failure, timing
from tests.lab.stage import Stage, stage
from tests.lab.table import Row

#: How often rows are repeated that seem to wait for another time than before.
AGAIN = 2
TRUTH = Path(__file__).with_name("truth.json")


class Truth(TypedDict):
    """A recording: the programs' versions, and what each row's server did."""

    versions: dict[str, str]
    rows: dict[str, Recorded]


def record(row: Row, seen: Seen, logged: Logged) -> Recorded:
    """What is kept of a row."""
    session = "works" if seen.works else "refused"
    kept = Recorded(session=session, when=timing(seen.seconds), ran=programs(row))
    if logged.addresses:
        kept["address"] = " or ".join(sorted(logged.addresses))
    if logged.complaint:
        kept["complaint"] = plain(logged.complaint)
    if seen.answer and not seen.works:
        kept["answer"] = plain(seen.answer)
    if logged.peer:
        kept["peer"] = logged.peer
        kept["headers"] = logged.headers
    return kept


def run(wanted: Sequence[Row], known: Mapping[str, Recorded] | None = None) -> Truth:
    """Runs rows, all at once; ``known`` is what was recorded of them before."""
    with stage(wanted) as made:
        made.start_servers(wanted)
        made.start_proxies(wanted)
        alone = [row for row in wanted if row.is_alone and row.entry != "repeated"]
        with ThreadPoolExecutor(max_workers=4) as pool:
            said = dict(zip((row.id for row in alone), pool.map(made.start_alone, alone), strict=True))
        made.await_listeners(wanted)
        often = [row for row in wanted if row.entry == "repeated"]
        with ThreadPoolExecutor() as pool:
            tried = [pool.submit(made.try_often, row) for row in often]
            seen = made.converse([row for row in wanted if row not in often])
            for one in tried:
                seen |= one.result()
        _time_again(made, [row for row in wanted if row not in often], seen, known or {})
        logged = read_logs(_logs(made), wanted)
        read_web(made.said_by("web"), wanted, logged)
        for name, text in said.items():
            logged[name].complaint = logged[name].complaint or start_failure(text)
        found = {row.id: record(row, seen[row.id], logged[row.id]) for row in wanted}
        return Truth(versions=made.versions(), rows=found)


def _time_again(
    made: Stage, wanted: Sequence[Row], seen: dict[str, Seen], known: Mapping[str, Recorded]
) -> None:
    """Repeats the rows that waited as they did not before.

    A busy machine adds to a time and nothing takes from it: the shortest counts.
    A row of which nothing is known was to wait for nothing.
    """
    for _ in range(AGAIN):
        late = [row for row in wanted if timing(seen[row.id].seconds) != _expected(known, row)]
        if not late:
            return
        for name, again in made.converse(late).items():
            seen[name].seconds = min(seen[name].seconds, again.seconds)


def _expected(known: Mapping[str, Recorded], row: Row) -> str:
    return known[row.id]["when"] if row.id in known else timing(0)


def _logs(made: Stage) -> list[str]:
    return [made.read(suite, "/var/log/*.log") for suite in made.roots]


def differences(before: Truth, now: Truth) -> list[str]:
    """Each difference of two recordings, in a line."""
    old = {**before["versions"], **before["rows"]}
    new = {**now["versions"], **now["rows"]}
    return [
        f"{key}: recorded {old.get(key)}, now {new.get(key)}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]
