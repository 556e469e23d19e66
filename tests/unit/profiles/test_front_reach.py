"""Who reaches a balancer: internal schemes, short cuts inside the cluster, health checks."""

from __future__ import annotations

import pytest

from .balancers import BETA, ask, told

AWS = f"{BETA}aws-load-balancer-"
DO = f"{BETA}do-loadbalancer-"
SCW = f"{BETA}scw-loadbalancer-"
OCI_NLB = "oci-network-load-balancer.oraclecloud.com/"

# --- balancers that may end TLS ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({}, "no"),
        ({f"{AWS}ssl-cert": "arn:aws:acm:x"}, "unknown"),
        ({f"{AWS}ssl-cert": ""}, "no"),
        ({f"{DO}tls-ports": "993"}, "unknown"),
        ({f"{DO}certificate-id": "abc"}, "unknown"),
        ({"load-balancer.hetzner.cloud/http-certificates": "mail"}, "unknown"),
        ({f"{BETA}linode-loadbalancer-port-993": '{"tls-secret-name": "mail"}'}, "unknown"),
        ({f"{BETA}linode-loadbalancer-port-993": '{"proxy-protocol": "v2"}'}, "no"),
        ({"cert-manager.io/cluster-issuer": "letsencrypt"}, "no"),
        ({"load-balancer.hetzner.cloud/uses-proxyprotocol": "true"}, "no"),
    ],
)
def test_a_certificate_of_the_balancers_own_leaves_tls_open(
    annotations: dict[str, str], expected: str
) -> None:
    assert ask(annotations).front_for_port(993).ends_tls.value == expected


# --- internal balancers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotations", "spec", "is_public"),
    [
        ({f"{AWS}internal": "true"}, "", False),
        ({f"{AWS}internal": "false"}, "", True),
        ({f"{AWS}type": "external"}, "", False),
        ({f"{AWS}type": "external", f"{AWS}scheme": "internal"}, "", False),
        ({f"{AWS}type": "external", f"{AWS}scheme": "internet-facing"}, "", True),
        ({f"{AWS}type": "external", f"{AWS}internal": "false"}, "", True),
        ({f"{AWS}type": "nlb"}, "", True),
        ({f"{DO}network": "INTERNAL"}, "", False),
        ({f"{DO}network": "EXTERNAL"}, "", True),
        ({"load-balancer.hetzner.cloud/disable-public-network": "1"}, "", False),
        ({f"{SCW}private": "true"}, "", False),
        ({f"{BETA}openstack-internal-load-balancer": "true"}, "", False),
        ({f"{BETA}oci-load-balancer-internal": "true"}, "", False),
        ({f"{OCI_NLB}internal": "true"}, "", False),
        ({"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": "private"}, "", False),
        ({f"{BETA}azure-load-balancer-internal": "true"}, "", False),
        ({f"{BETA}azure-load-balancer-internal": "True"}, "", True),
        ({f"{BETA}azure-pls-create": "true"}, "", False),
        ({"networking.gke.io/load-balancer-type": "Internal"}, "", False),
        ({"cloud.google.com/load-balancer-type": "Internal"}, "", False),
        ({}, "loadBalancerClass: networking.gke.io/l4-regional-internal", False),
        ({}, "", True),
        ({"metallb.io/address-pool": "private"}, "", True),
    ],
)
def test_internal_schemes_are_not_the_internet(
    annotations: dict[str, str], spec: str, is_public: bool
) -> None:
    assert ask(annotations, spec=spec).front_for_port(25).is_public is is_public


# --- ways round the short cut -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotations", "status", "is_workaround"),
    [
        ({}, "", False),
        ({}, "- {ip: 192.0.2.1}", False),
        ({}, "- {ip: 192.0.2.1, ipMode: VIP}", False),
        ({}, "- {ip: 192.0.2.1, ipMode: Proxy}", True),
        ({}, "- {hostname: lb.example.org}", True),
        ({}, "- {ip: 192.0.2.1, hostname: lb.example.org}", False),
        ({}, "- {hostname: lb.example.org}\n- {ip: 192.0.2.1}", False),
        ({f"{AWS}proxy-protocol": "*"}, "", True),
        ({f"{AWS}type": "external"}, "", True),
        ({f"{AWS}type": "nlb"}, "", True),
        ({f"{DO}hostname": "lb.example.org"}, "", True),
        ({f"{DO}hostname": ""}, "", False),
        ({"load-balancer.hetzner.cloud/hostname": "lb.example.org"}, "", True),
        ({"load-balancer.hetzner.cloud/uses-proxyprotocol": "true"}, "", False),
        ({f"{SCW}proxy-protocol-v2": "true"}, "", True),
        ({f"{SCW}proxy-protocol-v2": "25"}, "", False),
        ({f"{SCW}proxy-protocol-v2": "true", f"{SCW}ip-mode": "VIP"}, "", False),
        ({f"{SCW}proxy-protocol-v2": "25", f"{SCW}ip-mode": "Proxy"}, "", True),
        ({f"{SCW}use-hostname": "true"}, "", True),
        ({"loadbalancer.openstack.org/proxy-protocol": "v2"}, "", True),
        ({"loadbalancer.openstack.org/proxy-protocol": "False"}, "", False),
        ({"loadbalancer.openstack.org/hostname": "lb.example.org"}, "", True),
        ({f"{BETA}linode-loadbalancer-hostname-only-ingress": "true"}, "", True),
        ({f"{BETA}vultr-loadbalancer-hostname": "lb.example.org"}, "", True),
        ({"kubernetes.civo.com/loadbalancer-enable-proxy-protocol": "send-proxy"}, "", True),
        ({f"{BETA}cloudstack-load-balancer-hostname": "lb.example.org"}, "", True),
        ({"k8s.cloudscale.ch/loadbalancer-pool-protocol": "proxy"}, "", True),
        ({"k8s.cloudscale.ch/loadbalancer-ip-mode": "VIP"}, "", False),
        (
            {
                "k8s.cloudscale.ch/loadbalancer-ip-mode": "VIP",
                "k8s.cloudscale.ch/loadbalancer-force-hostname": "lb",
            },
            "",
            True,
        ),
        (
            {"service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features": "proxy-protocol"},
            "",
            True,
        ),
        ({"kube-vip.io/loadbalancerHostname": "lb.example.org"}, "", True),
        ({"metallb.io/address-pool": "public"}, "", False),
    ],
)
def test_ways_round_the_short_cut_are_known(
    annotations: dict[str, str], status: str, is_workaround: bool
) -> None:
    assert ask(annotations, status=status).is_workaround is is_workaround


# --- health checks ----------------------------------------------------------------------------------


def test_a_key_about_the_balancers_own_checks_is_none_about_clients() -> None:
    reading = ask({f"{SCW}health-check-send-proxy": "true"})
    assert (told(reading), reading.switches) == ("none default", [])
