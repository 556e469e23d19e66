"""Roundcube's PHP configuration."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.texts import text_of, word
from truehop.adapters.webmail import read_php, read_roundcube
from truehop.model.facts import Tri
from truehop.model.hops import Hop, Role

HOP = Hop("web", Role.WEB)


def test_strings_know_where_they_stand_and_comments_do_not_count() -> None:
    text = text_of("""\
        <?php
        // $config['proxy_whitelist'] = ['192.0.2.1'];
        /* $config['x'] = 'y'; */
        # $config['z'] = 'y';
        $config['proxy_whitelist'] = array(
            '10.42.0.0/16', // pods
            "192.0.2.7",
        );
        $config['other'] = true;
    """)
    found = read_roundcube(text, HOP).trusts
    assert found is not None
    assert [word(text, one.at) for one in found.entries] == ["10.42.0.0/16", "192.0.2.7"]
    assert word(text, found.at) == "proxy_whitelist"
    assert found.is_complete is Tri.YES


def test_a_list_that_is_computed_is_not_complete() -> None:
    found = read_roundcube(
        text_of("$config['proxy_whitelist'] = explode(',', getenv('PROXIES'));"), HOP
    ).trusts
    assert found is not None
    assert found.is_complete is Tri.UNKNOWN


def test_networks_count_from_1_7_on() -> None:
    text = text_of("$config['proxy_whitelist'] = ['10.42.0.0/16'];")
    for version, count in (("1.6.9", 0), ("1.7.3", 1), (None, 1)):
        found = read_roundcube(text, HOP, version).trusts
        assert found is not None
        assert len([one for one in found.entries if one.network]) == count


def test_servers_are_clients_with_the_port_of_their_scheme() -> None:
    text = text_of("""\
        $config['imap_host'] = ['ssl://mda', 'tls://mda2:1143'];
        $config['smtp_server'] = 'ssl://mta';
        $config['smtp_port'] = 465;
        $config['managesieve_host'] = 'sieve';
        $config['smtp_host'] = 'tls://%h:587';
        $config['default_host'] = 'tls://' . getenv('MDA');
    """)
    clients = read_roundcube(text, HOP).clients
    assert [(client.host, client.port) for client in clients] == [
        ("mda", 993), ("mda2", 1143), ("mta", 465), ("sieve", 4190),
    ]  # fmt: skip
    assert word(text, clients[0].at) == "ssl://mda"


def test_the_last_of_two_equal_settings_counts() -> None:
    assert [
        one.value for one in read_php(text_of("$config['a'] = 'x'; $config['a'] = 'y';"))["a"].strings
    ] == ["y"]


@given(st.text(alphabet="$config['a\"]=();/*#\\\n1x,"))
def test_no_text_breaks_the_reader(value: str) -> None:
    for setting in read_php(text_of(value + "\n$config['z'] = 'z';\n")).values():
        assert all(string.value in value + "z" for string in setting.strings)
