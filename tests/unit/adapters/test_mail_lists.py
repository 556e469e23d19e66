"""Lists by name, and files alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.adapters.pods import env, pod, read_one
from tests.unit.adapters.texts import text_of
from tests.unit.kube.hand import cursor_of, cut, world_of
from truehop.adapters import mail
from truehop.kube.objects import build_world
from truehop.model.facts import Basis, ObjectRef, Tri
from truehop.model.hops import TrustUse
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

from .test_mail import CONFIG, config

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
