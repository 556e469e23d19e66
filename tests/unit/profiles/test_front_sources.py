"""Whether a balancer keeps the packet's source, and whether it withholds the header."""

from __future__ import annotations

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.terms import DoorKind, Rewrite
from truehop.profiles.fronts import rewrite_for

from .balancers import BETA, ask, kept

AWS = f"{BETA}aws-load-balancer-"
ON, PLACED = "proxy_protocol_v2.enabled=true", "proxy_protocol_v2.client_to_server.header_placement"
DO = f"{BETA}do-loadbalancer-"
DO_ID = "kubernetes.digitalocean.com/load-balancer-id"
SCW = f"{BETA}scw-loadbalancer-"
OCI_NLB = "oci-network-load-balancer.oraclecloud.com/"

# --- whether the source is kept ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotations", "spec", "answer"),
    [
        ({f"{AWS}ssl-ports": "443"}, "", "no assumed"),
        ({f"{AWS}type": "external", f"{AWS}nlb-target-type": "instance"}, "", "yes default"),
        ({f"{AWS}type": "external", f"{AWS}nlb-target-type": "ip"}, "", "no default"),
        ({f"{AWS}type": "nlb-ip"}, "", "no default"),
        ({f"{AWS}type": "external"}, "", "unknown unknown"),
        ({}, "loadBalancerClass: service.k8s.aws/nlb", "yes default"),
        ({}, "loadBalancerClass: eks.amazonaws.com/nlb", "unknown unknown"),
        (
            {
                f"{AWS}nlb-target-type": "ip",
                f"{AWS}target-group-attributes": "preserve_client_ip.enabled=true",
            },
            "",
            "yes default",
        ),
        (
            {
                f"{AWS}nlb-target-type": "instance",
                f"{AWS}target-group-attributes": "preserve_client_ip.enabled=false",
            },
            "",
            "no default",
        ),
        ({f"{AWS}type": "nlb"}, "", "yes default"),
        (
            {f"{AWS}type": "nlb", f"{AWS}target-group-attributes": "preserve_client_ip.enabled=false"},
            "",
            "no default",
        ),
        ({f"{DO}type": "REGIONAL"}, "", "no default"),
        ({f"{DO}type": "REGIONAL_NETWORK"}, "", "yes default"),
        ({f"{DO}enable-proxy-protocol": "true"}, "", "unknown unknown"),
        ({f"{DO}enable-proxy-protocol": "true", DO_ID: "abc"}, "", "no assumed"),
        ({f"{DO}name": "mail"}, "", "unknown unknown"),
        ({"load-balancer.hetzner.cloud/location": "fsn1"}, "", "no assumed"),
        ({f"{SCW}type": "lb-s"}, "", "no default"),
        ({"loadbalancer.openstack.org/subnet-id": "x"}, "", "no default"),
        ({"truehop/front": "octavia-ovn"}, "", "yes default"),
        ({f"{BETA}linode-loadbalancer-tags": "mail"}, "", "no default"),
        ({f"{BETA}vultr-loadbalancer-label": "mail"}, "", "no assumed"),
        ({"kubernetes.civo.com/protocol": "tcp"}, "", "no assumed"),
        ({f"{BETA}upcloud-load-balancer-config": "{}"}, "", "no assumed"),
        ({f"{BETA}oci-load-balancer-shape": "flexible"}, "", "no default"),
        ({"oci.oraclecloud.com/load-balancer-type": "NLB"}, "", "yes default"),
        ({f"{OCI_NLB}is-preserve-source": "false"}, "externalTrafficPolicy: Local", "no default"),
        (
            {"service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features": "nlb"},
            "",
            "yes default",
        ),
        ({f"{BETA}azure-load-balancer-ipv4": "192.0.2.1"}, "", "yes default"),
        ({f"{BETA}azure-pls-create": "true"}, "", "no assumed"),
        ({"cloud.google.com/l4-rbs": "enabled"}, "", "yes default"),
        ({f"{BETA}exoscale-loadbalancer-name": "mail"}, "", "yes default"),
        ({f"{BETA}cloudstack-load-balancer-hostname": "lb"}, "", "no assumed"),
        ({"k8s.cloudscale.ch/loadbalancer-name": "mail"}, "", "no default"),
        ({"kube-vip.io/loadbalancerIPs": "192.0.2.1"}, "", "yes default"),
        ({"io.cilium/lb-ipam-ips": "192.0.2.1"}, "", "yes default"),
        ({"svccontroller.k3s.cattle.io/priorityclassname": "high"}, "", "no default"),
        ({"metal.equinix.com/eip-location": "am6"}, "", "unknown unknown"),
    ],
)
def test_keeping_the_source_depends_on_make_and_settings(
    annotations: dict[str, str], spec: str, answer: str
) -> None:
    reading = ask(annotations, spec=spec)
    fact = reading.front_for_port(25).keeps_source
    assert kept(reading) == answer
    assert fact.origin
    assert bool(fact.settles) == (fact.value is Tri.UNKNOWN)


def test_keeping_the_source_stands_at_the_setting() -> None:
    fact = ask({f"{DO}name": "mail", f"{DO}type": "REGIONAL"}).front_for_port(25).keeps_source
    assert fact.at is not None
    assert fact.at.line == 8


def test_lost_source_stands_where_the_switch_is_missing() -> None:
    reading = ask({"load-balancer.hetzner.cloud/location": "fsn1"})
    fact = rewrite_for(reading.front_for_port(25), DoorKind.LOAD_BALANCER, Fact("Local"))
    assert fact.at is not None
    assert (fact.value, fact.at.line) == (Rewrite.BALANCER, 6)


def test_attributes_of_one_port_leave_the_others_alone() -> None:
    reading = ask(
        {
            f"{AWS}nlb-target-type": "instance",
            f"{AWS}target-group-attributes.25": "preserve_client_ip.enabled=false",
        }
    )
    assert (kept(reading, 25), kept(reading, 587)) == ("no default", "yes default")


def test_empty_attribute_of_a_port_does_not_override() -> None:
    reading = ask(
        {
            f"{AWS}nlb-target-type": "instance",
            f"{AWS}target-group-attributes": "preserve_client_ip.enabled=false",
            f"{AWS}target-group-attributes.25": "preserve_client_ip.enabled=",
        }
    )
    assert kept(reading, 25) == "no default"


def test_ip_targets_are_pods() -> None:
    assert ask({f"{AWS}nlb-target-type": "ip"}).front_for_port(25).targets_pods
    assert not ask({f"{AWS}nlb-target-type": "instance"}).front_for_port(25).targets_pods


# --- withheld headers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "value", "basis"),
    [
        (ON, Tri.YES, Basis.ASSUMED),
        (f"{ON},{PLACED}=on_first_ack", Tri.NO, Basis.STATED),
        (f"{ON},{PLACED}=on_first_ack_with_payload", Tri.YES, Basis.STATED),
        (f"{ON},{PLACED}=sometimes", Tri.YES, Basis.ASSUMED),
        ("proxy_protocol_v2.enabled=false", Tri.NO, Basis.ASSUMED),
    ],
)
@pytest.mark.parametrize("kind", ["external", "nlb"])
def test_header_is_withheld_unless_placed_on_first_ack(
    attributes: str, value: Tri, basis: Basis, kind: str
) -> None:
    fact = ask({f"{AWS}type": kind, f"{AWS}target-group-attributes": attributes}).withholds_for_port(25)
    assert (fact.value, fact.basis) == (value, basis)


def test_header_is_withheld_at_the_port_without_placement_only() -> None:
    reading = ask(
        {
            f"{AWS}type": "external",
            f"{AWS}proxy-protocol": "*",
            f"{AWS}target-group-attributes.25": f"{PLACED}=on_first_ack",
        }
    )
    assert (reading.withholds_for_port(25).value, reading.withholds_for_port(587).value) == (Tri.NO, Tri.YES)


def test_other_makes_withhold_nothing() -> None:
    assert ask({f"{SCW}proxy-protocol-v2": "true"}).withholds_for_port(25).value is Tri.NO
    assert ask().withholds_for_port(25).value is Tri.NO


def test_why_a_source_is_kept_or_not_names_the_setting_that_decides() -> None:
    switch = f"{AWS}target-group-attributes"
    origins = [
        ask({f"{AWS}nlb-target-type": "ip", switch: f"preserve_client_ip.enabled={value}"})
        .front_for_port(25)
        .keeps_source.origin
        for value in ("true", "false")
    ]
    assert origins == [
        "the balancer keeps the packet's source by preserve_client_ip.enabled",
        "it opens its own connection by preserve_client_ip.enabled",
    ]
