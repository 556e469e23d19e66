"""Fixtures of the loader's tests."""

from __future__ import annotations

import pytest
import yaml

from truehop.source import compose


@pytest.fixture(params=["fast", "slow"])
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: the one in C, and the one in Python."""
    if request.param == "slow":
        monkeypatch.setattr(compose, "new_parser", yaml.SafeLoader)
