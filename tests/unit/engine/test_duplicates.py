"""Keys given twice: where they matter, and where they stand."""

from __future__ import annotations

from textwrap import dedent

import pytest

from truehop.engine.duplicates import duplicates
from truehop.source.location import Location
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents


def told(text: str) -> list[str]:
    documents = load_documents(SourceFile("f.yaml", dedent(text))).documents
    return [f"{problem.at} {problem.message}" for problem in duplicates(documents)]


@pytest.mark.parametrize(
    "text",
    [
        "kind: Service\nmetadata: {name: mta}\nspec: {ports: [{port: 25}]}\n",
        "kind: IngressRouteTCP\nmetadata: {name: ssh}\n",
        "kind: ConfigMap\nmetadata: {name: x}\ndata: {x.conf: haproxy_trusted_networks = 10.0.0.1}\n",
        "ports: {smtp: {proxyProtocol: {trustedIPs: []}}}\n",
        "kind: Service\nmetadata: {name: wiki}\nspec: {externalTrafficPolicy: Local}\n",
    ],
    ids=["mail", "route", "configuration", "values", "policy"],
)
def test_a_key_given_twice_where_it_matters(text: str) -> None:
    lines = text.count("\n")
    assert told(f"apiVersion: v1\n{text}apiVersion: v2\n") == [
        f"f.yaml:{lines + 2}:1 the key 'apiVersion' is given twice; the first is in line 1"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "kind: PrometheusRule\nmetadata: {name: x, name: y}\n",
        "kind: ConfigMap\nmetadata: {name: dashboards}\ndata: {a: '1', a: '2'}\n",
        "kind: Service\nmetadata: {name: wiki}\nspec: {ports: [{port: 80, port: 81}]}\n",
        "kind: Deployment\nmetadata: {name: wiki, name: wiki}\nspec: {template: {spec: {containers: []}}}\n",
        "grafana: {replicas: 1, replicas: 2}\n",
    ],
    ids=["other-kind", "other-store", "other-service", "other-pods", "other-values"],
)
def test_a_key_given_twice_in_what_is_not_about_mail(text: str) -> None:
    assert told(text) == []


def test_keys_deep_in_lists_are_found() -> None:
    text = """\
        kind: Service
        metadata: {name: mta}
        spec:
          ports:
            - {port: 25, port: 587}
    """
    assert told(text) == ["f.yaml:5:18 the key 'port' is given twice; the first is in line 5"]


def test_the_place_of_a_rendering_is_the_users() -> None:
    (document,) = load_documents(SourceFile("f.yaml", "kind: mail\na: 1\na: 2\n")).documents

    def relocate(cursor: Cursor, span: tuple[int, int, int, int]) -> Location:
        assert cursor.document is document
        return Location("values.yaml", span[0] + 100, 1, span[2] + 100, 2)

    document.relocate = relocate
    (problem,) = duplicates([document])
    assert (problem.at.path, problem.at.line) == ("values.yaml", 103)
    assert problem.message.endswith("the first is in line 102")
