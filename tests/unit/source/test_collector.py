"""The garbage collector is held still, and left as it was found."""

from __future__ import annotations

import gc

from truehop.source.collector import collect_garbage, fresh_only, paused


def test_it_is_still_inside_and_on_again_behind() -> None:
    assert gc.isenabled()
    with paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_switched_it_off_finds_it_off() -> None:
    with paused():
        with paused():
            assert not gc.isenabled()
        assert not gc.isenabled()


def test_what_was_there_is_passed_over() -> None:
    before = gc.get_freeze_count()
    with fresh_only():
        assert gc.get_freeze_count() > before
        collect_garbage()
    assert gc.get_freeze_count() == 0
