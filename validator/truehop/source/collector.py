"""Python's garbage collector, held still while trees grow: looking for garbage takes longer than reading."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """No look for garbage until the end, unless somebody asks for one."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def fresh_only() -> Iterator[None]:
    """Looks for garbage pass over what is there already."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def collect_garbage() -> None:
    """Throw away what nobody refers to: objects of a scope refer to one another."""
    gc.collect()


__all__ = ["collect_garbage", "fresh_only", "paused"]
