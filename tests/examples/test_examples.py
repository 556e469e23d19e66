"""The examples say what they say: broken ones exactly their list, fixed ones nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from truehop.engine import Request, load_settings, run
from truehop.findings.outcome import Outcome

EXAMPLES = Path(__file__).parents[2] / "examples"
BROKEN = [EXAMPLES / "seed-guide", *sorted((EXAMPLES / "broken").iterdir())]
FIXED = sorted((EXAMPLES / "fixed").iterdir())
LINE = re.compile(r"(?P<place>[^:]+:\d+:\d+) (?P<severity>error|warning|info) (?P<rule>[a-z0-9-]+)")
#: Every public port of the guide's stack: mail, and webmail over HTTPS.
SEED_PORTS = [25, 110, 143, 443, 465, 587, 993, 995]

broken = pytest.mark.parametrize("example", BROKEN, ids=lambda folder: folder.name)
fixed = pytest.mark.parametrize("example", FIXED, ids=lambda folder: folder.name)


def judged(example: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What a user sees who stands in the example's folder."""
    monkeypatch.chdir(example)
    request = Request(paths=(".",))
    return run(request, load_settings(request))


@broken
def test_a_broken_example_is_told_exactly_what_is_expected(
    example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = judged(example, monkeypatch)
    lines = (example / "expected.txt").read_text(encoding="utf-8").splitlines()
    expected = [line for line in lines if line and not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in expected)
    found = [
        f"{one.at.path}:{one.at.line}:{one.at.column} {one.severity} {one.rule}" for one in outcome.findings
    ]
    assert sorted(found) == sorted(expected)
    assert not outcome.unjudged
    assert not outcome.crashes


@broken
def test_every_group_of_expectations_has_its_reason(example: Path) -> None:
    groups = (example / "expected.txt").read_text(encoding="utf-8").split("\n\n")
    for group in groups:
        first, *rest = group.strip().splitlines()
        rules = {found["rule"] for line in rest if (found := LINE.fullmatch(line))}
        assert first.startswith("# ")
        assert len(rules) == 1


@fixed
def test_a_fixed_example_is_silent_and_every_port_sees_its_clients(
    example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = judged(example, monkeypatch)
    assert [(one.rule, str(one.at)) for one in (*outcome.findings, *outcome.suppressed)] == []
    assert not outcome.unjudged
    assert not outcome.crashes
    assert outcome.routes
    for route in outcome.routes:
        assert route.believes == "client", f"port {route.port}"
        answers = dict(route.forgeable_by)
        if route.door == "hostNetwork" and answers["nodes"] == "unknown":
            answers["nodes"] = "no"
        assert set(answers.values()) == {"no"}, f"port {route.port}: {answers}"


def test_the_guides_stack_made_right_has_every_port(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = judged(EXAMPLES / "fixed" / "seed-guide", monkeypatch)
    assert [route.port for route in outcome.routes] == SEED_PORTS


def test_the_guides_stack_may_say_its_networks_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A rendering given alone, without configuration, is judged as well as with one."""
    copied = Path(shutil.copytree(EXAMPLES / "fixed" / "seed-guide", tmp_path / "stack"))
    (copied / "truehop.yaml").unlink()
    text = (copied / "mail.yaml").read_text(encoding="utf-8")
    assert {route.believes for route in judged(copied, monkeypatch).routes} == {"client", "unknown"}
    said = '  annotations: {truehop/networks: "{preset: k3s, nodes: [192.168.178.0/28]}"}\n'
    (copied / "mail.yaml").write_text(
        text.replace("  name: mail\n", f"  name: mail\n{said}", 1), encoding="utf-8"
    )
    outcome = judged(copied, monkeypatch)
    assert not outcome.findings
    assert {route.believes for route in outcome.routes} == {"client"}


def test_every_fixed_example_has_its_broken_twin() -> None:
    assert {folder.name for folder in FIXED} <= {folder.name for folder in BROKEN}
