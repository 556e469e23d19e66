"""The profiles of programs: every one sound, each claim with its source."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.unit.kube.hand import cursor_of
from truehop.errors import UserError
from truehop.kube.images import ImageRef
from truehop.profiles import registry
from truehop.profiles.program import Program
from truehop.profiles.versions import satisfies

FOLDER = Path(registry.__file__).parent / "data" / "programs"
FILES = sorted(FOLDER.glob("*.yaml"))
OWN = """\
id: own
role: mta
detect: {images: ["*/mailserver-mta"], versions: ">=9"}
listeners: [{port: 2525, serves: smtp}]
facts: {ports: {value: port 2525, source: our image}}
"""


def image(text: str) -> ImageRef:
    return ImageRef.parse(cursor_of(f"image: {text}").get("image").text)


def every() -> tuple[Program, ...]:
    return registry.built_in()


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(registry.read_schema())


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_profile_is_of_the_schemas_form_and_named_like_its_file(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [
        error.message for error in Draft202012Validator(registry.read_schema()).iter_errors(document)
    ] == []
    assert document["id"] == path.stem


@pytest.mark.parametrize("program", every(), ids=lambda program: str(program.id))
def test_every_name_in_a_profile_leads_somewhere(program: Program) -> None:
    keys = {source.key for source in program.trusts}
    ports = {listener.port for listener in program.listeners}
    for source in program.trusts:
        for grammar in (source.grammar, *(name for _, name in source.by_version)):
            assert import_module(f"truehop.adapters.grammars.{grammar}").read
    for listener in program.listeners:
        assert {listener.trusts, listener.forwarded} <= keys | {""}
        assert not listener.is_switched or program.switch
    assert all(set(judge.ports) <= ports for judge in program.judges)
    assert max(Counter(listener.port for listener in program.listeners).values(), default=0) <= 1


@pytest.mark.parametrize("program", every(), ids=lambda program: str(program.id))
def test_every_fact_has_a_source_outside(program: Program) -> None:
    assert program.facts
    assert all(
        fact.value and ("/" in fact.source or "IANA" in fact.source) for fact in program.facts.values()
    )


def test_a_profile_is_found_by_its_image_wherever_it_is_mirrored() -> None:
    index = registry.index()
    for text in (
        "jeboehm/mailserver-mta:8",
        "ghcr.io/jeboehm/mailserver-mta:8.0.0",
        "registry:5000/mirror/mailserver-mta",
        "mailserver-mta",
    ):
        found = index.find(image(text))
        assert found is not None
        assert found.id == "mailserver-mta"
    assert index.find(image("example.com/other:1")) is None
    assert index.find(image("example.com/mailserver-mta-exporter:1")) is None


def test_a_users_profile_wins_where_its_versions_fit(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    index = registry.index((str(path),))
    assert [program.origin for program in registry.programs((str(path),))][:1] == [str(path)]
    for tag, expected in (("9.1", "own"), ("8.0", "mailserver-mta")):
        found = index.find(image(f"jeboehm/mailserver-mta:{tag}"))
        assert found is not None
        assert found.id == expected


def test_the_deepest_fault_of_a_choice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("id: own\nrole: front\ntitle: own\nkeeps_source: [{value: 3}]\n", encoding="utf-8")
    with pytest.raises(UserError, match="not a profile"):
        registry.read_profiles(str(path))


def test_profiles_of_fronts_are_left_to_their_own_reader() -> None:
    assert registry.read_profiles(str(FOLDER.parent / "fronts" / "hetzner.yaml")) == []


def test_a_glob_may_stand_for_names_of_images(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace('"*/mailserver-mta"', '"*/smtp-*"'), encoding="utf-8")
    found = registry.index((str(path),)).find(image("example.com/smtp-relay"))
    assert found is not None
    assert found.id == "own"


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        (OWN.replace("serves: smtp", "serves: smpt"), ":4:34", "smpt"),
        (OWN.replace("detect:", "detekt:"), ":3:1", "detekt"),
        (OWN.replace("port: 2525", "port: x"), ":4:20", "x"),
        (
            "id: own\nrole: butler\ndetect: {images: [x]}\nfacts: {a: {value: b, source: c}}\n",
            ":2:7",
            "butler",
        ),
        ("- id\n", ":1:1", "object"),
        ("a: [b\n", ":2:1", "YAML"),
    ],
)
def test_a_fault_in_a_users_profile_is_told_with_its_place(
    tmp_path: Path, text: str, place: str, word: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        registry.programs((str(path),))
    assert caught.value.place == f"{path}{place}"
    assert word in caught.value.message
    assert caught.value.cure


def test_a_users_profile_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        registry.programs((str(tmp_path / "none.yaml"),))
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UserError, match="cannot be read"):
        registry.programs((str(tmp_path / "bytes.yaml"),))


def test_the_release_inside_an_image_follows_its_tag() -> None:
    program = next(one for one in every() if one.id == "mailserver-mda")
    told = {
        tag: program.release(tag) for tag in ("6.3.2", "6.4.0", "7.1.1", "7.1.2", "7.3", "7.4.0", "8", None)
    }
    assert told == {
        (
            "6.3.2"
        ): "2.4.1", "6.4.0": "2.4.2", "7.1.1": "2.4.2", "7.1.2": "2.4.1", "7.3": "2.4.1", "7.4.0": "2.4.2",
        "8": "2.4.2", None: "2.4.2",
    }  # fmt: skip
    assert next(one for one in every() if one.id == "redis").release("8") is None


@pytest.mark.parametrize(
    ("version", "bounds", "holds"),
    [
        ("6.3.0", ">=6.3", True), ("6.2.9", ">=6.3", False), ("8", ">=6.3", True), ("6", ">=6.3", True),
        ("7.1", "<7.1.2", False), ("7.1.1", "<7.1.2", True), ("7.1.2", "<7.1.2", False), ((
            "7.1.2.1"
        ), "<=7.1.2", False),
        ("7.1.2", (
            "<=7.1.2"
        ), True), ("7.1.3", ">7.1.2", True), ("7.1", ">7.1.2", True), ("7.1.2.0", ">7.1.2", False),
        ("1.2", "=1.2", True), ("1.2.1", "=1.2", True), ("1.3", "=1.2", False), ("7.0", ">=6.4 <7.1.2", True),
        ("6.4-beta2", ">=6.4", True), ("1.5", "", True), ("7.2", "<7.1.2", False), ("7.0.9", "<=7.1", True),
        ("7.0.9", ">7.1", False), ("7.2.0", ">7.1", True), ("latest", ">=1", True), ("3.5", "=3.5.2", False),
    ],
)  # fmt: skip
def test_versions_are_compared_part_by_part(version: str, bounds: str, holds: bool) -> None:
    assert satisfies(version, bounds) is holds


def test_an_unknown_version_is_what_the_asker_says() -> None:
    assert satisfies(None, ">=1")
    assert not satisfies(None, ">=1", unknown=False)
