"""The engine: from what the user named to the outcome that reports tell."""

from truehop.engine.texts import judge_texts

__all__ = ["judge_texts"]
