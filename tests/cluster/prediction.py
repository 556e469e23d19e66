"""What truehop says of a rendering, and what the servers say of the same: a word for each port."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cluster.stage import CLIENT, PORTS, Stage

#: Long enough for a server that waits for a header to give up.
PATIENCE = 8


def predicted(rendering: str, folder: Path) -> dict[int, set[str]]:
    """What truehop expects the servers to record, by port."""
    path = folder / "rendering.yaml"
    path.write_text(rendering, encoding="utf-8")
    words = [
        str(Path(sys.executable).with_name("truehop")),
        "path",
        "--format",
        "json",
        "--fail-on",
        "never",
        str(path),
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[int, set[str]] = {}
    for route in json.loads(done.stdout)["routes"]:
        if route["door"] != "ClusterIP":
            found.setdefault(route["port"], set()).add(route["believes"])
    return {port: words for port, words in found.items() if port in PORTS.values()}


def observed(stage: Stage) -> dict[int, set[str]]:
    """What the servers do record, by port."""
    return {port: {_word(stage, protocol)} for protocol, port in PORTS.items()}


def _word(stage: Stage, protocol: str) -> str:
    # A server may name the one that it turned away.
    order = {"seconds": PATIENCE}
    if stage.log_in(protocol, order=order).error:
        return "refused"
    seen = stage.seen(protocol, order=order)
    return "client" if seen == {CLIENT} else "hop"
