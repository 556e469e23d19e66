"""Counting in bounded memory, against counting exactly."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.live.logs.sketches import Distinct, Top


def _keys(number: int, first: int = 0) -> list[bytes]:
    return [b"198.51.%d.%d" % divmod(value, 250) for value in range(first, first + number)]


@given(st.lists(st.binary(max_size=3)))
def test_few_keys_are_counted_exactly(keys: list[bytes]) -> None:
    distinct = Distinct(p=6, most=1000)
    distinct.add(keys)
    assert len(distinct) == len(set(keys))
    assert distinct.is_exact
    assert distinct.error == 0


@pytest.mark.parametrize("number", [500, 5_000, 60_000])
def test_many_keys_are_estimated_within_five_standard_errors(number: int) -> None:
    distinct = Distinct(p=11, most=256)
    for _ in range(2):  # what comes again counts no more
        distinct.add(_keys(number))
    assert not distinct.is_exact
    assert distinct.error == pytest.approx(0.023, abs=0.001)
    assert len(distinct) == pytest.approx(number, rel=5 * distinct.error)
    before = len(distinct)
    distinct.add(_keys(number))
    assert len(distinct) == before
    distinct.add(_keys(100_000, first=number))
    assert len(distinct) > before


@pytest.mark.parametrize(("mine", "other"), [(10, 10), (10, 5_000), (5_000, 10), (5_000, 5_000)])
def test_merged_is_as_if_all_had_been_added_to_one(mine: int, other: int) -> None:
    left, right, both = (Distinct(p=10, most=64) for _ in range(3))
    left.add(_keys(mine))
    right.add(_keys(other, first=5))
    both.add([*_keys(mine), *_keys(other, first=5)])
    left.merge(right)
    assert len(left) == len(both)


class _Kept:
    pass


@given(st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=10))
def test_frequent_keys_are_kept_and_the_stated_error_holds(batches: list[list[int]]) -> None:
    top: Top[int, _Kept] = Top(8)
    exact: Counter[int] = Counter()
    for batch in batches:
        top.add(Counter(batch), _Kept)
        exact.update(batch)
    assert len(top.entries) <= 8
    for key, entry in top.entries.items():
        assert entry.count - entry.error <= exact[key] <= entry.count
    for key, count in exact.items():
        assert key in top.entries or count <= top.floor
    assert top.is_exact == (len(exact) <= 8)


def test_what_is_kept_with_a_key_stays_until_it_is_thrown_out() -> None:
    top: Top[bytes, _Kept] = Top(2)
    top.add({b"a": 5, b"b": 1}, _Kept)
    kept = top.entries[b"a"].value
    top.add({b"a": 1, b"c": 3}, _Kept)
    assert top.entries[b"a"].value is kept
    assert [(key, entry.count, entry.error) for key, entry in top.most(5)] == [(b"a", 6, 0), (b"c", 3, 0)]
    top.add({b"b": 4}, _Kept)
    assert [(key, entry.count, entry.error) for key, entry in top.most(5)] == [(b"a", 6, 0), (b"b", 5, 1)]
