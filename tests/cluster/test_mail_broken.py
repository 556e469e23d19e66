"""Whole releases and broken ones: what truehop predicts for each port is what the servers log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.edits import EDITS, edited
from tests.cluster.prediction import observed, predicted
from tests.cluster.stage import Stage


def test_prediction_for_a_whole_release_is_what_the_servers_log(
    whole: str, stage: Stage, tmp_path: Path
) -> None:
    assert predicted(whole, tmp_path) == observed(stage)


@pytest.mark.parametrize("fault", EDITS)
def test_prediction_for_a_broken_release_is_what_the_servers_log(
    fault: str, whole: str, stage: Stage, tmp_path: Path
) -> None:
    broken = edited(whole, EDITS[fault])
    stage.put(broken)
    assert predicted(broken, tmp_path) == observed(stage)
