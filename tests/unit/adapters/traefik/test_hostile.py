"""Readers given trees of any shape: they return what they can."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from truehop.adapters.traefik import looks_like_values, read, read_routing, read_values
from truehop.model.facts import ObjectRef

from .hand import Sample

#: Names that the readers look for, so that generated trees are not passed over.
NAMES = (
    "ports",
    "web",
    "smtp",
    "proxyProtocol",
    "forwardedHeaders",
    "trustedIPs",
    "insecure",
    "tls",
    "http",
    "enabled",
    "expose",
    "default",
    "service",
    "spec",
    "type",
    "annotations",
    "additionalArguments",
    "env",
    "name",
    "value",
    "providers",
    "traefik",
    "routes",
    "services",
    "match",
    "port",
    "entryPoints",
    "middlewares",
    "version",
    "serversTransport",
    "options",
    "rules",
    "paths",
    "backend",
    "kind",
    "redirectTo",
    "exposedPort",
    "image",
    "tag",
    "options",
    "cipherSuites",
    "minVersion",
    "redirectScheme",
    "chain",
    "loadBalancer",
    "servers",
    "address",
)
#: Letters that any YAML reader takes; the reader itself is tested elsewhere.
WORDS = st.characters(codec="latin-1", categories=("L", "N", "P", "Zs"))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 70_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        (
            "",
            "*",
            "HostSNI(`*`)",
            "10.0.0.0/8",
            ":25",
            "--entrypoints.web.proxyprotocol",
            "TRAEFIK_API_INSECURE",
            "https",
            "--entrypoints.web.address=:8000",
            "${X}",
            "$(X)",
            "v3.5.2",
            "a@kubernetescrd",
            "--",
            "true",
            "UDP",
        )
    ),
    st.text(WORDS, max_size=8),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)


def sample_of(*trees: object) -> Sample:
    return Sample("\n---\n".join(json.dumps(tree) for tree in trees) + "\n")


@given(TREES, st.sampled_from([None, "41.3.0", "10.x", "nonsense"]))
def test_values_of_any_shape_crash_nothing(tree: object, chart: str | None) -> None:
    cursor = sample_of({"values": tree}).cursor.get("values")
    assert looks_like_values(cursor) in {True, False}
    reading = read_values(cursor, chart_version=chart, ref=ObjectRef("V", "v"), namespace=None)
    assert (reading is None) is not isinstance(tree, dict)


@given(
    st.sampled_from(
        ["IngressRouteTCP", "IngressRoute", "Ingress", "Middleware", "TLSOption", "ServersTransportTCP"]
    ),
    TREES,
    TREES,
)
def test_objects_of_any_shape_crash_nothing(kind: str, spec: object, annotations: object) -> None:
    group = "networking.k8s.io/v1" if kind == "Ingress" else "traefik.io/v1alpha1"
    route = {
        "apiVersion": group,
        "kind": kind,
        "metadata": {"name": "a", "annotations": annotations},
        "spec": spec,
    }
    fixed = {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "IngressRouteTCP",
        "metadata": {"name": "b"},
        "spec": {
            "routes": [
                {"match": "HostSNI(`*`)", "services": [{"name": "x", "port": 1, "serversTransport": "a"}]}
            ]
        },
    }
    world = sample_of(route, fixed).world
    assert read_routing(world, read(world)).routers


@given(TREES, TREES, TREES)
def test_containers_of_any_shape_crash_nothing(args: object, env: object, file: object) -> None:
    container = {
        "name": "t",
        "image": "traefik:v3.6.1",
        "args": args,
        "env": env,
        "volumeMounts": [{"name": "c", "mountPath": "/routes"}],
    }
    fixed = {**container, "args": ["--providers.file.directory=/routes"], "env": []}
    configured = {**container, "args": ["--configfile=/routes/a.yaml"]}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {
            "containers": [container, fixed, configured],
            "volumes": [{"name": "c", "configMap": {"name": "c"}}],
        },
    }
    files = {"a.yaml": json.dumps(file), "b.toml": "a = 1", "c.yaml": json.dumps({"tcp": file, "http": file})}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": files}
    readings = read(sample_of(pod, config).world)
    assert len(readings) == 3
