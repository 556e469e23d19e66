"""The engine: from what the user named to the outcome that reports tell."""

from truehop.engine.request import Request
from truehop.engine.runner import load_settings, run
from truehop.engine.texts import judge_texts

__all__ = ["Request", "judge_texts", "load_settings", "run"]
