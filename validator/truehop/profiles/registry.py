"""The profiles of programs: found by walking the data folder, loaded once per process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from truehop.errors import UserError
from truehop.kube.images import ImageRef
from truehop.model.facts import Tri
from truehop.model.hops import Header, Role, Serves, Tls, TrustUse, Untrusted, Wire
from truehop.profiles.program import (
    HeaderManners,
    HeaderSwitch,
    Judge,
    KnownClient,
    KnownFact,
    KnownListener,
    Program,
    TrustSource,
)
from truehop.profiles.versions import satisfies

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CURE = "truehop's documentation shows the form; the schema is schemas/profile.schema.json"


def read_schema() -> dict[str, Any]:
    """The JSON Schema of profile files."""
    text = resources.files("truehop").joinpath("schemas", "profile.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@lru_cache(maxsize=1)
def built_in() -> tuple[Program, ...]:
    """The profiles that the package carries, by id."""
    folder = resources.files("truehop.profiles").joinpath("data", "programs")
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
    return tuple(make_program(yaml.load(texts[name], Loader=_LOADER)) for name in sorted(texts))  # noqa: S506 (a safe loader)


@lru_cache(maxsize=8)
def programs(extra: tuple[str, ...] = ()) -> tuple[Program, ...]:
    """All profiles; the user's files come first, so that they win.

    Raises:
        UserError: a file cannot be read or is not of the schema's form.
    """
    own = [program for path in extra for program in read_profiles(path)]
    return (*own, *built_in())


def read_profiles(path: str) -> list[Program]:
    """The program profiles of one user file (several documents are fine; fronts are left to their reader).

    Raises:
        UserError: the file cannot be read or is not of the schema's form.
    """
    return [make_program(document, origin=path) for document in _checked(path) if document["role"] != "front"]


def read_fronts(path: str) -> list[dict[str, Any]]:
    """The balancer profiles of one user file, as documents that the schema admits.

    Raises:
        UserError: the file cannot be read or is not of the schema's form.
    """
    return [document for document in _checked(path) if document["role"] == "front"]


def _checked(path: str) -> Iterator[dict[str, Any]]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (costs a tenth of a second)

    try:
        text = Path(path).read_text(encoding="utf-8")
        roots = list(yaml.compose_all(text, Loader=_LOADER))
        documents = list(yaml.load_all(text, Loader=_LOADER))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("the profile file cannot be read", place=path, cure=str(error)) from error
    except (yaml.YAMLError, RecursionError) as error:
        place = _place(path, getattr(error, "problem_mark", None))
        raise UserError("the profile file is no YAML", place=place, cure=_CURE) from error
    validator = Draft202012Validator(read_schema())
    for root, document in zip(roots, documents, strict=False):
        faults = sorted(validator.iter_errors(document), key=_rank)
        if faults:
            fault = _deepest(faults[0])
            place = _place(path, _mark_of(root, fault))
            raise UserError(f"not a profile: {fault.message}", place=place, cure=_CURE)
        yield document


def _rank(fault: Any) -> tuple[list[str], bool]:  # noqa: ANN401 (jsonschema's errors are untyped inside)
    """From the top of the file; a misspelt key before the one that is then missing."""
    return [str(part) for part in fault.absolute_path], fault.validator != "additionalProperties"


def _deepest(fault: Any) -> Any:  # noqa: ANN401 (jsonschema's errors are untyped inside)
    while fault.context:
        fault = max(fault.context, key=lambda one: len(one.absolute_path))
    return fault


def _mark_of(root: Any, fault: Any) -> Any:  # noqa: ANN401 (PyYAML's nodes, jsonschema's errors)
    """Where a fault stands: the misspelt key, else the value."""
    if fault.validator == "additionalProperties" and isinstance(fault.instance, dict):
        known = fault.schema.get("properties", {})
        extra = next((key for key in fault.instance if key not in known), None)
        return _mark(root, fault.absolute_path, str(extra))
    return _mark(root, fault.absolute_path)


def _mark(node: Any, path: Iterable[str | int], key: str = "") -> Any:  # noqa: ANN401 (PyYAML's nodes and marks)
    for part in path:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
        else:
            node = next((value for name, value in node.value if name.value == str(part)), node)
    if key and isinstance(node, yaml.MappingNode):
        node = next((one for one, _ in node.value if one.value == key), node)
    return getattr(node, "start_mark", None)


def _place(path: str, mark: Any) -> str:  # noqa: ANN401 (PyYAML's marks)
    return f"{path}:{mark.line + 1}:{mark.column + 1}" if mark is not None else path


def make_program(document: Mapping[str, Any], *, origin: str = "") -> Program:
    """A typed profile of a document that the schema admits."""
    reads = document.get("reads", {})
    program = document.get("program", {})
    return Program(
        id=document["id"],
        role=Role(document["role"]),
        title=document.get("title", document["id"]),
        images=tuple(document["detect"]["images"]),
        versions=document["detect"].get("versions", ""),
        runs_arguments=program.get("runs_arguments", False),
        facts={name: KnownFact(**fact) for name, fact in document.get("facts", {}).items()},
        listeners=tuple(_listener(entry) for entry in document.get("listeners", ())),
        switch=_switch(reads["header"]) if "header" in reads else None,
        manners=_manners(document.get("header", {})),
        trusts=tuple(_trust(key, entry) for key, entry in reads.get("trusts", {}).items()),
        clients=tuple(KnownClient(**entry) for entry in document.get("clients", ())),
        judges=tuple(
            Judge(entry["name"], tuple(entry["ports"]), entry.get("env", ""))
            for entry in document.get("judges_by_address", ())
        ),
        format=program.get("format", ""),
        releases=tuple((entry["image"], entry["is"]) for entry in program.get("releases", ())),
        settings=program.get("settings", {}),
        switched_settings=program.get("switched_settings", {}),
        env_settings=program.get("env_settings", {}),
        origin=origin,
    )


def _listener(entry: Mapping[str, Any]) -> KnownListener:
    return KnownListener(
        port=entry["port"],
        name=entry.get("name", entry["serves"]),
        serves=Serves(entry["serves"]),
        tls=Tls(entry.get("tls", "plain")),
        is_switched=entry.get("header", "never") == "switched",
        trusts=entry.get("trusts", ""),
        forwarded=entry.get("forwarded", ""),
        service=entry.get("service", ""),
        demands_tls=Tri.of(entry.get("demands_tls")),
        offers_auth=Tri.of(entry.get("offers_auth")),
        cleartext_auth=Tri.of(entry.get("cleartext_auth")),
    )


def _switch(entry: Mapping[str, Any]) -> HeaderSwitch:
    empty = entry.get("empty", "never")
    return HeaderSwitch(
        env=entry["env"],
        when={value: Header(mode) for value, mode in entry["when"].items()},
        off=frozenset(entry.get("off_words", ())),
        otherwise=Header(entry.get("otherwise", "never")),
        empty=None if empty == "unknown" else Header(empty),
        versions=entry.get("versions", ""),
        because=entry.get("because", ""),
        instead=entry.get("instead", ""),
    )


def _manners(entry: Mapping[str, Any]) -> HeaderManners:
    return HeaderManners(
        untrusted=Untrusted(entry.get("untrusted", "believed")),
        absent=entry.get("absent", "refused"),
        stall_seconds=entry.get("stall_seconds"),
        versions=tuple(Wire(version) for version in entry.get("versions", ("v1", "v2"))),
        refused_forms=tuple(entry.get("refused_forms", ())),
    )


def _trust(key: str, entry: Mapping[str, Any]) -> TrustSource:
    return TrustSource(
        key=key,
        env=entry["env"],
        grammar=entry["grammar"],
        use=TrustUse(entry["use"]),
        by_version=tuple((one["image"], one["grammar"]) for one in entry.get("by_version", ())),
        default=tuple(entry.get("default", ())),
        follows_header=entry.get("follows_header", False),
        is_optional=entry.get("optional", False),
        grants_nothing=entry.get("grants_nothing", False),
    )


class Index:
    """Finds the profile of an image without trying every glob."""

    def __init__(self, known: Iterable[Program]) -> None:
        self._by_name: dict[str, list[Program]] = {}
        self._others: list[Program] = []
        for program in known:
            for glob in program.images:
                last = glob.rpartition("/")[2]
                bucket = self._others if set(last) & set("*?[") else self._by_name.setdefault(last, [])
                if program not in bucket:
                    bucket.append(program)

    def find(self, image: ImageRef) -> Program | None:
        """The first profile whose globs and versions fit, the user's first."""
        found = [
            program
            for program in (*self._by_name.get(image.name, ()), *self._others)
            if satisfies(image.version, program.versions)
            and any(image.matches(glob) for glob in program.images)
        ]
        return next((program for program in found if program.origin), found[0] if found else None)


@lru_cache(maxsize=8)
def index(extra: tuple[str, ...] = ()) -> Index:
    """The index over all profiles; raises as :func:`programs` does."""
    return Index(programs(extra))
