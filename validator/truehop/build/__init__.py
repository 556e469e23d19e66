"""Profiles and readings become the hop graph."""

from __future__ import annotations

from truehop.build.assemble import build_graph
from truehop.build.request import BuildRequest, ConfigFile, DeclaredFront, ValuesInput

__all__ = ["BuildRequest", "ConfigFile", "DeclaredFront", "ValuesInput", "build_graph"]
