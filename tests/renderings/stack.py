"""Renderings of a whole mail stack, as a chart prints them: a set of parts, put together in several ways."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template
from textwrap import indent

PARTS = Path(__file__).parent / "parts"
PODS, NODES, BALANCERS = "10.42.0.0/16", "192.168.178.0/28", "10.0.0.0/16"
BOTH = (PODS, "fd42::/48")
#: What pods see of a program on two nodes whose plug-in has a bridge among the pods' addresses.
BRIDGES = ("10.42.0.0/31", "10.42.1.0/31")
MAIL = {"smtp": 25, "submissions": 465, "submission": 587, "imaps": 993, "sieve": 4190}
WEB = {"web": 80, "websecure": 443}
METALLB = {"truehop/front": "metallb"}
HETZNER = {
    "load-balancer.hetzner.cloud/uses-proxyprotocol": "true",
    "load-balancer.hetzner.cloud/use-private-ip": "true",
    "truehop/front": "hetzner",
}
NAMESPACE = "kubernetes.io/metadata.name"


def component(name: str) -> dict[str, object]:
    """The peer of a network policy that means the pods of one component."""
    labels = {"name": "mailstack", "instance": "mail", "component": name}
    return {
        "podSelector": {"matchLabels": {f"app.kubernetes.io/{key}": value for key, value in labels.items()}}
    }


@dataclass(frozen=True)
class Stack:
    """One way to put the stack together.

    ``edge`` is bundled, ports (on host ports), host (on the host network), existing (somebody else's
    Traefik) or none;
    ``is_introduced`` says that the edge gets PROXY headers, from ``balancers``.
    """

    edge: str = "bundled"
    door: str = "LoadBalancer"
    annotations: tuple[tuple[str, str], ...] = tuple(METALLB.items())
    is_introduced: bool = False
    balancers: str = BALANCERS
    pods: tuple[str, ...] = (PODS,)
    nodes: tuple[str, ...] = (NODES,)
    trusted: tuple[str, ...] = (PODS,)
    ingress_class: str = ""
    families: str = "ipFamilyPolicy: PreferDualStack"

    @property
    def is_on_host(self) -> bool:
        return self.edge == "host"

    @property
    def is_direct(self) -> bool:
        return self.edge == "none"

    @property
    def parts(self) -> list[str]:
        """The names of the parts, in the order of the rendering."""
        web = [] if self.ingress_class else ["edge-web"]
        found = {
            "bundled": ["edge", "edge-doors", *web, "acme"],
            "host": ["edge", "acme"],
            "ports": ["edge", "acme"],
            "existing": ["crd-routes"],
        }.get(self.edge, [])
        return [*found, "mta", "mda", "web", *(["ingress"] if self.ingress_class else [])]

    @property
    def entries(self) -> dict[str, int]:
        """The edge's entry points with their public ports."""
        return MAIL if self.ingress_class else MAIL | WEB

    def render(self) -> str:
        """The rendering."""
        values = {**self.networks(), **self.of_edge(), **self.of_servers(), **self.of_web()}
        texts = {part: (PARTS / f"{part}.yaml").read_text(encoding="utf-8") for part in self.parts}
        return "".join(
            f"---\n# Source: mailstack/templates/{part}.yaml\n{Template(text).substitute(values)}"
            for part, text in texts.items()
        )

    # --- what the parts leave open ---------------------------------------------------------------

    def networks(self) -> dict[str, str]:
        """What the chart knows of the cluster, as the annotation says it; and the balancer's own words."""
        said = {"pods": list(self.pods)}
        if self.is_on_host:
            said["nodes"] = list(self.nodes)
        if self.is_introduced:
            said["loadBalancers"] = [self.balancers]
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in said.items())
        door = dict(self.annotations)
        return {
            "networks": indent(text, "      ").rstrip("\n"),
            "door_annotations": json.dumps(door),
            "server_annotations": json.dumps({**door, "truehop/networks": text}) if self.is_direct else "{}",
            "families": self.families,
            "door": self.door,
        }

    def of_edge(self) -> dict[str, str]:
        """The edge: its kind, ports, arguments and routes to the webmail."""
        ports = {name: self.port(public) for name, public in self.entries.items()}
        routes = "{}\n" if self.ingress_class else (PARTS / "web-routes.yaml").read_text(encoding="utf-8")
        declared = "".join(
            f"- {{name: {name}, containerPort: {port}, protocol: TCP{self.host_port(name)}}}\n"
            for name, port in ports.items()
        )
        return {
            "edge_kind": "DaemonSet" if self.edge in {"host", "ports"} else "Deployment",
            "edge_spec": "hostNetwork: true" if self.is_on_host else "terminationGracePeriodSeconds: 60",
            "entry_points": indent("".join(f"- {word}\n" for word in self.arguments()), " " * 12).rstrip(),
            "edge_ports": indent(declared, " " * 12).rstrip(),
            "edge_numbers": json.dumps([{"port": port, "protocol": "TCP"} for port in ports.values()]),
            "web_routes": indent(routes, "    ").rstrip("\n"),
        }

    def port(self, public: int) -> int:
        """The edge's own port for a public one; without rights it listens above 1024."""
        if self.is_on_host:
            return public
        return {80: 8080, 443: 8443}.get(public, 10_000 + public)

    def host_port(self, name: str) -> str:
        """The field that opens a port on the node."""
        return f", hostPort: {self.entries[name]}" if self.edge == "ports" else ""

    def arguments(self) -> list[str]:
        """The edge's arguments about entry points."""
        words = []
        for name, public in self.entries.items():
            words.append(f"--entrypoints.{name}.address=:{self.port(public)}/tcp")
            if self.is_introduced:
                words.append(f"--entrypoints.{name}.proxyProtocol.trustedIPs={self.balancers}")
            if self.is_introduced and name in MAIL:
                words.append(f"--entrypoints.{name}.transport.respondingTimeouts.readTimeout=5s")
        return [*words, *(["--entrypoints.websecure.asDefault=true"] if "websecure" in self.entries else [])]

    def of_servers(self) -> dict[str, str]:
        """The mail servers: whether they read headers, whom they trust, who may reach them."""
        trusts = f'            - {{name: TRUSTED_PROXIES, value: "{",".join(self.trusted)}"}}'
        return {
            "proxied": "false" if self.is_direct else "true",
            "dovecot_switch": "no" if self.is_direct else "yes",
            "mda_trusts": "" if self.is_direct else trusts,
            "server_door": self.door if self.is_direct else "ClusterIP",
            "server_policy": f"{'ex' if self.is_direct else 'in'}ternalTrafficPolicy: "
            + ("Local" if self.is_direct else "Cluster"),
            "mail_peers": "" if self.is_direct else f"from: {json.dumps(self.peers())}",
        }

    def peers(self) -> list[dict[str, object]]:
        """Who may speak to ports that believe a PROXY header: the edge alone."""
        if self.is_on_host:
            return [{"ipBlock": {"cidr": node}} for node in self.nodes]
        if self.edge == "existing":
            labels = {"matchLabels": {"app.kubernetes.io/name": "traefik"}}
            return [{"namespaceSelector": {"matchLabels": {NAMESPACE: "traefik"}}, "podSelector": labels}]
        return [component("edge")]

    def of_web(self) -> dict[str, str]:
        """The webmail: whom it trusts, who may reach it, and the class of its Ingress."""
        controller = {"namespaceSelector": {"matchLabels": {NAMESPACE: f"ingress-{self.ingress_class}"}}}
        return {
            "web_peers": json.dumps([controller] if self.ingress_class else self.peers()),
            "web_trusts": ",".join(self.trusted),
            "web_list": json.dumps(list(self.trusted)),
            "ingress_class": self.ingress_class,
        }


#: Every way that has to be understood as it stands.
STACKS: dict[str, Stack] = {
    "metallb": Stack(),
    "k3s": Stack(annotations=(("truehop/front", "klipper"),)),
    "hetzner": Stack(annotations=tuple(HETZNER.items()), is_introduced=True),
    "outside-proxy": Stack(door="NodePort", annotations=(), is_introduced=True, balancers="198.51.100.0/28"),
    "node-port": Stack(door="NodePort", annotations=()),
    "host-port": Stack(edge="ports"),
    "host-network": Stack(edge="host", trusted=(NODES,)),
    "host-network-with-bridges": Stack(edge="host", nodes=(NODES, *BRIDGES), trusted=(NODES, *BRIDGES)),
    "dual-stack": Stack(pods=BOTH, trusted=BOTH),
    "single-stack-in-both": Stack(pods=BOTH, families="ipFamilyPolicy: SingleStack\n  ipFamilies: [IPv4]"),
    "direct": Stack(edge="none", ingress_class="nginx"),
    "ingress-of-nginx": Stack(ingress_class="nginx"),
    "ingress-of-traefik": Stack(ingress_class="traefik"),
    "existing-traefik": Stack(edge="existing"),
}
