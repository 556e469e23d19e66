"""The configuration file: found, checked, read."""
