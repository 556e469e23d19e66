"""mailstack's servers run, and each of them logs the address that the client really has."""

from __future__ import annotations

import secrets

import pytest

from tests.cluster.prediction import FORWARDED, HEADERS
from tests.cluster.stage import FRONTS, PORTS, Stage


@pytest.mark.parametrize("client", FRONTS)
@pytest.mark.parametrize("protocol", PORTS)
def test_server_logs_the_clients_own_address(protocol: str, client: str, stage: Stage) -> None:
    assert stage.seen(protocol, client) == {client}


@pytest.mark.parametrize("version", HEADERS)
@pytest.mark.parametrize("protocol", ["smtp", "submission", "imap", "pop3", "sieve"])
def test_header_that_a_client_sends_changes_nothing(protocol: str, version: str, stage: Stage) -> None:
    assert stage.seen(protocol, order={"header": HEADERS[version]}) == {"203.0.113.7"}


@pytest.mark.parametrize("name", FORWARDED)
def test_address_that_a_browser_states_is_not_believed(name: str, stage: Stage) -> None:
    assert stage.seen("https", order={"headers": {name: FORWARDED[name]}}) == {"203.0.113.7"}


def test_mail_is_sent_filtered_delivered_and_read(stage: Stage) -> None:
    word = secrets.token_hex(4)
    assert stage.send(word).error == ""
    assert stage.send(f"{word}-own", protocol="submissions").error == ""
    stage.wait_for_mail(word, f"{word}-own")
    [told] = [
        line
        for line in stage.log("filter").splitlines()
        if f"<{word}@outside.test>" in line and "task_write_log" in line
    ]
    assert ", ip: 203.0.113.7," in told
