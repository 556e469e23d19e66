"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# Repeatable where nobody watches, a wide search where somebody does.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")
