"""What truehop says of a rendering, and what the servers say of the same: a word for each port."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.stage import CLIENT, NOTHING, PORTS, Stage, side_by_side

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
    """Which address a server records for an honest client, and whether a forger may choose it."""

    believes: str
    is_forgeable: str


@dataclass(frozen=True)
class Client:
    """Where a client really is, where its packets come from, and what is said of it before it speaks."""

    address: str = CLIENT
    source: str = CLIENT
    header: str = ""


HONEST = Client()


def predicted(
    rendering: str, folder: Path, ports: Mapping[str, int] = PORTS, front: Mapping[str, object] = NOTHING
) -> dict[str, set[Verdict]]:
    """What truehop expects, by protocol; of what stands before the cluster it knows what it is told."""
    path = folder / "rendering.yaml"
    path.write_text(rendering, encoding="utf-8")
    config = folder / "truehop.yaml"
    config.write_text(json.dumps({"front": [front] if front else []}), encoding="utf-8")
    program = str(Path(sys.executable).with_name("truehop"))
    words = [program, "path", "--config", str(config), "--format", "json", "--fail-on", "never", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    names = {port: protocol for protocol, port in ports.items()}
    found: dict[str, set[Verdict]] = {}
    for route in json.loads(done.stdout)["routes"]:
        if route["door"] != "ClusterIP" and route["port"] in names:
            said = Verdict(route["believes"], route["forgeable_by"]["internet"])
            found.setdefault(names[route["port"]], set()).add(said)
    return found


def observed(
    stage: Stage, client: Client = HONEST, protocols: Iterable[str] = PORTS
) -> dict[str, set[Verdict]]:
    """What the servers do, by protocol."""
    return side_by_side(protocols, lambda protocol: {_verdict(stage, protocol, client)})


def _verdict(stage: Stage, protocol: str, client: Client) -> Verdict:
    forgeries: list[Mapping[str, object]] = [
        {"header": client.header + header} for header in HEADERS.values()
    ]
    if protocol == "https":
        forgeries.append({"header": client.header, "headers": FORWARDED})
    is_forged = any(
        FORGED in stage.heard(protocol, client.source, {**order, "seconds": PATIENCE}) for order in forgeries
    )
    return Verdict(_word(stage, protocol, client), "yes" if is_forged else "no")


def _word(stage: Stage, protocol: str, client: Client) -> str:
    order = {"seconds": PATIENCE, "header": client.header}
    # A server may name the one that it turned away.
    if stage.log_in(protocol, client.source, order).error:
        return "refused"
    seen = stage.seen(protocol, client.source, order)
    return "client" if seen == {client.address} else "hop"
