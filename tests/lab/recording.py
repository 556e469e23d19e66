"""Runs rows on the real programs and compares what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypedDict

from tests.lab.client import Seen
from tests.lab.logs import Logged, Recorded, plain, read_logs, start_failure, timing
from tests.lab.stage import Stage, stage
from tests.lab.table import Row

TRUTH = Path(__file__).with_name("truth.json")


class Truth(TypedDict):
    """A recording: the programs' versions, and what each row's server did."""

    versions: dict[str, str]
    rows: dict[str, Recorded]


def record(seen: Seen, logged: Logged) -> Recorded:
    """What is kept of a row."""
    kept = Recorded(session="works" if seen.works else "refused", when=timing(seen.seconds))
    if logged.addresses:
        kept["address"] = " or ".join(sorted(logged.addresses))
    if logged.complaint:
        kept["complaint"] = plain(logged.complaint)
    if seen.answer and not seen.works:
        kept["answer"] = plain(seen.answer)
    return kept


def run(wanted: Sequence[Row]) -> Truth:
    """Runs rows, all at once."""
    with stage(wanted) as made:
        made.start_servers(wanted)
        made.start_proxies(wanted)
        said = {row.id: made.start_alone(row) for row in wanted if row.is_alone and row.entry != "repeated"}
        made.await_listeners(wanted)
        often = [row for row in wanted if row.entry == "repeated"]
        with ThreadPoolExecutor() as pool:
            tried = [pool.submit(made.try_often, row) for row in often]
            seen = made.converse([row for row in wanted if row not in often])
            for one in tried:
                seen |= one.result()
        logged = read_logs(_logs(made), wanted)
        for name, text in said.items():
            logged[name].complaint = logged[name].complaint or start_failure(text)
        found = {row.id: record(seen[row.id], logged[row.id]) for row in wanted}
        return Truth(versions=made.versions(), rows=found)


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
