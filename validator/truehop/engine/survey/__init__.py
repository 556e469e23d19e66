"""A large input is surveyed first: where nothing is about mail, copies of what is right are not parsed."""

from truehop.engine.survey.run import survey

__all__ = ["survey"]
