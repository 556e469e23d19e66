"""Charts are rendered by the user's helm, with what the user says and nothing else of his."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from truehop.source.render.calls import Call
from truehop.source.render.helm import API_VERSIONS

from .hand import at, chart, charts, fake, objects, service_chart, spot, told, write


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return service_chart(tmp_path)


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
    fake(base, monkeypatch, "TRUEHOP_HELM", f'printf "%s\\n" "$@" > "{base}/said"')
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
    fake(base, monkeypatch, "TRUEHOP_HELM", f'env > "{base}/seen"; pwd > "{base}/where"')
    monkeypatch.setenv("HELM_PLUGINS", "/mine")
    chart(base)
    seen = dict(line.partition("=")[::2] for line in (base / "seen").read_text().splitlines())
    where = (base / "where").read_text().strip()
    own = [value for name, value in seen.items() if name.startswith("HELM_")]
    assert own
    assert all(value.startswith(where) for value in own)
    assert (seen["HTTPS_PROXY"], seen["KUBECONFIG"]) == ("http://127.0.0.1:0", os.devnull)
    assert not Path(where).exists()


@pytest.mark.usefixtures("helm")
def test_a_link_to_elsewhere_in_the_repository_is_rendered(base: Path) -> None:
    write(base, common_yaml="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\n")
    (base / "c" / "templates" / "s.yaml").symlink_to(base / "common.yaml")
    assert objects(chart(base)) == ["ConfigMap shared", "Service mail-mta"]


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


CHART_OF_TODAY = "apiVersion: v2\nname: c\nversion: 1.0.0\nkubeVersion: '>=1.25.0-0'\n"


@pytest.mark.usefixtures("helm")
def test_a_chart_of_today_is_rendered_by_a_helm_that_takes_every_cluster_for_an_old_one(base: Path) -> None:
    (base / "c" / "Chart.yaml").write_text(CHART_OF_TODAY)
    made = chart(base)
    assert (made.is_done, made.problems) == (True, [])


def test_a_chart_for_no_known_cluster_is_not_judged(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = 'case "$*" in *--kube-version*) v=v1.34.0;; *) v=v1.20.0;; esac'
    says = (
        'echo "Error: chart requires kubeVersion: >=9 which is incompatible with Kubernetes $v" >&2; exit 1'
    )
    fake(base, monkeypatch, "TRUEHOP_HELM", f"{version}; {says}")
    made = chart(base)
    assert not made.is_done
    assert "v1.34.0" in made.problems[0].message
