"""Names that mean a list of trusted proxies, and addresses of peers."""

from __future__ import annotations

import pytest

from tests.unit.adapters.texts import text_of, word
from tests.unit.kube.hand import cursor_of
from truehop.adapters.addresses import host_and_port, port_number
from truehop.adapters.named_lists import is_list_name, lists_in_env_file, lists_in_values, named_list
from truehop.model.facts import Tri
from truehop.model.hops import TrustUse


@pytest.mark.parametrize(
    "name",
    ["TRUSTED_PROXIES", "TRUSTED_PROXY", "SYMFONY_TRUSTED_PROXIES", "REAL_IP_FROM", (
        "HAPROXY_TRUSTED_NETWORKS"
    ),
     "PROXY_TRUSTED_NETWORKS", (
         "NEXTCLOUD_TRUSTED_PROXIES"
     ), "trustedProxies", "trusted_proxies", "trusted-proxies",
     "realIpFrom", "trustedProxyIPs", "proxy_whitelist"],
)  # fmt: skip
def test_a_list_is_known_by_its_name_in_any_spelling(name: str) -> None:
    assert is_list_name(name)


@pytest.mark.parametrize(
    "name", ["PROXIES", "TRUSTED_PROXIES_ENABLED", "REAL_IP_HEADER", "trustedDomains", "", "trustedIPs"]
)
def test_other_names_are_no_lists(name: str) -> None:
    assert not is_list_name(name)


@pytest.mark.parametrize("value", ["true", "1", "", "{{ .Values.proxies }}", "%env(PROXIES)%", "none"])
def test_what_holds_no_address_is_no_list(value: str) -> None:
    text = text_of(value or " ")
    assert named_list("TRUSTED_PROXIES", [text], text.location()) is None


def test_symfonys_own_variable_is_read_as_symfony_does() -> None:
    text = text_of("10.0.0.0/8 192.0.2.1,REMOTE_ADDR")
    found = named_list("SYMFONY_TRUSTED_PROXIES", [text], text.location())
    assert found is not None
    assert (found.use, found.is_active) == (TrustUse.FORWARDED, Tri.YES)
    assert found.entries[0].problem


def test_an_asterisk_trusts_everyone() -> None:
    text = text_of("*")
    found = named_list("TRUSTED_PROXIES", [text], text.location())
    assert found is not None
    assert found.trusts_everyone


def test_env_files_are_read_line_by_line() -> None:
    text = text_of(
        "# TRUSTED_PROXIES=10.0.0.1\nTRUSTED_PROXIES = '10.0.0.0/8'\nX=1\nREAL_IP_FROM=\nA_TRUSTED_PROXY=no\n"
    )
    [found] = lists_in_env_file(text)
    assert [word(text, one.at) for one in found.entries] == ["10.0.0.0/8"]


def test_depth_ends_somewhere() -> None:
    assert lists_in_values(cursor_of("{a: " * 90 + "{trustedProxies: 10.0.0.0/8}" + "}" * 90)) == []


@pytest.mark.parametrize(
    ("text", "peer"),
    [
        ("mda:143", ("mda", 143)), ("tls://mda:143", ("mda", 143)), ("[2001:db8::1]:25", ("2001:db8::1", 25)),
        ("mda", ("mda", 99)), ((
            "lmtp:inet:mda:24"
        ), ("mda", 24)), ("", None), ("mda:99999", None), ("a:b:c", None),
        ("https://mda:8080/path", ("mda", 8080)),
    ],
)  # fmt: skip
def test_a_peer_is_host_and_port(text: str, peer: tuple[str, int] | None) -> None:
    assert host_and_port(text, 99) == peer


def test_a_peer_without_any_port_is_none() -> None:
    assert host_and_port("mda") is None


@pytest.mark.parametrize(
    ("text", "port"), [("25", 25), ("0", None), ("65536", None), ("x", None), ("٢٥", None), ("", None)]
)
def test_a_port_is_written_in_digits(text: str, port: int | None) -> None:
    assert port_number(text) == port
