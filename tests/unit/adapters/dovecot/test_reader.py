"""Dovecot's files to listeners."""

from __future__ import annotations

import pytest

from tests.unit.adapters.texts import by_port, reading, text_of, word
from truehop.adapters.dovecot.reader import DovecotFiles, read_dovecot
from truehop.adapters.readings import Reading
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Header, Listener, Serves, Tls, TrustUse, Untrusted

LISTENER = "service imap-login {{\n  inet_listener imap {{\n    port = 143\n    haproxy = {}\n  }}\n}}\n"


def read(
    *texts: str, is_whole: bool = True, release: str | None = None
) -> tuple[Reading, dict[int, Listener]]:
    found = reading("mda")
    parts = [text_of(text, "dovecot.conf") for text in texts]
    files = DovecotFiles(parts, is_whole, parts[0].cursor.key_location(), release=release)
    return found, by_port(read_dovecot(found, files))


def test_protocols_start_their_listeners() -> None:
    found, listeners = read("protocols = imap pop3 sieve submission lmtp\n")
    assert {port: one.serves.value for port, one in listeners.items()} == {
        143: Serves.IMAP, 993: Serves.IMAPS, 110: Serves.POP3, 995: Serves.POP3S, 4190: Serves.SIEVE,
        587: Serves.SUBMISSION, 465: Serves.SUBMISSIONS,
    }  # fmt: skip
    assert listeners[993].tls.value is Tls.IMPLICIT
    assert listeners[143].tls.value is Tls.STARTTLS
    assert listeners[143].proxy.is_off
    assert listeners[143].demands_tls.value is Tri.YES
    assert listeners[143].families.value == (4, 6)
    assert found.listeners == list(listeners.values())


@pytest.mark.parametrize(
    ("executable", "serves"),
    [
        ("imap-login -o mail_max_userip_connections=0", Serves.IMAP),
        ("/usr/libexec/dovecot/pop3-login", Serves.POP3),
        ("mine", Serves.INTERNAL),
        ("", Serves.INTERNAL),
    ],
)
def test_a_service_of_any_name_runs_the_program_that_it_names(executable: str, serves: Serves) -> None:
    service = (
        f"service inner {{\n  executable = {executable}\n  inet_listener a {{\n    port = 32143\n  }}\n}}\n"
    )
    assert read(service)[1][32143].serves.value is serves


def test_a_port_of_zero_switches_a_listener_off_and_a_bad_one_says_nothing() -> None:
    text = (
        "protocols = imap\nservice imap-login {\n  inet_listener imap {\n    port = 0\n"
        "  }\n  inet_listener x {\n    port = y\n  }\n}\n"
    )
    assert set(read(text)[1]) == {993}


def test_a_listener_on_loopback_is_nobodys_business() -> None:
    text = "service imap-login {\n  inet_listener x {\n    port = 10143\n    address = 127.0.0.1\n  }\n}\n"
    assert read(text)[1] == {}


def test_internal_services_are_told_by_their_names() -> None:
    _, listeners = read(
        "service lmtp {\n  inet_listener a {\n    port = 24\n  }\n}\n"
        "service doveadm {\n  inet_listener b {\n    port = 8080\n    ssl = yes\n  }\n}\n"
        "service stats {\n  inet_listener c {\n    port = 9900\n  }\n}\n"
    )
    assert {port: one.serves.value for port, one in listeners.items()} == {
        24: Serves.LMTP, 8080: Serves.DOVEADM, 9900: Serves.INTERNAL,
    }  # fmt: skip
    assert listeners[24].tls.value is Tls.PLAIN
    assert listeners[24].offers_auth.value is Tri.NO


def test_a_listener_with_haproxy_demands_the_header_from_the_trusted() -> None:
    text = "haproxy_trusted_networks = 10.42.0.0/16, 192.0.2.1\n" + LISTENER.format("yes")
    found, listeners = read(text)
    policy = listeners[143].proxy
    assert (policy.mode.value, policy.untrusted, policy.stall_seconds) == (
        Header.REQUIRED,
        Untrusted.DROPPED,
        3,
    )
    assert policy.trusts is not None
    assert found.trust_lists == [policy.trusts]
    assert policy.trusts.use is TrustUse.PROXY
    assert [word(text_of(text), one.at) for one in policy.trusts.entries] == ["10.42.0.0/16", "192.0.2.1"]
    assert policy.trusts.is_active is Tri.YES


def test_a_missing_list_trusts_nobody_and_is_missed_at_the_switch() -> None:
    text = LISTENER.format("yes")
    trusts = read(text)[1][143].proxy.trusts
    assert trusts is not None
    assert trusts.is_empty
    assert not trusts.is_present
    assert word(text_of(text), trusts.at) == "yes"


def test_a_missing_list_may_stand_in_a_file_that_is_not_there() -> None:
    for text, is_whole in (
        ("!include x.conf\n" + LISTENER.format("yes"), True),
        (LISTENER.format("yes"), False),
    ):
        trusts = read(text, is_whole=is_whole)[1][143].proxy.trusts
        assert trusts is not None
        assert trusts.is_complete is Tri.UNKNOWN


def test_a_list_that_only_names_a_variable_is_not_complete() -> None:
    trusts = read("haproxy_trusted_networks = $ENV:NETS\n" + LISTENER.format("yes"))[1][143].proxy.trusts
    assert trusts is not None
    assert trusts.is_complete is Tri.UNKNOWN
    assert trusts.entries == ()


def test_a_switch_that_only_names_a_variable_is_unknown() -> None:
    mode = read(LISTENER.format("$ENV:PROXY"))[1][143].proxy.mode
    assert (mode.basis, mode.settles) == (Basis.UNKNOWN, "PROXY")


def test_blanks_part_a_list_in_a_file_for_every_release() -> None:
    text = "haproxy_trusted_networks = 10.42.0.0/16 192.0.2.1\n" + LISTENER.format("yes")
    for release in ("2.4.1", "2.4.2", None):
        trusts = read(text, release=release)[1][143].proxy.trusts
        assert trusts is not None
        assert len([one for one in trusts.entries if one.network]) == 2


def test_a_list_block_of_2_4_counts() -> None:
    text = "haproxy_trusted_networks {\n  10.42.0.0/16 = yes\n  10.0.0.0/8 = no\n}\n" + LISTENER.format("yes")
    trusts = read(text)[1][143].proxy.trusts
    assert trusts is not None
    assert [one.text for one in trusts.entries] == ["10.42.0.0/16"]


def test_login_trusted_networks_belong_to_the_login_services() -> None:
    found, listeners = read("protocols = imap\nlogin_trusted_networks = 10.0.0.0/8\n")
    [own] = listeners[143].own_networks
    assert own.use is TrustUse.LOGIN
    assert own in found.trust_lists


@pytest.mark.parametrize(
    ("settings", "tls", "demands", "clear"),
    [
        ("ssl = required\n", Tls.STARTTLS, Tri.YES, Tri.NO),
        ("ssl = required\ndisable_plaintext_auth = no\n", Tls.STARTTLS, Tri.YES, Tri.NO),
        ("ssl = yes\n", Tls.STARTTLS, Tri.YES, Tri.NO),
        ("ssl = no\n", Tls.PLAIN, Tri.NO, Tri.NO),
        ("ssl = no\ndisable_plaintext_auth = no\n", Tls.PLAIN, Tri.NO, Tri.YES),
        ("auth_allow_cleartext = yes\n", Tls.STARTTLS, Tri.NO, Tri.YES),
        ("disable_plaintext_auth = yes\n", Tls.STARTTLS, Tri.YES, Tri.NO),
    ],
)
def test_tls_and_passwords_follow_the_settings(settings: str, tls: Tls, demands: Tri, clear: Tri) -> None:
    listener = read("protocols = imap\n" + settings)[1][143]
    assert (listener.tls.value, listener.demands_tls.value, listener.cleartext_auth.value) == (
        tls,
        demands,
        clear,
    )


@pytest.mark.parametrize(
    ("head", "demands", "clear"),
    [
        ("dovecot_config_version = 2.4.2\n", Tri.NO, Tri.YES),
        ("dovecot_config_version = 2.4.2\nssl = required\n", Tri.YES, Tri.NO),
        ("", Tri.YES, Tri.NO),
        ("!include other.conf\nssl = yes\n", Tri.UNKNOWN, Tri.UNKNOWN),
    ],
)
def test_behind_a_header_2_4_takes_passwords_in_clear_unless_ssl_is_required(
    head: str, demands: Tri, clear: Tri
) -> None:
    listener = read(head + LISTENER.format("yes"))[1][143]
    assert (listener.demands_tls.value, listener.cleartext_auth.value) == (demands, clear)


def test_a_part_of_a_configuration_leaves_tls_and_families_unknown() -> None:
    listener = read(LISTENER.format("no"), is_whole=False)[1][143]
    assert listener.tls.value is Tls.UNKNOWN
    assert listener.demands_tls.value is Tri.UNKNOWN
    assert listener.families.value is None


@pytest.mark.parametrize(
    ("value", "families"), [("*", (4,)), ("*, ::", (4, 6)), ("::", (6,)), ("mail.example.com", None)]
)
def test_families_are_those_of_listen(value: str, families: tuple[int, ...] | None) -> None:
    assert read(f"protocols = imap\nlisten = {value}\n")[1][143].families.value == families


def test_tls_settings_are_told_for_the_listeners_with_tls() -> None:
    text = (
        "protocols = imap\nssl_min_protocol = TLSv1\nssl_cipher_list = HIGH:AES128-SHA:!aNULL\n"
        "service lmtp {\n  inet_listener a {\n    port = 24\n  }\n}\n"
    )
    found, listeners = read(text)
    minimum, suites = found.tls_policies
    assert minimum.minimum is not None
    assert minimum.minimum.value == "1.0"
    assert [one.value for one in suites.suites] == ["AES128-SHA"]
    assert minimum.listeners == (listeners[143], listeners[993])


def test_an_unknown_lowest_version_says_nothing() -> None:
    assert read("protocols = imap\nssl_min_protocol = odd\n")[0].tls_policies == []


def test_later_files_go_over_earlier_ones() -> None:
    _, listeners = read(
        "protocols = imap\n" + LISTENER.format("no"), LISTENER.format("yes").replace("    port = 143\n", "")
    )
    assert listeners[143].proxy.is_on
