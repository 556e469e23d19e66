"""How the program is called, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.render.calls import Call

from .hand import fake, kustomization, small_kustomization, told, write


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_kustomization(tmp_path)


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
    fake(base, monkeypatch, "TRUEHOP_KUSTOMIZE", f'touch "{base}/ran"')
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
    fake(base, monkeypatch, "TRUEHOP_KUSTOMIZE", script)
    if "sleep" in script:
        monkeypatch.setenv("TRUEHOP_RENDER_SECONDS", "0.5")
    assert told(kustomization(base)) == [("not-judged", "k/kustomization.yaml", message)]


def test_output_that_is_no_yaml_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(base, monkeypatch, "TRUEHOP_KUSTOMIZE", "echo 'a: ['")
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
    fake(
        base,
        monkeypatch,
        "TRUEHOP_KUSTOMIZE",
        f"cat <<'END'\nkind: K\nmetadata:\n  name: odd\n  {annotation}\n---\n[1]\nEND",
    )
    made = kustomization(base)
    assert [document.source.path for document in made.documents] == ["k/kustomization.yaml"] * 2
    assert [document.prefix for document in made.documents] == ["0#", "1#"]


def test_what_the_program_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = 'printf "%s\\n" "$@" > "{0}/said"; cat "$2/kustomization.yaml" > "{0}/built"; env > "{0}/seen"'
    fake(base, monkeypatch, "TRUEHOP_KUSTOMIZE", script.format(base))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    kustomization(base)
    verb, folder = (base / "said").read_text().splitlines()
    seen = dict(line.partition("=")[::2] for line in (base / "seen").read_text().splitlines())
    assert (verb, Path(folder).exists()) == ("build", False)
    assert '"buildMetadata": ["originAnnotations"]' in (base / "built").read_text()
    assert (seen["HTTPS_PROXY"], seen["GIT_ALLOW_PROTOCOL"]) == ("http://127.0.0.1:0", "none")


def test_what_may_fetch_is_told_to_fetch(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(
        base,
        monkeypatch,
        "TRUEHOP_KUSTOMIZE",
        f'printf "%s\\n" "$@" > "{base}/said"; env > "{base}/seen"',
        name="kubectl-1.32",
    )
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
