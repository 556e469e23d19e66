"""The profile data that the package carries."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_folder(name: str) -> list[dict[str, Any]]:
    """The YAML files of one folder of ``data``, by file name; one mapping each."""
    folder = resources.files("truehop.profiles").joinpath("data", name)
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return [yaml.load(one.read_text(encoding="utf-8"), Loader=_LOADER) for one in files]  # noqa: S506 (a safe loader)
