"""A line may hold the same words over and over: reading it takes time in proportion to its length."""

from __future__ import annotations

import time

import pytest

from truehop.live.logs.frames import undock
from truehop.live.logs.hits import Reader
from truehop.live.logs.scanning import scan

TIME = b"Nov 26 16:34:13 mail "
WORDS = [
    b"smtpd[7]: ",
    b"smtpd[7]: connect from a[192.0.2.1] ",
    b"smtpd[7]: warning: ignoring x ",
    b"smtpd[7]: 72A4AB5: client=a[192.0.2.1] ",
    b"smtpd[7]: warning: a[192.0.2.1]: SASL x authentication failed ",
    b"imap-login: ",
    b"imap-login: Login: user=<a>, rip=192.0.2.1 ",
    b" imap-login: Warning: haproxy: x ",
    b'] "',
    b'192.0.2.1 - - [26/Nov/2026:16:15:39 +0000] "',
    b'{"ClientHost":"192.0.2.1"',
    b'{"remote_ip":"192.0.2.1"',
    b"Failed login for a from 192.0.2.1 ",
    b"Failed login for ",
    b"421 4.3.2 No system resources ",
    b"Error while handling TCP connection ",
    b" while reading PROXY protocol, client: 192.0.2.1",
    b'{"log":"a","stream":"x","time":"',
    b"<",
    b"[",
    b" rip=192.0.2.1 ",
    b"::",
]
SHORT, LONG = 20_000, 160_000


def seconds(words: bytes, size: int) -> float:
    """The least processor time that a line takes, with a time before it and without."""
    line = words * (size // len(words)) + b"\n"
    seen = []
    for _ in range(3):
        begin = time.process_time()
        scan(undock(line), Reader())
        scan(undock(TIME + line), Reader())
        seen.append(time.process_time() - begin)
    return min(seen)


@pytest.mark.parametrize("words", WORDS)
def test_a_line_of_repeated_words_takes_time_in_proportion(words: bytes) -> None:
    # Were it by the square of the length, the long line would take 64 times as long as the short one.
    assert seconds(words, LONG) <= 24 * seconds(words, SHORT) + 0.01
