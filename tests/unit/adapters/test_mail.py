"""Everything that is told about mail servers, put together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.adapters.pods import env, pod, read_one
from tests.unit.adapters.texts import by_port, text_of
from tests.unit.kube.hand import cursor_of, cut, world_of
from truehop.adapters import mail
from truehop.kube.objects import build_world
from truehop.model.facts import Basis, ObjectRef, Tri
from truehop.model.hops import Header, Role, Tls, TrustUse
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

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
        "haproxy_trusted_networks = 10.42.0.0/16 192.0.2.1\nprotocols = imap\n"
        "service imap-login {\n  inet_listener imap {\n    haproxy = yes\n  }\n}"
    )
    _, found = read_one(
        config(dovecot__conf=text), pod("dovecot/dovecot:2.4.1", MOUNT % "/etc/dovecot", VOLUMES)
    )
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


# --- lists by name ---------------------------------------------------------------------------------


def test_a_list_in_an_unknown_program_is_judged_leniently() -> None:
    world, found = read_one(
        pod(
            "example.com/app",
            env(
                APP_TRUSTED_PROXIES="10.0.0.0/8,word", OTHER="10.0.0.0/8", REAL_IP_FROM="", TRUSTED_PROXY="no"
            ),
        )
    )
    [trusts] = found.trust_lists
    assert (trusts.name, trusts.use) == ("APP_TRUSTED_PROXIES", TrustUse.UNKNOWN)
    assert [cut(world, one.at) for one in trusts.entries] == ["10.0.0.0/8", "word"]
    assert not any(one.problem for one in trusts.entries)


def test_a_list_of_a_config_map_is_told_once_where_a_workload_reads_it() -> None:
    store = CONFIG + "  TRUSTED_PROXIES: 10.0.0.0/8\n"
    readings = mail.read(world_of(store, pod("example.com/app", "envFrom: [{configMapRef: {name: config}}]")))
    assert [[trusts.name for trusts in found.trust_lists] for found in readings] == [["TRUSTED_PROXIES"]]
    [alone] = mail.read(world_of(store))
    assert alone.trust_lists[0].name == "TRUSTED_PROXIES"


def test_lists_in_files_of_a_config_map_are_found() -> None:
    files = config(
        app__env="A=1\nexport TRUSTED_PROXIES=10.0.0.0/8\nREAL_IP_FROM=\n",
        framework__yaml="framework:\n  trusted_proxies: 10.0.0.0/8,REMOTE_ADDR\n",
        other__json='{"trustedProxies": ["192.168.0.0/16"],\n "x": 1}\n',
        notes__txt="nothing\nhere\n",
    )
    [found] = mail.read(world_of(files))
    assert [(trusts.name, trusts.use) for trusts in found.trust_lists] == [
        ((
            "TRUSTED_PROXIES"
        ), TrustUse.UNKNOWN), ("trusted_proxies", TrustUse.FORWARDED), ("trustedProxies", TrustUse.UNKNOWN),
    ]  # fmt: skip


def test_values_of_any_chart_are_searched() -> None:
    root = cursor_of("""\
        app:
          trustedProxies: [10.0.0.0/8, 172.16.0.0/12]
          realIpFrom: true
        extraEnv:
          - {name: TRUSTED_PROXIES, value: "192.168.0.0/16"}
          - {name: OTHER, value: "192.168.0.0/16"}
        framework: {trusted_proxies: "10.1.0.0/16"}
    """)
    [found] = mail.read_values([(root, ObjectRef("HelmRelease", "app", "apps"))])
    assert found.hop.name == "values of HelmRelease apps/app"
    assert [(trusts.name, trusts.use) for trusts in found.trust_lists] == [
        ("trustedProxies", TrustUse.UNKNOWN), ((
            "TRUSTED_PROXIES"
        ), TrustUse.UNKNOWN), ("trusted_proxies", TrustUse.FORWARDED),
    ]  # fmt: skip
    assert mail.read_values([(cursor_of("a: 1"), None)]) == []


# --- files alone -----------------------------------------------------------------------------------


def test_files_of_one_folder_belong_together() -> None:
    texts = {
        "a/main.cf": (
            "smtpd_upstream_proxy_protocol = haproxy\n"
        ), "a/master.cf": "smtp inet n - n - - smtpd\n",
        "b/postfix-master.cf": "587 inet n - n - - smtpd\n", "c/dovecot.conf": "protocols = imap\n",
        "dovecot/conf.d/10-master.conf": (
            "service imap-login {\n  inet_listener x {\n    port = 1143\n  }\n}\n"
        ),
        "d/sites.conf": "server {}\n",
    }  # fmt: skip
    readings = mail.read_files([(path, text_of(text, path)) for path, text in texts.items()])
    assert [(found.hop.name, [one.port for one in found.listeners]) for found in readings] == [
        ("a/main.cf", [25]), ("b/postfix-master.cf", [587]), ("c/dovecot.conf", [143, 993]),
        ("dovecot/conf.d/10-master.conf", [1143]),
    ]  # fmt: skip
    assert readings[0].listeners[0].proxy.is_on
    assert readings[1].listeners[0].proxy.mode.basis is Basis.UNKNOWN


def test_a_text_without_a_path_is_known_by_its_name() -> None:
    text = text_of("smtp inet n - n - - smtpd\n", "")
    assert len(mail.read_files([("master.cf", text)])) == 1


@settings(max_examples=60)
@given(
    st.recursive(
        st.sampled_from(
            ["x", 1, None, True, "10.0.0.0/8", "jeboehm/mailserver-mda:8", "TRUSTED_PROXIES", "config", ""]
        ),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "env",
                        "envFrom",
                        "name",
                        "value",
                        "image",
                        "volumes",
                        "volumeMounts",
                        "configMap",
                        "mountPath",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_container_breaks_the_readers(part: object) -> None:
    import json

    pods = {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "annotations": {(
            "truehop/listeners"
        ): json.dumps(part)}},
        "spec": {"containers": [part, {"name": "m", "image": (
            "jeboehm/mailserver-mda"
        ), "env": part, "volumeMounts": part}],
                 "volumes": part, "initContainers": part},
    }  # fmt: skip
    store = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "config"}, "data": part}
    text = json.dumps(pods) + "\n---\n" + json.dumps(store)
    world = build_world(
        load_documents(SourceFile("in.yaml", text)).documents, is_closed=Tri.UNKNOWN, default_namespace=None
    )
    assert len(mail.read(world)) >= 1
