"""Traefik's configuration file outside any manifest."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik import STATIC_KIND, looks_like_static, read_alone
from truehop.build import BuildRequest, ValuesInput, build_graph
from truehop.kube.objects import build_world
from truehop.model.facts import ObjectRef, Tri
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

from .hand import Sample, sample

STATIC = """\
entryPoints:
  smtp:
    address: :25
    proxyProtocol: {trustedIPs: [10.0.0.1, 0.0.0.0/0]}
  web:
    address: :80
providers: {docker: {}}
certificatesResolvers: {le: {acme: {email: me@example.com}}}
"""


def test_entry_points_with_addresses_are_a_static_configuration() -> None:
    assert looks_like_static(sample(STATIC).cursor)
    assert looks_like_static(sample("entrypoints: {web: {Address: ':80'}}").cursor)


@pytest.mark.parametrize(
    "text",
    [
        "entryPoints: {web: {forwardedHeaders: {insecure: true}}}",
        "entryPoints: [web]",
        "entryPoints: {web: {address: {host: a}}}",
        "ports: {web: {}}\nentryPoints: {web: {address: ':80'}}",
        "http: {routers: {a: {entryPoints: [web]}}}",
        "- a",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not looks_like_static(sample(text).cursor)


def test_a_file_of_values_is_for_the_chart_whatever_stands_in_it() -> None:
    loaded = load_documents(SourceFile("edge/values.yaml", STATIC))
    assert not looks_like_static(loaded.documents[0].cursor())


def test_its_entry_points_and_lists_are_read() -> None:
    reading = read_alone(sample(STATIC).cursor, ObjectRef(STATIC_KIND, "traefik.yaml"))
    assert {(listener.name, listener.port) for listener in reading.listeners} == {("smtp", 25), ("web", 80)}
    assert [entry.text for entry in reading.trust_lists[0].entries] == ["10.0.0.1", "0.0.0.0/0"]
    assert (reading.providers, reading.knows_all_entries) == (("file",), False)


ROUTE = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: smtp}
spec: {entryPoints: [mail], routes: [{match: 'HostSNI(`*`)', services: [{name: mta, port: 25}]}]}
"""


@pytest.mark.parametrize(("providers", "is_served"), [("docker", False), ("kubernetesCRD", True)])
def test_it_serves_the_routes_of_the_cluster_only_where_it_says_so(providers: str, is_served: bool) -> None:
    static = Sample(STATIC.replace("docker", providers))
    world = build_world(Sample(ROUTE).documents, is_closed=Tri.UNKNOWN, default_namespace=None)
    graph = build_graph(BuildRequest(world, values=(ValuesInput(static.cursor),)))
    (router,) = graph.routers
    assert router.unknown_entries == ()
    assert (router.edge is not None and router.edge.name.startswith(STATIC_KIND)) is is_served


def test_values_of_a_known_chart_stay_values() -> None:
    world = build_world([], is_closed=Tri.UNKNOWN, default_namespace=None)
    graph = build_graph(BuildRequest(world, values=(ValuesInput(sample(STATIC).cursor, "traefik"),)))
    assert any(switch.name.startswith("entryPoints") for switch in graph.switches)
