"""What the lab shows and what not: the programs that each row ran, and claims that rest on sources alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import truehop
from tests.lab.table import Row

PACKAGE = Path(truehop.__file__).parent
#: What a claim of ours names in a docstring: a row that showed it, or that no row can.
WITNESSES = re.compile(r"^ *Witness: (.+)$", re.MULTILINE)
SOURCE_ONLY = re.compile(r"^ *Source only: (.+)$", re.MULTILINE)
NOT_RUN = (
    "the balancers of any cloud, kube-proxy and network plug-ins",
    "other versions than those above",
    "the images that hold these programs",
    "PHP, Symfony, Roundcube: the web is the lab's own and reads X-Forwarded-For as Symfony's documents say",
)


def programs(row: Row) -> list[str]:
    """The programs of a row, by their names in the recording's versions."""
    named = {"haproxy": "HAProxy", "nginx": "nginx"}
    found = [named[row.balancer]] if row.balancer in named else []
    if row.entry != "absent":
        found.append("Traefik")
    if row.is_postfix:
        found.append({"bookworm": "Postfix 3.7", "trixie": "Postfix 3.10"}[row.suite])
    if row.is_dovecot:
        found.append({"bookworm": "Dovecot 2.3", "trixie": "Dovecot 2.4"}[row.suite])
    return found


def named_in_code(kind: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What the package's modules name: the module and the text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for text in kind.findall(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(PACKAGE)), text


def bounds() -> Iterator[str]:
    """What was not run, a line each."""
    for text in NOT_RUN:
        yield f"not run: {text}"
    for _, text in named_in_code(SOURCE_ONLY):
        yield f"source only: {text}"
