"""Helm values that stand inside other objects: k3s HelmChart, Flux HelmRelease, Argo Application.

Sources of the shapes: k3s-io/helm-controller pkg/apis/helm.cattle.io/v1/types.go, fluxcd/helm-controller
api/v2/helmrelease_types.go, argoproj/argo-cd pkg/apis/application/v1alpha1/types.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truehop.kube.objects import World
from truehop.kube.resources import Resource
from truehop.model.facts import ObjectRef
from truehop.source.tree import Cursor
from truehop.source.yaml import parse_embedded


@dataclass(frozen=True, slots=True, eq=False)
class InlineValues:
    """Values found in an object: where they start, of which chart and version, for which namespace.

    ``is_complete`` is False where more values come from something not in the input.
    """

    root: Cursor
    chart: str
    version: str
    ref: ObjectRef
    namespace: str | None
    is_complete: bool = True


def inline_values(world: World) -> list[InlineValues]:
    """All inline values of the scope, in source order; templated strings that are no YAML are left out."""
    found: list[InlineValues] = []
    for resource in world.resources:
        reader = READERS.get((resource.group, resource.kind))
        if reader is not None:
            found.extend(reader(resource))
    return found


def _k3s(resource: Resource) -> Iterator[InlineValues]:
    spec = resource.get("spec")
    # A HelmChartConfig configures the HelmChart of its own name.
    chart = spec.get("chart").string() or resource.name
    namespace = spec.get("targetNamespace").string() or resource.namespace
    for root in _strings(spec.get("valuesContent")):
        yield InlineValues(
            root,
            _last(chart),
            spec.get("version").string(),
            resource.ref,
            namespace,
            not spec.get("valuesSecrets").is_set,
        )


def _flux(resource: Resource) -> Iterator[InlineValues]:
    spec = resource.get("spec")
    values = spec.get("values")
    if values.is_mapping:
        chart = spec.get("chart", "spec")
        name = chart.get("chart").string() or spec.get("chartRef", "name").string()
        namespace = spec.get("targetNamespace").string() or resource.namespace
        yield InlineValues(
            values,
            _last(name),
            chart.get("version").string(),
            resource.ref,
            namespace,
            not spec.get("valuesFrom").is_set,
        )


def _argo(resource: Resource) -> Iterator[InlineValues]:
    yield from _argo_spec(resource, resource.get("spec"))


def _argo_set(resource: Resource) -> Iterator[InlineValues]:
    yield from _argo_spec(resource, resource.get("spec", "template", "spec"))


def _argo_spec(resource: Resource, spec: Cursor) -> Iterator[InlineValues]:
    namespace = spec.get("destination", "namespace").string() or None
    for source in (spec.get("source"), *spec.get("sources").items()):
        helm = source.get("helm")
        chart, version = source.get("chart").string(), source.get("targetRevision").string()
        is_complete = not helm.get("valueFiles").is_set and not helm.get("parameters").is_set
        # valuesObject takes precedence over values.
        roots = (
            [helm.get("valuesObject")]
            if helm.get("valuesObject").is_mapping
            else list(_strings(helm.get("values")))
        )
        for root in roots:
            yield InlineValues(root, _last(chart), version, resource.ref, namespace, is_complete)


def _strings(place: Cursor) -> Iterator[Cursor]:
    text = place.text
    if text is None:
        if place.is_mapping:
            yield place
        return
    for document in parse_embedded(text):
        root = document.cursor()
        if root.is_mapping:
            yield root
            return


def _last(chart: str) -> str:
    return chart.rstrip("/").rpartition("/")[2]


#: What reads the values of each kind of object.
READERS = {
    ("helm.cattle.io", "HelmChart"): _k3s,
    ("helm.cattle.io", "HelmChartConfig"): _k3s,
    ("helm.toolkit.fluxcd.io", "HelmRelease"): _flux,
    ("argoproj.io", "Application"): _argo,
    ("argoproj.io", "ApplicationSet"): _argo_set,
}
