"""The cluster's names: CoreDNS as every cluster runs it, and a domain of the world outside."""

from __future__ import annotations

from tests.cluster import configuration
from tests.cluster.node import Node

#: Its mail goes to the world outside.
DOMAIN = "outside.test"
ZONE = f"""\
@ 60 IN SOA ns.{DOMAIN}. root.{DOMAIN}. 1 60 60 60 60
@ 60 IN NS ns.{DOMAIN}.
@ 60 IN MX 10 mx.{DOMAIN}.
mx 60 IN A {configuration.OUTSIDE[0]}
"""


def serve(node: Node) -> None:
    """Starts the server on the node's own addresses, behind the Service that pods ask."""
    state = node.state
    where = " ".join(configuration.ADDRESSES)
    (state / "zone").write_text(ZONE, encoding="utf-8")
    (state / "Corefile").write_text(
        f"""\
cluster.local {{
  bind {where}
  errors
  kubernetes {{
    kubeconfig {configuration.kubeconfig(state)}
    ttl 1
  }}
}}
{DOMAIN} {{
  bind {where}
  file {state / "zone"}
}}
. {{
  bind {where}
  template ANY ANY {{
    rcode NXDOMAIN
  }}
}}
""",
        encoding="utf-8",
    )
    node.space.start("coredns", "coredns", "-conf", str(state / "Corefile"))
    ports = [{"name": kind.lower(), "protocol": kind, "port": 53} for kind in ("UDP", "TCP")]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "dns"},
        "spec": {"clusterIP": configuration.DNS, "ports": ports},
    }
    endpoints = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "dns-node", "labels": {"kubernetes.io/service-name": "dns"}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": [configuration.ADDRESSES[0]]}],
        "ports": ports,
    }
    node.apply("kube-system", service, endpoints)
