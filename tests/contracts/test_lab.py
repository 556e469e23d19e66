"""What real programs did, against what the walk says of the same configuration (``make lab`` records it)."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.lab.logs import Recorded
from tests.lab.needs import complaint
from tests.lab.prediction import predicted, recorded
from tests.lab.recording import TRUTH
from tests.lab.table import COLUMNS, PORTS, POSTFIX, Row, rows

KEPT: dict[str, Recorded] = json.loads(TRUTH.read_text(encoding="utf-8"))["rows"]
#: The walk knows no header without an address. It must not count, whatever else happens.
NAMELESS = {"local", "unknown"}

#: Words of two columns that say nothing together: no route without a Traefik, postscreen for port 25 only,
#: Postfix has no trust list, and it is taken from one release.
SCREENS = {"postscreen", "deaf-postscreen"}
NO_PAIRS = [
    ("entry", {"absent"}, "router", {"tls", "https"}),
    ("entry", {"absent"}, "link", {"v1", "v2", "cancelled"}),
    ("server", PORTS.keys() - {"smtp"}, "backend", SCREENS),
    ("backend", SCREENS, "suite", {"trixie"}),
    ("server", set(POSTFIX), "backend", {"untrusted", "keyword"}),
    ("server", set(POSTFIX), "suite", {"trixie"}),
]
#: With these nothing starts, or each start differs: what stands beside them is all one.
ALONE = {"bare", "invalid", "repeated"}


def test_each_word_of_the_table_stands_beside_each_word_of_the_other_columns() -> None:
    missing = [
        (one, other)
        for first, second in itertools.combinations(COLUMNS, 2)
        for one, other in itertools.product(COLUMNS[first], COLUMNS[second])
        if not (first == "entry" and one in ALONE)
        and not (second == "entry" and other in ALONE)
        and (first, one, second, other) not in _impossible()
        and (one, other) not in {(getattr(row, first), getattr(row, second)) for row in rows()}
    ]
    assert missing == []


def _impossible() -> set[tuple[str, str, str, str]]:
    return {
        (first, one, second, other)
        for first, ones, second, others in NO_PAIRS
        for one, other in itertools.product(ones, others)
    }


def test_every_row_of_the_table_was_run_and_no_other() -> None:
    assert sorted(KEPT) == sorted(row.id for row in rows())


@pytest.mark.parametrize("row", [row for row in rows() if row.client not in NAMELESS], ids=lambda row: row.id)
def test_the_walk_says_what_the_server_recorded(row: Row) -> None:
    assert predicted(row) <= recorded(row, KEPT[row.id])


@pytest.mark.parametrize("row", [row for row in rows() if row.client in NAMELESS], ids=lambda row: row.id)
def test_a_header_without_an_address_chooses_none(row: Row) -> None:
    assert KEPT[row.id].get("address") != "forged"


def test_what_the_lab_lacks_is_said_in_one_line() -> None:
    packages = {"no-such-ip": "iproute2", "no-such-unshare": "util-linux", "no-such-nsenter": "util-linux"}
    assert complaint(is_root=False, packages=packages) == (
        "it makes namespaces and mounts: run it as root; "
        "packages are missing (Debian, Ubuntu: apt-get install iproute2 util-linux)"
    )
    assert complaint(is_root=True, packages={"sh": "dash"}) == ""
