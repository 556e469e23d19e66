"""What helm refuses is told once, where it is to be mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.source.render.calls import Call

from .hand import chart, fake, objects, service_chart, told, write

SCHEMA = '{"properties": {"policy": {"enum": ["Local", "Cluster"]}}, "required": ["policy"]}'


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return service_chart(tmp_path)


def test_without_helm_that_is_said_and_the_schema_still_counts(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(base))
    monkeypatch.delenv("TRUEHOP_HELM", raising=False)
    write(base, c__values_yaml="policy: Clustr\n", c__values_schema_json=SCHEMA)
    made = chart(base)
    assert not made.is_done
    assert told(made) == [
        ("not-judged", "c/Chart.yaml", "helm is not installed, so the templates are not judged")
    ]
    (base / "c" / "values.schema.json").write_text(SCHEMA)
    assert told(chart(base))[1] == (
        "schema-violation",
        "c/values.yaml:1:9",
        'policy is "Clustr", which is not allowed',
    )


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("sleep 300", "helm takes longer than 0.5 seconds"),
        ("head -c 100000000 /dev/zero", "helm prints more than 64 MiB"),
        ("printf '\\377'", "what helm printed: byte 0xff is no UTF-8 text"),
        ("echo oops >&2; exit 1", "helm: oops"),
        ("exit 4", "helm: exit status 4"),
    ],
)
def test_a_helm_that_fails_is_told(
    base: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    fake(base, monkeypatch, "TRUEHOP_HELM", script)
    if "sleep" in script:
        monkeypatch.setenv("TRUEHOP_RENDER_SECONDS", "0.5")
    made = chart(base)
    assert not made.is_done
    assert told(made) == [("not-judged", "c/Chart.yaml", message)]


def test_output_that_is_no_yaml_is_told_at_the_chart(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(
        base,
        monkeypatch,
        "TRUEHOP_HELM",
        "printf -- '---\\na: [\\n---\\n# Source: mail/templates/mta.yaml\\nb: [\\n'",
    )
    assert [(rule, place) for rule, place, _ in told(chart(base))] == [
        ("invalid-yaml", "c/Chart.yaml"),
        ("invalid-yaml", "c/templates/mta.yaml"),
    ]


@pytest.mark.usefixtures("helm")
def test_dependencies_that_are_not_there_are_told_with_the_command(base: Path) -> None:
    lines = "dependencies: [{name: traefik, version: 39.0.0, repository: 'https://example.org'}]\n"
    with (base / "c" / "Chart.yaml").open("a") as file:
        file.write(lines)
    [problem] = chart(base).problems
    assert (str(problem.at), problem.message, problem.help) == (
        "c/Chart.yaml",
        "the chart's dependencies are not in its charts folder: traefik",
        "run: helm dependency build c",
    )


@pytest.mark.usefixtures("helm")
def test_a_template_that_refuses_is_told_at_its_line(base: Path) -> None:
    write(base, c__templates__z_yaml='\n{{ required "host is missing" .Values.host }}\n')
    [problem] = chart(base).problems
    assert str(problem.at) == "c/templates/z.yaml:2:1"
    assert problem.message.endswith("host is missing")
    assert problem.help.startswith("give the values")


@pytest.mark.usefixtures("helm")
def test_a_template_that_makes_no_yaml_is_told_at_its_file(base: Path) -> None:
    write(base, c__templates__z_yaml="a: b: c\n")
    [problem] = chart(base).problems
    assert (str(problem.at), problem.help) == ("c/templates/z.yaml", "mend the chart")


@pytest.mark.usefixtures("helm")
def test_a_violation_is_told_once_and_the_rest_is_rendered(base: Path) -> None:
    (base / "c" / "values.schema.json").write_text(SCHEMA)
    write(base, v_yaml="\npolicy: Clustr\n")
    made = chart(base, call=Call(base, values=(base / "v.yaml",)))
    assert told(made) == [("schema-violation", "v.yaml:2:9", 'policy is "Clustr", which is not allowed')]
    assert objects(made) == ["Service mail-mta"]


def test_a_helm_that_cannot_leave_the_schema_out_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(
        base,
        monkeypatch,
        "TRUEHOP_HELM",
        'echo "Error: values don\'t meet the specifications of the schema(s)" >&2; exit 1',
    )
    (base / "c" / "values.schema.json").write_text(SCHEMA)
    write(base, c__values_yaml="policy: Clustr\n")
    assert [(rule, message) for rule, _, message in told(chart(base))] == [
        ("not-judged", "helm renders nothing of values that break the schema"),
        ("schema-violation", 'policy is "Clustr", which is not allowed'),
    ]


@pytest.mark.usefixtures("helm")
def test_what_helm_accepts_is_no_violation(base: Path) -> None:
    """Helm takes keys away that the default is null for; it has the last word."""
    (base / "c" / "values.schema.json").write_text('{"properties": {"a": {"type": "string"}}}')
    write(base, c__values_yaml="policy: Local\na: x\n", v_yaml="a: null\n")
    assert chart(base, call=Call(base, values=(base / "v.yaml",))).problems == []


@pytest.mark.usefixtures("helm")
def test_a_subcharts_schema_counts_where_helm_says_so(base: Path) -> None:
    write(
        base,
        c__charts__web__Chart_yaml="apiVersion: v2\nname: web\nversion: 1.0.0\n",
        c__charts__web__values_yaml="port: 80\n",
        c__values_yaml="policy: Local\nweb: {port: http}\n",
    )
    (base / "c" / "charts" / "web" / "values.schema.json").write_text(
        '{"properties": {"port": {"type": "integer"}}}'
    )
    made = chart(base)
    assert told(made) == [
        ("schema-violation", "c/values.yaml:2:13", 'web.port is "http", not a whole number')
    ]
    assert made.is_done


@pytest.mark.usefixtures("helm")
def test_a_violation_that_only_helm_sees_is_told_in_its_words(base: Path) -> None:
    (base / "c" / "values.schema.json").write_text(SCHEMA)
    made = chart(base, call=Call(base, set=("policy[0]=x",)))
    assert told(made)[0][2].startswith("helm: values don't meet the specifications of the schema")


@pytest.mark.usefixtures("helm")
def test_a_schema_is_never_fetched(base: Path) -> None:
    (base / "c" / "values.schema.json").write_text('{"$ref": "http://127.0.0.1:1/x.json"}')
    [problem, *_] = chart(base).problems
    assert problem.rule == "not-judged"


@pytest.mark.usefixtures("helm")
def test_a_link_that_leaves_the_chart_is_not_rendered(
    base: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    write(outside, secret_yaml="apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n")
    (base / "c" / "templates" / "s.yaml").symlink_to(outside / "secret.yaml")
    made = chart(base)
    assert told(made) == [("not-judged", "c/Chart.yaml", "the link c/templates/s.yaml leaves the chart")]
    assert objects(made) == []


@pytest.mark.usefixtures("helm")
def test_values_that_are_no_yaml_are_told(base: Path) -> None:
    write(base, c__values_yaml="a: [\n")
    made = chart(base)
    assert [rule for rule, _, _ in told(made)] == ["invalid-yaml", "not-judged"]
