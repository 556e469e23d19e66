"""Input is split into scopes, each judged alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from truehop.engine import Request, judge_texts, load_settings, run
from truehop.engine.runner import load_scopes
from truehop.engine.scope import ScopeInput, view_of
from truehop.findings.outcome import Outcome
from truehop.model.facts import Location, Tri
from truehop.source.charts import ChartFolder, Kustomization
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.render.calls import Call, Rendering
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}{more}}}
spec: {{template: {{spec: {{containers: [{{name: a, image: example.org/a:1, env: [
  {{name: TRUSTED_PROXIES, value: 0.0.0.0/0}}]}}]}}}}}}
"""


def deployment(name: str = "app", more: str = "") -> str:
    return DEPLOYMENT.format(name=name, more=more)


def rendered(name: str = "app") -> str:
    return f"---\n# Source: mail/templates/{name}.yaml\n{deployment(name)}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class Rendered:
    """A renderer that renders every folder once, or fails to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.calls: list[tuple[str, Call]] = []

    def __call__(self, folder: ChartFolder | Kustomization, call: Call) -> Iterable[Rendering]:
        self.calls.append((folder.path, call))
        if self.fails:
            place = Location(f"{folder.path}/Chart.yaml", 1, 1, 1, 1)
            return [Rendering(folder.path, problems=[Problem(NOT_JUDGED, place, "no helm", "install it")])]
        documents = load_documents(
            SourceFile(f"{folder.path}/templates/a.yaml", deployment("made"))
        ).documents
        return [Rendering(folder.path, documents, namespace="mail", is_done=True)]


def scopes(*paths: str, renderer: Rendered | None = None) -> list[ScopeInput]:
    request = Request(paths=paths)
    return list(load_scopes(request, load_settings(request), renderer or Rendered()))


def judged(*paths: str, renderer: Rendered | None = None) -> Outcome:
    request = Request(paths=paths)
    return run(request, load_settings(request), renderer=renderer or Rendered())


def places(outcome: Outcome) -> list[str]:
    return [finding.at.path for finding in outcome.findings]


def test_plain_files_are_one_scope_taken_as_whole(folder: Path) -> None:
    write(folder, a_yaml=deployment(), b__c_yaml=deployment("b"))
    [scope] = scopes()
    assert (scope.is_whole, len(scope.sources)) == (Tri.UNKNOWN, 2)


def test_single_files_are_open(folder: Path) -> None:
    write(folder, a_yaml=deployment())
    [scope] = scopes("a.yaml")
    assert scope.is_whole is Tri.NO


def test_a_rendering_in_a_file_is_taken_as_whole(folder: Path) -> None:
    write(folder, a_yaml=rendered())
    [scope] = scopes("a.yaml")
    assert scope.is_whole is Tri.UNKNOWN


def test_renderings_of_the_same_objects_are_judged_apart(folder: Path) -> None:
    write(folder, dev_yaml=rendered(), prod_yaml=rendered(), other_yaml=rendered("other"), plain_yaml="a: b")
    assert [(scope.name, len(scope.sources)) for scope in scopes()] == [
        ("", 2),
        ("dev.yaml", 1),
        ("prod.yaml", 1),
    ]
    assert places(judged()) == ["dev.yaml", "other.yaml", "prod.yaml"]


def test_two_renderings_of_everything_leave_no_empty_scope(folder: Path) -> None:
    write(folder, dev_yaml=rendered(), prod_yaml=rendered())
    assert [scope.name for scope in scopes()] == ["dev.yaml", "prod.yaml"]


def test_no_input_is_an_empty_scope() -> None:
    [scope] = scopes()
    assert not scope.sources
    assert not judged().relevant


def test_each_chart_is_a_scope_of_its_own(folder: Path) -> None:
    write(
        folder,
        mail__Chart_yaml="name: mail",
        mail__values_yaml="",
        web__Chart_yaml="name: web",
        a_yaml=deployment(),
    )
    assert [scope.name for scope in scopes()] == ["mail", "web", ""]
    assert places(judged()) == ["a.yaml", "mail/templates/a.yaml", "web/templates/a.yaml"]


def test_objects_of_a_rendering_are_in_its_namespace(folder: Path) -> None:
    write(folder, mail__Chart_yaml="name: mail")
    [finding] = judged("mail").findings
    assert str(finding.at.object) == "Deployment mail/made"


def test_files_beside_a_charts_templates_belong_to_its_scope(folder: Path) -> None:
    write(folder, mail__Chart_yaml="name: mail", mail__extra__a_yaml=deployment("extra"))
    [scope, _] = scopes()
    assert [source.path for source in scope.sources] == ["mail/extra/a.yaml"]


def test_a_library_chart_is_no_scope(folder: Path) -> None:
    write(folder, lib__Chart_yaml="name: lib\ntype: library")
    renderer = Rendered()
    scopes(renderer=renderer)
    assert renderer.calls == []


def test_without_a_rendering_the_values_are_judged(folder: Path) -> None:
    values = "env: {TRUSTED_PROXIES: 0.0.0.0/0}\n"
    write(folder, mail__Chart_yaml="name: mail\nversion: 1.2.3")
    (folder / "mail" / "values.yaml").write_text(values)
    (folder / "mail" / "values-prod.yaml").write_text(values)
    outcome = judged(renderer=Rendered(fails=True))
    assert places(outcome) == ["mail/values-prod.yaml", "mail/values.yaml"]
    assert [lost.reason for lost in outcome.unjudged] == ["no helm; install it"]


def test_further_values_of_a_chart_are_held_against_its_schema(folder: Path) -> None:
    write(folder, mail__Chart_yaml="name: mail", mail__values_yaml="replicas: 1\n")
    (folder / "mail" / "values.schema.json").write_text(
        '{"properties": {"replicas": {"type": "integer"}}, "required": ["replicas"]}'
    )
    (folder / "mail" / "values-prod.yaml").write_text("replicas: many\n")
    (folder / "mail" / "values-dev.yaml").write_text("other: 1\n")
    outcome = judged()
    assert [
        (found.rule, str(found.at)) for found in outcome.findings if found.rule != "trust-any-address"
    ] == [("schema-violation", "mail/values-prod.yaml:1:11")]


@pytest.mark.parametrize("schema", [b"{", b"[]", b'{"type": "no type"}', b"\xff"])
def test_a_schema_that_is_none_is_told(folder: Path, schema: bytes) -> None:
    write(folder, mail__Chart_yaml="name: mail")
    (folder / "mail" / "values.schema.json").write_bytes(schema)
    (folder / "mail" / "values-prod.yaml").write_text("a: b\n")
    assert [lost.path for lost in judged("mail").unjudged] == ["mail/values.schema.json"]


@pytest.mark.parametrize(("schema", "violations"), [("true", 0), ("false", 1)])
def test_a_word_may_be_the_whole_schema(folder: Path, schema: str, violations: int) -> None:
    write(folder, mail__Chart_yaml="name: mail")
    (folder / "mail" / "values.schema.json").write_text(schema)
    (folder / "mail" / "values-prod.yaml").write_text("a: b\n")
    outcome = judged("mail")
    assert [found.rule for found in outcome.findings].count("schema-violation") == violations
    assert outcome.unjudged == ()


def test_a_kustomization_that_another_takes_in_is_no_scope(folder: Path) -> None:
    write(folder, base__kustomization_yaml="resources: [a.yaml]", base__a_yaml=deployment())
    write(folder, prod__kustomization_yaml="resources: [../base]")
    assert [scope.name for scope in scopes()] == ["prod", ""]


def test_a_configured_scope_holds_everything_behind_its_paths(folder: Path) -> None:
    write(folder, mail__Chart_yaml="name: mail", base__kustomization_yaml="", deploy__a_yaml=deployment())
    (folder / "v.yaml").write_text("")
    (folder / "truehop.yaml").write_text(
        "scopes:\n  - {name: prod, paths: [mail, base, deploy], values: v.yaml, set: a=b, setString: c=d,"
        " release: r, namespace: other}\n"
    )
    renderer = Rendered()
    [scope] = scopes(renderer=renderer)
    assert (scope.name, scope.namespace, len(scope.documents)) == ("prod", "other", 3)
    _, call = renderer.calls[0]
    assert (call.values, call.set, call.set_string) == ((folder / "v.yaml",), ("a=b",), ("c=d",))
    assert (call.release, call.namespace) == ("r", "other")


def test_a_configured_scope_judges_values_where_nothing_is_rendered(folder: Path) -> None:
    write(folder, mail__Chart_yaml="name: mail", mail__values_yaml="env: {TRUSTED_PROXIES: 0.0.0.0/0}\n")
    (folder / "truehop.yaml").write_text("scopes: [{paths: mail}]\n")
    assert places(judged(renderer=Rendered(fails=True))) == ["mail/values.yaml"]


def test_the_same_finding_in_two_scopes_is_told_once(folder: Path) -> None:
    write(folder, deploy__a_yaml=deployment())
    (folder / "truehop.yaml").write_text("scopes: [{name: a, paths: deploy}, {name: b, paths: deploy}]\n")
    assert places(judged()) == ["deploy/a.yaml"]


@pytest.mark.parametrize(("world", "closed"), [("open", Tri.NO), ("closed", Tri.YES)])
def test_the_world_is_what_the_user_says(folder: Path, world: str, closed: Tri) -> None:
    write(folder, a_yaml=deployment())
    request = Request(paths=("a.yaml",), world=world)
    [scope] = load_scopes(request, load_settings(request), Rendered())
    assert view_of(scope).is_closed is closed


def test_keys_given_twice_are_told(folder: Path) -> None:
    write(folder, a_yaml=deployment() + "metadata: {name: again}\n")
    found = next(finding for finding in judged().findings if finding.rule == "duplicate-key")
    assert (found.at.line, found.at.column) == (6, 1)
    assert "the first is in line 3" in found.report.message


def test_progress_is_told_scope_by_scope(folder: Path) -> None:
    write(folder, a_yaml=deployment(), mail__Chart_yaml="name: mail")
    said: list[str] = []
    request = Request()
    run(request, load_settings(request), renderer=Rendered(), progress=said.append)
    assert said == ["judging mail (1)", "judging 1 files (2)", ""]


def test_an_ignore_without_a_path_is_not_idle_where_only_a_part_is_judged(folder: Path) -> None:
    write(folder, a__a_yaml=deployment(), b__b_yaml="a: b")
    (folder / "truehop.yaml").write_text("ignore: [{rule: trust-any-address, reason: a lab}]\n")
    assert [finding.rule for finding in judged("b").findings] == []
    (folder / "a" / "a.yaml").write_text("a: b")
    assert [finding.rule for finding in judged().findings] == ["unused-ignore"]
    assert [finding.rule for finding in judged(".").findings] == ["unused-ignore"]


def test_a_part_that_crashes_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: object) -> None:
        raise ValueError("x")

    monkeypatch.setattr("truehop.engine.scope.build_graph", crash)
    outcome = judge_texts({"a.yaml": deployment()})
    assert [(one.part, one.error) for one in outcome.crashes] == [("the builder", "ValueError: x")]


def test_a_file_that_is_no_text_is_not_judged(folder: Path) -> None:
    (folder / "a.yaml").write_bytes(b"\xff\xfe\xfa")
    (folder / "b.yaml").write_text(deployment())
    outcome = judged()
    assert [lost.path for lost in outcome.unjudged] == ["a.yaml"]
    assert places(outcome) == ["a.yaml", "b.yaml"]


def test_the_users_own_programs_render(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    write(folder, mail__Chart_yaml="name: mail", base__kustomization_yaml="resources: []")
    request = Request()
    outcome = run(request, load_settings(request))
    assert [lost.path for lost in outcome.unjudged] == ["base/kustomization.yaml", "mail/Chart.yaml"]


def test_the_configuration_may_be_named(folder: Path) -> None:
    (folder / "mine.yaml").write_text("world: closed\n")
    assert load_settings(Request(config="mine.yaml")).world == "closed"
