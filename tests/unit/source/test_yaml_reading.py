"""What the loader makes of YAML and JSON."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from truehop.source.location import ObjectRef
from truehop.source.problems import INVALID, NOT_JUDGED
from truehop.source.scalars import Resolved, resolve
from truehop.source.tree import Mapping, Scalar
from truehop.source.yaml import load_embedded, parse_embedded

from .test_yaml import CLASHING, load, plain, told, value_of

# --- what is read ------------------------------------------------------------------------------


@given(st.lists(CLASHING, max_size=4))
def test_it_reads_what_pyyaml_reads(pieces: list[str]) -> None:
    text = "\n---\n".join(pieces)
    if not text.isprintable() and any(letter in text for letter in "\x85\u2028\r\ufeff"):
        return
    try:
        nodes = [node for node in yaml.compose_all(text, Loader=yaml.CLoader) if node is not None]
    except (yaml.YAMLError, UnicodeEncodeError):
        return
    wanted = [node.value for node in nodes if isinstance(node, yaml.ScalarNode) and node.value]
    loaded = load(text)
    if not loaded.problems and "items" not in text:
        assert [
            document.root.value for document in loaded.documents if isinstance(document.root, Scalar)
        ] == wanted


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text("abcä<.", max_size=4), JSON), st.booleans(), st.sampled_from([None, 2, "\t"]))
@pytest.mark.usefixtures("_parser")
def test_json_is_read_as_json_means_it(
    value: dict[str, object], ascii_only: bool, indent: int | str | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    raw = json.dumps(value, ensure_ascii=False)
    if any("\x7f" <= letter <= "\x9f" or letter in "\ufffe\uffff" for letter in text):
        return  # JSON allows them as they are, YAML does not
    if any("\ue000" <= letter <= "\ue7ff" or "\uf000" <= letter <= "\uf002" for letter in raw):
        return  # the stand-ins themselves
    loaded = load(text)
    assert [value_of(document.root) for document in loaded.documents] == [value]


def test_json_with_tabs_before_it_is_read() -> None:
    assert plain(load('\t{\n\t"a":\t[\t1\t]}\n').documents[0].root) == {"a": ["1"]}


def test_json_with_a_raw_separator_and_an_escaped_pair_is_read() -> None:
    assert plain(load('{"a": "\u2028\\ud83d\\ude00"}').documents[0].root) == {"a": "\u2028😀"}


def test_a_text_that_holds_the_stand_ins_is_read_as_the_parser_does() -> None:
    assert plain(load("a: '\uf000\u2028'").documents[0].root) == {"a": "\uf000\u2028"}
    assert told('{"a": "\ue000\\ud83d\\ude00"}') != []


def test_json_that_is_broken_stays_broken() -> None:
    assert told('\t{"a": [}') == [
        "invalid-yaml f.yaml:1:9: while parsing a flow node did not find expected node content"
    ]


@given(st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_line_ends_and_the_byte_order_mark_change_nothing(end: str, has_mark: bool) -> None:
    text = "a: |\n  x\n  y\nb: 'c\n\n  d'\n---\ne: f\n"
    there = load(("\ufeff" if has_mark else "") + text.replace("\n", end))
    here = load(text)
    assert [plain(document.root) for document in there.documents] == [
        plain(document.root) for document in here.documents
    ]
    assert there.documents[0].cursor().get("b").location() == here.documents[0].cursor().get("b").location()
    assert there.documents[1].cursor().get("e").location().line == 8


def test_a_broken_document_leaves_the_others_their_lines() -> None:
    loaded = load("a: 1\n---\nb: [\n---\nc: 3\n---\nd: {{ .Values.d }}\n---\ne: 5\n")
    assert [(document.prefix, plain(document.root)) for document in loaded.documents] == [
        ("0#", {"a": "1"}), ("2#", {"c": "3"}), ("4#", {"e": "5"}),
    ]  # fmt: skip
    assert [
        document.cursor().get(key).location().line
        for document, key in zip(loaded.documents, "ace", strict=True)
    ] == [1, 5, 9]
    assert [(problem.rule, problem.at.line, problem.at.pointer) for problem in loaded.problems] == [
        (INVALID, 4, "1#"), (NOT_JUDGED, 7, "3#"),
    ]  # fmt: skip
    assert loaded.problems[1].message == "an unrendered template: a collection stands where a key belongs"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: \x00", "invalid-yaml f.yaml:1:4: character #x00 is not allowed"),
        ("é: 1\n---\né: \x01", "invalid-yaml f.yaml:3:4: character #x01 is not allowed"),
        ("a: \ud800", "invalid-yaml f.yaml:1:4: half of a surrogate pair is no character"),
        ("a: *b", "invalid-yaml f.yaml:1:4: alias *b without an anchor &b before it"),
        ("a: &b [*b]", "invalid-yaml f.yaml:1:8: anchor &b contains itself"),
        ("[a]: b", "invalid-yaml f.yaml:1:1: a collection stands where a key belongs"),
        ("a: b\n\u2028--- c", "invalid-yaml"),
        ("%YAML 3.0\n--- a\n", "invalid-yaml f.yaml:1:1: found incompatible YAML document"),
    ],
)
def test_a_broken_document_is_told_with_its_place(text: str, wanted: str) -> None:
    (message,) = told(text) or ["invalid-yaml"]
    assert message.startswith(wanted)


def test_a_document_that_ends_where_only_the_parser_sees_it_is_told() -> None:
    assert told("a: '\uf000'\u2028--- c") == ["invalid-yaml f.yaml:2:1: a second document begins without ---"]


@pytest.mark.usefixtures("_parser")
def test_merge_keys_give_way_to_own_keys_and_to_earlier_ones() -> None:
    text = (
        "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\n"
        "one: {<<: *x, b: 9}\nmany:\n  c: 9\n  <<: [*y, *x]\n"
        "quoted: {'<<': *x}\nword: {<<: no}\nbad: {<<: [1]}\n"
    )
    root = plain(load(text).documents[0].root)
    assert isinstance(root, dict)
    assert root["one"] == {"a": "1", "b": "9"}
    assert root["many"] == {"a": "1", "b": "2", "c": "9"}
    assert root["quoted"] == {"<<": {"a": "1", "b": "1"}}
    assert root["word"] == {"<<": "no"}
    assert root["bad"] == {"<<": ["1"]}


def test_a_key_given_twice_is_kept_and_the_last_one_wins() -> None:
    root = load("a: 1\nb: 2\n'a': 3\na: 4\n").documents[0].root
    assert isinstance(root, Mapping)
    assert plain(root) == {"a": "4", "b": "2"}
    assert [(first.line, second.line) for first, second in root.duplicates] == [(1, 3), (3, 4)]


def test_an_alias_is_the_anchored_node_itself() -> None:
    root = load("a: &k v\nb: *k\n*k : c\n").documents[0].root
    assert isinstance(root, Mapping)
    assert root.entries["a"][1] is root.entries["b"][1]
    assert plain(root) == {"a": "v", "b": "v", "v": "c"}


@pytest.mark.usefixtures("_parser")
def test_collections_end_where_their_text_ends() -> None:
    text = (
        "a: &x\n  b: &y\n  - 1\n  - 2\n\n# comment\n\nc: !t [1, 2 ]\nd: {e: f}\n"
        "g:\n  h: |\n    i\n\nj: *x\nk: &z\n"
    )
    root = load(text).documents[0].cursor()

    def span(*keys: str) -> tuple[int, int, int, int]:
        at = root.get(*keys).location()
        return at.line, at.column, at.end_line, at.end_column

    assert span("a") == (2, 3, 4, 6)
    assert span("a", "b") == (3, 3, 4, 6)
    assert span("c") == (8, 7, 8, 14)
    assert span("d") == (9, 4, 9, 10)
    assert span("g") == (11, 3, 12, 6)
    assert span("k") == (15, 6, 15, 6)
    assert span() == (1, 1, 15, 6)


def test_tags_are_kept_and_decide_what_a_word_is() -> None:
    root = load("a: !!str yes\nb: !vault x\nc: yes\nd: !!str\n").documents[0].cursor()
    assert root.get("a").boolean() is None
    assert root.get("a").is_string
    assert root.get("b").is_string
    assert root.get("c").boolean() is True
    assert not root.get("d").is_null
    assert [root.get(key).node.tag for key in "ab" if isinstance(root.get(key).node, Scalar)] == [  # type: ignore[union-attr]
        "tag:yaml.org,2002:str", "!vault",
    ]  # fmt: skip


def test_members_of_a_list_are_documents_of_their_own() -> None:
    text = (
        "kind: List\nitems:\n- {kind: Pod, metadata: {name: a, namespace: n}}\n"
        "- kind: List\n  items:\n  - {kind: Pod, metadata: {generateName: b-}}\n"
        "---\nkind: PodList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: c}}\n"
        "---\nkind: AccessList\nitems: [10.0.0.0/8]\n---\nkind: List\nitems: []\n"
    )
    documents = load(text).documents
    assert [(document.prefix, document.object) for document in documents] == [
        ("0#/items/0", ObjectRef("Pod", "a", "n")),
        ("0#/items/1/items/0", ObjectRef("Pod", "b-")),
        ("1#/items/0", ObjectRef("Pod", "c")),
        ("2#", None),
    ]
    assert documents[0].cursor().get("metadata", "name").location().pointer == "0#/items/0/metadata/name"


@pytest.mark.parametrize(
    "text", ["kind: [a]\nmetadata: {name: b}", "kind: a\nmetadata: b", "kind: a", "- a", "a"]
)
def test_what_is_no_object_has_no_name(text: str) -> None:
    assert load(text).documents[0].object is None


def test_helm_says_which_template_a_document_came_from() -> None:
    text = (
        "---\n# Source: c/templates/a.yaml\na: 1\n---\n# note\n# Source: c/templates/b.yaml\n# more\nb: 1\n"
        "---\nc: '\n\n# Source: no'\n---\n# Source: \nd: 1\n"
    )
    assert [document.template for document in load(text).documents] == [
        "c/templates/a.yaml", "c/templates/b.yaml", None, None,
    ]  # fmt: skip
    assert [document.template for document in load("# Source: x.yaml\n---\na: 1\n---\nb: 2\n").documents] == [
        "x.yaml",
        None,
    ]


# --- documents in strings -----------------------------------------------------------------------


def test_documents_in_a_string_have_pointers_through_it() -> None:
    text = (
        "# Source: t.yaml\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
        "  x: |\n    a: 1\n    ---\n    kind: List\n    items: [{b: 2}]\n"
    )
    outer = load(text).documents[0].cursor().get("data", "x").text
    assert outer is not None
    places = [document.cursor() for document in parse_embedded(outer)]
    assert [place.pointer for place in places] == ["0#/data/x", "0#/data/x/1/items/0"]
    at = places[1].get("b").location()
    assert (at.line, at.column, at.template, at.object) == (9, 17, "t.yaml", ObjectRef("ConfigMap", "c"))


def test_a_broken_document_in_a_string_is_told_in_the_outer_file() -> None:
    outer = load("data:\n  x: |\n    a: [\n    b\n").documents[0].cursor().get("data", "x").text
    assert outer is not None
    loaded = load_embedded(outer)
    assert loaded.documents == []
    (problem,) = loaded.problems
    assert (problem.rule, problem.at.line, problem.at.pointer) == (INVALID, 5, "0#/data/x")


# --- what plain words mean ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        *(
            ("", None),
            ("~", None),
            ("null", None),
            ("yes", True),
            ("off", False),
            ("n", False),
            ("nay", "nay"),
        ),
        *(("12", 12), ("-12", -12), ("+1_000", 1000), ("0x1F", 31), ("0o17", 15), ("017", 15), ("089", 89.0)),
        *(("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), ("1.", 1.0), ("0b11", 3), ("0b_", "0b_"), ("1__0", 10)),
        *((".inf", float("inf")), ("-.INF", float("-inf")), ("inf", "inf"), ("nan", "nan"), ("-", "-")),
        *(
            ("infinity", "infinity"),
            ("1.2.3", "1.2.3"),
            ("0x", "0x"),
            ("1:30", "1:30"),
            ("9" * 5000, "9" * 5000),
        ),
        ("2024-01-01", "2024-01-01"),
    ],
)
def test_plain_words_mean_what_they_mean_to_kubernetes(word: str, wanted: Resolved) -> None:
    found = resolve(word, "", None)
    assert (found, type(found)) == (wanted, type(wanted))
    assert resolve(word, '"', None) == word
    assert resolve(word, "", "!x") == word


def test_a_tag_makes_a_quoted_number_a_number() -> None:
    assert resolve("1", '"', "tag:yaml.org,2002:int") == 1
    assert resolve("", "", "tag:yaml.org,2002:null") is None
