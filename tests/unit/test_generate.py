"""The generator, on a small repository of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import jsonschema
import pytest

from truehop import generate
from truehop.rules.base import ERROR, WARNING, Report, Rule, Setting

PAGE = """A listener believes anybody.

    ## Why

    Because a | b.
    """


def _never(*_: object) -> Iterable[Report]:
    return ()


def _rule(name: str, group: str, **given: object) -> Rule:
    doc = PAGE
    settings = given.pop("settings", ())
    assert isinstance(settings, tuple)
    return Rule(
        id=name,
        group=group,
        severity=ERROR if group == "trust" else WARNING,
        since="0.1",
        reads=frozenset(),
        check=_never,
        doc=doc,
        settings=settings,
        title="A listener believes anybody",
    )


SETTINGS = (
    Setting("ipv4", 16, "shortest | prefix"),
    Setting("strict", default=False, doc="whether"),
    Setting("name", "x", "which"),
    Setting("names", ("a",), "which ones"),
    Setting("any", None, "whatever"),
)
RULES = (
    _rule("route-dangling", "route"),
    _rule("trust-any", "trust", settings=SETTINGS),
    _rule("odd", "other"),
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with three rules, a page with every kind of block, and a config schema."""
    monkeypatch.setattr(generate, "all_rules", lambda: RULES)
    (tmp_path / "pyproject.toml").write_text("")
    schemas = tmp_path / generate.SCHEMAS
    schemas.mkdir(parents=True)
    schema = {
        "type": "object",
        "properties": {
            "rules": {"type": "object", "description": "Rules.", "additionalProperties": False},
            "world": {"$ref": "#/$defs/world"},
            "front": {"$ref": "#/$defs/front"},
        },
        "$defs": {
            "world": {"description": "What is missing.", "enum": ["open", "closed"]},
            "front": {"properties": {"sends": {"description": "What | it sends."}}},
        },
    }
    (schemas / "config.schema.json").write_text(json.dumps(schema))
    (schemas / "report.schema.json").write_text("{}\n")
    (tmp_path / "README.md").write_text(
        "# x\n<!-- begin generated: catalogue -->\nold\n<!-- end generated -->\n"
        "<!-- begin generated: exit codes -->\n<!-- end generated -->\n"
        "<!-- begin generated: configuration -->\n<!-- end generated -->\nafter\n"
    )
    (tmp_path / "plain.md").write_text("nothing derived\n")
    (tmp_path / "mkdocs.yml").write_text("nav:\n# begin generated: navigation\n# end generated\n")
    return tmp_path


def test_page_holds_summary_metadata_and_body() -> None:
    text = generate.page(RULES[0])
    assert text.startswith("# route-dangling\n\nA listener believes anybody.\n")
    assert "| warning | route: routes that do not do what they say | 0.1 |" in text
    assert "\n## Why\n\nBecause a | b.\n" in text
    assert "## Settings" not in text
    assert "# truehop: ignore[route-dangling] the reason" in text


def test_page_lists_settings_with_defaults() -> None:
    text = generate.page(RULES[1])
    assert "| `ipv4` | `16` | shortest \\| prefix |" in text
    assert '| `names` | `["a"]` | which ones |' in text


def test_catalogue_goes_by_group_and_links_each_rule() -> None:
    text = generate.catalogue(RULES, "pages/")
    assert text.index("trust-any") < text.index("route-dangling") < text.index("odd")
    assert "| [`odd`](pages/odd.md) | warning | A listener believes anybody |" in text


def test_rule_settings_schema_takes_severities_and_own_settings_alone() -> None:
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": generate.rule_settings_schema(RULES),
    }
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    good = {"severity": "error", "ipv4": 20, "strict": True, "name": "y", "names": ["b"], "any": 1.5}
    assert judge.is_valid({"trust-any": good, "odd": "off"})
    wrongs: list[object] = [{"ipv6": 1}, {"ipv4": "x"}, {"strict": 1}, {"name": 1}, {"names": "b"}, "loud"]
    assert [wrong for wrong in wrongs if judge.is_valid({"trust-any": wrong})] == []


def test_run_shows_the_command_and_what_it_prints() -> None:
    shown = generate.run("truehop --version", generate.ROOT)
    assert shown.startswith("```console\n$ truehop --version\n")
    assert "0." in shown
    assert shown.endswith("\n```\n")


def test_run_refuses_any_other_program() -> None:
    with pytest.raises(ValueError, match="only truehop is run"):
        generate.run("rm -r x", generate.ROOT)


def test_blocks_are_filled_and_the_rest_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "run", lambda command, _: f"<{command}>\n")
    text = "a\n<!-- begin run: truehop rules -->\nold\n<!-- end run -->\nb <!-- begin run: x -->\n"
    filled = generate.fill(text, {}, root)
    assert filled == text.replace("old\n", "<truehop rules>\n")


def test_main_writes_what_check_then_finds_fresh(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"], root) == 1
    assert "README.md: not fresh" in capsys.readouterr().out
    assert generate.main([], root) == 0
    written = capsys.readouterr().out
    assert "docs/rules/trust-any.md: written" in written
    assert "plain.md" not in written
    assert generate.main(["--check"], root) == 0
    readme = (root / "README.md").read_text()
    assert readme.startswith("# x\n")
    assert readme.endswith("<!-- end generated -->\nafter\n")
    assert "(docs/rules/odd.md)" in readme
    assert "| 4 | a rule crashed" in readme
    assert "| `world` | What is missing. (`open`, `closed`) |" in readme
    assert "| `sends` | What \\| it sends. |" in readme
    assert "          - odd: rules/odd.md\n" in (root / "mkdocs.yml").read_text()
    config = json.loads((root / "schemas/config.schema.json").read_text())
    assert set(config["properties"]["rules"]["properties"]) == {"odd", "route-dangling", "trust-any"}
    assert (root / "schemas/report.schema.json").read_text() == "{}\n"


def test_main_removes_the_page_of_a_rule_that_is_gone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate.main([], root)
    (root / "docs/rules/old.md").write_text("")
    capsys.readouterr()
    assert generate.main(["--check"], root) == 1
    assert "docs/rules/old.md: the rule is gone" in capsys.readouterr().out
    assert generate.main([], root) == 0
    assert not (root / "docs/rules/old.md").exists()


def test_main_takes_its_arguments_from_the_command_line(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generate.main(None, root) == 1


def test_main_says_so_where_there_is_no_checkout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main([], tmp_path) == 2
    assert "no checkout" in capsys.readouterr().err
