"""A fingerprint names the defect, not its line."""

from __future__ import annotations

import pytest

from tests.unit.model.hand import at
from truehop.findings.fingerprints import Trees, with_fingerprints
from truehop.findings.outcome import Excerpt, Finding
from truehop.model.facts import Location
from truehop.rules.base import ERROR, Report
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents, parse_embedded

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: mta, namespace: mail}
spec:
  containers:
    - name: sidecar
    - name: mta/a
      args: ["--x", "--trust=0.0.0.0/0"]
      env:
        - {name: TRUSTED, value: 10.0.0.0/8}
  rules:
    - from: [a]
"""
VALUE = ("spec", "containers", 1, "env", 0, "value")
ARGUMENT = ("spec", "containers", 1, "args", 1)


def place(text: str, *path: str | int, document: int = 0) -> tuple[Trees, Location]:
    source = SourceFile("a.yaml", text)
    documents = load_documents(source).documents
    cursor: Cursor = documents[document].cursor().get(*path)
    return Trees(documents), cursor.location()


def identity(text: str, *path: str | int, document: int = 0) -> str:
    trees, where = place(text, *path, document=document)
    return trees.identity("some-rule", where)


def test_it_holds_rule_path_object_pointer_and_text() -> None:
    assert identity(DEPLOYMENT, *VALUE).split("\0") == [
        "some-rule",
        "a.yaml",
        "Deployment/mail/mta",
        "/spec/containers/name=mta~1a/env/name=TRUSTED/value",
        "10.0.0.0/8",
    ]


@pytest.mark.parametrize("path", [VALUE, ARGUMENT, ("spec", "rules", 0, "from")])
def test_lines_above_change_nothing(path: tuple[str | int, ...]) -> None:
    assert identity(DEPLOYMENT, *path) == identity("# more\n\n" + DEPLOYMENT, *path)


def test_a_document_before_changes_nothing() -> None:
    assert identity(DEPLOYMENT, *VALUE) == identity("a: b\n---\n" + DEPLOYMENT, *VALUE, document=1)


def test_another_order_of_named_entries_changes_nothing() -> None:
    other = DEPLOYMENT.replace("    - name: sidecar\n", "")
    assert identity(DEPLOYMENT, *VALUE) == identity(other, "spec", "containers", 0, "env", 0, "value")


def test_another_argument_before_changes_nothing() -> None:
    other = DEPLOYMENT.replace('"--x", ', "")
    assert identity(DEPLOYMENT, *ARGUMENT) == identity(other, "spec", "containers", 1, "args", 0)


def test_another_text_is_another_finding() -> None:
    assert identity(DEPLOYMENT, *VALUE) != identity(DEPLOYMENT.replace("10.0.0.0/8", "10.0.0.0/9"), *VALUE)


def test_an_entry_without_name_keeps_its_number() -> None:
    assert "/spec/rules/0/from\0" in identity(DEPLOYMENT, "spec", "rules", 0, "from")


def test_without_an_object_the_document_counts() -> None:
    assert identity("a: b\n", "a").split("\0")[2:4] == ["", "0#/a"]


def test_a_missing_place_keeps_the_pointer_that_was_asked_for() -> None:
    assert "/spec/nothing/7/there\0" in identity(DEPLOYMENT, "spec", "nothing", 7, "there")
    assert "/spec/containers/9\0" in identity(DEPLOYMENT, "spec", "containers", 9)
    assert "/spec/rules/0/from/a\0" in identity(DEPLOYMENT, "spec", "rules", 0, "from", "a")
    trees, where = place("a: [[x]]\n", "a", 0)
    assert trees.identity("r", where).split("\0")[3] == "0#/a/0"


def test_a_file_that_is_no_tree_keeps_its_pointer() -> None:
    where = Location("main.cf", 1, 1, 1, 3, "0#/x")
    assert Trees(()).identity("r", where).split("\0")[3:] == ["0#/x", ""]


def test_a_rendered_place_is_named_by_its_object() -> None:
    documents = load_documents(SourceFile("rendered", DEPLOYMENT)).documents
    documents[0].relocate = lambda cursor, _: Location(
        "values.yaml", 1, 1, 1, 2, cursor.pointer, "templates/a.yaml", cursor.document.object
    )
    where = documents[0].cursor().get(*VALUE).location()
    trees = Trees(documents, [SourceFile("values.yaml", "x")])
    assert trees.identity("r", where).split("\0")[1:] == [
        "values.yaml",
        "Deployment/mail/mta",
        "/spec/containers/name=mta~1a/env/name=TRUSTED/value",
        "x",
    ]


def test_a_text_inside_a_text_is_no_tree_of_its_own() -> None:
    source = SourceFile("a.yaml", "data: {x: 'a: b'}\n")
    outer = load_documents(source).documents
    text = outer[0].cursor().get("data", "x").text
    assert text is not None
    inner = parse_embedded(text)
    where = inner[0].cursor().get("a").location()
    assert Trees([*outer, *inner]).stable_pointer(where) == "0#/data/x/a"


def test_equal_identities_are_counted() -> None:
    same = [Finding("r", ERROR, Report(at=at(line), message="m"), identity="i") for line in (9, 3)]
    first, second = with_fingerprints(same)
    assert first.at.line < second.at.line
    assert first.fingerprint != second.fingerprint
    assert len(first.fingerprint) == 64


def test_text_over_several_lines_is_cut_at_both_ends() -> None:
    trees = Trees((), [SourceFile("a", "abc\ndef\nghi")])
    assert trees.text(Location("a", 1, 2, 3, 2)) == "bc\ndef\ng"


def test_an_excerpt_shows_some_lines_only() -> None:
    trees = Trees((), [SourceFile("a", "\n".join("abcdefghij"))])
    assert trees.excerpt(Location("a", 2, 1, 9, 1)) == Excerpt(2, ("b", "c", "d", "e", "f", "g"))


def test_a_secret_is_never_shown() -> None:
    text = "kind: Secret\nmetadata: {name: a}\nstringData: {TRUSTED: hidden}\n"
    trees, where = place(text, "stringData", "TRUSTED")
    assert trees.excerpt(where) is None
    assert "hidden" not in trees.identity("r", where)


@pytest.mark.parametrize(
    "where", [Location("a", 0, 0, 0, 0), Location("a", 9, 1, 9, 2), Location("b", 1, 1, 1, 2)]
)
def test_what_is_not_there_has_no_excerpt(where: Location) -> None:
    assert Trees((), [SourceFile("a", "x")]).excerpt(where) is None
