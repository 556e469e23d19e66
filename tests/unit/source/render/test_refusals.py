"""What a kustomization would fetch or run is refused before anything runs, at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.render.confinement import find_escape
from truehop.source.render.refusals import KustomizationTree, read_tree
from truehop.source.render.told import Texts, told

from .hand import kustomization, program, write


def tree(base: Path, text: str, **more: str) -> KustomizationTree:
    write(base, k__kustomization_yaml=text, **more)
    return read_tree(base / "k", Texts(base))


def refused(base: Path, text: str, **more: str) -> list[tuple[str, str]]:
    return [(str(problem.at), problem.message) for problem in tree(base, text, **more).remote]


@pytest.mark.parametrize(
    "word",
    [
        "https://127.0.0.1/x.yaml",
        "http://127.0.0.1/x.yaml",
        "ssh://127.0.0.1/x.git",
        "git@127.0.0.1:x/y.git",
        "git::https://127.0.0.1/x",
        "github.com/x/y",
        "GitHub.com:x/y.git",
        "127.0.0.1/x/y?ref=v1",
        "file:///etc",
    ],
)
@pytest.mark.parametrize(
    "shape",
    [
        "resources: [{}]",
        "bases: [{}]",
        "components: [{}]",
        "crds: [{}]",
        "configurations: [{}]",
        "patchesStrategicMerge: [{}]",
        "patches: [{{path: {}}}]",
        "patchesJson6902: [{{path: {}}}]",
        "replacements: [{{path: {}}}]",
        "configMapGenerator: [{{files: [{}]}}]",
        "secretGenerator: [{{envs: [{}]}}]",
        "configMapGenerator: [{{env: {}}}]",
        "openapi: {{path: {}}}",
        "generators: [{}]",
        "transformers: [{}]",
        "validators: [{}]",
    ],
)
def test_whatever_lies_elsewhere_is_refused(tmp_path: Path, shape: str, word: str) -> None:
    text = shape.format(f'"{word}"')
    [(place, message)] = refused(tmp_path, text)
    assert place == f"k/kustomization.yaml:1:{text.index(word) + 1}"
    assert message == f"kustomize would fetch {word}".replace("//git@", "//")


def test_credentials_in_an_address_are_not_told(tmp_path: Path) -> None:
    [(_, message)] = refused(tmp_path, "resources: ['https://me:secret@127.0.0.1/x']")
    assert message == "kustomize would fetch https://127.0.0.1/x"


def test_what_a_base_would_fetch_is_refused_too(tmp_path: Path) -> None:
    more = {"deep__kustomization_yml": "resources: [https://127.0.0.1/x]\n", "mid__Kustomization_": ""}
    write(tmp_path, deep__kustomization_yml=more["deep__kustomization_yml"])
    (tmp_path / "mid").mkdir()
    (tmp_path / "mid" / "Kustomization").write_text("components: [../deep]\n")
    assert refused(tmp_path, "resources: [../mid]") == [
        ("deep/kustomization.yml:1:13", "kustomize would fetch https://127.0.0.1/x")
    ]


@pytest.mark.parametrize("key", ["helmCharts", "helmChartInflationGenerator"])
def test_inflated_charts_are_refused(tmp_path: Path, key: str) -> None:
    assert refused(tmp_path, f"{key}: [{{name: x}}]") == [
        (f"k/kustomization.yaml:1:{len(key) + 3}", f"{key} makes kustomize run helm")
    ]


@pytest.mark.parametrize("key", ["generators", "transformers", "validators"])
def test_plug_ins_are_refused_wherever_they_are_described(tmp_path: Path, key: str) -> None:
    plug_in = "{apiVersion: example.org/v1, kind: Mine, metadata: {name: x}}\n"
    words = [("k/kustomization.yaml:1:" + str(len(key) + 4), "Mine makes kustomize run a program")]
    assert refused(tmp_path, f"{key}: [g.yaml]", k__g_yaml=plug_in) == words
    [(_, message)] = refused(tmp_path, f"{key}: ['{plug_in.strip()}']")
    assert message == words[0][1]
    more = {"g__kustomization_yaml": f"{key}: [g.yaml]\n", "g__g_yaml": "a: b\n"}
    assert [message for _, message in refused(tmp_path, f"{key}: [../g]", **more)] == [
        "a plug-in makes kustomize run a program"
    ]


def test_what_is_built_into_kustomize_is_no_plug_in(tmp_path: Path) -> None:
    built_in = "{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: x}}"
    made = tree(tmp_path, f"transformers: [t.yaml, '{built_in}', {{}}, none.yaml]", k__t_yaml=built_in)
    assert (made.remote, [problem.message for problem in made.missing]) == ([], ["there is no none.yaml"])
    inflates = built_in.replace("PrefixTransformer", "HelmChartInflationGenerator")
    assert len(refused(tmp_path, f"generators: ['{inflates}']")) == 1


def test_a_plug_in_that_is_no_text_is_left_to_kustomize(tmp_path: Path) -> None:
    write(tmp_path, k__g_yaml="")
    (tmp_path / "k" / "g.yaml").write_bytes(b"\xff")
    assert refused(tmp_path, "generators: [g.yaml]") == []


def test_patches_and_literals_written_in_place_are_no_paths(tmp_path: Path) -> None:
    text = """\
patchesStrategicMerge:
  - |-
    a: https://127.0.0.1/
patches:
  - {patch: "- op: add # https://127.0.0.1/"}
configMapGenerator:
  - {name: x, literals: ["URL=https://127.0.0.1/"]}
commonAnnotations: {url: https://127.0.0.1/}
resources: ["", ~, {}, "\\0"]
"""
    made = tree(tmp_path, text)
    assert made.remote == []


def test_the_files_of_a_generator_may_be_renamed(tmp_path: Path) -> None:
    made = tree(tmp_path, "configMapGenerator: [{files: [as=x.cf, y.cf]}]", k__x_cf="", k__y_cf="")
    assert [told(path, tmp_path) for path in made.files] == ["k/kustomization.yaml", "k/x.cf", "k/y.cf"]


def test_kustomizations_that_build_on_each_other_end(tmp_path: Path) -> None:
    made = tree(tmp_path, "resources: [../l]", l__kustomization_yaml="resources: [../k]\n", k__empty_yaml="")
    assert [folder.name for folder in made.folders] == ["k", "l"]


def test_a_kustomization_that_is_no_text_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path, k__kustomization_yaml="")
    (tmp_path / "k" / "kustomization.yaml").write_bytes(b"\xff")
    assert read_tree(tmp_path / "k", Texts(tmp_path)).sources == []


def test_nothing_runs_where_something_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEHOP_KUSTOMIZE", program(tmp_path, "kustomize", f'touch "{tmp_path}/ran"'))
    write(tmp_path, k__kustomization_yaml="resources: [https://127.0.0.1/x]\n")
    made = kustomization(tmp_path)
    assert (len(made.problems), made.is_done, (tmp_path / "ran").exists()) == (1, False, False)


def test_links_inside_a_folder_do_not_escape(tmp_path: Path) -> None:
    write(tmp_path, a__b__c_yaml="", a__node_modules__x_yaml="", elsewhere_yaml="")
    (tmp_path / "a" / "in").symlink_to("b")
    (tmp_path / "a" / "base").symlink_to("../elsewhere.yaml")
    (tmp_path / "a" / "node_modules" / "out").symlink_to("/")
    assert find_escape(tmp_path / "a", tmp_path) is None
    (tmp_path / "a" / "b" / "out").symlink_to("/etc")
    assert find_escape(tmp_path / "a", tmp_path) == tmp_path / "a" / "b" / "out"
    assert find_escape(tmp_path / "none", tmp_path) is None
