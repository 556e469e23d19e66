"""Packages that only some uses of the live commands need."""

from __future__ import annotations

import importlib
from typing import Any

from truehop.errors import UserError


def needed(module: str, purpose: str) -> Any:  # noqa: ANN401 (a module: what is in it, its user knows)
    """A module of the extra ``live``.

    Raises:
        UserError: it is not installed; the cure says how to.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        message = f"{purpose} needs the Python package {package}, which is not installed"
        raise UserError(message, cure="pip install 'truehop[live]'") from error
