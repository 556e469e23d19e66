"""Our reader of certificates, with the cryptography library as its judge."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.live.verify.certificates import make
from truehop.live.verify.certificates import Certificate, read_certificate

NAMES = ("mail.example.com", "*.example.org", "198.51.100.7", "2001:db8::7")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = make(NAMES).der


def holding(*names: str, addresses: tuple[str, ...] = ()) -> Certificate:
    return Certificate(NOW, NOW, names, addresses)


@pytest.mark.parametrize("is_rsa", [True, False])
@pytest.mark.parametrize("names", [NAMES, ("a.example",), ()])
@pytest.mark.parametrize("ends", [60, 365 * 40])
def test_days_and_names_are_those_that_cryptography_reads(
    names: tuple[str, ...], ends: int, *, is_rsa: bool
) -> None:
    der = make(names, ends=ends, is_rsa=is_rsa).der
    ours, theirs = read_certificate(der), x509.load_der_x509_certificate(der)
    assert (ours.begins, ours.ends) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
    assert {*ours.names, *ours.addresses} == set(names)


def test_years_of_two_digits_may_be_of_the_last_century() -> None:
    assert read_certificate(make(begins=-365 * 60).der).begins.year < 1970


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("mail.example.com", True),
        ("MAIL.example.com.", True),
        ("other.example.com", False),
        ("a.example.org", True),
        ("a.b.example.org", False),
        ("example.org", False),
        ("org", False),
        ("2001:DB8:0::7", True),
        ("198.51.100.8", False),
    ],
)
def test_a_name_is_held_as_clients_see_it(name: str, *, holds: bool) -> None:
    found = holding("mail.example.com", "*.example.org", addresses=("2001:db8::7",))
    assert found.holds(name) is holds


def test_days_left() -> None:
    assert Certificate(NOW, NOW + timedelta(days=3, hours=5)).days_left(NOW) == 3
    assert Certificate(NOW, NOW - timedelta(hours=1)).days_left(NOW) == -1


@given(st.binary(max_size=200))
def test_no_bytes_make_it_crash(octets: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_certificate(octets)


@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 255))
def test_a_changed_byte_makes_another_certificate_or_none(place: int, value: int) -> None:
    der = bytearray(PLAIN)
    der[place] = value
    with suppress(ValueError):
        assert isinstance(read_certificate(bytes(der)), Certificate)


@given(st.integers(0, len(PLAIN) - 1))
def test_a_part_of_a_certificate_is_none(length: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_certificate(PLAIN[:length])
