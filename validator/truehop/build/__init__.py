"""Profiles and readings become the hop graph."""
