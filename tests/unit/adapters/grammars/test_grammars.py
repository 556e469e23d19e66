"""How each program reads a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.texts import text_of, word
from truehop.adapters.grammars import completeness, read_list
from truehop.model.facts import Tri
from truehop.model.hops import TrustEntry

GRAMMARS = [
    "declared",
    "dovecot",
    "dovecot_2_4_1",
    "lenient",
    "postfix",
    "roundcube",
    "roundcube_1_6",
    "symfony",
]


def entries(grammar: str, value: str) -> tuple[TrustEntry, ...]:
    return read_list(grammar, text_of(value))


def good(grammar: str, value: str) -> list[str]:
    return [str(network) for one in entries(grammar, value) for network in one.networks]


def bad(grammar: str, value: str) -> list[str]:
    return [one.text for one in entries(grammar, value) if one.problem]


@pytest.mark.parametrize("grammar", GRAMMARS)
@given(value=st.text(alphabet="0123456789./:,; abc[]!*\"'{}$\n"))
def test_no_list_breaks_a_grammar_and_every_entry_stands_where_it_says(grammar: str, value: str) -> None:
    text = text_of(f"{value}10.0.0.1")
    for one in read_list(grammar, text):
        if "\n" not in one.text:
            assert word(text, one.at) == one.text


@pytest.mark.parametrize("value", ["10.0.0.0/8,192.0.2.1", "10.0.0.0/8, 192.0.2.1", "10.0.0.0/8 192.0.2.1"])
def test_dovecot_splits_at_commas_and_blanks(value: str) -> None:
    assert good("dovecot", value) == ["10.0.0.0/8", "192.0.2.1"]
    assert bad("dovecot", value) == []


def test_dovecot_stops_at_the_first_bad_entry() -> None:
    assert good("dovecot", "10.0.0.0/8,PRIVATE_SUBNETS,192.0.2.1") == ["10.0.0.0/8"]
    assert bad("dovecot", "10.0.0.0/8,PRIVATE_SUBNETS,192.0.2.1") == ["PRIVATE_SUBNETS", "192.0.2.1"]


@pytest.mark.parametrize("value", ["10.0.0.0/8, 192.0.2.1", "10.0.0.0/8 192.0.2.1"])
def test_dovecot_2_4_1_stops_at_the_first_blank(value: str) -> None:
    assert good("dovecot_2_4_1", value) == ["10.0.0.0/8"]
    assert bad("dovecot_2_4_1", value) == ["192.0.2.1"]


def test_dovecot_2_4_1_reads_commas_and_stops_at_bad_entries() -> None:
    assert good("dovecot_2_4_1", " 10.0.0.0/8,192.0.2.1 ") == ["10.0.0.0/8", "192.0.2.1"]
    assert bad("dovecot_2_4_1", "x,10.0.0.0/8 192.0.2.1") == ["x", "10.0.0.0/8", "192.0.2.1"]


def test_symfony_trims_and_takes_blanks_for_a_part_of_the_entry() -> None:
    assert good("symfony", "10.0.0.0/8, 192.0.2.1") == ["10.0.0.0/8", "192.0.2.1"]
    [only] = entries("symfony", "10.0.0.0/8 192.0.2.1")
    assert only.problem
    assert only.text == "10.0.0.0/8 192.0.2.1"


def test_symfony_knows_three_words() -> None:
    [everyone, private, ranges] = entries("symfony", "REMOTE_ADDR,PRIVATE_SUBNETS,private_ranges")
    assert everyone.is_everyone
    assert private.means == ranges.means
    assert "::ffff:0.0.0.0/96" in [str(one) for one in private.means] or len(private.means) == 12
    assert not private.problem


def test_postfix_wants_brackets_around_ipv6_and_no_host_bits() -> None:
    assert good("postfix", "127.0.0.0/8 [::1]/128, [2001:db8::]/32") == [
        "127.0.0.0/8",
        "::1",
        "2001:db8::/32",
    ]
    assert bad("postfix", "10.42.1.1/16 2001:db8::/32 mail.example.com ${NETS}") == [
        "10.42.1.1/16", "2001:db8::/32", "mail.example.com",
    ]  # fmt: skip


def test_postfix_tables_and_exclusions_leave_the_list_open() -> None:
    found = entries("postfix", "!10.0.0.1, hash:/etc/postfix/nets /etc/nets 10.0.0.0/8")
    assert [one.problem for one in found] == ["", "", "", ""]
    assert completeness(found) is Tri.UNKNOWN
    assert completeness(entries("postfix", "10.0.0.0/8")) is Tri.YES


def test_roundcube_reads_a_json_array() -> None:
    text = text_of('["10.42.0.1", "10.43.0.0/16"]')
    found = read_list("roundcube", text)
    assert [word(text, one.at) for one in found] == ["10.42.0.1", "10.43.0.0/16"]
    assert good("roundcube", '["10.42.0.1", "10.43.0.0/16"]') == ["10.42.0.1", "10.43.0.0/16"]
    assert good("roundcube_1_6", '["10.42.0.1", "10.43.0.0/16"]') == ["10.42.0.1"]
    assert bad("roundcube_1_6", '["10.42.0.1", "10.43.0.0/16"]') == ["10.43.0.0/16"]


def test_roundcube_takes_no_other_text_from_a_variable_as_a_list() -> None:
    assert bad("roundcube", "10.42.0.1,10.43.0.0/16") == ["10.42.0.1,10.43.0.0/16"]
    assert entries("roundcube", " ") == ()


def test_an_unknown_program_has_no_bad_entries() -> None:
    found = entries("lenient", "[\"10.0.0.0/8\", 'word'] * private_ranges")
    assert [one.problem for one in found] == ["", "", "", ""]
    assert found[2].is_everyone
    assert found[3].means
    assert good("lenient", "(10.0.0.0/8; ::1)")[:2] == ["10.0.0.0/8", "::1"]


def test_a_problem_says_what_is_wrong() -> None:
    [placeholder] = entries("dovecot", "<trusted>")
    assert "placeholder" in placeholder.problem


@pytest.mark.parametrize(
    "grammar", ["dovecot", "dovecot_2_4_1", "postfix", "symfony", "roundcube", "declared"]
)
@pytest.mark.parametrize("text", ["{{ TRUSTED }}", "${TRUSTED}", "%env(TRUSTED)%"])
def test_what_something_else_fills_in_is_unknown(grammar: str, text: str) -> None:
    found = entries(grammar, text)
    assert [one.problem for one in found] == [""] * len(found)
    assert completeness(found) is (Tri.UNKNOWN if found else Tri.YES)
