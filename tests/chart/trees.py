"""Trees of YAML in which a text may hold a tree of its own, or lines; each change makes a copy."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

import yaml

Path = tuple[str | int, ...]


class Dumper(yaml.CSafeDumper):
    """Writes texts of several lines as such, so that a place in them is a line."""


def _text(dumper: yaml.CSafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


Dumper.add_representer(str, _text)


def dump(content: object) -> str:
    """As YAML, keys in their order."""
    return yaml.dump(content, Dumper=Dumper, sort_keys=False, width=10_000, allow_unicode=True)


def opened(node: Any) -> Any:  # noqa: ANN401 (YAML holds anything)
    """A text's own tree, or its lines, where it has any; else the node itself."""
    return _opened(node) if isinstance(node, str) and (":" in node or "\n" in node) else node


@lru_cache(maxsize=1024)
def _opened(text: str) -> Any:  # noqa: ANN401 (YAML holds anything)
    try:
        inner = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        inner = None
    if isinstance(inner, dict):
        return inner
    return text.split("\n") if "\n" in text else text


def closed(node: object, before: object) -> object:
    """What was opened, changed, in the form that it had."""
    if not isinstance(before, str):
        return node
    return "\n".join(node) if isinstance(node, list) else dump(node)


def child(node: object, step: str | int) -> Any:  # noqa: ANN401 (YAML holds anything)
    """What a key or an index leads to; raises as dictionaries and lists do."""
    return opened(node)[step]


def get(content: object, path: Path) -> Any:  # noqa: ANN401 (YAML holds anything)
    """What a path leads to."""
    for step in path:
        content = child(content, step)
    return content


def keys(node: object) -> list[str | int]:
    """The steps that lead on."""
    inner = opened(node)
    if isinstance(inner, dict):
        return list(inner)
    return list(range(len(inner))) if isinstance(inner, list) else []


def leaves(content: object, path: Path) -> Iterator[Path]:
    """The scalars, and lines, at or below a path."""
    node = get(content, path)
    for step in keys(node):
        yield from leaves(content, (*path, step))
    if not keys(node) and not isinstance(node, dict | list):
        yield path


def matching(content: object, pattern: str, path: Path = ()) -> Iterator[Path]:
    """The paths that a pattern names, step by step; the empty one is the root."""
    if not pattern:
        yield path
        return
    first, _, rest = pattern.partition("/")
    for step in keys(get(content, path)):
        if fnmatchcase(str(step).replace("/", "_"), first):
            yield from matching(content, rest, (*path, step))


def changed(content: Any, path: Path, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 (YAML holds anything)
    """A copy with something else at a path."""
    if not path:
        return change(content)
    made = copy.copy(opened(content))
    made[path[0]] = changed(made[path[0]], path[1:], change)
    return closed(made, content)


def without(content: Any, path: Path) -> Any:  # noqa: ANN401 (YAML holds anything)
    """A copy that lacks an entry."""

    def drop(parent: object) -> object:
        made = copy.copy(opened(parent))
        del made[path[-1]]
        return closed(made, parent)

    return changed(content, path[:-1], drop)


def pointer(content: object, path: Path) -> str:
    """The path in words that stay when entries are added: those of lists by name, lines as they are."""
    words, node = [], content
    for step in path:
        is_line = isinstance(node, str) and isinstance(step, int)
        node = child(node, step)
        word: object = node.get("name", step) if isinstance(node, dict) and isinstance(step, int) else step
        if is_line:
            word = " ".join(str(node).split())
        elif isinstance(node, str) and isinstance(step, int) and node.startswith("--"):
            word = node.partition("=")[0]
        words.append(str(word))
    return "/".join(words) or "."
