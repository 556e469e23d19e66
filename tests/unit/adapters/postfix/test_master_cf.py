"""master.cf: services and their settings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.texts import text_of, word
from truehop.adapters.postfix.master_cf import read_master


def test_a_service_has_type_command_and_options_on_lines_below() -> None:
    text = text_of("""\
        # service type private unpriv chroot wakeup maxproc command
        submission inet n - n - - smtpd -v
          -o smtpd_tls_security_level=encrypt
          # a comment between
          -o { smtpd_recipient_restrictions = permit_sasl_authenticated, reject }
          -osmtpd_sasl_auth_enable=yes -o broken -D
          -o =nothing
    """)
    [service] = read_master(text)
    assert (service.name.value, service.type, service.command, service.port) == (
        "submission",
        "inet",
        "smtpd",
        587,
    )
    assert {name: one.value for name, one in service.options.items()} == {
        "smtpd_tls_security_level": "encrypt",
        "smtpd_recipient_restrictions": "permit_sasl_authenticated, reject",
        "smtpd_sasl_auth_enable": "yes",
    }
    assert word(text, service.options["smtpd_tls_security_level"].at) == "encrypt"
    assert word(text, service.at) == "submission"


@pytest.mark.parametrize(
    ("name", "port", "is_local"),
    [
        ("25", 25, False), ("0.0.0.0:2525", 2525, False), ("127.0.0.1:10025", 10025, True),
        ("[::1]:10025", 10025, True), ("localhost:10026", 10026, True), ("smtps", 465, False),
        ("odd", None, False), ("70000", None, False), ("0", None, False), ("10.0.0.1:smtp", 25, False),
    ],
)  # fmt: skip
def test_a_service_name_tells_host_and_port(name: str, port: int | None, is_local: bool) -> None:
    [service] = read_master(text_of(f"{name} inet n - n - - smtpd\n"))
    assert (service.port, service.is_local) == (port, is_local)


def test_short_lines_and_unknown_types_are_no_services() -> None:
    assert (
        read_master(text_of("smtp inet n - n\nsmtp tcp n - n - - smtpd\n{{ PORT }} inet n - n - - smtpd\n"))
        == []
    )


def test_of_two_equal_services_the_last_counts() -> None:
    services = read_master(
        text_of("smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\nsmtp inet n - n - 1 postscreen\n")
    )
    assert [(one.type, one.command) for one in services] == [("unix", "smtp"), ("inet", "postscreen")]


@given(st.text(alphabet="smtp inet-on=\n\t #{}:025,$"))
def test_no_text_breaks_the_reader(value: str) -> None:
    for service in read_master(text_of(value + "\nsmtp inet n - n - - smtpd\n")):
        assert service.name.value
