"""Rules of routers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.adapters.traefik.grammar import parse_rule


@pytest.mark.parametrize(
    "rule",
    [
        "HostSNI(`*`)",
        'HostSNI("mail.example.org")',
        "HostSNI(`a.example`) && ClientIP(`10.0.0.0/8`)",
        "(HostSNI(`a`) || HostSNI(`b`)) && !ClientIP(`10.0.0.1`)",
        "HostSNI(`a`) ||\n  HostSNI(`b`)",
        "HostSNI(`*`)\n",
        "hostsni(`*`)",
        "HOSTSNI(`*`)",
        "Hostsni(`*`)",
        "HostSNI ( `*` )",
        "HostSNIRegexp(`^.+\\.example$`)",
        "ALPN(`imap`)",
        "!(HostSNI(`a`))",
        "HostSNI(`*`,)",
        "HostSNI(`it's`)",
    ],
)
def test_rules_of_tcp_routers_are_read(rule: str) -> None:
    assert parse_rule(rule, "tcp", "v3").problem == ""


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("HostSNI('*')", "single quotes"),
        ("HostSNI(`*`", "not closed"),
        ("HostSNI(`*", "belongs to no rule"),
        ("HostSNI(*)", "belongs to no rule"),
        ("HostSNI", "lacks its parentheses"),
        ("HostSNI()", "nothing to match"),
        ("HostSNI(``)", "nothing to match"),
        ("HostSNI(`a`) HostSNI(`b`)", "after the rule's end"),
        ("HostSNI(`a`) &&", "ends where"),
        ("&& HostSNI(`a`)", "where a matcher"),
        ("Host(`a`)", "no matcher Host"),
        ("HostSNI(`a`, `b`)", "takes 1 string"),
        ("(HostSNI(`a`)", ") is missing"),
        ("HostSNI(`a`))", "after the rule's end"),
        ("HostSNI(`a`)\n|| HostSNI(`b`)", "a line ends"),
        ("HostSNI(`a`\n)", "not closed"),
        ("HostSNI(a)", "no string"),
        ("HostSNI(`a` `b`)", "not closed"),
        ("HostSNI(\nHostSNI", "no string"),
        ("`a`", "where a matcher"),
        ("HostSNI(`a`) & HostSNI(`b`)", "'&'"),
        ("!" * 3, "ends where"),
        ("(" * 200 + "HostSNI(`a`)" + ")" * 200, "too deep"),
        ("HostSNI(`a`) ||\n\n", "ends where"),
        ("HostSNI\n(`a`)", "lacks its parentheses"),
        ("hostSNI(`*`)", "no matcher hostSNI"),
    ],
)
def test_broken_rules_of_tcp_routers_say_why(rule: str, words: str) -> None:
    assert words in parse_rule(rule, "tcp", "v3").problem


@pytest.mark.parametrize(
    "rule",
    [
        "Host(`mail.example.org`) && PathPrefix(`/admin`)",
        "Host(`a`) || (Host(`b`) && Path(`/x`))",
        "Header(`X-A`, `b`)",
        "Query(`a`)",
        "Query(`a`, `b`)",
        "Method(`GET`)",
    ],
)
def test_rules_of_http_routers_are_read(rule: str) -> None:
    assert parse_rule(rule, "http", "v3").problem == ""


@pytest.mark.parametrize("rule", ["Host(`a`, `b`)", "Headers(`X-A`, `b`)", "HostHeader(`a`)"])
def test_the_old_dialect_takes_lists_and_knows_other_matchers(rule: str) -> None:
    assert parse_rule(rule, "http", "v2").problem == ""
    assert parse_rule(rule, "http", "v3").problem
    assert parse_rule(rule, "http", "").problem == ""


def test_the_old_dialect_does_not_know_the_new_matchers() -> None:
    assert parse_rule("PathRegexp(`a`)", "http", "v2").problem
    assert parse_rule("PathRegexp(`a`)", "http", "").problem == ""


def test_hosts_are_told_in_order() -> None:
    rule = parse_rule("HostSNI(`a.example`) || hostsni(`b.example`)", "tcp", "v3")
    assert rule.hosts() == ("a.example", "b.example")
    assert rule.hosts("ClientIP") == ()


def test_a_rule_of_absurd_length_is_not_judged() -> None:
    assert parse_rule("HostSNI(`a`)" + " " * 30_000 + "|", "tcp").problem == ""


@given(st.text(alphabet="HostSNI(`'\"*)&|! \na,\\", max_size=80))
def test_no_rule_crashes_it(text: str) -> None:
    assert isinstance(parse_rule(text, "tcp").problem, str)
