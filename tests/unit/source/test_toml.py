"""TOML in strings has the places of its keys and values, told in the outer file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.source.location import Location, ObjectRef
from truehop.source.toml import parse_toml
from truehop.source.tree import Document, SourceFile, Text
from truehop.source.yaml import load_documents, text_document

STATIC = """\
# entryPoints.smtp = no
title = 'a\\b'
[entryPoints]
  [entryPoints.smtp]
    address = ":25"   # smtp
    [entryPoints.smtp.proxyProtocol]
    trustedIPs = ["10.0.0.0/8", "10.0.0.0/8",
      "192.168.0.0/16"]
    insecure = true
[entryPoints."web secure"]
address = "é\\u00e9"
[log]
level.now = 3
text = \"\"\"
[no.header]
a = 1
\"\"\"
when = 2024-01-01T00:00:00
[[tcp.routers]]
name = "one"
[[tcp.routers]]
name = "two"
tls = { passthrough = true, options = {name = "x"} }
[tcp.routers.deep]
x = 0x10
"""


def text_of(document: Document, *keys: str | int) -> Text:
    text = document.cursor().get(*keys).text
    assert text is not None
    return text


def cut(text: str, at: Location) -> str:
    rows = text.split("\n")[at.line - 1 : at.end_line]
    rows[-1] = rows[-1][: at.end_column - 1]
    rows[0] = rows[0][at.column - 1 :]
    return "\n".join(rows)


def parse(text: str) -> Document:
    document = parse_toml(text_of(text_document(SourceFile("traefik.toml", text))))
    assert document is not None
    return document


@pytest.mark.parametrize(
    ("keys", "line", "written"),
    [
        (("title",), 2, "a\\b"),
        (("entryPoints", "smtp", "address"), 5, ":25"),
        (("entryPoints", "smtp", "proxyProtocol", "trustedIPs", 0), 7, "10.0.0.0/8"),
        (("entryPoints", "smtp", "proxyProtocol", "trustedIPs", 1), 7, "10.0.0.0/8"),
        (("entryPoints", "smtp", "proxyProtocol", "trustedIPs", 2), 8, "192.168.0.0/16"),
        (("entryPoints", "smtp", "proxyProtocol", "insecure"), 9, "true"),
        (("entryPoints", "web secure", "address"), 11, '"é\\u00e9"'),
        (("log", "level", "now"), 13, "3"),
        (("log", "text"), 15, "[no.header]\na = 1"),
        (("tcp", "routers", 0, "name"), 20, "one"),
        (("tcp", "routers", 1, "name"), 22, "two"),
        (("tcp", "routers", 1, "tls", "passthrough"), 23, "true"),
        (("tcp", "routers", 1, "tls", "options", "name"), 23, "x"),
        (("tcp", "routers", 1, "deep", "x"), 25, "0x10"),
    ],
)
def test_a_value_stands_where_it_is_written(keys: tuple[str | int, ...], line: int, written: str) -> None:
    at = parse(STATIC).cursor().get(*keys).location()
    assert (at.line, cut(STATIC, at)) == (line, written)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("entryPoints",), 3),
        (("entryPoints", "smtp"), 4),
        (("entryPoints", "smtp", "proxyProtocol"), 6),
        (("entryPoints", "smtp", "proxyProtocol", "nothing"), 6),
        (("entryPoints", "web secure"), 10),
        (("tcp", "routers", 1, "tls", "options"), 23),
    ],
)
def test_a_key_stands_in_its_header_or_line(keys: tuple[str | int, ...], line: int) -> None:
    place = parse(STATIC).cursor().get(*keys)
    at = place.key_location()
    assert (at.line, cut(STATIC, at)) == (line, keys[-1] if place.exists else "proxyProtocol")


def test_words_keep_their_types() -> None:
    place = parse(STATIC).cursor()
    assert place.get("entryPoints", "smtp", "proxyProtocol", "insecure").boolean() is True
    assert place.get("tcp", "routers", 1, "deep", "x").integer() == 16
    assert place.get("title").is_string
    assert place.get("log", "when").string() == "2024-01-01 00:00:00"
    assert len(list(place.get("tcp", "routers").items())) == 2


def test_places_in_a_configmap_are_told_there() -> None:
    text = "kind: ConfigMap\nmetadata: {name: t}\ndata:\n  t.toml: |\n    [a]\n    b = 'x, yz'\n"
    outer = load_documents(SourceFile("f.yaml", text)).documents[0]
    document = parse_toml(text_of(outer, "data", "t.toml"))
    assert document is not None
    at = text_of(document, "a", "b").split()[1].location()
    assert (cut(text, at), at.pointer, at.object) == ("yz", "0#/data/t.toml/a/b", ObjectRef("ConfigMap", "t"))


@pytest.mark.parametrize("text", ["a: 1", "[", "a = " + "[" * 5000, ".".join("a" * 5000) + " = 1", "a = '''"])
def test_what_is_no_toml_is_nothing(text: str) -> None:
    assert parse_toml(text_of(text_document(SourceFile("f", text)))) is None


VALUE = st.recursive(
    st.booleans() | st.integers(-9, 99) | st.text(st.sampled_from("ab/. é\"'\\"), max_size=6),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.text(st.sampled_from("abc"), min_size=1, max_size=3), VALUE, max_size=4))
def test_every_value_is_there_and_inside_the_text(values: dict[str, object]) -> None:
    text = "[t]\n" + "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()
    )
    document = parse(text)
    for name, place in document.cursor().get("t").entries():
        assert cut(text, place.key_location()) == name
        for leaf in place.items() if place.is_sequence else [place]:
            at = leaf.location()
            assert (2, 1) <= (at.line, at.column) <= (at.end_line, at.end_column)
            assert cut(text, at) is not None
        if isinstance(values[name], str):
            assert place.string("") == values[name]
