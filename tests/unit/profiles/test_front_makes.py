"""Which make of balancer serves a Service, and whose annotations it reads."""

from __future__ import annotations

import pytest

from truehop.model.facts import Basis, Tri
from truehop.model.terms import Effect

from .balancers import BETA, K3S, POOL, ask, beside, kept, told

DO = f"{BETA}do-loadbalancer-"
OTHER_POOL = beside("example.org/v1", "IPAddressPool", "public")
CILIUM_POOL = beside("cilium.io/v2", "CiliumLoadBalancerIPPool", "public")
RKE2 = beside("helm.cattle.io/v1", "HelmChartConfig", "rke2-coredns")
KUBE_VIP = beside("v1", "ConfigMap", "kubevip")

# --- which make -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("service.k8s.aws/nlb", "aws-nlb"),
        ("eks.amazonaws.com/nlb", "aws-nlb"),
        ("networking.gke.io/l4-regional-external", "gcp"),
        ("networking.gke.io/l4-regional-internal", "gcp"),
        ("kube-vip.io/kube-vip-class", "kube-vip"),
        ("io.cilium/l2-announcer", "cilium"),
        ("io.cilium/bgp-control-plane", "cilium"),
        ("metallb.io/metallb", "metallb"),
        ("metallb.universe.tf/metallb", "metallb"),
        ("example.org/own", ""),
    ],
)
def test_class_names_the_make(name: str, make: str) -> None:
    assert ask(spec=f"loadBalancerClass: {name}").kind == make


@pytest.mark.parametrize(
    ("objects", "make"),
    [
        (POOL, "metallb"),
        (OTHER_POOL, ""),
        (CILIUM_POOL, "cilium"),
        (K3S, "klipper"),
        (RKE2, ""),
        (KUBE_VIP, "kube-vip"),
        (f"{K3S}---\n{POOL}", "metallb"),
        (f"{CILIUM_POOL}---\n{POOL}", ""),
        ("", ""),
    ],
)
def test_typical_objects_name_the_make_where_nothing_else_does(objects: str, make: str) -> None:
    assert ask(beside=objects).kind == make


def test_typical_objects_are_a_guess() -> None:
    assert (kept(ask(beside=POOL)), told(ask(beside=POOL))) == ("yes assumed", "none assumed")
    assert kept(ask({"metallb.io/address-pool": "public"})) == "yes default"


def test_annotations_beat_typical_objects() -> None:
    assert ask({"load-balancer.hetzner.cloud/location": "fsn1"}, beside=K3S).kind == "hetzner"


def test_unknown_class_beats_typical_objects() -> None:
    assert ask(spec="loadBalancerClass: example.org/own", beside=POOL).kind == ""


def test_annotations_of_two_clouds_leave_the_make_open() -> None:
    reading = ask(
        {f"{DO}enable-proxy-protocol": "true", "load-balancer.hetzner.cloud/uses-proxyprotocol": "true"}
    )
    assert (reading.kind, told(reading), kept(reading), reading.switches) == (
        "",
        "none unknown",
        "unknown unknown",
        [],
    )
    sends = reading.front_for_port(25).sends
    assert "DigitalOcean" in sends.origin
    assert "Hetzner" in sends.origin


def test_two_variants_of_one_cloud_on_equal_signs_leave_the_make_open() -> None:
    keys = {f"{BETA}ovh-loadbalancer-allowed-sources": "::/0", "lb.k8s.ovh.net/egress-ips": "192.0.2.1"}
    assert ask(keys).kind == "ovh-iolb"
    assert ask({**keys, "loadbalancer.openstack.org/subnet-id": "x"}).kind == ""


def test_unknown_make_says_what_would_settle_it() -> None:
    front = ask().front_for_port(25)
    assert (front.kind, front.hop.name) == ("", "front of Service traefik/traefik")
    assert (front.sends.basis, front.sends.settles) == (Basis.UNKNOWN, "front")
    assert (front.keeps_source.value, front.keeps_source.settles, front.can_send) == (
        Tri.UNKNOWN,
        "front",
        Tri.UNKNOWN,
    )


def test_front_is_the_same_object_for_the_same_port() -> None:
    reading = ask()
    assert reading.front_for_port(25) is reading.front_for_port(25)
    assert reading.front_for_port(25).hop is reading.front_for_port(587).hop


# --- another cloud's annotations --------------------------------------------------------------------


def test_annotation_of_another_cloud_is_blamed_where_the_class_is_known() -> None:
    reading = ask({f"{DO}enable-proxy-protocol": "true"}, spec="loadBalancerClass: io.cilium/l2-announcer")
    (switch,) = reading.switches
    assert (switch.effect, switch.because) == (
        Effect.IGNORED,
        "the balancer is Cilium load balancer, which does not read it",
    )
    assert told(reading) == "none default"


def test_annotation_of_another_cloud_is_left_alone_where_it_is_off() -> None:
    reading = ask({f"{DO}enable-proxy-protocol": "false"}, spec="loadBalancerClass: io.cilium/l2-announcer")
    assert reading.switches == []


def test_annotation_of_another_variant_is_no_foreign_one() -> None:
    assert (
        ask({"truehop/front": "ovh-octavia", "loadbalancer.openstack.org/proxy-protocol": "v2"}).switches
        == []
    )


def test_annotation_of_another_cloud_is_left_alone_where_the_make_is_guessed() -> None:
    assert ask({f"{DO}enable-proxy-protocol": "true"}, beside=POOL).kind == "digitalocean"


# --- the controller's environment -------------------------------------------------------------------


def _controller(value: str) -> str:
    return f"""{beside("apps/v1", "Deployment", "hcloud-cloud-controller-manager")}spec:
  selector: {{matchLabels: {{app: ccm}}}}
  template:
    metadata: {{labels: {{app: ccm}}}}
    spec:
      containers:
      - name: other
        image: example.org/other
      - name: ccm
        image: hetznercloud/hcloud-cloud-controller-manager:v1.35.0
        env: [{{name: HCLOUD_LOAD_BALANCERS_USES_PROXYPROTOCOL, value: {value}}}]
"""


@pytest.mark.parametrize(
    ("value", "answer"), [('"true"', "v2 stated"), ('"false"', "none stated"), ("perhaps", "none assumed")]
)
def test_controller_in_the_input_says_its_default(value: str, answer: str) -> None:
    assert told(ask({"load-balancer.hetzner.cloud/location": "fsn1"}, beside=_controller(value))) == answer


def test_annotation_beats_the_controllers_default() -> None:
    reading = ask({"load-balancer.hetzner.cloud/uses-proxyprotocol": "false"}, beside=_controller('"true"'))
    assert told(reading) == "none stated"
