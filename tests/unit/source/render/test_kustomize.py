"""Kustomizations are built by the user's own program, and their objects told at his files."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.render.calls import Call

from .hand import at, kustomization, objects, program, spot, told, word, write

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: mta
spec:
  type: LoadBalancer
  externalTrafficPolicy: Cluster
  ports:
    - {name: smtp, port: 25}
    - {name: submission, port: 587}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: mta, annotations: {note: kept}}
spec:
  template:
    spec:
      containers:
        - {name: mta, image: example.org/mta:1, args: ["--trust", "10.0.0.0/8"]}
"""
COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [c.yaml]\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A kustomization of a Service and a Deployment, in a namespace."""
    write(
        tmp_path,
        k__kustomization_yaml="namespace: mail\nresources: [both.yaml]\n",
        k__both_yaml=f"{SERVICE}---\n{DEPLOYMENT}",
    )
    return tmp_path


def fake(base: Path, monkeypatch: pytest.MonkeyPatch, script: str, name: str = "kustomize") -> None:
    (base / "bin").mkdir(exist_ok=True)
    monkeypatch.setenv("TRUEHOP_KUSTOMIZE", program(base / "bin", name, script))


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


def test_files_outside_the_root_are_refused_by_kustomize(base: Path, kustomize: str) -> None:
    del kustomize
    write(base, o__kustomization_yaml="resources: [../k/both.yaml]\n")
    [(rule, place, message)] = told(kustomization(base, "o"))
    assert (rule, place) == ("not-judged", "o/kustomization.yaml")
    assert "security; file 'k/both.yaml' is not in or below 'o'" in message
    assert str(base) not in message


@pytest.mark.usefixtures("kustomize")
def test_what_is_missing_is_told_at_its_line(base: Path) -> None:
    write(base, k__kustomization_yaml="resources:\n  - both.yaml\n  - none.yaml\n")
    assert told(kustomization(base)) == [("not-judged", "k/kustomization.yaml:3:5", "there is no none.yaml")]


def test_a_kustomization_that_cannot_be_read_is_told_by_its_reader(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(base, monkeypatch, f'touch "{base}/ran"')
    write(base, k__kustomization_yaml="resources: [\n")
    made = kustomization(base)
    assert (made.is_done, made.problems, (base / "ran").exists()) == (False, [], False)


def test_without_a_program_that_is_said(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(base))
    monkeypatch.delenv("TRUEHOP_KUSTOMIZE", raising=False)
    assert told(kustomization(base)) == [
        (
            "not-judged",
            "k/kustomization.yaml",
            "neither kustomize nor kubectl is installed, so this is not judged",
        )
    ]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("sleep 300", "kustomize takes longer than 0.5 seconds"),
        ("head -c 100000000 /dev/zero", "kustomize prints more than 64 MiB"),
        ("printf '\\377'", "what kustomize printed: byte 0xff is no UTF-8 text"),
        ("exit 4", "kustomize: exit status 4"),
        ("echo Error: no good >&2; exit 1", "kustomize: no good"),
        (
            """cat >&2 <<'END'
E1 run.go:72] "command failed" err="a: recursed accumulation of path '/x': b \\"c\\""
END
exit 1""",
            'kustomize: b "c"',
        ),
        (f"echo {'x' * 400} >&2; exit 1", f"kustomize: ...{'x' * 300}"),
    ],
)
def test_a_program_that_fails_is_told(
    base: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    fake(base, monkeypatch, script)
    if "sleep" in script:
        monkeypatch.setenv("TRUEHOP_RENDER_SECONDS", "0.5")
    assert told(kustomization(base)) == [("not-judged", "k/kustomization.yaml", message)]


def test_output_that_is_no_yaml_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(base, monkeypatch, "echo 'a: ['")
    [(rule, place, _)] = told(kustomization(base))
    assert (rule, place) == ("invalid-yaml", "k/kustomization.yaml")


@pytest.mark.parametrize(
    "annotation",
    [
        "",
        "annotations: [x]",
        "annotations: {config.kubernetes.io/origin: ['x']}",
        "annotations: {config.kubernetes.io/origin: 'path: ../../../etc/hostname'}",
        "annotations: {config.kubernetes.io/origin: 'a: ['}",
        "annotations: {config.kubernetes.io/origin: ''}",
        "annotations: {config.kubernetes.io/origin: 'b: c'}",
        "annotations: {config.kubernetes.io/origin: 'repo: https://example.org/x'}",
    ],
)
def test_an_origin_that_leads_nowhere_is_the_kustomization(
    base: Path, monkeypatch: pytest.MonkeyPatch, annotation: str
) -> None:
    fake(base, monkeypatch, f"cat <<'END'\nkind: K\nmetadata:\n  name: odd\n  {annotation}\n---\n[1]\nEND")
    made = kustomization(base)
    assert [document.source.path for document in made.documents] == ["k/kustomization.yaml"] * 2
    assert [document.prefix for document in made.documents] == ["0#", "1#"]


def test_what_the_program_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = 'printf "%s\\n" "$@" > "{0}/said"; cat "$2/kustomization.yaml" > "{0}/built"; env > "{0}/seen"'
    fake(base, monkeypatch, script.format(base))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    kustomization(base)
    verb, folder = (base / "said").read_text().splitlines()
    seen = dict(line.partition("=")[::2] for line in (base / "seen").read_text().splitlines())
    assert (verb, Path(folder).exists()) == ("build", False)
    assert '"buildMetadata": ["originAnnotations"]' in (base / "built").read_text()
    assert (seen["HTTPS_PROXY"], seen["GIT_ALLOW_PROTOCOL"]) == ("http://127.0.0.1:0", "none")


def test_what_may_fetch_is_told_to_fetch(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(base, monkeypatch, f'printf "%s\\n" "$@" > "{base}/said"; env > "{base}/seen"', name="kubectl-1.32")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    write(base, k__kustomization_yaml="resources: [https://127.0.0.1:1/x.yaml]\n")
    kustomization(base, call=Call(base, allow_remote=True))
    seen = dict(line.partition("=")[::2] for line in (base / "seen").read_text().splitlines())
    assert (base / "said").read_text().splitlines()[:-1] == [
        "kustomize",
        "--enable-helm",
        "--enable-alpha-plugins",
    ]
    assert seen["HTTPS_PROXY"] == "http://proxy"
    assert "GIT_ALLOW_PROTOCOL" not in seen


@pytest.mark.usefixtures("kustomize")
def test_a_file_without_suffix_has_no_twins(base: Path) -> None:
    (base / "g").mkdir()
    (base / "g" / "Kustomization").write_text("configMapGenerator: [{name: a, literals: [WORD=Local]}]\n")
    made = kustomization(base, "g")
    assert spot(at(made, "ConfigMap", "data", "WORD")) == word(base, "g/Kustomization", "Local")
