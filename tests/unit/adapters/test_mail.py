"""Everything that is told about mail servers, put together."""

from __future__ import annotations

import pytest

from tests.unit.adapters.pods import env, pod, read_one
from tests.unit.adapters.texts import by_port
from tests.unit.kube.hand import cut, world_of
from truehop.adapters import mail
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Header, Role, Tls

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config, namespace: mail}\ndata:\n"
MOUNT = "volumeMounts: [{name: config, mountPath: %s}]\n"
VOLUMES = "volumes: [{name: config, configMap: {name: config}}]\n"


def config(**files: str) -> str:
    parts = [
        f"  {name.replace('__', '.').replace('_', '-')}: |\n"
        + "".join(f"    {line}\n" for line in text.splitlines())
        for name, text in files.items()
    ]
    return CONFIG + "".join(parts)


def test_a_pod_of_an_unknown_program_gives_nothing() -> None:
    assert mail.read(world_of(pod("example.com/app:1", "ports: [{containerPort: 25}]"))) == []


def test_mounted_files_of_an_unknown_image_give_listeners() -> None:
    files = config(main__cf="smtpd_upstream_proxy_protocol = haproxy", master__cf="smtp inet n - n - - smtpd")
    world, found = read_one(files, pod("example.com/postfix:3.9", MOUNT % "/etc/postfix", VOLUMES))
    assert (found.hop.role, found.hop.name) == (Role.MTA, "Deployment mail/it")
    assert found.workload is not None
    [listener] = found.listeners
    assert listener.proxy.at is not None
    assert cut(world, listener.proxy.at) == "haproxy"


def test_files_that_an_init_container_copies_count_too() -> None:
    files = config(master__cf="smtp inet n - n - - smtpd")
    init = "initContainers:\n  - name: copy\n    image: busybox\n    " + MOUNT % "/run/config"
    _, found = read_one(files, pod("example.com/postfix", "", init + VOLUMES))
    assert [listener.port for listener in found.listeners] == [25]


def test_files_nobody_mounts_are_read_where_they_stand() -> None:
    [found] = mail.read(
        world_of(config(main__cf="mynetworks = 10.42.0.0/16", master__cf="smtp inet n - n - - smtpd"))
    )
    assert (found.workload, found.hop.name, found.hop.role) == (None, "ConfigMap mail/config", Role.MTA)
    assert [trusts.name for trusts in found.trust_lists] == ["mynetworks"]


def test_a_mounted_master_cf_wins_over_the_image_and_keeps_its_switch() -> None:
    master = (
        "smtp inet n - n - - smtpd\nsubmissions inet n - n - - smtpd\n"
        "  -o smtpd_tls_wrappermode=yes\n2525 inet n - n - - smtpd\n"
        "  -o smtpd_upstream_proxy_protocol="
    )
    mount = "volumeMounts: [{name: config, mountPath: /etc/postfix/master.cf, subPath: master.cf}]\n"
    values = env(MTA_UPSTREAM_PROXY="true", MYNETWORKS="10.42.0.0/16")
    world, found = read_one(
        config(master__cf=master), pod("jeboehm/mailserver-mta:8.0.0", mount + values, VOLUMES)
    )
    listeners = by_port(found.listeners)
    assert {port: one.proxy.mode.value for port, one in listeners.items()} == {
        25: Header.REQUIRED, 465: Header.REQUIRED, 2525: Header.NEVER,
    }  # fmt: skip
    assert listeners[25].proxy.at is not None
    assert cut(world, listeners[25].proxy.at) == "true"
    assert listeners[465].tls.value is Tls.IMPLICIT
    [networks] = found.trust_lists
    assert [cut(world, one.at) for one in networks.entries] == ["10.42.0.0/16"]
    assert networks.is_active is Tri.NO
    assert not [use for use in found.address_uses if set(use.listeners) - set(found.listeners)]


def test_a_mounted_master_cf_leaves_unknown_what_the_environment_does_not_tell() -> None:
    mount = (
        "volumeMounts: [{name: config, mountPath: /etc/postfix/master.cf, subPath: master.cf}]\n"
        "envFrom: [{configMapRef: {name: out}}]\n"
    )
    _, found = read_one(
        config(master__cf="smtp inet n - n - - smtpd"), pod("jeboehm/mailserver-mta", mount, VOLUMES)
    )
    assert found.listeners[0].proxy.mode.basis is Basis.UNKNOWN
    assert found.trust_lists == []


def test_a_main_cf_that_the_image_rewrites_changes_nothing() -> None:
    mount = "volumeMounts: [{name: config, mountPath: /etc/postfix/main.cf, subPath: main.cf}]\n"
    _, found = read_one(config(main__cf="x = y"), pod("jeboehm/mailserver-mta", mount, VOLUMES))
    assert [listener.port for listener in found.listeners] == [25, 587]


PLAIN = "service imap-login {\n  inet_listener plain {\n    port = 10143\n  }\n}"


def mounted(text: str, **values: str) -> tuple[str, str]:
    mount = "volumeMounts: [{name: config, mountPath: /etc/dovecot/conf.d/99-own.conf, subPath: own.conf}]\n"
    return config(own__conf=text), pod(
        "jeboehm/mailserver-mda:8.0.0", mount + (env(**values) if values else ""), VOLUMES
    )


def test_a_part_mounted_beside_the_images_adds_a_listener() -> None:
    _, found = read_one(*mounted(PLAIN, MDA_UPSTREAM_PROXY="true", TRUSTED_PROXIES="10.42.0.0/16"))
    listeners = by_port(found.listeners)
    assert listeners[10143].proxy.is_off
    assert listeners[31143].proxy.is_on
    assert listeners[10143].demands_tls.value is Tri.YES
    assert len(listeners) == 9


def test_a_part_may_change_a_listener_of_the_image() -> None:
    _, found = read_one(
        *mounted(
            "service imap-login {\n  inet_listener imap {\n    haproxy = yes\n  }\n"
            "  inet_listener imaps {\n    port = 0\n  }\n}"
        )
    )
    listeners = by_port(found.listeners)
    assert 31993 not in listeners
    assert listeners[31143].proxy.is_on
    [trusts] = found.trust_lists
    assert (trusts.name, trusts.is_active) == ("TRUSTED_PROXIES", Tri.YES)


def test_a_part_that_uses_the_images_variables_means_the_images_switch() -> None:
    text = (
        "haproxy_trusted_networks = $ENV:TRUSTED_PROXIES\nservice imap-login {\n"
        "  inet_listener more {\n    port = 10143\n"
        "    haproxy = $ENV:MDA_UPSTREAM_PROXY\n  }\n  inet_listener other {\n"
        "    port = 10144\n    haproxy = $ENV:OTHER\n  }\n}"
    )
    world, found = read_one(
        *mounted(text, MDA_UPSTREAM_PROXY="true", TRUSTED_PROXIES="10.42.0.0/16", OTHER="yes")
    )
    listeners = by_port(found.listeners)
    assert listeners[10143].proxy.is_on
    assert listeners[10144].proxy.is_on
    [trusts] = found.trust_lists
    assert [cut(world, one.at) for one in trusts.entries] == ["10.42.0.0/16"]
    assert listeners[31143].proxy.trusts is trusts


def test_a_global_setting_in_a_part_reaches_every_listener() -> None:
    _, found = read_one(*mounted("ssl = yes\nauth_allow_cleartext = yes"))
    listeners = by_port(found.listeners)
    assert listeners[31143].cleartext_auth.value is Tri.YES
    assert listeners[31143].proxy.is_off
    assert len(listeners) == 8


def test_dovecots_own_image_tells_its_version() -> None:
    text = (
        "haproxy_trusted_networks = $ENV:NETS\nprotocols = imap\n"
        "service imap-login {\n  inet_listener imap {\n    haproxy = yes\n  }\n}"
    )
    mount = (MOUNT % "/etc/dovecot") + "\n" + env(NETS="10.42.0.0/16 192.0.2.1")
    _, found = read_one(config(dovecot__conf=text), pod("dovecot/dovecot:2.4.1", mount, VOLUMES))
    assert [bool(one.problem) for one in found.trust_lists[0].entries] == [False, True]
    assert by_port(found.listeners)[143].cleartext_auth.value is Tri.YES


def test_roundcubes_file_brings_its_list_and_its_servers() -> None:
    php = "$config['proxy_whitelist'] = ['10.42.0.0/16'];\n$config['imap_host'] = 'mda:143';"
    mount = "volumeMounts: [{name: config, mountPath: /var/roundcube/config}]\n" + env(
        ROUNDCUBEMAIL_DEFAULT_HOST="old"
    )
    _, found = read_one(config(config__inc__php=php), pod("roundcube/roundcubemail:1.6.9", mount, VOLUMES))
    assert [one.problem[:9] for one in found.trust_lists[0].entries] == ["a network"]
    assert [(client.host, client.port) for client in found.clients] == [("mda", 143)]


def test_other_files_of_a_webmail_say_nothing() -> None:
    mount = "volumeMounts: [{name: config, mountPath: /var/roundcube/config}]\n" + env(
        ROUNDCUBEMAIL_DEFAULT_HOST="old"
    )
    files = config(config__inc__php="$config['skin'] = 'elastic';", notes__txt="x")
    _, found = read_one(files, pod("roundcube/roundcubemail:1.6.9", mount, VOLUMES))
    assert found.trust_lists == []
    assert [client.host for client in found.clients] == ["old"]


def test_a_secret_network_list_leaves_the_list_out() -> None:
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: mail}\n"
        "stringData: {MYNETWORKS: 192.0.2.77}\n"
    )
    mount = "volumeMounts: [{name: config, mountPath: /etc/postfix}]\nenvFrom: [{secretRef: {name: s}}]\n"
    files = config(master__cf="smtp inet n - n - - smtpd")
    _, found = read_one(secret, files, pod("jeboehm/mailserver-mta:8.0.0", mount, VOLUMES))
    assert found.trust_lists == []


def test_a_mounted_master_cf_knows_the_images_own_networks() -> None:
    mount = "volumeMounts: [{name: config, mountPath: /etc/postfix}]\n"
    files = config(master__cf="smtp inet n - n - - smtpd")
    _, found = read_one(files, pod("jeboehm/mailserver-mta:8.0.0", mount, VOLUMES))
    assert [one.text for one in found.trust_lists[0].entries] == ["127.0.0.0/8"]


HELPER = """\
        - name: reload
          image: jeboehm/mailserver-mda:8.0.0
          command: [sh, -c]
          args: ["while sleep 60; do doveadm reload; done"]
          env: [{name: TRUSTED_PROXIES, value: 192.0.2.1}]
"""


def test_a_helper_with_the_image_of_a_program_does_not_run_it() -> None:
    main = (
        env(MDA_UPSTREAM_PROXY="true", TRUSTED_PROXIES="10.42.0.0/16") + "ports: [{containerPort: 31143}]\n"
    )
    alone = pod("jeboehm/mailserver-mda:8.0.0", main)
    first = alone.replace("      containers:\n", f"      containers:\n{HELPER}")
    car = HELPER.replace("image:", "restartPolicy: Always\n          image:")
    for text in (alone + HELPER, first, alone + f"      initContainers:\n{car}"):
        _, found = read_one(text)
        assert sorted(listener.port for listener in found.listeners) == [
            2003, 2004, 4190, 8080, 31110, 31143, 31993, 31995,
        ]  # fmt: skip
        assert by_port(found.listeners)[31143].proxy.mode.value is Header.REQUIRED
        assert [str(trusts.addresses) for trusts in found.trust_lists] == ["10.42.0.0/16"]


def test_of_two_containers_that_say_no_port_the_one_without_a_command_runs_the_program() -> None:
    text = pod("jeboehm/mailserver-mda:8.0.0", env(MDA_UPSTREAM_PROXY="true"))
    for one in (text + HELPER, text.replace("      containers:\n", f"      containers:\n{HELPER}")):
        _, found = read_one(one)
        assert by_port(found.listeners)[31143].proxy.mode.value is Header.REQUIRED


def test_arguments_run_in_the_place_of_the_program_where_its_image_does_so() -> None:
    script = "args: [php, /etc/mine.php]\nports: [{containerPort: 8080}]\n"
    assert mail.read(world_of(pod("jeboehm/mailserver-web:8.0.0", script))) == []
    _, found = read_one(pod("jeboehm/mailserver-web:8.0.0", "args: []\n"))
    assert [listener.port for listener in found.listeners] == [8080]
    _, found = read_one(pod("redis:8.2", "args: [--appendonly, 'yes']\n"))
    assert [listener.port for listener in found.listeners] == [6379]


@pytest.mark.parametrize("sub_path", ["", ", subPath: 20-inner.conf"])
@pytest.mark.parametrize("source", ["configMap", "secret"])
def test_files_of_a_projected_volume_are_read(source: str, sub_path: str) -> None:
    part = "service imap-login {\\n  inet_listener inner {\\n    port = 32143\\n  }\\n}\\n"
    kind = {"configMap": "ConfigMap", "secret": "Secret"}[source]
    field = {"configMap": "data", "secret": "stringData"}[source]
    stored = (
        f'apiVersion: v1\nkind: {kind}\nmetadata: {{name: c, namespace: mail}}\n{field}: {{part: "{part}"}}\n'
    )
    path = "/etc/dovecot/conf.d" + ("/20-inner.conf" if sub_path else "")
    mount = f"volumeMounts: [{{name: c, mountPath: {path}{sub_path}}}]\n"
    items = "items: [{key: part, path: 20-inner.conf}]"
    volume = f"volumes: [{{name: c, projected: {{sources: [{{{source}: {{name: c, {items}}}}}]}}}}]\n"
    _, found = read_one(stored, pod("jeboehm/mailserver-mda:8.0.0", mount, volume))
    assert (32143 in by_port(found.listeners)) is (source == "configMap")
