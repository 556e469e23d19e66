"""TOML with places."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.adapters.traefik.toml import parse_toml
from truehop.source.tree import Mapping, Node, Scalar, Sequence


def plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(entry) for entry in node.items]
    assert isinstance(node, Scalar)
    return node.value


def cut(text: str, node: Node) -> str:
    assert node.line == node.end_line
    return text.split("\n")[node.line - 1][node.column - 1 : node.end_column - 1]


def test_tables_arrays_and_strings_are_read() -> None:
    text = (
        'a = 1 # one\nb.c = "x\\ty"\n"d e" = \'raw\\\'\n[t]\nlist = ["1", \'2\', # two\n 3]\n'
        "in = {x = true, y.z = 1.5}\n[[s.r]]\nn = 1\n[[s.r]]\nn = 2\n[s.r.sub]\nm = 3\n"
        'long = """\none\ntwo"""\nwhen = 1979-05-27 07:32:00\n'
    )
    found = parse_toml(text)
    assert found is not None
    assert plain(found) == {
        "a": "1",
        "b": {"c": "x\ty"},
        "d e": "raw\\",
        "t": {"list": ["1", "2", "3"], "in": {"x": "true", "y": {"z": "1.5"}}},
        "s": {
            "r": [
                {"n": "1"},
                {"n": "2", "sub": {"m": "3", "long": "one\ntwo", "when": "1979-05-27 07:32:00"}},
            ]
        },
    }


def test_each_value_knows_its_place() -> None:
    text = '# top\n[entryPoints.smtp]\n  address = ":25"\n  list = ["10.0.0.1",\n    "10.0.0.2"]\n'
    found = parse_toml(text)
    assert found is not None
    smtp = found.entries["entryPoints"][1]
    assert isinstance(smtp, Mapping)
    table = smtp.entries["smtp"][1]
    assert isinstance(table, Mapping)
    key, address = table.entries["address"]
    assert (cut(text, key), cut(text, address)) == ("address", ":25")
    entries = table.entries["list"][1]
    assert isinstance(entries, Sequence)
    assert [cut(text, entry) for entry in entries.items] == ["10.0.0.1", "10.0.0.2"]


def test_line_ends_of_windows_are_read() -> None:
    found = parse_toml('[a]\r\nb = "c"\r\n')
    assert found is not None
    assert plain(found) == {"a": {"b": "c"}}


@pytest.mark.parametrize("text", ["[", "a = ", "= 1", "a = 1\na = 2", "x" * 1_000_001, "a = " + "[" * 5000])
def test_what_is_no_toml_is_none(text: str) -> None:
    assert parse_toml(text) is None


@given(st.text(alphabet="ab.=[]{}\"'#,\n 1\\t", max_size=60))
def test_no_text_crashes_it_and_keys_agree_with_the_library(text: str) -> None:
    found = parse_toml(text)
    try:
        wanted = tomllib.loads(text.replace("\r\n", " \n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        assert found is None
        return
    assert found is not None
    assert set(found.entries) == set(wanted)
