"""Which source of the static configuration counts: a file, else flags, else variables."""

from __future__ import annotations

import pytest

from truehop.model.facts import Tri
from truehop.model.hops import Effect, Header, Serves, Tls

from .hand import effects, listener_of, names, read_one, traefik, trusted, with_file

YAML = """\
entryPoints:
  smtp:
    address: ":25"
    proxyProtocol:
      trustedIPs:
        - 10.0.0.1
        - "10.42.0.0/16"
"""
TOML = """\
# a comment
[entryPoints]
  [entryPoints.smtp]
    address = ":25"
    [entryPoints.smtp.proxyProtocol]
      trustedIPs = ["10.0.0.1", '10.42.0.0/16']
[api]
insecure = true
"""
FLAG = "--entrypoints.imap.address=:143"
VARIABLE = "[{name: TRAEFIK_ENTRYPOINTS_POP3_ADDRESS, value: ':110'}]"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/etc/traefik/traefik.yaml", YAML),
        ("/etc/traefik/traefik.yml", YAML),
        ("/traefik.yaml", YAML),
        ("/etc/traefik/traefik.toml", TOML),
        ("/root/.config/traefik.yml", YAML),
    ],
)
def test_a_file_in_a_known_place_is_the_configuration(path: str, text: str) -> None:
    reading, made = read_one(with_file(text, path))
    assert names(reading)[0] == "smtp"
    (trusts,) = reading.trust_lists
    assert [made.cut(entry.at) for entry in trusts.entries] == ["10.0.0.1", "10.42.0.0/16"]
    assert made.cut(listener_of(reading, "smtp").at) == ":25"
    assert made.cut(trusts.at) == "trustedIPs"
    assert not reading.switches


def test_a_toml_file_says_all_that_a_yaml_file_does() -> None:
    reading, made = read_one(with_file(TOML, "/etc/traefik/traefik.toml"))
    dashboard = listener_of(reading, "traefik")
    assert dashboard.serves.value is Serves.DASHBOARD
    assert made.cut(dashboard.serves.at) == "true"


def test_a_named_file_is_read_where_it_is_mounted() -> None:
    reading, _ = read_one(with_file(YAML, "/config/static.yaml", ["--configFile=/config/static.yaml"]))
    assert names(reading) == ["smtp"]
    assert not reading.switches


def test_a_file_may_be_named_by_a_variable() -> None:
    reading, _ = read_one(
        with_file(YAML, "/config/static.yaml", env="[{name: TRAEFIK_CONFIGFILE, value: /config/static.yaml}]")
    )
    assert names(reading) == ["smtp"]
    assert not reading.switches


def test_a_file_cancels_the_flags_about_entry_points() -> None:
    reading, made = read_one(with_file(YAML, args=["--log.level=DEBUG", FLAG], env=VARIABLE))
    assert names(reading) == ["smtp"]
    assert effects(reading.switches) == [
        ("--entrypoints.imap.address", Effect.CANCELLED),
        ("TRAEFIK_ENTRYPOINTS_POP3_ADDRESS", Effect.IGNORED),
    ]
    assert made.cut(reading.switches[0].at) == FLAG
    assert made.cut(reading.switches[0].other) == "traefik.yaml"
    assert reading.switches[0].hop is reading.hop


def test_a_file_cancels_other_flags_too_told_once() -> None:
    reading, _ = read_one(with_file(YAML, args=["--log.level=DEBUG", "--accesslog"]))
    assert effects(reading.switches) == [("--log.level", Effect.CANCELLED)]


def test_a_named_file_that_is_not_in_the_input_leaves_everything_unknown() -> None:
    reading, made = read_one(traefik(["--configfile=/config/static.yaml", FLAG]))
    assert not reading.listeners
    assert not reading.knows_all_entries
    assert reading.default_entries is None
    (gap,) = reading.gaps
    assert made.cut(gap.at) == "--configfile=/config/static.yaml"
    assert not reading.switches


def test_a_file_of_a_config_map_that_is_not_in_the_input_leaves_everything_unknown() -> None:
    text = traefik(
        [FLAG],
        more="volumeMounts: [{name: config, mountPath: /etc/traefik/traefik.yaml, subPath: traefik.yaml}]",
        pod="volumes: [{name: config, configMap: {name: config, items: [{key: x, path: traefik.yaml}]}}]",
    )
    reading, _ = read_one(text)
    assert not reading.knows_all_entries
    assert reading.gaps[0].wants


def test_a_folder_that_only_may_hold_a_file_does_not_silence_the_flags() -> None:
    text = traefik(
        [FLAG],
        more="volumeMounts: [{name: config, mountPath: /etc/traefik}]",
        pod="volumes: [{name: config, emptyDir: {}}]",
    )
    reading, _ = read_one(text)
    assert names(reading) == ["imap"]


def test_a_file_that_cannot_be_read_leaves_everything_unknown() -> None:
    reading, made = read_one(with_file("- just\n- a list"))
    assert [made.cut(gap.at) for gap in reading.gaps] == ["traefik.yaml"]
    assert not reading.listeners
    assert not reading.knows_all_entries


@pytest.mark.parametrize(
    ("text", "mode", "starts"),
    [
        ("proxyProtocol: {}", Header.OPTIONAL, Tri.NO),
        ("proxyProtocol: true", Header.OPTIONAL, Tri.NO),
        ("proxyProtocol:", Header.NEVER, Tri.YES),
        ("proxyProtocol: null", Header.NEVER, Tri.YES),
        ("proxyProtocol: false", Header.NEVER, Tri.YES),
        ("proxyProtocol: {insecure: false}", Header.OPTIONAL, Tri.NO),
        ("proxyProtocol: {trustedIPs: []}", Header.OPTIONAL, Tri.NO),
        ("proxyProtocol: {insecure: true}", Header.OPTIONAL, Tri.YES),
        ("ProxyProtocol: {TrustedIps: ['10.0.0.1']}", Header.OPTIONAL, Tri.YES),
        ("proxyProtocol: {trustedIPs: '10.0.0.1,10.0.0.2'}", Header.OPTIONAL, Tri.YES),
        ("forwardedHeaders: {trustedIPs: []}", Header.NEVER, Tri.YES),
        ("forwardedHeaders: {trustedIPs: [private]}", Header.NEVER, Tri.NO),
        ("forwardedHeaders:", Header.NEVER, Tri.YES),
    ],
)
def test_forms_of_the_block_in_a_file(text: str, mode: Header, starts: Tri) -> None:
    reading, _ = read_one(with_file(f"entryPoints:\n  smtp:\n    address: ':25'\n    {text}\n"))
    assert listener_of(reading, "smtp").proxy.mode.value is mode
    assert reading.hop.starts.value is starts


def test_a_block_that_is_null_is_where_its_switch_stands() -> None:
    reading, made = read_one(with_file("entryPoints:\n  smtp:\n    address: ':25'\n    proxyProtocol:\n"))
    assert made.cut(listener_of(reading, "smtp").proxy.at) == "proxyProtocol"


def test_tls_of_an_entry_point_in_a_file_may_be_empty() -> None:
    reading, _ = read_one(with_file("entryPoints:\n  web:\n    address: ':443'\n    http: {tls: {}}\n"))
    assert listener_of(reading, "web").tls.value is Tls.IMPLICIT


def test_variables_alone_are_the_configuration() -> None:
    env = (
        "[{name: TRAEFIK_ENTRYPOINTS_SMTP_ADDRESS, value: ':25'},"
        " {name: TRAEFIK_ENTRYPOINTS_smtp_proxyprotocol_trustedips, value: '10.0.0.1,10.0.0.2'}]"
    )
    reading, made = read_one(traefik(env=env))
    assert names(reading) == ["smtp"]
    assert trusted(reading) == {
        "entryPoints.smtp.proxyprotocol.trustedIPs".replace("proxyprotocol", "proxyProtocol"): [
            "10.0.0.1",
            "10.0.0.2",
        ]
    }
    assert [made.cut(entry.at) for entry in reading.trust_lists[0].entries] == ["10.0.0.1", "10.0.0.2"]
    assert not reading.switches


def test_the_bare_variable_does_not_start() -> None:
    env = (
        "[{name: TRAEFIK_ENTRYPOINTS_SMTP_ADDRESS, value: ':25'},"
        " {name: TRAEFIK_ENTRYPOINTS_SMTP_PROXYPROTOCOL, value: 'true'}]"
    )
    reading, made = read_one(traefik(env=env))
    assert reading.hop.starts.value is Tri.NO
    assert made.cut(reading.hop.starts.at) == "TRAEFIK_ENTRYPOINTS_SMTP_PROXYPROTOCOL"


def test_variables_beside_flags_are_ignored_at_their_names() -> None:
    reading, made = read_one(traefik([FLAG], env=VARIABLE))
    assert names(reading) == ["imap"]
    (switch,) = reading.switches
    assert switch.effect is Effect.IGNORED
    assert made.cut(switch.at) == "TRAEFIK_ENTRYPOINTS_POP3_ADDRESS"
    assert made.cut(switch.other) == FLAG


def test_lower_case_variables_are_ignored_whatever_else_counts() -> None:
    reading, made = read_one(traefik(env="[{name: traefik_entrypoints_smtp_address, value: ':25'}]"))
    (switch,) = reading.switches
    assert switch.effect is Effect.IGNORED
    assert switch.instead == "TRAEFIK_ENTRYPOINTS_SMTP_ADDRESS"
    assert made.cut(switch.at) == "traefik_entrypoints_smtp_address"
    assert names(reading) == ["http"]


@pytest.mark.parametrize(
    "name", ["TRAEFIK_HUB_TOKEN", "TRAEFIK_VERSION", "TRAEFIK", "MY_TRAEFIK_API_INSECURE"]
)
def test_variables_that_only_look_alike_are_none(name: str) -> None:
    reading, _ = read_one(traefik([FLAG], env=f"[{{name: {name}, value: x}}]"))
    assert not reading.switches


def test_an_underscore_ends_an_entry_points_name() -> None:
    reading, _ = read_one(traefik(env="[{name: TRAEFIK_ENTRYPOINTS_SMTP_IN_ADDRESS, value: ':25'}]"))
    (switch,) = reading.switches
    assert switch.effect is Effect.IGNORED
    assert "smtp" in switch.because


def test_a_variable_from_elsewhere_leaves_everything_unknown() -> None:
    env = (
        "[{name: TRAEFIK_ENTRYPOINTS_SMTP_ADDRESS, value: ':25'},"
        " {name: TRAEFIK_ENTRYPOINTS_SMTP_PROXYPROTOCOL_TRUSTEDIPS,"
        " valueFrom: {configMapKeyRef: {name: front, key: networks}}}]"
    )
    reading, _ = read_one(traefik(env=env))
    assert [gap.wants for gap in reading.gaps] == ["ConfigMap edge/front, key networks"]
    assert not reading.knows_all_entries


def test_secret_values_are_never_told() -> None:
    env = (
        "[{name: TRAEFIK_ENTRYPOINTS_SMTP_PROXYPROTOCOL_TRUSTEDIPS,"
        " valueFrom: {secretKeyRef: {name: front, key: x}}}]"
    )
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: front, namespace: edge}\nstringData: {x: 10.9.8.7}"
    )
    reading, _ = read_one(traefik(env=env), secret)
    assert len(reading.gaps) == 1
    assert not reading.trust_lists
    beside, _ = read_one(traefik([FLAG], env=env), secret)
    assert beside.switches[0].value == ""


def test_sources_of_variables_that_are_not_in_the_input_leave_everything_unknown() -> None:
    reading, _ = read_one(traefik(more="envFrom: [{configMapRef: {name: traefik}}]"))
    assert not reading.knows_all_entries
    assert reading.gaps
    beside, _ = read_one(traefik([FLAG], more="envFrom: [{configMapRef: {name: traefik}}]"))
    assert names(beside) == ["imap"]
    assert not beside.gaps
