"""Kustomizations are built by the user's own program, and their objects told at his files."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.render.calls import Call

from .hand import DEPLOYMENT, at, kustomization, objects, small_kustomization, spot, word, write

COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [c.yaml]\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_kustomization(tmp_path)


@pytest.mark.usefixtures("kustomize")
def test_a_kustomization_is_built(base: Path) -> None:
    made = kustomization(base)
    assert (made.name, made.namespace, made.is_done, made.problems) == ("k", "mail", True, [])
    assert objects(made) == ["Service mail/mta", "Deployment mail/mta"]
    assert [source.path for source in made.originals] == ["k/kustomization.yaml", "k/both.yaml"]


@pytest.mark.usefixtures("kustomize")
def test_objects_are_told_where_they_stand_in_their_file(base: Path) -> None:
    made = kustomization(base)
    place = at(made, "Deployment", "spec", "template", "spec", "containers", 0, "args", 1)
    where = place.location()
    assert (spot(where), where.pointer) == (
        word(base, "k/both.yaml", "10.0.0.0/8"),
        "1#/spec/template/spec/containers/0/args/1",
    )
    assert spot(at(made, "Service", "spec", "ports", 1, "port")) == word(base, "k/both.yaml", "587")
    assert spot(at(made, "Service", "spec", "ports", 0).key_location()) == "k/both.yaml:8:3-8"
    assert spot(at(made, "Service", "spec", "missing")) == "k/both.yaml:5:1-5"


@pytest.mark.usefixtures("kustomize")
def test_the_annotation_of_origins_is_taken_off(base: Path) -> None:
    made = kustomization(base)
    assert not at(made, "Service", "metadata", "annotations").exists
    assert [name for name, _ in at(made, "Deployment", "metadata", "annotations").entries()] == ["note"]


@pytest.mark.usefixtures("kustomize")
def test_nothing_is_written_beside_the_users_files(base: Path) -> None:
    before = {path: path.read_bytes() for path in base.rglob("*") if path.is_file()}
    assert kustomization(base).is_done
    assert {path: path.read_bytes() for path in base.rglob("*") if path.is_file()} == before


@pytest.mark.usefixtures("kustomize")
def test_what_a_patch_says_is_told_in_the_patch(base: Path) -> None:
    write(
        base,
        over__kustomization_yaml=(
            "resources: [../k]\nnamePrefix: my-\npatches:\n  - path: p.yaml\n"
            "  - patch: |-\n      - {op: replace, path: /spec/ports/1/port, value: 5870}\n"
            "    target: {kind: Service}\n"
        ),
        over__p_yaml=(
            "apiVersion: v1\nkind: Service\nmetadata: {name: mta}\nspec: {externalTrafficPolicy: Local}\n"
        ),
    )
    made = kustomization(base, "over")
    assert objects(made) == ["Service mail/my-mta", "Deployment mail/my-mta"]
    assert spot(at(made, "Service", "spec", "externalTrafficPolicy")) == word(base, "over/p.yaml", "Local")
    assert spot(at(made, "Service", "spec", "ports", 1, "port")) == word(
        base, "over/kustomization.yaml", "5870"
    )
    assert spot(at(made, "Service", "spec", "ports", 0, "port")) == word(base, "k/both.yaml", "25")
    assert spot(at(made, "Service", "metadata", "name")) == "k/both.yaml"
    assert spot(at(made, "Service", "metadata", "namespace")) == word(base, "k/kustomization.yaml", "mail")


@pytest.mark.usefixtures("kustomize")
def test_entries_of_lists_are_followed_by_name(base: Path) -> None:
    write(
        base,
        over__kustomization_yaml="resources: [../k]\npatches: [{path: p.yaml}]\n",
        over__p_yaml=(
            "apiVersion: v1\nkind: Service\nmetadata: {name: mta}\n"
            "spec:\n  ports:\n    - {name: imap, port: 143}\n"
        ),
    )
    made = kustomization(base, "over")
    ports = at(made, "Service", "spec", "ports")
    assert {port.get("name").string(): spot(port.get("port")) for port in ports.items()} == {
        "imap": word(base, "over/p.yaml", "143"),
        "smtp": word(base, "k/both.yaml", "25"),
        "submission": word(base, "k/both.yaml", "587"),
    }


@pytest.mark.usefixtures("kustomize")
def test_generated_maps_are_told_in_their_sources(base: Path) -> None:
    write(
        base,
        g__kustomization_yaml=(
            "configMapGenerator:\n- name: mta\n  literals: [TRUSTED=10.0.0.0/8]\n"
            "  files: [main.cf, other=master.cf]\n  envs: [e.env]\n"
        ),
        g__main_cf="# mynetworks = old\nmynetworks = 192.0.2.0/24\ninet = all\n",
        g__master_cf="smtp inet n\n\nlmtp unix n\n",
        g__e_env="MODE=strict\n",
    )
    made = kustomization(base, "g")
    data = at(made, "ConfigMap", "data")
    assert spot(data.get("TRUSTED")) == "g/kustomization.yaml:3:22-32"
    assert spot(data.get("MODE")) == "g/e.env:1:6-12"
    assert spot(data.get("other")) == "g/kustomization.yaml"
    text = data.get("main.cf").text
    assert text is not None
    assert [spot(line.location()) for line in text.splitlines()][1:] == [
        "g/main.cf:2:1-26",
        "g/main.cf:3:1-11",
    ]


@pytest.mark.usefixtures("kustomize")
def test_members_of_a_list_and_components_are_told_where_they_stand(base: Path) -> None:
    write(
        base,
        k__kustomization_yaml="resources: [both.yaml]\ncomponents: [../part]\n",
        part__kustomization_yaml=COMPONENT,
        part__c_yaml=(
            "apiVersion: v1\nkind: List\nitems:\n"
            "  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: one1}}\n"
        ),
    )
    where = at(kustomization(base), "ConfigMap", "data", "x").location()
    assert (spot(where), where.pointer) == ("part/c.yaml:4:70-74", "0#/items/0/data/x")
    assert objects(kustomization(base, "part")) == ["ConfigMap a"]


@pytest.mark.usefixtures("kustomize")
def test_the_object_with_the_longest_name_is_the_twin(base: Path) -> None:
    more = DEPLOYMENT.replace("name: mta, ann", "name: mta-two, ann").replace("10.0.0.0/8", "10.1.0.0/16")
    write(
        base,
        k__both_yaml=f"{DEPLOYMENT}---\n{more}",
        k__kustomization_yaml="nameSuffix: -x\nresources: [both.yaml]\n",
    )
    made = kustomization(base)
    trusts = [
        one.cursor().get("spec", "template", "spec", "containers", 0, "args", 1) for one in made.documents
    ]
    assert [spot(one) for one in trusts] == [
        word(base, "k/both.yaml", "10.1.0.0/16"),
        word(base, "k/both.yaml", "10.0.0.0/8"),
    ]
    assert spot(trusts[0].document.cursor().get("kind")) == word(base, "k/both.yaml", "Deployment", 1)


@pytest.mark.usefixtures("kustomize")
def test_two_objects_of_one_name_are_no_twins(base: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: %s}\ndata: {x: Word}\n"
    write(base, k__both_yaml=text % "one" + "---\n" + text % "two")
    write(base, k__kustomization_yaml="resources: [both.yaml]\n")
    made = kustomization(base)
    assert [spot(one.cursor().get("data", "x")) for one in made.documents] == ["k/both.yaml"] * 2


@pytest.mark.usefixtures("kustomize")
def test_the_callers_namespace_wins_for_objects_without_one(base: Path) -> None:
    write(base, k__kustomization_yaml="resources: [both.yaml]\n")
    assert kustomization(base).namespace is None
    assert kustomization(base, call=Call(base, namespace="post")).namespace == "post"


@pytest.mark.usefixtures("kustomize")
def test_a_file_without_suffix_has_no_twins(base: Path) -> None:
    (base / "g").mkdir()
    (base / "g" / "Kustomization").write_text("configMapGenerator: [{name: a, literals: [WORD=Local]}]\n")
    made = kustomization(base, "g")
    assert spot(at(made, "ConfigMap", "data", "WORD")) == word(base, "g/Kustomization", "Local")
