"""Every provider's annotation: each accepted value, and the near misses."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from .balancers import BETA, ask, blamed, told

SCW = f"{BETA}scw-loadbalancer-"
OCCM = "loadbalancer.openstack.org/"
LINODE = f"{BETA}linode-loadbalancer-"
UPCLOUD = f"{BETA}upcloud-load-balancer-config"
TABLES = yaml.safe_load(Path(__file__).with_name("front_values.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("make", "annotations", "at_25", "at_587"), TABLES["accepted"])
def test_accepted_values_say_what_is_sent(
    make: str, annotations: dict[str, str], at_25: str, at_587: str
) -> None:
    reading = ask(annotations)
    assert (reading.kind, told(reading, 25), told(reading, 587)) == (make, at_25, at_587)
    assert blamed(reading) == []


@pytest.mark.parametrize(("make", "annotations", "at_25", "blame"), TABLES["near misses"])
def test_near_misses_are_blamed_at_their_value(
    make: str, annotations: dict[str, str], at_25: str, blame: list[str]
) -> None:
    reading = ask(annotations)
    assert (reading.kind, told(reading), blamed(reading)) == (make, at_25, blame)
    assert all(one.because and one.hop is reading.hop for one in reading.switches)


def test_part_of_a_list_is_blamed_at_its_own_columns() -> None:
    (switch,) = ask({f"{SCW}proxy-protocol-v2": "25, imap"}).switches
    assert (switch.value, switch.at.line, switch.at.end_column - switch.at.column) == ("imap", 7, 4)


def test_sending_stands_at_the_annotation() -> None:
    sends = ask({f"{SCW}proxy-protocol-v2": "25"}).front_for_port(25).sends
    assert sends.at is not None
    assert (sends.at.line, sends.at.pointer.endswith("scw-loadbalancer-proxy-protocol-v2")) == (7, True)
    assert sends.origin == f'{SCW}proxy-protocol-v2 is "25"'


def test_undocumented_version_says_so() -> None:
    sends = ask({"load-balancer.hetzner.cloud/uses-proxyprotocol": "true"}).front_for_port(25).sends
    assert sends.origin.endswith("version not documented")


def test_long_values_are_not_told() -> None:
    config = '{"backends": [{"name": "smtp", "properties": {"outbound_proxy_protocol": "v2"}}]}'
    assert ask({UPCLOUD: config}).front_for_port(25).sends.origin == f"{UPCLOUD} is set"


def test_unquoted_boolean_is_refused_by_the_api_server() -> None:
    reading = ask("    load-balancer.hetzner.cloud/uses-proxyprotocol: true")
    (switch,) = reading.switches
    assert switch.because == "annotation values are strings; the API server refuses a boolean"
    assert (switch.instead, told(reading)) == ('"true"', "v2 stated")


def test_unquoted_number_is_refused_by_the_api_server() -> None:
    (switch,) = ask(f"    {BETA}oci-load-balancer-connection-proxy-protocol-version: 2").switches
    assert (switch.because, switch.instead) == (
        "annotation values are strings; the API server refuses a number",
        '"2"',
    )


def test_other_annotations_may_be_anything() -> None:
    assert ask("    prometheus.io/scrape: true").switches == []


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        (f"{BETA}aws-loadbalancer-proxy-protocol", f"{BETA}aws-load-balancer-proxy-protocol"),
        (f"{BETA}do-load-balancer-enable-proxy-protocol", f"{BETA}do-loadbalancer-enable-proxy-protocol"),
        ("load-balancer.hetzner.cloud/proxy-protocol", "load-balancer.hetzner.cloud/uses-proxyprotocol"),
        ("load-balancer.hetzner.com/uses-proxyprotocol", "load-balancer.hetzner.cloud/uses-proxyprotocol"),
        (f"{OCCM}Proxy-Protocol", f"{OCCM}proxy-protocol"),
        (f"{LINODE}default-proxyprotocol", f"{LINODE}default-proxy-protocol"),
    ],
)
def test_misspelt_key_names_the_one_that_is_meant(key: str, meant: str) -> None:
    (switch,) = ask({key: "true"}).switches
    assert (switch.name, switch.instead, switch.because) == (key, meant, "no controller reads this key")


@pytest.mark.parametrize(
    "key",
    [
        "haproxy.org/send-proxy-protocol",
        "konghq.com/proxy-protocol",
        "nginx.ingress.kubernetes.io/proxy-body-size",
        f"{BETA}alibaba-cloud-loadbalancer-proxy-protocol",
        "load-balancer.hetzner.cloud/http-cookie-name",
        f"{LINODE}port-25-proxy",
    ],
)
def test_keys_of_programs_without_profile_are_left_alone(key: str) -> None:
    assert ask({key: "x"}).switches == []
