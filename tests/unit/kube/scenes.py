"""What the tests on environments and policies share: pods, their sources, policies and questions."""

from __future__ import annotations

import json
from textwrap import indent

from truehop.kube.environment import EnvValue
from truehop.kube.objects import World
from truehop.kube.policy import Peer
from truehop.kube.workloads import Container
from truehop.model.facts import Fact, Tri

from .hand import cut, deployment, network_policy, workload_of

CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: env}
data:
  TRUSTED_PROXIES: 10.42.0.0/24
  EMPTY: ""
  NOTHING:
  LIST: [1]
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: keys}
data: {PASSWORD: aHVudGVyMg==, NETS: MTAuMC4wLjAvOCwgMTkyLjE2OC4wLjAvMTY=,
   BROKEN: "%%%", BYTES: //79, LIST: [1]}
stringData: {TOKEN: plain, PASSWORD: newer}
"""


def pod(container: str, extra: str = "") -> str:
    return f"""\
apiVersion: v1
kind: Pod
metadata:
  name: mta
  labels: {{app: mta}}
  annotations: {{note: words}}
spec:
  serviceAccountName: mailer
  containers:
  - {json.dumps({"name": "main", "image": "x", **json.loads(container)})}
{extra}"""


def value_in(container: Container, name: str) -> EnvValue:
    found = container.env.get(name)
    assert found is not None
    return found


def text_in(container: Container, name: str) -> str | None:
    found = container.env.get(name)
    return found.text.value if found is not None and found.text is not None else None


def env(*entries: object) -> str:
    return json.dumps({"env": entries})


def keyed(name: str, kind: str, store: str, key: str, *, optional: bool = False) -> object:
    return {"name": name, "valueFrom": {f"{kind}KeyRef": {"name": store, "key": key, "optional": optional}}}


# --- policies ----------------------------------------------------------------------------------

MTA = deployment(
    "mta",
    namespace="mail",
    ports="[{name: smtp, containerPort: 25}, {name: dns, containerPort: 53, protocol: UDP}]",
)
EDGE = deployment("edge", namespace="traefik")
WEB = deployment("web", namespace="mail")
FROM_EDGE = """\
podSelector: {matchLabels: {app: mta}}
ingress:
- from:
  - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: traefik}}
    podSelector: {matchLabels: {app: edge}}
  ports: [{port: smtp}]
"""


def policy(spec: str, namespace: str = "mail", name: str = "guard") -> str:
    return network_policy(indent(spec, "  "), namespace, name)


def rules(*entries: object, selector: str = "{}") -> str:
    return policy(f"podSelector: {selector}\ningress: {json.dumps(entries)}\n")


def asked(world: World, peer: str | Peer = "edge", port: int = 25, protocol: str = "TCP") -> Fact[Tri]:
    asker = workload_of(world, peer) if isinstance(peer, str) else peer
    return world.policies.admits(workload_of(world, "mta"), port, asker, protocol)


def place(world: World, fact: Fact[Tri]) -> str:
    assert fact.at is not None
    return cut(world, fact.at)
