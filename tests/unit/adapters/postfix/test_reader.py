"""main.cf and master.cf together."""

from __future__ import annotations

import pytest

from tests.unit.adapters.texts import by_port, reading, text_of, word
from truehop.adapters.postfix.reader import PostfixFiles, read_postfix
from truehop.adapters.postfix.tls import lowest
from truehop.adapters.readings import Reading
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Effect, Header, Listener, Serves, Tls, Untrusted

MASTER = "smtp inet n - n - - smtpd\n"


def read(main: str | None, master: str | None = MASTER) -> tuple[Reading, dict[int, Listener]]:
    found = reading()
    files = PostfixFiles(
        text_of(main) if main is not None else None,
        text_of(master, "master.cf") if master is not None else None,
    )
    return found, by_port(read_postfix(found, files))


def test_a_value_in_main_cf_reaches_every_inet_service() -> None:
    found, listeners = read(
        "smtpd_upstream_proxy_protocol = haproxy\n", MASTER + "submission inet n - n - - smtpd\n"
    )
    assert {port: one.proxy.mode.value for port, one in listeners.items()} == {
        25: Header.REQUIRED, 587: Header.REQUIRED,
    }  # fmt: skip
    policy = listeners[25].proxy
    assert (policy.untrusted, policy.absent, policy.stall_seconds, policy.trusts) == (
        Untrusted.BELIEVED,
        "refused",
        5,
        None,
    )
    assert not found.switches
    assert found.listeners == list(listeners.values())


def test_a_service_may_switch_the_header_on_and_off() -> None:
    text = "smtpd_upstream_proxy_protocol = haproxy\n"
    _, listeners = read(text, MASTER + "587 inet n - n - - smtpd\n  -o smtpd_upstream_proxy_protocol=\n")
    off = listeners[587].proxy
    assert off.is_off
    assert off.at is not None
    assert off.at.line == 3
    assert listeners[25].proxy.is_on


def test_without_main_cf_an_unset_switch_is_unknown() -> None:
    _, listeners = read(None)
    assert listeners[25].proxy.mode.basis is Basis.UNKNOWN
    assert listeners[25].tls.value is Tls.UNKNOWN
    assert listeners[25].offers_auth.value is Tri.UNKNOWN
    assert listeners[25].demands_tls.value is Tri.UNKNOWN
    assert listeners[25].families.basis is Basis.UNKNOWN


def test_main_cf_alone_assumes_the_stock_service() -> None:
    _, listeners = read("smtpd_upstream_proxy_protocol = haproxy\n", None)
    assert listeners[25].basis is Basis.ASSUMED
    assert listeners[25].proxy.is_on
    _, listeners = read("postscreen_upstream_proxy_protocol = haproxy\n", None)
    assert listeners[25].proxy.is_on


def test_no_file_is_no_listener() -> None:
    assert read(None, None)[1] == {}


def test_another_word_than_haproxy_is_fatal_to_postfix() -> None:
    found, _ = read("smtpd_upstream_proxy_protocol = proxy\n", MASTER + "587 inet n - n - - smtpd\n")
    [switch] = found.switches
    assert (switch.effect, switch.value) == (Effect.IGNORED, "proxy")


def test_postscreen_reads_its_own_switch_and_hands_on_to_smtpd() -> None:
    main = "postscreen_upstream_proxy_protocol = haproxy\nsmtpd_tls_security_level = may\n"
    found, listeners = read(main, "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n")
    assert listeners[25].proxy.is_on
    assert listeners[25].tls.value is Tls.STARTTLS
    assert not found.switches


def test_smtpds_switch_behind_postscreen_does_nothing() -> None:
    text = "smtpd_upstream_proxy_protocol = haproxy\n"
    found, listeners = read(text, "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n")
    assert listeners[25].proxy.is_off
    [switch] = found.switches
    assert switch.effect is Effect.MISPLACED
    assert switch.listeners == (listeners[25],)
    assert word(text_of(text), switch.at) == "haproxy"


def test_an_option_of_the_passed_service_is_misplaced_even_where_postscreen_reads_the_header() -> None:
    found, _ = read(
        "postscreen_upstream_proxy_protocol = haproxy\n",
        (
            "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n"
            "  -o smtpd_upstream_proxy_protocol=haproxy\n"
        ),
    )
    assert [switch.effect for switch in found.switches] == [Effect.MISPLACED]


def test_both_switches_in_main_cf_are_fine_where_other_services_need_smtpds() -> None:
    found, _ = read(
        "postscreen_upstream_proxy_protocol = haproxy\nsmtpd_upstream_proxy_protocol = haproxy\n",
        "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\nsubmission inet n - n - - smtpd\n",
    )
    assert not found.switches


def test_postscreens_switch_without_postscreen_does_nothing() -> None:
    found, _ = read("postscreen_upstream_proxy_protocol = haproxy\n")
    assert [switch.because for switch in found.switches] == ["no postscreen stands before these services"]


@pytest.mark.parametrize("service", ["127.0.0.1:10025", "10025"])
def test_a_value_in_main_cf_also_reaches_the_reinjection_port(service: str) -> None:
    master = f"{MASTER}{service} inet n - n - - smtpd\n  -o content_filter=\n"
    found, listeners = read("smtpd_upstream_proxy_protocol = haproxy\n", master)
    [switch] = found.switches
    assert switch.effect is Effect.MISPLACED
    assert (10025 in listeners) is (service == "10025")


def test_a_reinjection_port_with_its_own_setting_is_meant_so() -> None:
    found, _ = read(
        "smtpd_upstream_proxy_protocol = haproxy\n",
        MASTER + "127.0.0.1:10025 inet n - n - - smtpd\n  -o smtpd_upstream_proxy_protocol=\n",
    )
    assert not found.switches


def test_loopback_interfaces_give_no_listener() -> None:
    assert read("inet_interfaces = loopback-only\n")[1] == {}


def test_ports_without_a_number_give_no_listener() -> None:
    assert read("", "odd inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\n")[1] == {}


# --- TLS and passwords ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("main", "tls", "demands", "auth", "clear"),
    [
        ("", Tls.PLAIN, Tri.NO, Tri.NO, Tri.NO),
        ("smtpd_tls_security_level = may\n", Tls.STARTTLS, Tri.NO, Tri.NO, Tri.NO),
        ("smtpd_use_tls = yes\n", Tls.STARTTLS, Tri.NO, Tri.NO, Tri.NO),
        ("smtpd_enforce_tls = yes\nsmtpd_sasl_auth_enable = yes\n", Tls.STARTTLS, Tri.YES, Tri.YES, Tri.NO),
        ((
            "smtpd_tls_security_level = may\nsmtpd_sasl_auth_enable = yes\n"
        ), Tls.STARTTLS, Tri.NO, Tri.YES, Tri.YES),
        ("smtpd_tls_security_level = may\nsmtpd_sasl_auth_enable = yes\nsmtpd_tls_auth_only = yes\n",
         Tls.STARTTLS, Tri.YES, Tri.YES, Tri.NO),
        ((
            "smtpd_tls_security_level = encrypt\nsmtpd_sasl_auth_enable = yes\n"
        ), Tls.STARTTLS, Tri.YES, Tri.YES, Tri.NO),
        ((
            "smtpd_tls_wrappermode = yes\nsmtpd_sasl_auth_enable = yes\n"
        ), Tls.IMPLICIT, Tri.YES, Tri.YES, Tri.NO),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_security_options = noanonymous, noplaintext\n",
         Tls.PLAIN, Tri.NO, Tri.YES, Tri.NO),
    ],
)  # fmt: skip
def test_tls_and_passwords_follow_the_parameters(
    main: str, tls: Tls, demands: Tri, auth: Tri, clear: Tri
) -> None:
    listener = read(main)[1][25]
    assert (listener.tls.value, listener.demands_tls.value) == (tls, demands)
    assert (listener.offers_auth.value, listener.cleartext_auth.value) == (auth, clear)


def test_cleartext_stands_at_the_setting_that_allows_it() -> None:
    text = "smtpd_sasl_auth_enable = yes\nsmtpd_tls_auth_only = no\n"
    assert word(text_of(text), read(text)[1][25].cleartext_auth.at) == "no"


@pytest.mark.parametrize(
    ("service", "serves"),
    [
        ("smtp inet n - n - - smtpd", Serves.SMTP),
        ("465 inet n - n - - smtpd", Serves.SUBMISSIONS),
        ("2525 inet n - n - - smtpd", Serves.SMTP),
        ("2587 inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes", Serves.SUBMISSION),
        ("2465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes", Serves.SUBMISSIONS),
    ],
)
def test_the_protocol_follows_port_and_settings(service: str, serves: Serves) -> None:
    [listener] = read("", service + "\n")[1].values()
    assert listener.serves.value is serves


@pytest.mark.parametrize(
    ("value", "families"),
    [("all", (4, 6)), ("ipv4", (4,)), ("ipv6", (6,)), ("ipv4, ipv6", (4, 6)), ("odd", None)],
)
def test_families_are_those_of_inet_protocols(value: str, families: tuple[int, ...] | None) -> None:
    assert read(f"inet_protocols = {value}\n")[1][25].families.value == families


# --- relaying, limits, TLS settings ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("restrictions", "relays"),
    [
        ("", True),
        ("smtpd_relay_restrictions = permit_mynetworks, reject\n", True),
        ("smtpd_relay_restrictions = reject_unauth_destination, permit_mynetworks\n", False),
        ("smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = reject_unauth_destination\n", False),
        ("smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks reject\n", True),
        ("smtpd_relay_restrictions = permit\n", False),
        ("smtpd_relay_restrictions = check_client_access cidr:/x\n", False),
    ],
)
def test_mynetworks_relays_where_no_list_refuses_first(restrictions: str, relays: bool) -> None:
    found, listeners = read(f"mynetworks = 10.42.0.0/16\n{restrictions}")
    assert [one.is_active for one in found.trust_lists] == [Tri.of(relays)]
    assert bool(listeners[25].own_networks) is relays


def test_one_list_of_networks_is_told_once_and_counts_as_active_where_one_service_relays() -> None:
    found, listeners = read(
        "mynetworks = 10.42.0.0/16\n",
        "587 inet n - n - - smtpd\n  -o smtpd_relay_restrictions=reject\n"
        + MASTER
        + "465 inet n - n - - smtpd\n  -o smtpd_relay_restrictions=reject\n",
    )
    [only] = found.trust_lists
    assert only.is_active is Tri.YES
    assert listeners[25].own_networks == (only,)
    assert listeners[587].own_networks == ()


def test_limits_and_checks_by_address_are_told_with_their_listeners() -> None:
    found, listeners = read(
        "smtpd_client_connection_rate_limit = 20\nsmtpd_client_message_rate_limit = 0\n"
        "smtpd_client_restrictions = reject_rbl_client zen.example, reject_rbl_client other.example\n"
        "smtpd_recipient_restrictions = check_policy_service inet:spf:12340\n"
        "postscreen_dnsbl_sites = bl.example\n",
        MASTER + "587 inet n - n - - smtpd\n",
    )
    assert [use.name for use in found.address_uses] == [
        "the connection rate limit (smtpd_client_connection_rate_limit = 20)",
        "a block list (reject_rbl_client)",
        "a policy service (greylisting, SPF) (check_policy_service)",
        "postscreen's block lists (postscreen_dnsbl_sites)",
    ]
    assert found.address_uses[0].listeners == (listeners[25], listeners[587])


def test_tls_settings_are_those_of_the_security_level() -> None:
    found, listeners = read(
        "smtpd_tls_security_level = may\nsmtpd_tls_protocols = !SSLv2, !SSLv3\n"
        "smtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_mandatory_ciphers = high\n"
        "tls_high_cipherlist = ECDHE-RSA-AES128-GCM-SHA256:HIGH:!aNULL\n"
        "smtpd_tls_ciphers = high\n",
        MASTER + "587 inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n"
        "2500 inet n - n - - smtpd\n  -o smtpd_tls_security_level=none\n",
    )
    told = {one.name: one for one in found.tls_policies}
    assert told["smtpd_tls_protocols"].minimum is not None
    assert told["smtpd_tls_protocols"].minimum.value == "1.0"
    assert told["smtpd_tls_protocols"].listeners == (listeners[25],)
    assert told["smtpd_tls_mandatory_protocols"].minimum is not None
    assert told["smtpd_tls_mandatory_protocols"].minimum.value == "1.2"
    assert [one.value for one in told["tls_high_cipherlist"].suites] == ["ECDHE-RSA-AES128-GCM-SHA256"]
    assert told["tls_high_cipherlist"].listeners == (listeners[25], listeners[587])


@pytest.mark.parametrize(
    ("words", "version"),
    [
        ((
            "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"
        ), "1.2"), (">=TLSv1.2", "1.2"), ("TLSv1.3", "1.3"), ("TLSv1.2 TLSv1.3", "1.2"),
        ("!TLSv1 <=TLSv1.2", "1.1"), ("odd", ""), ("TLSv1:!TLSv1.1", "1.0"),
    ],
)  # fmt: skip
def test_the_lowest_version_is_what_the_list_leaves_on(words: str, version: str) -> None:
    assert lowest(words.split()) == version


def test_an_empty_or_unknown_protocol_list_sets_no_minimum() -> None:
    found, _ = read("smtpd_tls_security_level = may\nsmtpd_tls_protocols =\n")
    assert not found.tls_policies
    found, _ = read("smtpd_tls_security_level = may\nsmtpd_tls_protocols = odd\n")
    assert [one.minimum for one in found.tls_policies] == [None]


def test_a_setting_that_decides_is_told_with_its_value() -> None:
    assert read("smtpd_sasl_auth_enable = yes\n")[1][25].cleartext_auth.origin == "smtpd_tls_auth_only is no"
