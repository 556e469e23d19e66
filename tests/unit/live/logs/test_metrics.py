"""What Prometheus is told, over a real socket."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.unit.live.logs.lines import BEGIN, client, connect, fault, login
from truehop.errors import UserError
from truehop.live.logs.findings import Thresholds
from truehop.live.logs.hops import Hops
from truehop.live.logs.metrics import Gauges, parse_address, serve
from truehop.live.logs.scanning import Stream
from truehop.live.logs.summary import Summary
from truehop.model.addresses import AddressSet

LINES = [
    *(login(number % 3, "10.42.0.3", f"user{number}@example.com") for number in range(12)),
    *(connect(number * 10, client(number)) for number in range(5)),
    *(connect(40, "10.42.0.9") for _ in range(3)),
    fault(0, "10.0.0.9"),
]


@contextmanager
def _served(summary: Summary, address: str = "127.0.0.1:0") -> Iterator[str]:
    server = serve(Gauges(summary, Thresholds(), threading.Lock()), address)
    host = str(server.server_address[0])
    shown = f"[{host}]" if ":" in host else host
    try:
        yield f"http://{shown}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own server)
        text: str = answer.read().decode()
        return text


def _summary() -> Summary:
    made = Summary(hops=Hops({"networks.pods": AddressSet.parse("10.42.0.0/16")}))
    Stream(made).feed("".join(LINES).encode())
    return made


def _samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_was_counted_is_served() -> None:
    with _served(_summary()) as url:
        text = _get(f"{url}/metrics")
    found = _samples(text)
    smtpd = (("program", "postfix"), ("service", "smtpd"))
    imap = (("kind", "login"), ("program", "dovecot"), ("service", "imap-login"))
    assert found["truehop_logs_lines_total", ()] == len(LINES)
    assert found["truehop_logs_records_total", imap] == 12
    assert found["truehop_logs_sessions_total", smtpd] == 8
    assert found["truehop_logs_hop_sessions_total", (("network", "networks.pods"), *smtpd)] == 3
    assert found["truehop_logs_distinct_addresses", smtpd] == 2
    assert found["truehop_logs_messages_total", (("message", "dovecot-not-trusted"),)] == 1
    assert found["truehop_logs_findings", (("check", "shared-address"), ("severity", "error"))] == 1
    assert found["truehop_logs_findings", (("check", "distinct-fall"), ("severity", "warning"))] == 0
    assert found["truehop_logs_accounts_of_one_address", ()] == 0  # none in the latest window
    assert found["truehop_logs_last_record_timestamp_seconds", ()] == (BEGIN + 40) * 60


def test_no_label_holds_an_address_or_an_account() -> None:
    with _served(_summary()) as url:
        text = _get(f"{url}/metrics")
    assert "10.42.0.3" not in text
    assert "198.51." not in text
    assert "user1" not in text


def test_the_most_accounts_are_those_of_the_latest_window() -> None:
    made = Summary()
    Stream(made).feed("".join(login(0, "192.0.2.7", f"user{number}") for number in range(4)).encode())
    with _served(made) as url:
        assert _samples(_get(f"{url}/metrics"))["truehop_logs_accounts_of_one_address", ()] == 4


def test_nothing_read_is_served_as_well() -> None:
    with _served(Summary()) as url:
        assert _samples(_get(f"{url}/metrics"))["truehop_logs_accounts_of_one_address", ()] == 0


def test_readiness_is_told_and_nothing_else_is_there() -> None:
    with _served(Summary(), "[::1]:0") as url:
        assert _get(f"{url}/-/ready") == _get(f"{url}/-/healthy") == "ok\n"
        with pytest.raises(urllib.error.HTTPError, match="404") as caught:
            _get(url)
        caught.value.close()


def test_a_port_that_is_taken_is_told() -> None:
    with _served(Summary()) as url, pytest.raises(UserError, match="cannot listen there"):
        serve(Gauges(Summary(), Thresholds(), threading.Lock()), url.removeprefix("http://"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1:9108", ("127.0.0.1", 9108)), ("[::1]:1", ("::1", 1)), (":9108", ("", 9108))],
)
def test_addresses_are_read(text: str, expected: tuple[str, int]) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize("text", ["9108", "a:b", "a:70000", ""])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(UserError, match="not ADDRESS:PORT"):
        parse_address(text)
