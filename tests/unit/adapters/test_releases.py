"""Helm values inside other objects."""

from __future__ import annotations

import pytest

from tests.unit.kube.hand import world_of
from truehop.adapters.releases import InlineValues, inline_values

VALUES = "ports: {smtp: {port: 25}}"


def found(text: str) -> list[InlineValues]:
    return inline_values(world_of(text))


def told(text: str) -> list[tuple[str, str, str | None, bool]]:
    """Chart, version, namespace and completeness of values that hold the port."""
    assert all(one.root.get("ports", "smtp", "port").integer() == 25 for one in found(text))
    return [(one.chart, one.version, one.namespace, one.is_complete) for one in found(text)]


def k3s(spec: str, kind: str = "HelmChart") -> str:
    return f"""\
apiVersion: helm.cattle.io/v1
kind: {kind}
metadata: {{name: traefik, namespace: kube-system}}
spec:
{spec}
"""


def test_a_chart_of_k3s_holds_its_values_as_text() -> None:
    spec = f"  chart: oci://ghcr.io/charts/edge/\n  version: 1.2.3\n  valuesContent: |\n    {VALUES}"
    assert told(k3s(spec)) == [("edge", "1.2.3", "kube-system", True)]
    more = f"  targetNamespace: edge\n  valuesSecrets: [{{name: x}}]\n  valuesContent: |\n    {VALUES}"
    assert told(k3s(more)) == [("traefik", "", "edge", False)]


def test_a_chart_config_of_k3s_is_for_the_chart_of_its_name() -> None:
    assert told(k3s(f"  valuesContent: '{VALUES}'", "HelmChartConfig")) == [
        ("traefik", "", "kube-system", True)
    ]


def test_the_place_of_values_is_in_the_file_that_holds_them() -> None:
    (one,) = found(k3s(f"  valuesContent: |\n    {VALUES}"))
    at = one.root.get("ports", "smtp", "port").location()
    assert (at.line, at.column) == (6, 26)
    assert str(one.ref) == "HelmChart kube-system/traefik"


@pytest.mark.parametrize(
    "spec", ["  valuesContent: just words", "  valuesContent: '{{ if x }}'", "  chart: x"]
)
def test_texts_that_are_no_mapping_are_left_out(spec: str) -> None:
    assert found(k3s(spec)) == []


def flux(spec: str) -> str:
    return f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: edge, namespace: flux}}
spec:
{spec}
"""


def test_a_release_of_flux_names_its_chart_in_two_ways() -> None:
    chart = "  chart: {spec: {chart: ./charts/traefik, version: 39.x}}"
    assert told(flux(f"{chart}\n  values: {{{VALUES}}}")) == [("traefik", "39.x", "flux", True)]
    ref = "  chartRef: {name: traefik}\n  targetNamespace: edge\n  valuesFrom: [{kind: Secret, name: x}]"
    assert told(flux(f"{ref}\n  values: {{{VALUES}}}")) == [("traefik", "", "edge", False)]
    assert found(flux(chart)) == []


def argo(source: str, kind: str = "Application") -> str:
    spec = f"  destination: {{namespace: edge}}\n{source}"
    if kind == "ApplicationSet":
        spec = "  template:\n    spec:\n" + "".join(f"    {line}\n" for line in spec.splitlines())
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: {kind}
metadata: {{name: edge, namespace: argocd}}
spec:
{spec}
"""


CHART = "chart: traefik, targetRevision: 39.0.7"


@pytest.mark.parametrize("kind", ["Application", "ApplicationSet"])
def test_an_application_of_argo_holds_values_as_object_or_text(kind: str) -> None:
    expected = [("traefik", "39.0.7", "edge", True)]
    assert told(argo(f"  source: {{{CHART}, helm: {{valuesObject: {{{VALUES}}}}}}}", kind)) == expected
    assert told(argo(f"  source: {{{CHART}, helm: {{values: '{VALUES}'}}}}", kind)) == expected


def test_an_object_of_values_wins_over_their_text() -> None:
    helm = f"{{values: 'ports: {{smtp: {{port: 26}}}}', valuesObject: {{{VALUES}}}}}"
    assert len(told(argo(f"  source: {{{CHART}, helm: {helm}}}"))) == 1


def test_each_source_of_an_application_is_read() -> None:
    helm = f"{{values: '{VALUES}', parameters: [{{name: x, value: y}}]}}"
    text = argo(f"  sources:\n    - {{{CHART}, helm: {helm}}}\n    - {{{CHART}}}")
    assert told(text) == [("traefik", "39.0.7", "edge", False)]


def test_values_written_as_a_mapping_where_text_belongs_are_read_all_the_same() -> None:
    assert told(argo(f"  source: {{{CHART}, helm: {{values: {{{VALUES}}}, valueFiles: [x]}}}}")) == [
        ("traefik", "39.0.7", "edge", False)
    ]


def test_other_objects_hold_none() -> None:
    assert (
        found(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\ndata: {{values: '{VALUES}'}}\n") == []
    )
