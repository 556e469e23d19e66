"""What truehop says of a rendering, and what the servers say of the same: a word for each port."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.stage import CLIENT, PORTS, Stage, side_by_side

#: Long enough for a server that waits for a header to give up.
PATIENCE = 8
FORGED = "198.51.100.99"
#: What a client sends that says to be a proxy: version 1, and version 2.
HEADERS = {
    "v1": f"PROXY TCP4 {FORGED} 192.0.2.25 4321 25\r\n".encode().hex(),
    "v2": "0d0a0d0a000d0a515549540a2111000c" + "c6336463" + "c0000219" + "10e10019",
}
#: What a browser sends that says to be a proxy.
FORWARDED = {"X-Forwarded-For": FORGED, "X-Real-Ip": FORGED, "Forwarded": f"for={FORGED}"}


@dataclass(frozen=True)
class Verdict:
    """Which address a server records for an honest client, and whether the internet may choose it."""

    believes: str
    is_forgeable: str


@dataclass(frozen=True)
class Honest:
    """A client who says what is true: where it really is, where its packets come from, and what it sends."""

    address: str = CLIENT
    source: str = CLIENT
    header: str = ""


def predicted(rendering: str, folder: Path) -> dict[str, set[Verdict]]:
    """What truehop expects, by protocol."""
    path = folder / "rendering.yaml"
    path.write_text(rendering, encoding="utf-8")
    program = str(Path(sys.executable).with_name("truehop"))
    words = [program, "path", "--format", "json", "--fail-on", "never", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    names = {port: protocol for protocol, port in PORTS.items()}
    found: dict[str, set[Verdict]] = {}
    for route in json.loads(done.stdout)["routes"]:
        if route["door"] != "ClusterIP" and route["port"] in names:
            said = Verdict(route["believes"], route["forgeable_by"]["internet"])
            found.setdefault(names[route["port"]], set()).add(said)
    return found


def observed(stage: Stage, honest: Honest) -> dict[str, set[Verdict]]:
    """What the servers do, by protocol."""
    return side_by_side(PORTS, lambda protocol: {_verdict(stage, protocol, honest)})


def _verdict(stage: Stage, protocol: str, honest: Honest) -> Verdict:
    forgeries: list[Mapping[str, object]] = [{"header": header} for header in HEADERS.values()]
    if protocol == "https":
        forgeries.append({"headers": FORWARDED})
    is_forged = any(FORGED in stage.heard(protocol, order={**one, "seconds": PATIENCE}) for one in forgeries)
    return Verdict(_word(stage, protocol, honest), "yes" if is_forged else "no")


def _word(stage: Stage, protocol: str, honest: Honest) -> str:
    order = {"seconds": PATIENCE, "header": honest.header}
    # A server may name the one that it turned away.
    if stage.log_in(protocol, honest.source, order).error:
        return "refused"
    seen = stage.seen(protocol, honest.source, order)
    return "client" if seen == {honest.address} else "hop"
