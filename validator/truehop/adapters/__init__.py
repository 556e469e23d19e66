"""Readers of the formats in which programs are told what to do."""
