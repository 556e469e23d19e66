from __future__ import annotations

import pytest

from truehop.findings.globs import matches_object, matches_path
from truehop.model.facts import ObjectRef

MTA = ObjectRef("Deployment", "mta", "mail")


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("a.yaml", "a.yaml"),
        ("./a.yaml", "a.yaml"),
        ("*.yaml", "a.yaml"),
        ("legacy/**", "legacy/a/b.yaml"),
        ("legacy/", "legacy/a/b.yaml"),
        ("legacy", "legacy/b.yaml"),
        ("**/x.yaml", "x.yaml"),
        ("**/x.yaml", "a/b/x.yaml"),
        ("a/**/x.yaml", "a/x.yaml"),
        ("a?.yaml", "ab.yaml"),
        ("[ab].yaml", "b.yaml"),
        ("[!b].yaml", "a.yaml"),
        ("a+(b).yaml", "a+(b).yaml"),
        ("[z-a", "[z-a"),
        ("[z-a]", "[z-a]"),
    ],
)
def test_a_path_is_matched(glob: str, path: str) -> None:
    assert matches_path(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*.yaml", "a/b.yaml"),
        ("legacy/*", "legacier/a"),
        ("legacy", "legacy2/a"),
        ("a?.yaml", "a/.yaml"),
        ("x.yaml", "a/x.yaml"),
        ("[!b].yaml", "b.yaml"),
    ],
)
def test_a_path_is_not_matched(glob: str, path: str) -> None:
    assert not matches_path(glob, path)


@pytest.mark.parametrize(
    "glob", ["mta", "m*", "mail/mta", "*/mta", "Deployment mail/*", "* mail/mta", "Deployment/mta"]
)
def test_an_object_is_matched(glob: str) -> None:
    assert matches_object(glob, MTA)


@pytest.mark.parametrize("glob", ["mda", "web/mta", "Service mail/mta", "MTA", "mail/"])
def test_an_object_is_not_matched(glob: str) -> None:
    assert not matches_object(glob, MTA)


def test_an_object_without_namespace_is_matched_by_its_name() -> None:
    assert matches_object("Service mta", ObjectRef("Service", "mta"))
