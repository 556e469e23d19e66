"""With MySQL in place of PostgreSQL, and mail that is fetched from mailboxes elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.cluster.configuration import OUTSIDE
from tests.cluster.conftest import new_namespace
from tests.cluster.mail import Mail
from tests.cluster.node import Node
from tests.cluster.outside import LOGIN, open_mailbox
from tests.cluster.stage import FRONTS, PORTS, USER, Stage, message

ADDRESSES = {"203.0.113.7": "192.0.2.28", "2001:db8::7": "2001:db8:25::28"}
ANOTHER = "another@example.com"
PASSWORD = "ofTheOtherMailbox"


@pytest.fixture(scope="module")
def mysql(world: Node) -> Iterator[Stage]:
    """A release with MySQL, which fetches mail every few seconds."""
    values = {"database__driver": "mysql", "fetchmail__enabled": True, "fetchmail__interval": 10}
    with new_namespace(world) as name:
        found = Stage(Mail(world, name, 4), ADDRESSES, values)
        found.open()
        yield found
        found.mail.uninstall()


def _administer(stage: Stage, *words: str) -> None:
    where = ["-n", stage.mail.namespace, "deploy/mail-web", "-c", "web"]
    stage.mail.node.kubectl("exec", *where, "--", "/opt/admin/bin/console", *words)


@pytest.mark.parametrize("client", FRONTS)
def test_servers_with_mysql_log_the_clients_own_address(client: str, mysql: Stage) -> None:
    assert mysql.seen_by_all(client) == {protocol: {client} for protocol in PORTS}


def test_mail_is_sent_and_delivered_by_mysql(mysql: Stage) -> None:
    word = secrets.token_hex(4)
    assert mysql.send(word).error == ""
    assert mysql.send(f"{word}-own", protocol="submission").error == ""
    mysql.wait_for_mail(word, f"{word}-own")


def test_mail_is_fetched_from_a_mailbox_in_the_world(mysql: Stage) -> None:
    word = secrets.token_hex(4)
    open_mailbox(
        mysql.mail, f"From: <friend@outside.test>\r\nTo: <{LOGIN[0]}@outside.test>\r\n{message(word)}"
    )
    _administer(mysql, "fetchmail:account:add", USER, OUTSIDE[0], "pop3", "110", *LOGIN)
    mysql.wait_for_mail(word)


def test_mail_is_fetched_from_another_mailbox_of_the_server_itself(mysql: Stage) -> None:
    name, domain = ANOTHER.split("@")
    _administer(mysql, "user:add", "--enable", f"--password={PASSWORD}", name, domain)
    word = secrets.token_hex(4)
    assert mysql.send(word, to=ANOTHER).error == ""
    host = f"mail-mda-internal.{mysql.mail.namespace}.svc.cluster.local"
    _administer(mysql, "fetchmail:account:add", USER, host, "imap", "143", ANOTHER, PASSWORD)
    mysql.wait_for_mail(word)
