"""Servers in the world outside: one that takes mail, and one whose mailbox somebody fetches."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.cluster import configuration
from tests.cluster.mail import Mail
from tests.cluster.node import OUTSIDE

SINK = Path(__file__).with_name("sink.py")
MAILBOX = Path(__file__).with_name("mailbox.py")
#: Who may read the mailbox.
LOGIN = ("somebody", "fetchedElsewhere")


def open_sink(mail: Mail) -> None:
    """Starts the mail server; it may run already."""
    space = mail.node.space
    if "sink" not in space.programs:
        space.start("sink", *OUTSIDE, sys.executable, "-I", str(SINK), configuration.OUTSIDE[0], "25")


def sunk(mail: Mail) -> list[dict[str, object]]:
    """The mails that it has got."""
    text = mail.node.space.programs["sink"].log.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def open_mailbox(mail: Mail, message: str) -> None:
    """Starts the server of the mailbox, which holds one message."""
    space = mail.node.space
    path = space.state / "message"
    path.write_text(message, encoding="utf-8", newline="")
    words = (configuration.OUTSIDE[0], "110", *LOGIN, str(path))
    space.start("mailbox", *OUTSIDE, sys.executable, "-I", str(MAILBOX), *words)
