"""The ways that a release goes: what was there before each of them is there after it."""

from __future__ import annotations

import secrets

from tests.cluster.stage import Stage


def go_all_ways(stage: Stage) -> None:
    """Upgrade, rollback, uninstall and reinstall: none of them loses a mail, a secret or a claim."""
    words: list[str] = []
    kept = stage.mail.kept()
    for way in (_stay, _upgrade, _roll_back, _reinstall):
        way(stage)
        assert stage.mail.kept() == kept
        words.append(secrets.token_hex(4))
        assert stage.send(words[-1]).error == ""
        stage.wait_for_mail(*words)


def _stay(stage: Stage) -> None:
    """It is as it was."""
    stage.wait()


def _upgrade(stage: Stage) -> None:
    stage.upgrade(mta__messageSizeLimit=1048576)


def _roll_back(stage: Stage) -> None:
    stage.mail.rollback(0)
    stage.wait()


def _reinstall(stage: Stage) -> None:
    stage.mail.uninstall()
    stage.open()
