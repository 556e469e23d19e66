"""The catalogue: every rule, found by walking the package."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import truehop.rules
from truehop.rules.base import Rule


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of group and id.

    A rule is the :class:`Rule` of a module ``rules/<group>/<name>.py`` that carries the module's name.
    """
    found: dict[str, Rule] = {}
    for group in sorted(pkgutil.iter_modules(truehop.rules.__path__), key=lambda entry: entry.name):
        if not group.ispkg:
            continue
        package = importlib.import_module(f"truehop.rules.{group.name}")
        for entry in sorted(pkgutil.iter_modules(package.__path__), key=lambda entry: entry.name):
            module = importlib.import_module(f"truehop.rules.{group.name}.{entry.name}")
            expected = entry.name.replace("_", "-")
            for value in vars(module).values():
                if isinstance(value, Rule) and value.id == expected:
                    found[value.id] = value
    return MappingProxyType(found)
