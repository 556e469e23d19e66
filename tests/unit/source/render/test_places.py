"""Places in a rendering are told where the same stands in the user's files, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.nodes import SourceFile
from truehop.source.render.places import Sources
from truehop.source.render.trees import Tree
from truehop.source.tree import Document, Text
from truehop.source.yaml import load_documents, load_embedded

from .hand import at, chart, spot, write

CHART = "apiVersion: v2\nname: mail\nversion: 1.2.3\n"


@pytest.fixture
def base(tmp_path: Path, helm: str) -> Path:
    del helm
    write(tmp_path, c__Chart_yaml=CHART)
    return tmp_path


def place(base: Path, template: str, values: str, *path: str | int) -> str:
    """Where a place of the only object is told, with the template and the values given."""
    write(
        base,
        c__templates__t_yaml=f"apiVersion: v1\nkind: K\nmetadata: {{name: n}}\n{template}",
        c__values_yaml=values,
    )
    return spot(at(chart(base), "K", *path))


def test_what_stands_in_the_template_is_told_there(base: Path) -> None:
    assert place(base, "policy: Local\n", "", "policy") == "c/templates/t.yaml:4:9-14"


def test_what_comes_from_the_values_is_told_there(base: Path) -> None:
    assert place(base, "policy: {{ .Values.p }}\n", "p: Local\n", "policy") == "c/values.yaml:1:4-9"


def test_a_part_of_a_value_has_its_own_place(base: Path) -> None:
    write(
        base,
        c__templates__t_yaml="kind: K\nmetadata: {name: n}\nlist: {{ .Values.a }}\n",
        c__values_yaml="a: 10.0.0.0/8,192.168.0.0/16\n",
    )
    text = at(chart(base), "K", "list").text
    assert text is not None
    assert [spot(part.location()) for part in text.split()] == [
        "c/values.yaml:1:4-14",
        "c/values.yaml:1:15-29",
    ]


def test_the_pointer_leads_into_the_file_that_is_told(base: Path) -> None:
    write(
        base,
        c__templates__t_yaml="kind: K\nmetadata: {name: n}\nx: {{ .Values.a.b }}\ny: one\n",
        c__values_yaml="a: {b: two}\n",
    )
    made = chart(base)
    first, second = at(made, "K", "x").location(), at(made, "K", "y").location()
    assert (first.pointer, first.template, str(first.object)) == ("0#/a/b", "mail/templates/t.yaml", "K n")
    assert (second.pointer, second.template) == ("0#/y", "mail/templates/t.yaml")


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("x: {{ .Values.p }}\n", "p: Local\nq: Local\n"),
        ("x: {{ .Values.p }}\n", "p: Loc\n"),
        ("x: {{ .Values.p }}\ny: Local\n", "p: Local\n"),
        ('x: {{ printf "%s%s" .Values.p "al" }}\n', "p: Loc\nq: Local-1\n"),
        ("x: {{ .Values.p }}\n{{ if false }}\nx: Local\n{{ end }}\n", "p: Local\n"),
    ],
)
def test_what_stands_there_twice_or_never_has_no_line(base: Path, template: str, values: str) -> None:
    write(base, extra_yaml="")
    if "Loc\n" in values:
        template = 'x: {{ printf "%s%s" .Values.p "al" }}\n'
    assert place(base, template, values, "x") == "c/templates/t.yaml"


def test_other_values_of_the_same_key_do_not_count(base: Path) -> None:
    template = "ports:\n  - {name: a, port: 25}\n  - {name: b, port: 250}\nextra: {port: 2525}\n"
    assert place(base, template, "", "ports", 0, "port") == "c/templates/t.yaml:5:21-23"
    assert place(base, template, "", "ports", 1, "port") == "c/templates/t.yaml:6:21-24"


def test_a_literal_under_its_key_beats_the_same_word_elsewhere(base: Path) -> None:
    assert place(base, "name: mta\nimage: mta\n", "", "image") == "c/templates/t.yaml:5:8-11"


def test_a_key_that_is_computed_somewhere_is_no_proof(base: Path) -> None:
    template = "a: {name: mta}\nb: {name: {{ .Values.b }}}\nc: mta\n"
    assert place(base, template, "b: mta\n", "b", "name") == "c/templates/t.yaml"


def test_comments_do_not_count(base: Path) -> None:
    template = "{{- /* Local\n again Local */}}\n# Local\nx: {{ .Values.p }} # Local\n"
    assert place(base, template, "# Local\np: Local # Local\n", "x") == "c/values.yaml:2:4-9"


def test_words_that_mean_anything_need_more(base: Path) -> None:
    assert place(base, "x: {{ .Values.a.up }}\n", "a: {up: true}\n", "x") == "c/values.yaml:1:9-13"
    assert (
        place(base, "x: {{ not .Values.off }}\n", "a: {true: true, off: false}\n", "x")
        == "c/templates/t.yaml"
    )
    assert (
        place(base, "{{ toYaml .Values.a }}\n", "a: {replicas: 1}\n", "replicas") == "c/values.yaml:1:15-16"
    )
    assert place(base, "{{ $y := true }}\nx: {{ $y }}\n", "", "x") == "c/templates/t.yaml"
    assert place(base, "x: true\n", "", "x") == "c/templates/t.yaml:4:4-8"
    assert place(base, "x: {{ .Values.z }}\ny: {x: true}\n", "z: true\n", "y", "x") == "c/templates/t.yaml"


def test_values_that_are_overridden_do_not_count(base: Path) -> None:
    write(base, c__ci__a_O_values_yaml="a: {p: Local}\nb: Cluster\n")
    assert place(base, "x: {{ .Values.a.p }}\n", "a: {p: Local}\n", "x") == "c/ci/a-values.yaml:1:8-13"
    assert place(base, "x: {{ .Values.a.p }}\n", "b: {deep: Local}\n", "x") == "c/ci/a-values.yaml:1:8-13"
    assert place(base, "x: {{ .Values.c }}\n", "b: [Other]\nc: Other\n", "x") == "c/values.yaml:2:4-9"


def test_values_of_a_subchart_are_looked_for_in_both_charts(base: Path) -> None:
    write(
        base,
        c__Chart_yaml=CHART + "dependencies: [{name: web, version: 1.0.0, alias: front}]\n",
        c__charts__web__Chart_yaml="apiVersion: v2\nname: web\nversion: 1.0.0\n",
        c__charts__web__values_yaml="a: Own\nb: Own2\nc: Own3\n",
        c__charts__web__templates__w_yaml="kind: W\nmetadata: {name: w}\na: {{ .Values.a }}\n"
        "b: {{ .Values.b }}\nc: Lit\n",
        c__values_yaml="front: {a: Outer}\nother: Own2\n",
        c__templates__t_yaml="kind: K\nmetadata: {name: n}\nx: Own3\ny: {{ .Values.other }}\n",
    )
    made = chart(base)
    assert [spot(at(made, "W", key)) for key in "abc"] == [
        "c/values.yaml:1:12-17",
        "c/charts/web/templates/w.yaml",
        "c/charts/web/templates/w.yaml:5:4-7",
    ]
    assert [spot(at(made, "K", key)) for key in "xy"] == ["c/templates/t.yaml:3:4-8", "c/values.yaml:2:8-12"]
    assert at(made, "W", "c").location().template == "mail/charts/front/templates/w.yaml"


def test_a_packed_subchart_is_told_at_its_archive(base: Path) -> None:
    import tarfile

    write(
        base,
        c__Chart_yaml=CHART + "dependencies: [{name: web, version: 1.0.0, alias: front}]\n",
        web__Chart_yaml="apiVersion: v2\nname: web\nversion: 1.0.0\n",
        web__templates__w_yaml="kind: W\nmetadata: {name: w}\n",
        c__charts__web_tgz="",
    )
    (base / "c" / "charts" / "web.tgz").unlink()
    with tarfile.open(base / "c" / "charts" / "web-1.0.0.tgz", "w:gz") as archive:
        archive.add(base / "web", "web")
    where = at(chart(base), "W", "kind").location()
    assert (str(where), where.template) == ("c/charts/web-1.0.0.tgz", "mail/charts/front/templates/w.yaml")


def test_a_template_that_is_not_there_is_told_at_the_chart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .hand import program

    write(tmp_path, c__Chart_yaml=CHART)
    words = "# Source: mail/%s\\nkind: K%d\\nmetadata: {name: n}\\n"
    names = ("templates/../../../x.yaml", "charts/none/templates/x.yaml", "x", "")
    text = "".join("---\\n" + words % (name, number) for number, name in enumerate(names))
    monkeypatch.setenv("TRUEHOP_HELM", program(tmp_path, "helm", f"printf -- '{text}'"))
    made = chart(tmp_path)
    assert {spot(at(made, f"K{number}", "metadata")) for number in range(4)} == {"c/Chart.yaml"}


def test_keys_are_told_where_they_stand(base: Path) -> None:
    write(
        base,
        c__templates__t_yaml="kind: K\nmetadata: {name: n}\nspec:\n  mode: a\n{{ toYaml .Values.more }}\n",
        c__values_yaml="more:\n  extra: {b: c}\n",
    )
    made = chart(base)
    assert spot(at(made, "K", "spec").key_location()) == "c/templates/t.yaml:3:1-5"
    assert spot(at(made, "K", "spec", "missing")) == "c/templates/t.yaml:3:1-5"
    assert spot(at(made, "K", "extra").key_location()) == "c/values.yaml:2:3-8"


def test_keys_that_stand_twice_have_no_line(base: Path) -> None:
    write(
        base,
        c__templates__t_yaml="kind: K\nmetadata: {name: n}\nspec: {}\n---\n"
        "kind: L\nmetadata: {name: n}\nspec: {}\n",
    )
    assert spot(at(chart(base), "K", "spec").key_location()) == "c/templates/t.yaml"


def test_named_templates_are_looked_at_last(base: Path) -> None:
    write(
        base,
        c__templates___helpers_tpl='{{ define "h" }}fixed{{ end }}{{ define "k" }}Local{{ end }}\n',
        c__templates__t_yaml='kind: K\nmetadata: {name: n}\nx: {{ include "h" . }}\ny: {{ .Values.p }}\n',
        c__values_yaml="p: Local\n",
    )
    made = chart(base)
    assert spot(at(made, "K", "x")) == "c/templates/_helpers.tpl:1:17-22"
    assert spot(at(made, "K", "y")) == "c/values.yaml:1:4-9"


def test_text_over_several_lines_has_no_line(base: Path) -> None:
    write(base, c__templates__t_yaml="kind: K\nmetadata: {name: n}\nx: |\n  one\n  two\nempty: ''\n")
    made = chart(base)
    assert spot(at(made, "K", "x")) == "c/templates/t.yaml"
    assert spot(at(made, "K", "empty")) == "c/templates/t.yaml"
    text = at(made, "K", "x").text
    assert text is not None
    assert [spot(line.location()) for line in text.splitlines()] == [
        "c/templates/t.yaml:4:3-6",
        "c/templates/t.yaml:5:3-6",
    ]


def test_a_file_in_a_map_is_told_line_by_line(base: Path) -> None:
    write(
        base,
        c__templates__t_yaml="kind: K\nmetadata: {name: n}\nx: {{ .Values.conf | quote }}\n",
        c__values_yaml="conf: |\n  a: Yes1\n  b: No1\n",
    )
    text = at(chart(base), "K", "x").text
    assert text is not None
    [inner] = load_embedded(text).documents
    found = inner.cursor().get("b").location()
    assert (spot(found), found.pointer) == ("c/values.yaml:3:6-9", "0#/x/b")


IGNORED = """\
kind: K
metadata: {name: n}
# truehop: ignore[address-lost] behind a tunnel
x: {{ .Values.p }}
y: {{ .Values.p }}  # truehop: ignore[trust-nobody] by design
z: {{ .Values.p }}
"""


def test_an_ignore_in_a_template_holds_for_what_its_line_renders(base: Path) -> None:
    write(base, c__templates__t_yaml=IGNORED, c__values_yaml="p: Local\n")
    made = chart(base)
    assert [at(made, "K", key).location().line for key in "xyz"] == [4, 5, 1]
    assert spot(at(made, "K", "z")) == "c/values.yaml:1:4-9"


def test_an_ignore_that_stands_twice_is_not_guessed(base: Path) -> None:
    twice = IGNORED + "---\n" + IGNORED.replace("kind: K", "kind: L")
    write(base, c__templates__t_yaml=twice, c__values_yaml="p: Local\n")
    assert spot(at(chart(base), "K", "x")) == "c/values.yaml:1:4-9"


def document(text: str) -> Document:
    return load_documents(SourceFile("made", text, rendered=True)).documents[0]


def test_shared_values_count_once() -> None:
    made = document("x: Local\n")
    values = document("a: &a {p: Local}\nb: *a\n")
    made.relocate = Sources("t", None, [Tree(values)]).relocate
    assert spot(made.cursor().get("x")) == "made:1:11-16"


def test_places_are_forgotten_when_there_are_many() -> None:
    made = document("list: [" + ", ".join(f"w{number}" for number in range(5000)) + "]\n")
    made.relocate = Sources("t", None).relocate
    assert {spot(one) for one in made.cursor().get("list").items()} == {"t"}


def test_parts_of_scalars_are_found_in_twins() -> None:
    twin = document("list: a,b,b\n")
    made = document("list: 'a,b,b'\n")
    made.relocate = Sources("t", None, twin=twin, is_layered=False).relocate
    text = made.cursor().get("list").text
    assert isinstance(text, Text)
    assert [spot(part.location()) for part in text.split()] == ["made:1:7-8", "t", "t"]
