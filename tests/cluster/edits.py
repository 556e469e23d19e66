"""Releases that are broken on purpose: patterns in a rendering, and what takes their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Edit = Sequence[tuple[str, str]]


def environment(name: str, value: str) -> tuple[str, str]:
    """A variable gets another value, wherever it stands."""
    return rf"(- name: {name}\n +value: ).*", rf"\g<1>{value!r}"


def argument(points: str, said: str) -> tuple[str, str]:
    """Entry points of the edge are told more."""
    return rf"(\n +- )(--entryPoints\.(?:{points})\.)(address=\S+)", rf"\1\2\3\1\2{said}"


NO_HEADER = (r"( +mail:\n +)proxyProtocol:\n +version: 2\n", r"\1{}\n")
ANOTHER_NETWORK = "192.0.2.0/24"

#: Broken where the client's address comes in the packets.
EDITS: Mapping[str, Edit] = {
    "edge sends no header": [NO_HEADER],
    "edge sends the older header, which does no harm": [(r"(proxyProtocol:\n +version: )2\n", r"\g<1>1\n")],
    "node's address before the edge": [("externalTrafficPolicy: Local", "externalTrafficPolicy: Cluster")],
    "mta reads no header": [environment("MTA_UPSTREAM_PROXY", "false")],
    "mda reads no header": [environment("MDA_UPSTREAM_PROXY", "false")],
    "nobody sends or reads a header": [
        NO_HEADER,
        environment("MTA_UPSTREAM_PROXY", "false"),
        environment("MDA_UPSTREAM_PROXY", "false"),
        (r"(port = 34190\n +haproxy = )yes", r"\1no"),
    ],
    "lists miss the edge": [environment("TRUSTED_PROXIES", ANOTHER_NETWORK)],
    "lists name everybody": [environment("TRUSTED_PROXIES", "0.0.0.0/0,::/0")],
    "edge believes any sender": [
        argument("smtp|submissions|imap|pop3s", "proxyProtocol.insecure=true"),
        # For so long it waits for the header of a client that sends none.
        argument("smtp|submissions|imap|pop3s", "transport.respondingTimeouts.readTimeout=3s"),
    ],
    "edge believes any browser": [argument("websecure", "forwardedHeaders.insecure=true")],
    "edge and web believe any browser": [
        argument("websecure", "forwardedHeaders.insecure=true"),
        environment("TRUSTED_PROXIES", "0.0.0.0/0,::/0"),
    ],
}

#: Broken where a balancer states the client.
BALANCED_EDITS: Mapping[str, Edit] = {
    "edge trusts another balancer": [
        (r"(--entryPoints\.\w+\.proxyProtocol\.trustedIPs=)\S+", rf"\g<1>{ANOTHER_NETWORK}")
    ],
    "edge reads no header": [(r"\n +- --entryPoints\.\w+\.proxyProtocol\.trustedIPs=\S+", "")],
    "edge believes any sender": [
        (r"(--entryPoints\.\w+\.proxyProtocol\.)trustedIPs=\S+", r"\1insecure=true")
    ],
}


def edited(rendering: str, edit: Edit) -> str:
    """The rendering with an edit; each of its patterns has to be found."""
    for pattern, replacement in edit:
        rendering, count = re.subn(pattern, replacement, rendering)
        assert count, pattern
    return rendering
