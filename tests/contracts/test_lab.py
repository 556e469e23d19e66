"""What real programs did, against what the walk says of the same configuration (``make lab`` records it)."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.lab.logs import Recorded, timing
from tests.lab.needs import complaint
from tests.lab.prediction import predicted, predicted_wait, recorded
from tests.lab.recording import TRUTH
from tests.lab.servers import IN_VARIABLES
from tests.lab.table import COLUMNS, MISWRITTEN, PORTS, POSTFIX, WRAPPED, Row, rows

Pair = tuple[tuple[str, str], tuple[str, str]]
KEPT: dict[str, Recorded] = json.loads(TRUTH.read_text(encoding="utf-8"))["rows"]
#: Words of two columns that say nothing together: of parts that are not there, settings that a program or
#: release does not have, and what is of HTTP alone. What is of port 25 alone is one program's for all ports.
DOVECOT_LISTS = {"keyword", "ipv4-list", "mapped-list", "loopback-list", *IN_VARIABLES}
OF_PORT_25 = {"postscreen", "deaf-postscreen", "ipv4-only", *MISWRITTEN}
HTTP_ROUTERS = {"http", "http-tls"}
OF_HTTP = {
    "router": HTTP_ROUTERS,
    "backend": {"believes", "everyone"},
    "forwarded": {"covers", "misses", "insecure"},
    "client": {"xff", "xff-twin", "real-ip", "rfc7239"},
}
NOT_OF_HTTP: dict[str, set[str]] = {
    "router": {"tls", "sni", "terminates", "https"},
    "link": {"v1", "v2", "cancelled"},
    "backend": {"demands", *DOVECOT_LISTS, *OF_PORT_25},
    "suite": {"trixie"},
    "server": PORTS.keys() - {"web"},
}
NO_PAIRS = [
    ("entry", {"absent"}, "router", {*COLUMNS["router"]} - {"opaque"}),
    ("entry", {"absent"}, "link", {"v1", "v2", "cancelled"}),
    ("entry", {"absent"}, "forwarded", OF_HTTP["forwarded"]),
    ("router", {"opaque"}, "forwarded", OF_HTTP["forwarded"]),
    ("router", {"terminates"}, "server", {*WRAPPED}),
    ("server", PORTS.keys() - {"smtp"}, "backend", OF_PORT_25),
    ("server", {*POSTFIX}, "backend", {"untrusted", *DOVECOT_LISTS}),
    ("backend", {*IN_VARIABLES}, "suite", {"bookworm"}),
    ("backend", {"ipv4-only"}, "family", {"ipv6", "loopback"}),
    # In a cluster nobody's address is one of loopback: the walk takes such a list for one of nobody.
    ("entry", {"loopback-list"}, "family", {"loopback"}),
    ("backend", {"loopback-list"}, "family", {"loopback"}),
    *(("server", {"web"}, column, words) for column, words in NOT_OF_HTTP.items()),
    *(
        (one, words, other, others)
        for one, words in OF_HTTP.items()
        for other, others in NOT_OF_HTTP.items()
        if one != other
    ),
]
#: Postscreen waits for clients that speak too early, which no header is about.
SLOW_BY_THEMSELVES = {"postscreen", "deaf-postscreen"}
#: With these nothing starts, each start differs, or no header is read: what stands beside is all one.
ALONE = {"entry": {"bare", "invalid", "repeated"}, "backend": {*MISWRITTEN}}


def test_each_word_of_the_table_stands_beside_each_word_of_the_other_columns() -> None:
    present = {pair for row in rows() for pair in pairs_of({name: getattr(row, name) for name in COLUMNS})}
    wanted = {
        ((first, one), (second, other))
        for first, second in itertools.combinations(COLUMNS, 2)
        for one, other in itertools.product(COLUMNS[first], COLUMNS[second])
        if one not in ALONE.get(first, ()) and other not in ALONE.get(second, ())
    }
    assert sorted(wanted - present - _impossible()) == []


def pairs_of(row: dict[str, str]) -> set[Pair]:
    """Each two words of a row, with their columns."""
    return set(itertools.combinations(row.items(), 2))


def _impossible() -> set[Pair]:
    found: set[Pair] = set()
    for first, ones, second, others in NO_PAIRS:
        for one, other in itertools.product(ones, others):
            pair = ((first, one), (second, other))
            in_order = list(COLUMNS).index(first) < list(COLUMNS).index(second)
            found.add(pair if in_order else (pair[1], pair[0]))
    return found


def test_no_row_holds_what_says_nothing() -> None:
    impossible = _impossible()
    assert [
        row.id for row in rows() if pairs_of({name: getattr(row, name) for name in COLUMNS}) & impossible
    ] == []


def test_every_row_of_the_table_was_run_and_no_other() -> None:
    assert sorted(KEPT) == sorted(row.id for row in rows())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_the_walk_says_what_the_server_recorded(row: Row) -> None:
    kept = KEPT[row.id]
    assert predicted(row) <= recorded(row, kept)
    has_session = row.client == "honest" and kept["session"] == "works"
    if has_session and row.backend not in SLOW_BY_THEMSELVES:
        assert kept["when"] == timing(predicted_wait(row))


def test_what_the_lab_lacks_is_said_in_one_line() -> None:
    packages = {"no-such-ip": "iproute2", "no-such-unshare": "util-linux", "no-such-nsenter": "util-linux"}
    assert complaint(is_root=False, packages=packages) == (
        "it makes namespaces and mounts: run it as root; "
        "packages are missing (Debian, Ubuntu: apt-get install iproute2 util-linux)"
    )
    assert complaint(is_root=True, packages={"sh": "dash"}) == ""
