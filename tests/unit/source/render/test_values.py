"""Values laid over values, and what their schema says of the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.charts import read_chart
from truehop.source.nodes import Mapping, Node, Scalar, Sequence, SourceFile
from truehop.source.render.calls import Call
from truehop.source.render.overlay import lay_over, of_settings, under
from truehop.source.render.told import Texts
from truehop.source.render.values import ValuesChain, values_chain
from truehop.source.yaml import load_documents

from .hand import write


def tree(text: str) -> Node:
    return load_documents(SourceFile("v.yaml", text)).documents[0].root


def plain(node: Node | None) -> object:
    if isinstance(node, Mapping):
        return {name: plain(value) for name, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(value) for value in node.items]
    return (
        (node.value, node.style) if isinstance(node, Scalar) and node.style else getattr(node, "value", None)
    )


def laid(below: str, above: str) -> object:
    return plain(lay_over(tree(below), tree(above)))


def test_mappings_are_merged_key_by_key() -> None:
    assert laid("{a: {b: 1, c: 2}, d: 3}", "{a: {c: 4}, e: 5}") == {
        "a": {"b": "1", "c": "4"},
        "d": "3",
        "e": "5",
    }


def test_lists_and_scalars_are_replaced() -> None:
    assert laid("{a: [1, 2], b: {c: 1}}", "{a: [3], b: 2}") == {"a": ["3"], "b": "2"}
    assert laid("{a: 1}", "x") == "x"


def test_null_takes_a_key_away() -> None:
    assert laid("{a: 1, b: 2}", "{a: null, b: ~, c: null, d: 'null'}") == {"d": ("null", "'")}


def test_a_node_is_put_below_a_path() -> None:
    assert plain(under(("a", "b"), tree("1"))) == {"a": {"b": "1"}}


@pytest.mark.parametrize(
    ("typed", "texts", "expected"),
    [
        (["a=1"], [], {"a": "1"}),
        (["a.b=1,c=2"], ["a.d=3"], {"a": {"b": "1", "d": ("3", '"')}, "c": "2"}),
        ([r"a\.b=1\,2"], [], {"a.b": "1,2"}),
        (["a={x,y}"], ["b={1,2}"], {"a": ["x", "y"], "b": [("1", '"'), ("2", '"')]}),
        (["a={}"], [], {"a": []}),
        (["a="], [], {"a": ("", '"')}),
        (["a=x=y"], [], {"a": "x=y"}),
        (["a=1", "a=2"], [], {"a": "2"}),
        (["a=x\\"], [], {"a": "x\\"}),
        (["a=}"], [], {"a": "}"}),
    ],
)
def test_settings_are_values(typed: list[str], texts: list[str], expected: object) -> None:
    assert plain(of_settings(typed, texts)) == expected


@pytest.mark.parametrize("word", ["a", "a[0]=1", "=1", "a..b=1", ".".join(["a"] * 31) + "=1"])
def test_settings_that_say_more_than_is_read_are_left_to_helm(word: str) -> None:
    assert of_settings([word], []) is None


SCHEMA = """{"properties": {"port": {"type": "integer"}, "name": {"type": "string"}, "web": {}},
 "required": ["name"], "additionalProperties": false}"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    write(
        tmp_path,
        c__Chart_yaml="name: c\ndependencies: [{name: web, alias: front}, {name: web, alias: back}]\n",
        c__values_yaml="name: c\n",
        c__values_schema_json=SCHEMA,
    )
    (tmp_path / "c" / "values.schema.json").write_text(SCHEMA)
    return tmp_path


def chain(base: Path, *values: str, call: Call | None = None) -> ValuesChain:
    return values_chain(read_chart(base / "c", "c"), [base / name for name in values], Texts(base), call)


def found(values: ValuesChain) -> list[tuple[str, str]]:
    return [(str(problem.at), problem.message) for problem in values.violations()]


def test_a_violation_stands_in_the_file_that_says_it(base: Path) -> None:
    write(base, one_yaml="port: many\nlost: 1\n", two_yaml="name: 1\n")
    assert found(chain(base, "one.yaml", "two.yaml")) == [
        ("two.yaml:1:7", "name is 1, not a text"),
        ("one.yaml:1:7", 'port is "many", not a whole number'),
        ("one.yaml:2:1", "unknown key lost"),
    ]


def test_a_later_file_mends_an_earlier_one(base: Path) -> None:
    write(base, one_yaml="port: many\n", two_yaml="port: 2\n")
    assert found(chain(base, "one.yaml", "two.yaml")) == []


def test_what_is_missing_is_told_at_the_last_file(base: Path) -> None:
    write(base, one_yaml="name: null\nport: 1\n")
    [(place, message)] = found(chain(base, "one.yaml"))
    assert (place, message[-10:]) == ("one.yaml:1:1", "lacks name")


def test_what_the_command_line_sets_counts(base: Path) -> None:
    write(base, c__values_yaml="port: 1\n")
    assert found(chain(base, call=Call(base, set_string=("name=1",)))) == []
    assert found(chain(base, call=Call(base, set=("name=x,port=many",)))) == [
        ("c/Chart.yaml", 'port is "many", not a whole number')
    ]


def test_settings_that_are_not_understood_leave_the_schema_to_helm(base: Path) -> None:
    write(base, c__values_yaml="port: many\n")
    assert found(chain(base, call=Call(base, set=("a[0]=1",)))) == []


def test_a_chart_without_values_has_no_violations(base: Path) -> None:
    (base / "c" / "values.yaml").unlink()
    assert found(chain(base)) == []


def test_a_chart_without_a_schema_allows_everything(base: Path) -> None:
    (base / "c" / "values.schema.json").unlink()
    write(base, c__values_yaml="port: many\n")
    assert found(chain(base)) == []


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{", ("c/values.schema.json:1:2", "no json: Expecting property name enclosed in double quotes")),
        ("[]", ("c/values.schema.json:1:1", "a schema is a mapping")),
        ("[" * 100_000, ("c/values.schema.json", "nested too deep")),
        ('{"maximum": ' + "9" * 5000 + "}", ("c/values.schema.json", "a number with too many digits")),
        ("false", ("c/values.yaml:1:1", "is not allowed here")),
    ],
)
def test_a_schema_that_is_none_is_told(base: Path, schema: str, expected: tuple[str, str]) -> None:
    (base / "c" / "values.schema.json").write_text(schema)
    [(place, message)] = found(chain(base))
    assert place == expected[0]
    assert expected[1] in message


def test_the_schema_that_allows_all_allows_all(base: Path) -> None:
    (base / "c" / "values.schema.json").write_text("true")
    assert found(chain(base)) == []


def test_a_schema_that_is_no_text_is_told(base: Path) -> None:
    (base / "c" / "values.schema.json").write_bytes(b"\xff")
    assert [place for place, _ in found(chain(base))] == ["c/values.schema.json:1:1"]


def test_subcharts_have_their_values_below_their_aliases(base: Path) -> None:
    write(
        base,
        c__charts__web__Chart_yaml="name: web\n",
        c__charts__web__values_yaml="port: 80\nname: w\n",
        c__charts__web__charts__deep__Chart_yaml="name: deep\n",
        c__charts__web__charts__deep__values_yaml="x: 1\n",
        c__charts__notes__README_md="",
        c__values_yaml="name: c\nfront: {port: 81}\n",
    )
    values = chain(base)
    assert [one.base for one in values.subcharts] == [
        ("front",),
        ("front", "deep"),
        ("back",),
        ("back", "deep"),
    ]
    assert plain(values.merged) == {
        "name": "c",
        "front": {"port": "81", "name": "w", "deep": {"x": "1"}},
        "back": {"port": "80", "name": "w", "deep": {"x": "1"}},
    }


def test_a_subchart_that_holds_itself_ends(base: Path) -> None:
    write(base, c__charts__web__Chart_yaml="name: web\n")
    (base / "c" / "charts" / "web" / "charts").symlink_to(base / "c" / "charts")
    assert len(chain(base).subcharts) < 20


def test_inner_violations_name_the_whole_path(base: Path) -> None:
    write(
        base,
        c__charts__web__Chart_yaml="name: web\n",
        c__charts__web__values_yaml="port: x\n",
        c__values_yaml="name: c\nfront: {port: yy}\n",
    )
    (base / "c" / "charts" / "web" / "values.schema.json").write_text(
        '{"properties": {"port": {"type": "integer"}}}'
    )
    assert [(str(problem.at), problem.message) for problem in chain(base).inner_violations()] == [
        ("c/values.yaml:2:15", 'front.port is "yy", not a whole number'),
        ("c/charts/web/values.yaml:1:7", 'back.port is "x", not a whole number'),
    ]


def test_what_no_file_says_is_told_at_the_chart(base: Path) -> None:
    write(base, c__charts__web__Chart_yaml="name: web\n")
    (base / "c" / "charts" / "web" / "values.schema.json").write_text('{"required": ["port"]}')
    assert {str(problem.at) for problem in chain(base).inner_violations()} == {"c/Chart.yaml"}


def test_values_that_are_no_yaml_are_told_for_the_charts_own_files(base: Path) -> None:
    write(
        base,
        c__values_yaml="a: [\n",
        c__charts__web__Chart_yaml="name: web\n",
        c__charts__web__values_yaml="b: [\n",
    )
    values = chain(base)
    assert [(problem.rule, problem.at.path) for problem in values.problems] == [
        ("invalid-yaml", "c/values.yaml")
    ]
    assert values.originals == []
