"""What real programs did, against what the walk says of the same configuration (``make lab`` records it)."""

from __future__ import annotations

import json

import pytest

from tests.lab.logs import Recorded
from tests.lab.prediction import predicted, recorded
from tests.lab.recording import TRUTH
from tests.lab.table import Row, rows

KEPT: dict[str, Recorded] = json.loads(TRUTH.read_text(encoding="utf-8"))["rows"]
#: The walk knows no header without an address. It must not count, whatever else happens.
NAMELESS = {"local", "unknown"}


def test_every_row_of_the_table_was_run_and_no_other() -> None:
    assert sorted(KEPT) == sorted(row.id for row in rows())


@pytest.mark.parametrize("row", [row for row in rows() if row.client not in NAMELESS], ids=lambda row: row.id)
def test_the_walk_says_what_the_server_recorded(row: Row) -> None:
    assert predicted(row) <= recorded(row, KEPT[row.id])


@pytest.mark.parametrize("row", [row for row in rows() if row.client in NAMELESS], ids=lambda row: row.id)
def test_a_header_without_an_address_chooses_none(row: Row) -> None:
    assert KEPT[row.id].get("address") != "forged"
