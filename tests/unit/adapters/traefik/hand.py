"""Traefiks, routes and values from YAML written in a test."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import dedent, indent

from truehop.adapters.readings import Reading, RouterDraft, Routing
from truehop.adapters.traefik import read, read_routing, read_values
from truehop.kube.objects import World, build_world
from truehop.model.facts import Location, ObjectRef, Tri
from truehop.model.hops import Effect, Listener, Switch
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents


class Sample:
    """A text and what stands where in it."""

    def __init__(self, text: str) -> None:
        self.source = SourceFile("input.yaml", text)
        loaded = load_documents(self.source)
        assert not loaded.problems, loaded.problems
        self.documents = loaded.documents

    @property
    def cursor(self) -> Cursor:
        return self.documents[0].cursor()

    @property
    def world(self) -> World:
        return build_world(self.documents, is_closed=Tri.UNKNOWN, default_namespace=None)

    def cut(self, at: Location | None) -> str:
        assert at is not None
        assert at.line == at.end_line
        return self.source.lines[at.line - 1][at.column - 1 : at.end_column - 1]


def sample(*texts: str) -> Sample:
    return Sample("\n---\n".join(dedent(text).strip("\n") for text in texts) + "\n")


def traefik(
    args: Iterable[str] = (), *, image: str = "traefik:v3.6.1", env: str = "[]", more: str = "", pod: str = ""
) -> str:
    quoted = ", ".join(f"'{arg}'" for arg in args)
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: traefik, namespace: edge}\nspec:\n"
        "  template:\n"
        "    metadata: {labels: {app: traefik}}\n    spec:\n"
        f"{indent(dedent(pod).strip(), ' ' * 6)}\n"
        "      containers:\n      - name: traefik\n"
        f"        image: {image}\n        args: [{quoted}]\n        env: {env}\n"
        f"{indent(dedent(more).strip(), ' ' * 8)}\n"
    )


def with_file(
    text: str, path: str = "/etc/traefik/traefik.yaml", args: Iterable[str] = (), env: str = "[]"
) -> str:
    """A Traefik with one file mounted."""
    folder, _, name = path.rpartition("/")
    pod = "volumes: [{name: config, configMap: {name: config}}]"
    mount = f"volumeMounts: [{{name: config, mountPath: {folder or '/'}}}]"
    content = indent(dedent(text).strip("\n"), "    ")
    config = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config, namespace: edge}\ndata:\n"
        f"  {name}: |\n{content}\n"
    )
    return traefik(args, env=env, more=mount, pod=pod) + "---\n" + config


def read_one(*texts: str) -> tuple[Reading, Sample]:
    made = sample(*texts)
    (reading,) = read(made.world)
    return reading, made


def with_flags(*args: str, image: str = "traefik:v3.6.1") -> tuple[Reading, Sample]:
    return read_one(traefik(args, image=image))


def listener_of(reading: Reading, name: str) -> Listener:
    return next(listener for listener in reading.listeners if listener.name == name)


def names(reading: Reading) -> list[str]:
    return [listener.name for listener in reading.listeners]


def trusted(reading: Reading) -> dict[str, list[str]]:
    return {trusts.name: [entry.text for entry in trusts.entries] for trusts in reading.trust_lists}


def effects(switches: Iterable[Switch]) -> list[tuple[str, Effect]]:
    return [(switch.name, switch.effect) for switch in switches]


def route_all(*texts: str) -> tuple[Routing, Sample]:
    made = sample(*texts)
    return read_routing(made.world, read(made.world)), made


def route_one(*texts: str) -> tuple[RouterDraft, Sample]:
    routing, made = route_all(*texts)
    (router,) = routing.routers
    return router, made


def from_values(text: str, chart: str | None = None) -> tuple[Reading, Sample]:
    made = sample(text)
    reading = read_values(
        made.cursor, chart_version=chart, ref=ObjectRef("HelmRelease", "traefik", "edge"), namespace="edge"
    )
    assert reading is not None
    return reading, made


def tcp_route(spec: str, group: str = "traefik.io", name: str = "smtp") -> str:
    return (
        f"apiVersion: {group}/v1alpha1\nkind: IngressRouteTCP\n"
        f"metadata: {{name: {name}, namespace: mail}}\nspec:\n" + indent(dedent(spec).strip("\n"), "  ")
    )


def http_route(spec: str, name: str = "webmail") -> str:
    return (
        "apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\n"
        f"metadata: {{name: {name}, namespace: mail}}\nspec:\n" + indent(dedent(spec).strip("\n"), "  ")
    )


def traefik_object(kind: str, name: str, spec: str) -> str:
    return (
        f"apiVersion: traefik.io/v1alpha1\nkind: {kind}\n"
        f"metadata: {{name: {name}, namespace: mail}}\nspec: {spec}\n"
    )


SMTP = """\
entryPoints: [smtp]
routes:
- match: HostSNI(`*`)
  services:
  - name: mta
    port: 25
"""


def with_service(setting: str) -> str:
    return tcp_route(SMTP + f"    {setting}\n")


def edge(version: str) -> str:
    return traefik(["--entrypoints.smtp.address=:25"], image=f"traefik:v{version}")


ADDRESS = "--entryPoints.smtp.address=:25"
#: What a full copy of the chart's values says where it says nothing.
DEFAULTS = """\
ports:
  web:
    port: 8000
    expose: {default: true}
    exposedPort: 80
    nodePort:
    http: {redirections: {entryPoint: {}}}
    forwardedHeaders: {trustedIPs: [], insecure: false, notAppendXForwardedFor: false}
    proxyProtocol: {trustedIPs: [], insecure: false}
    transport: {respondingTimeouts: {readTimeout: }}
  websecure:
    port: 8443
    exposedPort: 443
    http: {tls: {enabled: true, options: "", certResolver: "", domains: []}}
    forwardedHeaders: {trustedIPs: [], insecure: false}
    proxyProtocol: {trustedIPs: [], insecure: false}
service: {enabled: true, single: true, annotations: {}, spec: {type: LoadBalancer}}
"""
