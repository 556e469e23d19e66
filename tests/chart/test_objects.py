"""What holds for every object of every topology."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chart.helm import TOPOLOGIES, Object, containers, merged, nested, pods, render

each_topology = pytest.mark.parametrize("topology", TOPOLOGIES)

SELECTOR = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"}
STANDARD = {
    *SELECTOR,
    "app.kubernetes.io/version",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
    "helm.sh/chart",
}
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")
REPLICATED = ("edge", "web", "unbound")


def _named(found: Object) -> str:
    return f"{found['kind']} {found['metadata']['name']}"


def _selectors(node: object) -> Iterator[dict[str, str]]:
    """Every set of labels in an object that selects pods of the chart."""
    if isinstance(node, list):
        for part in node:
            yield from _selectors(part)
    elif isinstance(node, dict):
        for name, part in node.items():
            if name in {"selector", "podSelector", "labelSelector"} and isinstance(part, dict):
                labels = part.get("matchLabels", part)
                if SELECTOR & set(labels):
                    yield labels
            else:
                yield from _selectors(part)


@each_topology
def test_every_object_has_the_standard_labels(topology: str) -> None:
    lacking = {
        _named(found): STANDARD - set(found["metadata"].get("labels", {}))
        for found in render(topology).objects
    }
    assert {name: missing for name, missing in lacking.items() if missing} == {}


@each_topology
def test_every_object_stands_in_the_release_s_namespace(topology: str) -> None:
    assert {
        found["metadata"].get("namespace")
        for found in render(topology).objects
        if found["kind"] != "Namespace"
    } == {"post"}


@each_topology
def test_selectors_are_the_three_labels_that_never_change(topology: str) -> None:
    own = "mailstack"
    wrong = [
        (_named(found), sorted(labels))
        for found in render(topology).objects
        for labels in _selectors(found.get("spec", {}))
        if labels.get("app.kubernetes.io/name") == own and set(labels) != SELECTOR
    ]
    assert wrong == []


@each_topology
def test_pods_bear_no_version_so_that_an_upgrade_of_the_chart_rolls_none(topology: str) -> None:
    for name, metadata, _ in pods(render(topology).of_kind(*WORKLOADS)):
        labels = metadata["labels"]
        assert set(labels) >= SELECTOR, name
        assert not {"app.kubernetes.io/version", "helm.sh/chart"} & set(labels), name


@each_topology
def test_images_have_a_release_s_tag(topology: str) -> None:
    images = {
        container["image"] for _, _, spec in pods(render(topology).objects) for container in containers(spec)
    }
    assert [image for image in images if not re.fullmatch(r"[a-z0-9./-]+:v?\d[\w.-]*", image)] == []


@each_topology
def test_every_container_says_what_it_may_and_what_it_needs(topology: str) -> None:
    for name, _, spec in pods(render(topology).objects):
        for container in containers(spec):
            where = f"{name}, {container['name']}"
            context = {**spec.get("securityContext", {}), **container.get("securityContext", {})}
            assert context, where
            assert container.get("securityContext") or name.startswith("StatefulSet mail-database"), where
            assert container["resources"]["requests"].keys() >= {"cpu", "memory"}, where


@each_topology
def test_no_container_may_gain_privileges(topology: str) -> None:
    for name, _, spec in pods(render(topology).objects):
        for container in containers(spec):
            context = container.get("securityContext", {})
            assert context.get("allowPrivilegeEscalation") is False, f"{name}, {container['name']}"
            assert not context.get("privileged"), f"{name}, {container['name']}"


#: What reads the servers' logs, the only one that asks the cluster for anything.
READER = "mail-truehop"


@each_topology
def test_no_pod_holds_a_token_of_the_cluster_but_the_one_that_reads_logs(topology: str) -> None:
    rendering = render(topology)
    for name, _, spec in pods(rendering.objects):
        assert spec.get("automountServiceAccountToken") is (name == f"Deployment {READER}"), name
        assert spec.get("enableServiceLinks") is False, name
    for account in rendering.of_kind("ServiceAccount"):
        assert account["automountServiceAccountToken"] is False, _named(account)


RIGHTS = ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition")


@each_topology
def test_nothing_asks_for_rights_in_the_cluster_but_to_read_logs(topology: str) -> None:
    rendering = render(topology)
    named = [_named(found) for found in rendering.of_kind(*RIGHTS)]
    has_reader = any(name == f"Deployment {READER}" for name, _, _ in pods(rendering.objects))
    assert named == ([f"Role {READER}", f"RoleBinding {READER}"] if has_reader else [])


def test_who_reads_logs_may_do_nothing_else() -> None:
    rendering = render("full")
    assert rendering.find("Role", READER)["rules"] == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
    ]
    bound = rendering.find("RoleBinding", READER)
    assert bound["roleRef"]["name"] == READER
    assert bound["subjects"] == [{"kind": "ServiceAccount", "name": READER, "namespace": "post"}]
    users = [spec.get("serviceAccountName") for _, _, spec in pods(rendering.objects)]
    assert users.count(READER) == 1


def _repeated(values: Iterator[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


@each_topology
def test_no_list_names_an_entry_twice(topology: str) -> None:
    """Helm 4 applies on the server's side, which refuses such lists."""
    for name, _, spec in pods(render(topology).objects):
        assert _repeated(one["name"] for one in containers(spec)) == [], name
        assert _repeated(one["name"] for one in spec.get("volumes", ())) == [], name
        for container in containers(spec):
            where = f"{name}, {container['name']}"
            assert _repeated(one["name"] for one in container.get("env", ())) == [], where
            assert _repeated(one["mountPath"] for one in container.get("volumeMounts", ())) == [], where
            ports = container.get("ports", ())
            assert _repeated(one["name"] for one in ports) == [], where
            assert _repeated((one["containerPort"], one.get("protocol", "TCP")) for one in ports) == [], where
    for service in render(topology).of_kind("Service"):
        ports = service["spec"]["ports"]
        assert _repeated(one["name"] for one in ports) == [], _named(service)
        assert _repeated((one["port"], one.get("protocol", "TCP")) for one in ports) == [], _named(service)


@each_topology
def test_no_environment_variable_is_empty(topology: str) -> None:
    empty = [
        f"{name}, {entry['name']}"
        for name, _, spec in pods(render(topology).objects)
        for container in containers(spec)
        for entry in container.get("env", ())
        if entry.get("value", "x") == ""
    ]
    assert empty == []


@each_topology
def test_passwords_stand_in_the_secret_alone(topology: str) -> None:
    rendering = render(topology)
    passwords = [
        base64.b64decode(value).decode()
        for secret in rendering.of_kind("Secret")
        for value in secret.get("data", {}).values()
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9]{20,}", password) for password in passwords)
    assert len(set(passwords)) == len(passwords)
    others = [document for document in rendering.text.split("\n---\n") if "\nkind: Secret\n" not in document]
    assert len(others) > 10
    encoded = [base64.b64encode(password.encode()).decode() for password in passwords]
    told = [word for word in (*passwords, *encoded, "anExampleSeedThatNobodyUses") if word in "".join(others)]
    assert told == []


def test_another_seed_makes_other_passwords_and_the_same_seed_the_same() -> None:
    def data(seed: str) -> dict[str, str]:
        found: dict[str, str] = render("k3s", nested("secrets.seed", seed)).find("Secret", "mail-secrets")[
            "data"
        ]
        return found

    first, second = data("a" * 30), data("b" * 30)
    assert first.keys() == second.keys()
    assert set(first.values()).isdisjoint(second.values())
    assert data("a" * 30) == first


@each_topology
def test_stateful_sets_heal_and_make_no_claims_of_their_own(topology: str) -> None:
    rendering = render(topology)
    services = {found["metadata"]["name"] for found in rendering.of_kind("Service")}
    for found in rendering.of_kind("StatefulSet"):
        spec = found["spec"]
        assert spec["replicas"] == 1, _named(found)
        assert spec["podManagementPolicy"] == "Parallel", _named(found)
        assert "volumeClaimTemplates" not in spec, _named(found)
        assert spec["serviceName"] in services, _named(found)


@each_topology
def test_claims_and_secrets_outlive_the_release(topology: str) -> None:
    for found in render(topology).of_kind("PersistentVolumeClaim", "Secret"):
        annotations = found["metadata"]["annotations"]
        assert annotations["helm.sh/resource-policy"] == "keep", _named(found)
        assert annotations["argocd.argoproj.io/sync-options"] == "Prune=false,Delete=false", _named(found)


@pytest.mark.parametrize("component", REPLICATED)
@pytest.mark.parametrize(("replicas", "wanted"), [(1, 0), (2, 1)])
def test_a_disruption_budget_comes_with_the_second_replica(
    component: str, replicas: int, wanted: int
) -> None:
    found = render("k3s", {component: {"replicas": replicas}}).of_kind("PodDisruptionBudget")
    assert [one["metadata"]["name"] for one in found] == [f"mail-{component}"] * wanted


def test_a_daemon_set_has_neither_replicas_nor_a_budget() -> None:
    rendering = render("hostnetwork", nested("edge.replicas", 3))
    assert rendering.of_kind("PodDisruptionBudget") == []
    assert "replicas" not in rendering.find("DaemonSet", "mail-edge")["spec"]


def test_switching_persistence_off_leaves_no_claim() -> None:
    components = ("mta", "mda", "filter", "redis", "database")
    off: dict[str, object] = {}
    for component in components:
        off = merged(off, nested(f"{component}.persistence.enabled", value=False))
    assert render("k3s", off).of_kind("PersistentVolumeClaim") == []
