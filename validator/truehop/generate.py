"""Writes everything that can be derived: rule pages, catalogue, outputs in the docs, schemas, navigation.

``python -m truehop.generate`` writes, ``--check`` only says what is not fresh and ends with 1. Only
for a checkout of the repository; an installed truehop has no use for it.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from truehop.errors import Exit
from truehop.rules.base import Rule, Setting
from truehop.rules.catalogue import all_rules

ROOT = Path(__file__).parents[2]
SCHEMAS = Path("validator/truehop/schemas")

#: What each group of rules is about, in the order a reader wants them.
GROUPS: Mapping[str, str] = {
    "trust": "whom a listener believes",
    "header": "whether the header is sent, expected and understood",
    "address": "what the server records in the end",
    "exposure": "what is open that should not be",
    "route": "routes that do not do what they say",
    "policy": "network policies",
    "input": "the input itself",
}

_BLOCK = re.compile(
    r"(?P<begin>^[ ]*(?:<!--|\#)[ ]begin[ ](?P<kind>generated|run):[ ](?P<what>[^\n]+?)(?:[ ]-->)?\n)"
    r"(?P<body>.*?)"
    r"(?P<end>^[ ]*(?:<!--|\#)[ ]end[ ](?P=kind))",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_ACCEPTING = """\
On or above the line: `# truehop: ignore[{id}] the reason`; on an object the annotation
`truehop/ignore: "{id}: the reason"`; in `truehop.yaml` an entry under `ignore`, or under `rules` another
severity or `off`. See [configuration](../configuration.md)."""
_CALL = "import sys; from truehop.cli import main; sys.argv[0] = 'truehop'; sys.exit(main())"


def page(rule: Rule) -> str:
    """A rule's page: its metadata, its docstring, its settings and how to silence it."""
    summary, _, body = inspect.cleandoc(rule.doc).partition("\n")
    lines = [
        f"# {rule.id}",
        "",
        summary,
        "",
        "| severity | group | since |",
        "|---|---|---|",
        f"| {rule.severity.value} | {rule.group}: {GROUPS.get(rule.group, rule.group)} | {rule.since} |",
        "",
        body.strip(),
        "",
    ]
    if rule.settings:
        lines += ["## Settings", "", "| name | default | meaning |", "|---|---|---|"]
        lines += [_setting_row(setting) for setting in rule.settings]
        lines += [""]
    lines += ["## Accepting it", "", _ACCEPTING.format(id=rule.id), ""]
    return "\n".join(lines)


def _setting_row(setting: Setting) -> str:
    return f"| `{setting.name}` | `{json.dumps(setting.default)}` | {_cell(setting.doc)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _by_group(rules: Iterable[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    order = {group: place for place, group in enumerate(GROUPS)}
    ranked = sorted(rules, key=lambda rule: (order.get(rule.group, len(order)), rule.group, rule.id))
    for group, members in groupby(ranked, key=lambda rule: rule.group):
        yield group, list(members)


def catalogue(rules: Iterable[Rule], folder: str) -> str:
    """The catalogue as Markdown tables, links relative to a folder of pages."""
    lines: list[str] = []
    for group, members in _by_group(rules):
        lines += [
            f"**{group}**: {GROUPS.get(group, group)}",
            "",
            "| rule | severity | fires when |",
            "|---|---|---|",
        ]
        lines += [
            f"| [`{rule.id}`]({folder}{rule.id}.md) | {rule.severity.value} | {_cell(rule.title)} |"
            for rule in members
        ]
        lines += [""]
    return "\n".join(lines)


def navigation(rules: Iterable[Rule]) -> str:
    """The rules' part of the site's menu."""
    lines = ["      - rules/index.md"]
    for group, members in _by_group(rules):
        lines.append(f"      - {group}:")
        lines += [f"          - {rule.id}: rules/{rule.id}.md" for rule in members]
    return "\n".join(lines) + "\n"


def rule_settings_schema(rules: Iterable[Rule]) -> dict[str, object]:
    """What ``rules:`` in the configuration may hold: each rule with its own settings, nothing else."""
    return {rule.id: _choice_schema(rule) for rule in sorted(rules, key=lambda rule: rule.id)}


def _choice_schema(rule: Rule) -> dict[str, object]:
    severities: dict[str, object] = {"enum": ["error", "warning", "info", "off"]}
    properties: dict[str, object] = {"severity": severities}
    for setting in rule.settings:
        described = {"description": setting.doc, "default": setting.default}
        properties[setting.name] = {**_type_of(setting.default), **described}
    whole: dict[str, object] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {"description": rule.title, "anyOf": [severities, whole]}


def _type_of(default: object) -> dict[str, object]:
    match default:
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case str():
            return {"type": "string"}
        case list() | tuple():
            return {"type": "array", "items": {"type": "string"}}
        case _:
            return {}


def run(command: str, root: Path) -> str:
    """What a ``truehop …`` command prints, run in the repository's folder; 100 columns, no colour."""
    program, *arguments = shlex.split(command)
    if program != "truehop":
        message = f"only truehop is run, not {program!r}"
        raise ValueError(message)
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONHASHSEED": "0"}
    done = subprocess.run(  # noqa: S603 (our own program, with words from our own pages)
        [sys.executable, "-c", _CALL, *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )
    said = "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())
    return f"```console\n$ {command}\n{said}\n```\n"


def fill(text: str, makers: Mapping[str, Callable[[], str]], root: Path) -> str:
    """The text with every block between its markers made anew."""

    def replace(match: re.Match[str]) -> str:
        what = match["what"]
        body = run(what, root) if match["kind"] == "run" else makers[what]()
        return f"{match['begin']}{body}{match['end']}"

    return _BLOCK.sub(replace, text)


def outputs(root: Path) -> Iterator[tuple[Path, str]]:
    """Every derived file, relative to the root, with what it should hold."""
    rules = all_rules()
    for rule in rules:
        yield Path("docs/rules", f"{rule.id}.md"), page(rule)
    yield Path("docs/rules/index.md"), f"# Rules\n\n{catalogue(rules, '')}"
    makers = {
        "catalogue": lambda: catalogue(rules, "docs/rules/"),
        "navigation": lambda: navigation(rules),
        "exit codes": _exit_codes,
        "configuration": lambda: _configuration(root),
    }
    for written in sorted([*root.glob("*.md"), *root.glob("docs/*.md"), root / "mkdocs.yml"]):
        text = written.read_text(encoding="utf-8")
        if _BLOCK.search(text):
            yield written.relative_to(root), fill(text, makers, root)
    for schema in sorted((root / SCHEMAS).glob("*.json")):
        text = schema.read_text(encoding="utf-8")
        if schema.name == "config.schema.json":
            text = _with_rules(text, rules)
            yield schema.relative_to(root), text
        yield Path("schemas", schema.name), text


def _with_rules(text: str, rules: Iterable[Rule]) -> str:
    schema = json.loads(text)
    schema["properties"]["rules"]["properties"] = rule_settings_schema(rules)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _configuration(root: Path) -> str:
    """The keys of ``truehop.yaml``, a table for the whole and one for each kind of entry."""
    schema = json.loads((root / SCHEMAS / "config.schema.json").read_text(encoding="utf-8"))
    parts = {"truehop.yaml": schema, **schema.get("$defs", {})}
    lines: list[str] = []
    for title, part in parts.items():
        if "properties" in part:
            lines += [f"**{title}**", "", "| key | meaning |", "|---|---|"]
            lines += [f"| `{key}` | {_meaning(value, parts)} |" for key, value in part["properties"].items()]
            lines += [""]
    return "\n".join(lines)


def _meaning(value: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]]) -> str:
    target = parts.get(str(value.get("$ref", "")).rpartition("/")[2], {})
    words = _cell(value.get("description") or target.get("description") or "")
    choices = value.get("enum") or target.get("enum") or []
    return " ".join([words, *([f"({', '.join(f'`{choice}`' for choice in choices)})"] if choices else [])])


def _exit_codes() -> str:
    rows = "".join(f"| {code.value} | {code.meaning} |\n" for code in Exit)
    return f"| exit code | meaning |\n|---|---|\n{rows}"


def stale(root: Path) -> list[Path]:
    """The pages of rules that are no more."""
    known = {"index", *(rule.id for rule in all_rules())}
    return [path.relative_to(root) for path in sorted(root.glob("docs/rules/*.md")) if path.stem not in known]


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write what is derived, or with ``--check`` say what is not fresh."""
    only_checks = "--check" in (sys.argv[1:] if arguments is None else arguments)
    if not (root / "pyproject.toml").is_file():
        print("generate: this is no checkout of the repository", file=sys.stderr)
        return 2
    wrong = 0
    for path, text in outputs(root):
        target = root / path
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            continue
        wrong += 1
        if only_checks:
            print(f"{path}: not fresh, run `make generate`")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        print(f"{path}: written")
    for path in stale(root):
        wrong += 1
        if only_checks:
            print(f"{path}: the rule is gone, run `make generate`")
            continue
        (root / path).unlink()
        print(f"{path}: removed")
    return int(bool(wrong) and only_checks)


if __name__ == "__main__":
    sys.exit(main())
