"""Charts are rendered by the user's helm, and what it refuses is told once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from truehop.source.render.calls import Call
from truehop.source.render.helm import API_VERSIONS

from .hand import at, chart, charts, objects, program, spot, told, write

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-mta
spec:
  type: LoadBalancer
  externalTrafficPolicy: {{ .Values.policy }}
"""
SCHEMA = '{"properties": {"policy": {"enum": ["Local", "Cluster"]}}, "required": ["policy"]}'


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with a chart of one Service."""
    write(
        tmp_path,
        c__Chart_yaml="apiVersion: v2\nname: mail\nversion: 1.2.3\n",
        c__values_yaml="policy: Cluster\n",
        c__templates__mta_yaml=SERVICE,
    )
    return tmp_path


def fake(base: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    (base / "bin").mkdir(exist_ok=True)
    monkeypatch.setenv("TRUEHOP_HELM", program(base / "bin", "helm", script))


@pytest.mark.usefixtures("helm")
def test_a_chart_is_rendered_with_its_defaults(base: Path) -> None:
    made = chart(base)
    assert (made.name, made.namespace, made.is_done, made.problems) == ("c", "default", True, [])
    assert objects(made) == ["Service mail-mta"]
    assert [source.path for source in made.originals] == [
        "c/templates/mta.yaml",
        "c/Chart.yaml",
        "c/values.yaml",
    ]


@pytest.mark.usefixtures("helm")
def test_each_ci_values_file_is_a_rendering(base: Path) -> None:
    write(base, c__ci__b_O_values_yaml="policy: Local\n", c__ci__a_O_values_yaml="", c__ci__notes_txt="")
    made = charts(base)
    assert [one.name for one in made] == ["c (c/ci/a-values.yaml)", "c (c/ci/b-values.yaml)"]
    assert [at(one, "Service", "spec", "externalTrafficPolicy").string() for one in made] == [
        "Cluster",
        "Local",
    ]
    assert spot(at(made[1], "Service", "spec", "externalTrafficPolicy")) == "c/ci/b-values.yaml:1:9-14"


@pytest.mark.usefixtures("helm")
def test_values_of_the_command_line_take_the_place_of_ci(base: Path) -> None:
    write(base, c__ci__b_O_values_yaml="policy: Other\n", one_yaml="policy: One\n", two_yaml="policy: Two\n")
    call = Call(base, values=(base / "one.yaml", base / "two.yaml"))
    made = chart(base, call=call)
    assert spot(at(made, "Service", "spec", "externalTrafficPolicy")) == "two.yaml:1:9-12"
    assert (
        at(
            chart(base, call=Call(base, set=("policy=X",))), "Service", "spec", "externalTrafficPolicy"
        ).string()
        == "X"
    )


@pytest.mark.usefixtures("helm")
def test_a_configured_scope_takes_no_ci_values(base: Path) -> None:
    write(base, c__ci__b_O_values_yaml="policy: Other\n")
    assert chart(base, call=Call(base, is_sampled=False)).name == "c"


@pytest.mark.usefixtures("helm")
def test_release_and_namespace_are_handed_on(base: Path) -> None:
    made = chart(base, call=Call(base, release="post", namespace="mail"))
    assert (objects(made), made.namespace) == (["Service post-mta"], "mail")


@pytest.mark.usefixtures("helm")
def test_a_name_that_is_no_release_gives_way_to_helms_default(base: Path) -> None:
    write(base, c__Chart_yaml="apiVersion: v2\nname: Mail_Server\nversion: 1.2.3\n")
    assert objects(chart(base)) == ["Service release-name-mta"]


@pytest.mark.usefixtures("helm")
def test_names_that_look_like_options_or_lists_are_plain_names(base: Path) -> None:
    folder = base / "a,b"
    folder.mkdir()
    values = folder / '-f="x".yaml'
    values.write_text("policy: Odd\n")
    made = chart(base, call=Call(base, values=(values,), set=("--debug=true", "-n=x"), namespace="mail"))
    assert made.problems == []
    assert at(made, "Service", "spec", "externalTrafficPolicy").string() == "Odd"


@pytest.mark.usefixtures("helm")
def test_a_release_that_looks_like_an_option_is_refused_by_helm(base: Path) -> None:
    [(rule, place, message)] = told(chart(base, call=Call(base, release="--post-renderer=touch")))
    assert (rule, place) == ("not-judged", "c/Chart.yaml")
    assert 'release name "--post-renderer=touch": invalid release name' in message


def test_the_command_line_says_what_helm_needs(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(base, monkeypatch, f'printf "%s\\n" "$@" > "{base}/said"')
    write(base, v_yaml="")
    chart(
        base,
        call=Call(
            base, values=(base / "v.yaml",), set=("a=b",), set_string=("c=d",), release="r", namespace="n"
        ),
    )
    said = (base / "said").read_text().splitlines()
    assert said[:3] == ["template", "--namespace=n", "--skip-tests"]
    assert said[-6:] == [f"--values={base}/v.yaml", "--set=a=b", "--set-string=c=d", "--", "r", f"{base}/c"]
    assert {word.removeprefix("--api-versions=") for word in said[3:-6]} == set(API_VERSIONS)
    assert not any("traefik.containo.us" in version for version in API_VERSIONS)


@pytest.mark.usefixtures("helm")
def test_charts_that_ask_for_kinds_render_them(base: Path) -> None:
    wanted = (
        '{{ if .Capabilities.APIVersions.Has "%s" }}\n'
        "---\napiVersion: v1\nkind: K%d\nmetadata: {name: a}\n{{ end }}"
    )
    kinds = (
        "traefik.io/v1alpha1",
        "traefik.io/v1alpha1/IngressRouteTCP",
        "cert-manager.io/v1",
        "traefik.containo.us/v1alpha1",
    )
    write(base, c__templates__k_yaml="\n".join(wanted % (kind, number) for number, kind in enumerate(kinds)))
    assert objects(chart(base)) == ["Service mail-mta", "K0 a", "K1 a", "K2 a"]


@pytest.mark.usefixtures("helm")
def test_tests_of_a_chart_are_left_out_and_hooks_only_printed(base: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s, annotations: {helm.sh/hook: %s}}\n"
    write(base, c__templates__t_yaml=pod % ("t", "test"), c__templates__h_yaml=pod % ("h", "pre-install"))
    assert objects(chart(base)) == ["Service mail-mta", "Pod h"]


@pytest.mark.usefixtures("helm")
def test_nothing_is_written_outside(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = base / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    before = sorted(path for path in base.rglob("*"))
    assert chart(base).is_done
    assert sorted(path for path in base.rglob("*")) == before


def test_helm_sees_no_folders_of_the_users_and_no_network(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(base, monkeypatch, f'env > "{base}/seen"; pwd > "{base}/where"')
    monkeypatch.setenv("HELM_PLUGINS", "/mine")
    chart(base)
    seen = dict(line.partition("=")[::2] for line in (base / "seen").read_text().splitlines())
    where = (base / "where").read_text().strip()
    own = [value for name, value in seen.items() if name.startswith("HELM_")]
    assert own
    assert all(value.startswith(where) for value in own)
    assert (seen["HTTPS_PROXY"], seen["KUBECONFIG"]) == ("http://127.0.0.1:0", os.devnull)
    assert not Path(where).exists()


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
    fake(base, monkeypatch, script)
    if "sleep" in script:
        monkeypatch.setenv("TRUEHOP_RENDER_SECONDS", "0.5")
    made = chart(base)
    assert not made.is_done
    assert told(made) == [("not-judged", "c/Chart.yaml", message)]


def test_output_that_is_no_yaml_is_told_at_the_chart(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(base, monkeypatch, "printf -- '---\\na: [\\n---\\n# Source: mail/templates/mta.yaml\\nb: [\\n'")
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
        base, monkeypatch, 'echo "Error: values don\'t meet the specifications of the schema(s)" >&2; exit 1'
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
def test_a_link_to_elsewhere_in_the_repository_is_rendered(base: Path) -> None:
    write(base, common_yaml="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\n")
    (base / "c" / "templates" / "s.yaml").symlink_to(base / "common.yaml")
    assert objects(chart(base)) == ["ConfigMap shared", "Service mail-mta"]


@pytest.mark.usefixtures("helm")
def test_values_that_are_no_yaml_are_told(base: Path) -> None:
    write(base, c__values_yaml="a: [\n")
    made = chart(base)
    assert [rule for rule, _, _ in told(made)] == ["invalid-yaml", "not-judged"]


@pytest.mark.usefixtures("helm")
def test_members_of_a_list_have_one_number(base: Path) -> None:
    member = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}"
    text = f"apiVersion: v1\nkind: List\nitems: [{member % 'a'}, {member % 'b'}]\n"
    write(base, c__templates__l_yaml=f"{text}---\n{member % 'c'}\n")
    made = [one for one in chart(base).documents if one.source.path == "c/templates/l.yaml"]
    assert sorted(one.prefix for one in made) in (
        ["0#", "1#/items/0", "1#/items/1"],
        ["0#/items/0", "0#/items/1", "1#"],
    )
