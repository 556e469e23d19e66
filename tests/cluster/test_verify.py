"""``truehop verify`` from the world outside: of whole and broken releases it says what the walk predicts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import configuration
from tests.cluster.certificates import NAME
from tests.cluster.edits import EDITS, edited
from tests.cluster.node import OUTSIDE
from tests.cluster.prediction import Verdict, predicted
from tests.cluster.stage import CLIENT, FRONTS, PORTS, Stage

TRUEHOP = str(Path(sys.executable).with_name("truehop"))
#: One for each thing that may become of a client: recorded, a hop in its place, refused, forged.
FAULTS = (
    "edge sends no header",
    "node's address before the edge",
    "mta reads no header",
    "mda reads no header",
    "nobody sends or reads a header",
    "edge believes any sender",
    "edge and web believe any browser",
)


def verify(stage: Stage, front: str, *words: str) -> dict[str, Any]:
    """What it says of all ports, with the pods' logs through the API."""
    space = stage.mail.node.space
    known = ["--format", "json", "--fail-on", "never", "--kube-context", "", "-n", stage.mail.namespace]
    numbers = ",".join(str(port) for port in PORTS.values())
    every = [
        TRUEHOP,
        "verify",
        front,
        "--name",
        NAME,
        "--no-chain",
        "--ports",
        numbers,
        "--logins",
        "5",
        *known,
    ]
    where = {"KUBECONFIG": str(configuration.kubeconfig(space.state))}
    done = subprocess.run(
        space.entered(*OUTSIDE, *every, *words),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**space.environment(), **where},
    )
    assert done.returncode in {0, 3}, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def verdicts(found: dict[str, Any]) -> dict[str, set[Verdict]]:
    """Whose address is recorded, and whether a forger may choose it, by protocol."""
    forged = {
        check["publicPort"]
        for check in found["checks"]
        if check["check"].startswith("forged") and check["verdict"] == "fail"
    }
    return {
        seen["protocol"]: {Verdict(seen["recorded"], "yes" if seen["publicPort"] in forged else "no")}
        for seen in found["ports"]
    }


def failures(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is not met or not judged."""
    bad = ("fail", "unknown")
    checks = [check for check in found["checks"] if check["verdict"] in bad]
    return [(check["protocol"], check["check"], check["message"]) for check in checks]


@pytest.mark.parametrize("front", FRONTS.values())
def test_whole_release_meets_every_demand(front: str, whole: str, stage: Stage, tmp_path: Path) -> None:
    rendering = tmp_path / "mail.yaml"
    rendering.write_text(whole, encoding="utf-8")
    found = verify(stage, front, "--manifests", str(rendering))
    own = configuration.OUTSIDE[":" in front]
    assert [seen["recordedAddress"] for seen in found["ports"]] == [own] * len(PORTS), failures(found)
    # What suites a server takes is its image's choice.
    assert [one for one in failures(found) if one[1] not in {"tls-suites", "http-hsts"}] == []
    assert verdicts(found) == predicted(whole, tmp_path)
    assert len(found["failedLogins"]) == len([name for name in PORTS if name[:4] in {"imap", "pop3", "siev"}])
    assert CLIENT not in str(found)


@pytest.mark.parametrize("fault", FAULTS)
def test_broken_release_is_told_as_the_walk_predicts(
    fault: str, whole: str, stage: Stage, tmp_path: Path
) -> None:
    broken = edited(whole, EDITS[fault])
    stage.put(broken)
    found = verify(stage, FRONTS[CLIENT])
    assert verdicts(found) == predicted(broken, tmp_path), failures(found)
