"""mailstack's servers run, and each of them logs the address that the client really has."""

from __future__ import annotations

import secrets

import pytest

from tests.cluster.stage import FRONTS, PORTS, Stage

FORGED = "198.51.100.99"
#: What a client sends that says to be a proxy: version 1, and version 2.
HEADERS = {
    "v1": f"PROXY TCP4 {FORGED} 192.0.2.25 4321 25\r\n".encode().hex(),
    "v2": "0d0a0d0a000d0a515549540a2111000c" + "c6336463" + "c0000219" + "10e10019",
}


@pytest.mark.parametrize("client", FRONTS)
@pytest.mark.parametrize("protocol", PORTS)
def test_server_logs_the_clients_own_address(protocol: str, client: str, stage: Stage) -> None:
    assert stage.seen(protocol, client) == {client}


@pytest.mark.parametrize("version", HEADERS)
@pytest.mark.parametrize("protocol", ["smtp", "submission", "imap", "pop3", "sieve"])
def test_header_that_a_client_sends_changes_nothing(protocol: str, version: str, stage: Stage) -> None:
    assert stage.seen(protocol, order={"header": HEADERS[version]}) == {"203.0.113.7"}


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-Ip", "Forwarded"])
def test_address_that_a_browser_states_is_not_believed(name: str, stage: Stage) -> None:
    assert stage.seen("https", order={"headers": {name: FORGED}}) == {"203.0.113.7"}


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
