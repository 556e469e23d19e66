"""What is found in a stream, and what is not."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from tests.unit.live.logs.lines import BEGIN, client, connect, fault, idle, login
from truehop.live.logs import summary as summaries
from truehop.live.logs import timeline
from truehop.live.logs.findings import LogFinding, Thresholds, judge, reaches
from truehop.live.logs.hops import Hops, number_of
from truehop.live.logs.scanning import Stream, scan, whole_lines
from truehop.live.logs.summary import Summary
from truehop.live.logs.timeline import MOST_SLOTS
from truehop.model.addresses import AddressSet

PODS = Hops({"networks.pods": AddressSet.parse("10.42.0.0/16", "fd00:42::/56")})


def _summary(lines: Iterable[str], hops: Hops | None = None, width: int = 10) -> Summary:
    made = Summary(width=width, hops=hops or Hops())
    Stream(made).feed("".join(lines).encode())
    made.settle()
    made.windows.close()
    return made


def _found(lines: Iterable[str], hops: Hops | None = None) -> list[LogFinding]:
    return judge(_summary(lines, hops), Thresholds())


def _checks(found: list[LogFinding]) -> list[tuple[str, str]]:
    return [(one.check, one.severity) for one in found]


def test_an_address_of_many_accounts_is_found() -> None:
    lines = [login(number, "203.0.113.7", f"user{number}@example.com") for number in range(10)]
    (one,) = _found(lines)
    assert (one.check, one.severity, one.address, one.count) == (
        "shared-address",
        "warning",
        "203.0.113.7",
        10,
    )
    assert one.message == "10 accounts logged in from 203.0.113.7 within 10 minutes, to imap-login"
    assert "--expect 203.0.113.7" in one.help
    assert one.first == BEGIN


def test_it_is_an_error_where_the_address_is_a_hop_s() -> None:
    lines = [login(0, "10.42.0.3", f"user{number}") for number in range(10)]
    (one,) = _found(lines, PODS)
    assert (one.severity, one.network) == ("error", "networks.pods")
    assert "an address of networks.pods" in one.message


@pytest.mark.parametrize(
    "lines",
    [
        [login(0, "203.0.113.7", f"user{number}") for number in range(9)],
        [login(0, "203.0.113.7", "one") for _ in range(30)],
        [login(number * 10, "203.0.113.7", f"user{number}") for number in range(30)],
        [
            login(0, "203.0.113.7", f"user{number}").replace(
                "Login:", "Disconnected (auth failed, 1 attempts):"
            )
            for number in range(30)
        ],
    ],
    ids=["few accounts", "one account", "one in each window", "guessed passwords"],
)
def test_what_is_usual_is_not_found(lines: list[str]) -> None:
    assert _found(lines) == []


def test_what_the_user_expects_is_not_found() -> None:
    hops = Hops(PODS.networks, AddressSet.parse("10.42.0.7"))
    assert _found([login(0, "10.42.0.7", f"user{number}") for number in range(40)], hops) == []


def test_many_accounts_are_estimated_and_said_to_be() -> None:
    lines = [login(0, "203.0.113.7", f"user{number}@example.com") for number in range(3000)]
    (one,) = _found(lines)
    assert one.message.startswith("about ")
    assert one.count == pytest.approx(3000, rel=0.35)


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [(19, 1, [("hop-traffic", "error")]), (12, 8, [("hop-traffic", "warning")]), (9, 11, []), (18, 1, [])],
)
def test_the_share_of_sessions_from_a_hop_is_judged(
    inside: int, outside: int, expected: list[tuple[str, str]]
) -> None:
    lines = [connect(0, "10.42.0.3") for _ in range(inside)] + [
        connect(0, client(one)) for one in range(outside)
    ]
    assert _checks(_found(lines, PODS)) == expected


def test_probes_do_not_count_as_sessions() -> None:
    probes = [
        line for minute in range(60) for line in (connect(minute, "10.42.0.1"), idle(minute, "10.42.0.1"))
    ]
    made = _summary([*probes, *(connect(0, client(number)) for number in range(30))], PODS)
    assert judge(made, Thresholds()) == []
    use = made.services["postfix", "smtpd"]
    assert (use.sessions, use.real, use.real_inside("networks.pods")) == (90, 30, 0)


def test_private_addresses_are_a_guess_where_nobody_names_the_networks() -> None:
    (one,) = _found([connect(0, "fd00::7") for _ in range(20)])
    assert (one.check, one.severity) == ("hop-traffic", "warning")
    assert "private addresses" in one.message


def test_listeners_of_the_cluster_s_own_clients_are_not_judged() -> None:
    assert _found([connect(0, "10.42.0.3", "postfix/webmail/smtpd") for _ in range(40)], PODS) == []


def test_a_sudden_fall_of_addresses_is_found() -> None:
    before = [connect(window * 10, client(number)) for window in range(4) for number in range(40)]
    now = [connect(40, client(number % 3)) for number in range(40)]
    (one,) = _found(before + now)
    assert (one.check, one.severity, one.first) == ("distinct-fall", "warning", BEGIN + 40)
    assert "saw 3 addresses in 10 minutes, where 40 are usual" in one.message


def test_a_quiet_night_is_no_fall() -> None:
    before = [connect(window * 10, client(number)) for window in range(4) for number in range(40)]
    assert _found([*before, connect(40, client(1))]) == []


def test_falls_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_FALLS", 1)
    lines: list[str] = []
    for window in range(20):
        number = 2 if window % 5 == 4 else 40
        lines += [connect(window * 10, client(one % number)) for one in range(40)]
    made = _summary(lines)
    assert (len(made.windows.falls), made.windows.fall_count) == (1, 4)


def test_messages_of_the_dictionary_are_explained() -> None:
    (one,) = _found([fault(0, "10.0.0.3"), fault(5, "10.0.0.3"), fault(7, "10.0.0.4")])
    assert (one.check, one.severity, one.dictionary, one.count) == (
        "message",
        "warning",
        "dovecot-not-trusted",
        3,
    )
    assert one.rules[0] == "trust-missing-hop"
    assert one.peers == (("10.0.0.3", 2), ("10.0.0.4", 1))
    assert (one.first, one.last) == (BEGIN, BEGIN + 7)


def test_the_gravest_comes_first_and_severities_are_compared() -> None:
    lines = [fault(0, "10.42.0.3"), *(login(0, "10.42.0.3", f"user{number}") for number in range(10))]
    found = _found(lines, PODS)
    assert [one.severity for one in found] == ["error", "warning"]
    assert reaches(found, "error")
    assert not reaches(found, "never")
    assert not reaches(found[1:], "error")
    assert reaches(found[1:], "info")


def test_what_is_no_address_is_counted_apart() -> None:
    made = _summary(
        [connect(0, "999.1.1.1"), connect(0, "1:2:3"), connect(0, "::ffff:192.0.2.1"), fault(0, "1:2")]
    )
    assert made.bad_addresses == 2
    assert made.recognised == 4
    assert [address for address, _ in made.addresses.most(9)] == [b"::ffff:192.0.2.1"]
    assert list(made.messages["dovecot-not-trusted"].peers.entries) == []


def test_an_address_in_the_other_family_s_dress_is_the_same() -> None:
    assert number_of(b"::ffff:10.42.0.3") == number_of(b"10.42.0.3")
    assert number_of(b"\xff") == (0, 0)
    assert number_of(b"\xff:") == (0, 0)


def test_services_and_hop_addresses_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MOST_SERVICES", 2)
    monkeypatch.setattr("truehop.live.logs.hops._MOST_KNOWN", 2)
    monkeypatch.setattr("truehop.live.logs.hits._MOST_SOURCES", 3)
    made = _summary([connect(0, client(number), f"postfix/name{number}/smtpd") for number in range(9)])
    assert sorted(service for _, service in made.services) == ["name0", "name1", "other"]
    assert made.recognised == 9


def test_logins_of_addresses_that_are_too_many_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MOST_ADDRESSES", 3)
    made = _summary([login(0, client(number % 40), f"user{number}") for number in range(80)])
    assert len(made.logins.entries) == 3
    assert made.recognised == 80


def test_an_address_s_services_are_named_up_to_a_number() -> None:
    said = "3F2A11: client=a[203.0.113.7], sasl_method=PLAIN, sasl_username=user"
    tags = [f"postfix/name{number}/smtpd[7]" for number in range(12)]
    (one,) = _found([f"{tag}: {said}{number}\n" for number, tag in enumerate(tags)])
    assert one.message.count("name") == 8


@pytest.mark.parametrize(
    ("own", "open_to_all"), [("webmail", "submission"), ("managesieve-login", "imap-login")]
)
def test_a_webmail_logs_in_for_many_from_one_address(own: str, open_to_all: str) -> None:
    line = {
        "webmail": "postfix/webmail/smtpd[7]: 3F2A11: client=a[10.1.0.9], sasl_method=x, sasl_username={}\n",
        "managesieve-login": "dovecot: managesieve-login: Login: user=<{}>, method=x, rip=10.1.0.9, lip=::\n",
    }[own]
    lines = [line.format(f"user{number}") for number in range(30)]
    assert _found(lines) == []
    found = _found(one.replace(own, open_to_all) for one in lines)
    assert "shared-address" in {one.check for one in found}


def test_a_long_log_s_picture_stays_small() -> None:
    lines = [connect(minute * 60, client(minute % 7)) for minute in range(3 * MOST_SLOTS)]
    made = _summary(lines)
    whole = made.windows.whole()
    assert len(whole.slots) <= MOST_SLOTS
    assert sum(sessions for _, sessions, _ in whole.series()) == len(lines)


def test_a_line_of_another_century_makes_no_picture_of_centuries() -> None:
    made = _summary([connect(0, "192.0.2.1").replace("2026", "1971"), connect(0, "192.0.2.1")])
    assert len(made.windows.whole().series()) <= MOST_SLOTS * 4
    assert Summary().windows.whole().series() == []


def test_stragglers_of_an_earlier_window_still_count() -> None:
    made = Summary()
    for minute in (30, 0, 30):
        Stream(made).feed(connect(minute, "192.0.2.1").encode())
        made.settle()
    assert sum(sessions for _, sessions, _ in made.windows.whole().series()) == 3


def test_a_line_without_time_is_of_now() -> None:
    made = _summary(["postfix/smtpd[7]: connect from a[192.0.2.1]\n"])
    assert made.last is not None
    assert made.last > BEGIN - 10**6


def test_much_is_settled_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "BATCH", 2)
    made = Summary()
    stream = Stream(made)
    for number in range(5):
        stream.feed(connect(0, client(number)).encode())
    assert made.recognised == 4
    made.settle()
    assert made.recognised == 5


@pytest.mark.parametrize("size", [1, 7, 100, 1 << 16])
def test_lines_stay_whole_however_they_come(size: int) -> None:
    text = "".join([connect(0, client(number)) for number in range(20)]).encode() + b"no end"
    blocks = list(whole_lines(text[at : at + size] for at in range(0, len(text), size)))
    assert b"".join(blocks) == text
    assert all(block.endswith(b"\n") for block in blocks[:-1])


def test_a_line_without_end_needs_no_memory_without_end() -> None:
    blocks = list(whole_lines(b"x" * 50_000 for _ in range(20)))
    assert b"".join(blocks) == b"x" * 1_000_000
    assert max(map(len, blocks)) <= 150_000


@pytest.mark.parametrize("again", [b" login for ", b'"remote_ip"', b'] "', b"-login: ", b"smtpd"])
def test_a_line_that_repeats_what_is_looked_for_takes_no_time_without_end(again: bytes) -> None:
    began = time.process_time()
    Stream(Summary()).feed(again * (131_072 // len(again)))
    assert time.process_time() - began < 5  # half a minute, where each place looks at all that follows


def test_scanning_finds_what_reading_finds() -> None:
    from pathlib import Path

    from truehop.live.logs.hits import Reader
    from truehop.live.logs.reading import read

    folder = Path(__file__).parents[3] / "data" / "logs"
    for path in sorted(folder.glob("*.log")):
        text = path.read_bytes()
        scanned = sorted((hit[1].kind, hit[1].service, hit[2], hit[3]) for hit in scan(text, Reader()))
        records = sorted(
            (record.kind, record.service, (record.address or "").encode(), (record.account or "").encode())
            for record in read(text.splitlines())
        )
        assert scanned == records, path.name
