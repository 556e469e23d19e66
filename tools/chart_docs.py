"""Writes what follows from the comments in the chart's values: tables in its README, texts in its schema.

``python -m tools.chart_docs`` writes, ``--check`` only says what is not fresh and ends with 1. A comment that
begins with ``# --`` describes the key below it, a line ``# --- title ---`` begins a section.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
CHART = Path("charts/mailstack")
#: A key that every component has, and nothing else.
SIGN_OF_COMPONENT = "extraEnv"
#: In so many components a key of one meaning is told once for all.
SHARED = 3
LONGEST_DEFAULT = 60

_BLOCK = re.compile(
    r"(?P<begin>^<!-- begin generated: values -->\n)(?P<body>.*?)(?P<end>^<!-- end generated -->)",
    re.MULTILINE | re.DOTALL,
)
_SECTION = re.compile(r"^# --- (?P<title>.+?) -*$")
_COMMENT = re.compile(r"^ *#(?: (?P<words>.*))?$")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that has a description, with its default."""

    path: tuple[str, ...]
    description: str
    default: Any

    @property
    def name(self) -> str:
        """The path as ``--set`` wants it."""
        return ".".join(self.path)


@dataclass(slots=True)
class Section:
    """A part of the file: its title, what it says of itself, and its keys in order."""

    title: str
    line: int
    intro: str = ""
    keys: list[Key] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Values:
    """The file: its sections, the components, and the leaves that nothing describes."""

    sections: tuple[Section, ...]
    components: tuple[str, ...]
    bare: tuple[str, ...]

    @property
    def keys(self) -> Iterator[Key]:
        """Every described key."""
        for section in self.sections:
            yield from section.keys


def read_values(text: str) -> Values:
    """What the values say of themselves."""
    lines = text.split("\n")
    sections = list(_sections(lines))
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    bare = []
    for line, path, node in _entries(root, ()) if root is not None else ():
        description = _description(lines, line)
        if description:
            section = [one for one in sections if one.line <= line][-1]
            section.keys.append(Key(path, description, _plain(node)))
        else:
            bare.append((path, node))
    described = {key.path for section in sections for key in section.keys}
    return Values(
        tuple(section for section in sections if section.keys),
        tuple(str(name) for name, part in yaml.safe_load(text).items() if _is_component(part)),
        tuple(".".join(path) for path, node in bare if _is_bare(path, node, described)),
    )


def _sections(lines: list[str]) -> Iterator[Section]:
    yield Section("general", 0)
    for number, line in enumerate(lines):
        found = _SECTION.match(line)
        if found:
            following = lines[number + 1 :]
            intro = next((at for at, words in enumerate(following) if not words.startswith("# ")), 0)
            words = " ".join(words.removeprefix("# ") for words in following[:intro])
            yield Section(found["title"], number, "" if words.startswith("-- ") else words)


def _entries(node: yaml.Node, path: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...], yaml.Node]]:
    """Every key with its line; an entry of a mapping in braces stands on its own line as well."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            here = (*path, str(name.value))
            yield name.start_mark.line if not node.flow_style else -1, here, value
            yield from _entries(value, here)


def _description(lines: list[str], line: int) -> str:
    """The comment right above a key, from its ``# --`` on."""
    words: list[str] = []
    for above in reversed(lines[: max(line, 0)]):
        found = _COMMENT.match(above)
        if found is None or _SECTION.match(above):
            return ""
        said = (found["words"] or "").strip()
        if said.startswith("-- "):
            return " ".join([said.removeprefix("-- "), *reversed(words)])
        words.append(said)
    return ""


def _is_bare(path: tuple[str, ...], node: yaml.Node, described: set[tuple[str, ...]]) -> bool:
    is_leaf = not isinstance(node, yaml.MappingNode) or not node.value
    return is_leaf and not any(path[:end] in described for end in range(1, len(path)))


def _plain(node: yaml.Node) -> Any:  # noqa: ANN401 (whatever a values file holds)
    return yaml.safe_load(yaml.serialize(node))


def _is_component(part: object) -> bool:
    return isinstance(part, dict) and SIGN_OF_COMPONENT in part


# --- the tables ---------------------------------------------------------------------------------


def tables(values: Values) -> str:
    """A table for each section, and one for what the components share."""
    shared = _shared(values)
    parts = []
    for section in values.sections:
        rows = [_row(key, values) for key in section.keys if _inner(key) not in shared]
        if rows:
            intro = [section.intro, ""] if section.intro else []
            parts += [
                f"### {section.title}",
                "",
                *intro,
                "| key | default | meaning |",
                "|---|---|---|",
                *rows,
                "",
            ]
    parts += [
        "### in every component",
        "",
        f"Below {', '.join(f'`{name}`' for name in values.components)}.",
        "",
        "| key | default | meaning |",
        "|---|---|---|",
    ]
    for (name, description), keys in shared.items():
        owners = {key.path[0] for key in keys}
        only = (
            ""
            if owners == set(values.components)
            else f" (only {', '.join(one for one in values.components if one in owners)})"
        )
        defaults = {_default(key.default) for key in keys}
        default = defaults.pop() if len(defaults) == 1 else "by component"
        parts.append(f"| `{name}` | {default} | {_cell(description + only)} |")
    return "\n".join([*parts, ""])


def _inner(key: Key) -> tuple[str, str]:
    return ".".join(key.path[1:]), key.description


def _shared(values: Values) -> dict[tuple[str, str], list[Key]]:
    found: dict[tuple[str, str], list[Key]] = {}
    for key in values.keys:
        if key.path[0] in values.components:
            found.setdefault(_inner(key), []).append(key)
    return {inner: keys for inner, keys in found.items() if len(keys) >= SHARED}


def _row(key: Key, values: Values) -> str:
    is_told_below = any(other.path[: len(key.path)] == key.path for other in values.keys if other is not key)
    default = "" if is_told_below else _default(key.default)
    return f"| `{key.name}` | {default} | {_cell(key.description)} |"


def _default(value: Any) -> str:  # noqa: ANN401 (whatever a values file holds)
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text}`" if len(text) <= LONGEST_DEFAULT else "see values.yaml"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# --- the schema ---------------------------------------------------------------------------------


def with_descriptions(schema: dict[str, Any], values: Values) -> dict[str, Any]:
    """The schema with each described key's comment as the description of its property.

    Properties that several keys share by reference bear what all of them say, or nothing.
    """
    said: dict[int, set[str]] = {}
    places: dict[int, dict[str, Any]] = {}
    for key in values.keys:
        for place in _properties(schema, key.path):
            said.setdefault(id(place), set()).add(key.description)
            places[id(place)] = place
    for number, place in places.items():
        place.pop("description", None)
        if len(said[number]) == 1:
            rest = dict(place)
            place.clear()
            place.update({"description": said[number].pop(), **rest})
    return schema


def _properties(schema: dict[str, Any], path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Where the schema declares a key: in properties, behind references and in all parts of an allOf."""
    nodes = [schema]
    for name in path[:-1]:
        nodes = [inner for node in nodes for inner in _declared(schema, node, name)]
    for node in nodes:
        yield from _declared(schema, node, path[-1])


def _declared(schema: dict[str, Any], node: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    target = node.get("$ref")
    if isinstance(target, str):
        yield from _declared(schema, resolve(schema, target), name)
    for part in node.get("allOf", ()):
        yield from _declared(schema, part, name)
    found = node.get("properties", {}).get(name)
    if isinstance(found, dict):
        yield found


def resolve(schema: dict[str, Any], target: str) -> dict[str, Any]:
    """What a reference within the schema leads to."""
    node: Any = schema
    for part in target.removeprefix("#/").split("/"):
        node = node[part]
    if not isinstance(node, dict):
        raise TypeError(target)
    return node


# --- writing --------------------------------------------------------------------------------------


def outputs(root: Path) -> Iterator[tuple[Path, str]]:
    """Every derived file, relative to the root, with what it should hold."""
    chart = root / CHART
    values = read_values((chart / "values.yaml").read_text(encoding="utf-8"))
    readme = chart / "README.md"
    if readme.is_file():
        table = tables(values)
        text = readme.read_text(encoding="utf-8")
        yield CHART / "README.md", _BLOCK.sub(lambda found: f"{found['begin']}{table}{found['end']}", text)
    schema = chart / "values.schema.json"
    if schema.is_file():
        described = with_descriptions(json.loads(schema.read_text(encoding="utf-8")), values)
        yield CHART / "values.schema.json", json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write what is derived, or with ``--check`` say what is not fresh."""
    only_checks = "--check" in (sys.argv[1:] if arguments is None else arguments)
    wrong = 0
    for path, text in outputs(root):
        target = root / path
        if target.read_text(encoding="utf-8") == text:
            continue
        wrong += 1
        if only_checks:
            print(f"{path}: not fresh, run `make generate`")
            continue
        target.write_text(text, encoding="utf-8")
        print(f"{path}: written")
    return int(bool(wrong) and only_checks)


if __name__ == "__main__":
    sys.exit(main())
