"""Programs known by their image."""

from __future__ import annotations

import pytest

from tests.unit.adapters.pods import env, pod, read_one
from tests.unit.adapters.texts import by_port
from tests.unit.kube.hand import cut
from truehop.adapters.readings import Reading
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Effect, Header, Listener, Role, Serves, Tls, TrustUse, Untrusted, Wire

MTA, MDA, WEB = (f"jeboehm/mailserver-{name}:8.0.0" for name in ("mta", "mda", "web"))


def listeners(found: Reading) -> dict[int, Listener]:
    return by_port(found.listeners)


def test_the_mta_listens_on_25_and_587_and_nowhere_else() -> None:
    world, found = read_one(pod(MTA))
    assert {port: one.serves.value for port, one in listeners(found).items()} == {
        25: Serves.SMTP, 587: Serves.SUBMISSION,
    }  # fmt: skip
    assert (found.hop.role, found.hop.profile, found.hop.name) == (
        Role.MTA,
        "mailserver-mta",
        "Deployment mail/it",
    )
    assert found.hop.version is not None
    assert found.hop.version.value == "8.0.0"
    smtp, submission = listeners(found)[25], listeners(found)[587]
    assert smtp.proxy.is_off
    assert smtp.proxy.mode.basis is Basis.DEFAULT
    assert submission.demands_tls.value is Tri.YES
    assert smtp.demands_tls.value is Tri.NO
    assert smtp.own_networks == ()
    assert cut(world, found.address_uses[0].at) == MTA
    assert found.address_uses[0].listeners == (smtp, submission)


def test_a_declared_port_is_where_its_listener_stands() -> None:
    world, found = read_one(pod(MTA, "ports: [{name: smtp, containerPort: 25}]"))
    assert cut(world, listeners(found)[25].at) == "25"
    assert cut(world, listeners(found)[587].at) == "it"


def test_the_switch_of_the_mta_makes_both_ports_believe_anybody() -> None:
    world, found = read_one(pod(MTA, env(MTA_UPSTREAM_PROXY="true")))
    for listener in listeners(found).values():
        assert listener.proxy.mode.value is Header.REQUIRED
        assert listener.proxy.untrusted is Untrusted.BELIEVED
        assert listener.proxy.trusts is None
        assert listener.proxy.at is not None
        assert cut(world, listener.proxy.at) == "true"
    assert not found.switches


@pytest.mark.parametrize("image", [MTA, MDA])
@pytest.mark.parametrize("value", ["yes", "1", "True", "on", " true", "haproxy"])
def test_a_value_the_image_does_not_understand_is_a_switch_that_does_nothing(image: str, value: str) -> None:
    name = "MTA_UPSTREAM_PROXY" if image is MTA else "MDA_UPSTREAM_PROXY"
    _, found = read_one(pod(image, env(**{name: value})))
    [switch] = found.switches
    assert (switch.name, switch.value, switch.effect) == (name, value, Effect.IGNORED)
    assert switch.listeners
    assert all(one.proxy.is_off for one in found.listeners)


@pytest.mark.parametrize("value", ["false", "no", "False", "off", "0"])
def test_a_word_that_means_off_is_no_fault(value: str) -> None:
    _, found = read_one(pod(MTA, env(MTA_UPSTREAM_PROXY=value)))
    assert not found.switches
    assert listeners(found)[25].proxy.mode.basis is Basis.STATED


def test_an_empty_switch_is_off_for_the_mta_and_unknown_for_the_mda() -> None:
    _, found = read_one(pod(MTA, env(MTA_UPSTREAM_PROXY="")))
    assert listeners(found)[25].proxy.is_off
    _, found = read_one(pod(MDA, env(MDA_UPSTREAM_PROXY="")))
    assert listeners(found)[31143].proxy.mode.basis is Basis.UNKNOWN
    assert found.trust_lists[0].is_active is Tri.UNKNOWN


def test_images_before_6_3_know_no_switch() -> None:
    _, found = read_one(pod("ghcr.io/jeboehm/mailserver-mta:6.2.0", env(MTA_UPSTREAM_PROXY="true")))
    assert listeners(found)[25].proxy.is_off
    assert [switch.because for switch in found.switches] == [
        "image version 6.2.0 does not know MTA_UPSTREAM_PROXY"
    ]
    _, found = read_one(pod("ghcr.io/jeboehm/mailserver-mta:6.2.0", env(MTA_UPSTREAM_PROXY="false")))
    assert not found.switches
    _, found = read_one(pod("ghcr.io/jeboehm/mailserver-mta:6.2.0"))
    assert listeners(found)[25].proxy.is_off


@pytest.mark.parametrize("tag", ["latest", "sha-0123abc", "next"])
def test_an_unknown_tag_counts_as_current(tag: str) -> None:
    _, found = read_one(pod(f"jeboehm/mailserver-mta:{tag}", env(MTA_UPSTREAM_PROXY="true")))
    assert listeners(found)[25].proxy.is_on


def test_the_switch_of_the_mda_is_for_the_login_ports_alone() -> None:
    _, found = read_one(pod(MDA, env(MDA_UPSTREAM_PROXY="true", TRUSTED_PROXIES="10.42.0.0/16")))
    on = {port for port, one in listeners(found).items() if one.proxy.is_on}
    assert on == {31143, 31993, 31110, 31995}
    assert set(listeners(found)) - on == {4190, 2003, 2004, 8080}
    policy = listeners(found)[31993].proxy
    assert policy.trusts is found.trust_lists[0]
    assert (policy.untrusted, policy.absent) == (Untrusted.DROPPED, "refused")
    assert listeners(found)[31993].tls.value is Tls.IMPLICIT


def test_each_address_of_the_mdas_list_stands_where_it_is_written() -> None:
    world, found = read_one(
        pod(MDA, env(MDA_UPSTREAM_PROXY="true", TRUSTED_PROXIES="10.42.0.0/16,172.16.0.0/12"))
    )
    [trusts] = found.trust_lists
    assert [cut(world, one.at) for one in trusts.entries] == ["10.42.0.0/16", "172.16.0.0/12"]
    assert (trusts.use, trusts.is_active) == (TrustUse.PROXY, Tri.YES)


def test_the_mdas_list_is_inert_while_the_switch_is_off() -> None:
    _, found = read_one(pod(MDA, env(TRUSTED_PROXIES="private_ranges")))
    assert found.trust_lists[0].is_active is Tri.NO


def test_an_unset_list_of_the_mda_trusts_nobody() -> None:
    _, found = read_one(pod(MDA, env(MDA_UPSTREAM_PROXY="true")))
    [trusts] = found.trust_lists
    assert trusts.is_empty
    assert not trusts.is_present


@pytest.mark.parametrize(
    ("tag", "good"), [("6.3.2", 1), ("7.0.0", 2), ("7.2.0", 1), ("7.4.0", 2), ("8", 2), ("latest", 2)]
)
def test_blanks_in_the_mdas_list_count_by_the_dovecot_inside(tag: str, good: int) -> None:
    image = f"jeboehm/mailserver-mda:{tag}"
    _, found = read_one(pod(image, env(MDA_UPSTREAM_PROXY="true", TRUSTED_PROXIES="10.42.0.0/16, 192.0.2.1")))
    assert len([one for one in found.trust_lists[0].entries if one.network]) == good


def test_a_variable_from_a_config_map_outside_the_input_is_unknown() -> None:
    _, found = read_one(pod(MDA, "envFrom:\n  - configMapRef: {name: env}\n"))
    assert listeners(found)[31143].proxy.mode.basis is Basis.UNKNOWN
    assert found.trust_lists[0].is_complete is Tri.UNKNOWN
    assert {gap.name: gap.wants for gap in found.gaps} == {
        "MDA_UPSTREAM_PROXY": "ConfigMap mail/env", "TRUSTED_PROXIES": "ConfigMap mail/env",
    }  # fmt: skip


def test_a_variable_by_key_from_outside_the_input_is_unknown() -> None:
    text = "env:\n  - name: MTA_UPSTREAM_PROXY\n    valueFrom: {configMapKeyRef: {name: env, key: PROXY}}\n"
    _, found = read_one(pod(MTA, text))
    assert listeners(found)[25].proxy.mode.settles == "ConfigMap mail/env, key PROXY"


def test_a_config_map_in_the_input_is_where_its_values_stand() -> None:
    store = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: env, namespace: mail}\n"
        "data:\n  TRUSTED_PROXIES: 10.42.0.0/16\n"
    )
    world, found = read_one(store, pod(MDA, "envFrom:\n  - configMapRef: {name: env}\n"))
    assert cut(world, found.trust_lists[0].at) == "10.42.0.0/16"
    assert found.trust_lists[0].at.line == 5


def test_a_value_that_something_outside_may_override_is_assumed() -> None:
    store = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: env, namespace: mail}\n"
        "data: {MTA_UPSTREAM_PROXY: 'true'}\n"
    )
    _, found = read_one(
        store, pod(MTA, "envFrom:\n  - configMapRef: {name: env}\n  - secretRef: {name: more}\n")
    )
    assert listeners(found)[25].proxy.mode.basis is Basis.ASSUMED
    assert listeners(found)[25].proxy.is_on


def test_secret_values_are_compared_and_never_told() -> None:
    store = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: env, namespace: mail}\n"
        "stringData: {MDA_UPSTREAM_PROXY: geheim, TRUSTED_PROXIES: 192.0.2.77}\n"
    )
    _, found = read_one(store, pod(MDA, "envFrom:\n  - secretRef: {name: env}\n"))
    assert found.trust_lists[0].entries == ()
    assert found.trust_lists[0].is_complete is Tri.UNKNOWN
    told = (
        repr(found.switches)
        + repr(found.gaps)
        + repr(found.trust_lists)
        + repr(listeners(found)[31143].proxy)
    )
    assert "geheim" not in told
    assert "192.0.2.77" not in told


def test_the_web_image_reads_forwarded_headers_from_its_list() -> None:
    _, found = read_one(pod(WEB, env(TRUSTED_PROXIES="10.42.0.0/16, REMOTE_ADDR")))
    listener = listeners(found)[8080]
    assert listener.proxy.is_off
    assert listener.forwarded is not None
    assert (listener.forwarded.mode.value, listener.forwarded.untrusted) == (
        Header.OPTIONAL,
        Untrusted.STRIPPED,
    )
    assert listener.forwarded.versions == (Wire.XFF,)
    assert listener.forwarded.trusts is found.trust_lists[0]
    assert found.trust_lists[0].trusts_everyone


def test_the_web_images_list_has_a_default_and_an_empty_one_trusts_nobody() -> None:
    _, found = read_one(pod(WEB))
    [trusts] = found.trust_lists
    assert [(one.text, one.is_default) for one in trusts.entries] == [("172.16.0.0/12", True)]
    assert trusts.basis is Basis.DEFAULT
    _, found = read_one(pod(WEB, env(TRUSTED_PROXIES="")))
    assert found.trust_lists[0].is_empty


def test_webmails_own_list_is_told_where_it_is_set() -> None:
    world, found = read_one(pod(WEB, env(ROUNDCUBE_PROXY_WHITELIST='["10.42.0.0/16"]')))
    _, webmail = found.trust_lists
    assert webmail.name == "ROUNDCUBE_PROXY_WHITELIST"
    assert [cut(world, one.at) for one in webmail.entries] == ["10.42.0.0/16"]


def test_webmail_logs_in_where_its_variables_say() -> None:
    world, found = read_one(
        pod(WEB, env(MDA_IMAP_ADDRESS="mda.mail.svc:143", MTA_SMTP_SUBMISSION_ADDRESS="nonsense"))
    )
    assert {client.name: (client.host, client.port, client.is_default) for client in found.clients} == {
        "webmail logins": ("mda.mail.svc", 143, False), "webmail's filter rules": ("mda", 4190, True),
    }  # fmt: skip
    assert cut(world, found.clients[0].at) == "mda.mail.svc:143"
    assert found.clients[0].namespace == "mail"


def test_unknown_addresses_of_servers_are_no_clients() -> None:
    _, found = read_one(pod("roundcube/roundcubemail:1.6.9", "envFrom:\n  - configMapRef: {name: env}\n"))
    assert found.clients == []


def test_roundcubes_own_image_takes_host_and_port_from_two_variables() -> None:
    values = env(
        ROUNDCUBEMAIL_DEFAULT_HOST="ssl://mda",
        ROUNDCUBEMAIL_DEFAULT_PORT="993",
        ROUNDCUBEMAIL_SMTP_SERVER="tls://mta",
    )
    _, found = read_one(pod("roundcube/roundcubemail:1.6.9-apache", values))
    assert [(client.host, client.port) for client in found.clients] == [("mda", 993), ("mta", 587)]
    text = "  - name: ROUNDCUBEMAIL_DEFAULT_PORT\n    valueFrom: {configMapKeyRef: {name: x, key: y}}\n"
    _, found = read_one(pod("roundcube/roundcubemail", env(ROUNDCUBEMAIL_DEFAULT_HOST="mda") + text))
    assert found.clients == []


def test_the_filters_address_is_where_greylisting_stands() -> None:
    world, found = read_one(pod(MTA, env(FILTER_MILTER_ADDRESS="rspamd:11332")))
    assert cut(world, found.address_uses[1].at) == "rspamd:11332"


@pytest.mark.parametrize(
    ("image", "port", "serves"),
    [
        ("redis:8.2-alpine", 6379, Serves.CACHE), ("mariadb:11", 3306, Serves.DATABASE),
        ((
            "docker.io/library/postgres:18"
        ), 5432, Serves.DATABASE), ("jeboehm/mailserver-filter", 11332, Serves.MILTER),
        ("jeboehm/mailserver-unbound", 5353, Serves.DNS), ((
            "ghcr.io/jeboehm/fetchmailmgr:0.4.0"
        ), 3000, Serves.INTERNAL),
    ],
)  # fmt: skip
def test_the_programs_around_a_mail_server_are_known(image: str, port: int, serves: Serves) -> None:
    _, found = read_one(pod(image))
    assert listeners(found)[port].serves.value is serves
