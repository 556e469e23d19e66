"""Workloads, containers and images."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.kube.images import ImageRef
from truehop.kube.workloads import Workload
from truehop.model.facts import Tri

from .hand import container_of, cursor_of, cut, world_of

TEMPLATE = {
    "metadata": {"labels": {"app": "mta"}, "annotations": {"truehop/listeners": "25: {}"}},
    "spec": {"containers": [{"name": "main", "image": "x"}]},
}


def workload(kind: str, spec: object, api: str = "apps/v1", **metadata: object) -> Workload | None:
    about = {"apiVersion": api, "kind": kind, "metadata": {"name": "mta", **metadata}, "spec": spec}
    found = world_of(json.dumps(about), namespace="mail").workloads
    return found[0] if found else None


@pytest.mark.parametrize(
    ("api", "kind", "spec"),
    [
        ("apps/v1", "Deployment", {"template": TEMPLATE}), ("apps/v1", "StatefulSet", {"template": TEMPLATE}),
        ("apps/v1", "DaemonSet", {"template": TEMPLATE}), ("apps/v1", "ReplicaSet", {"template": TEMPLATE}),
        ("v1", "ReplicationController", {"template": TEMPLATE}), ("batch/v1", "Job", {"template": TEMPLATE}),
        ("batch/v1", "CronJob", {"jobTemplate": {"spec": {"template": TEMPLATE}}}),
        ("argoproj.io/v1alpha1", "Rollout", {"template": TEMPLATE}),
    ],
)  # fmt: skip
def test_every_kind_that_makes_pods_is_a_workload(api: str, kind: str, spec: object) -> None:
    found = workload(kind, spec, api)
    assert found is not None
    assert str(found) == f"{kind} mail/mta"
    assert (found.kind, found.name, found.namespace) == (kind, "mta", "mail")
    assert found.pod_labels == {"app": "mta"}
    assert found.pod_annotations.get("truehop/listeners").string() == "25: {}"
    assert [container.name for container in found.containers] == ["main"]
    assert found.is_daemon_set is (kind == "DaemonSet")
    assert not found.host_network


def test_a_pod_is_a_workload_with_its_own_labels() -> None:
    found = workload("Pod", TEMPLATE["spec"], "v1", labels={"app": "x"})
    assert found is not None
    assert found.pod_labels == {"app": "x"}
    assert found.replicas == 1
    assert found.name_location() == found.resource.name_location()


@pytest.mark.parametrize(
    ("api", "kind"),
    [("v1", "Service"), ("example.org/v1", "Deployment"), ("argoproj.io/v1alpha1", "Rollout")],
)
def test_what_makes_no_pods_is_no_workload(api: str, kind: str) -> None:
    assert workload(kind, {"template": {"spec": {"containers": "x"}}}, api) is None


@pytest.mark.parametrize(
    "spec",
    [None, [], "word", {"template": 5}, {"template": {"spec": []}},
     {"template": {"spec": {"containers": {"a": 1}}}},
     {"template": {"spec": {"containers": ["x", None, 5]}}}],
)  # fmt: skip
def test_a_broken_deployment_is_a_workload_without_containers(spec: object) -> None:
    found = workload("Deployment", spec)
    assert found is not None
    assert found.containers == []
    assert found.port_number("smtp") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70_000) | st.sampled_from(["", "x", "$(A)", "25"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            "containers", "env", "envFrom", "name", "value", "valueFrom", "configMapKeyRef",
             "volumeMounts", "mountPath",
            "volumes", "ports", "containerPort", "args", "readinessProbe", "exec", "projected", "sources",
             "items",
            "initContainers", "hostNetwork", "image",
        ]),
        inner,
        max_size=4,
    ),
    max_leaves=25,
)  # fmt: skip


@given(spec=JSON, metadata=JSON)
def test_no_pod_is_too_broken_to_be_read(spec: object, metadata: object) -> None:
    world = world_of(json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}))
    for found in world.workloads:
        for container in (*found.containers, *found.init_containers):
            assert container.workload is found
            assert isinstance(container.image.name, str)
            for name in container.env.names():
                assert container.env.get(name) is not None
            for file in container.mounts.all():
                assert container.mounts.find(file.path) is file
            assert all(0 < port.port < 65_536 for port in container.ports)
            assert len(container.args) + len(container.command) + len(container.probes) >= 0
        world.policies.admission(found, 25, [])


@pytest.mark.parametrize(
    ("kind", "spec", "replicas"),
    [
        ("Deployment", {"template": TEMPLATE}, 1), ("Deployment", {"template": TEMPLATE, "replicas": 3}, 3),
        ("Deployment", {"template": TEMPLATE, "replicas": "odd"}, None),
        ("DaemonSet", {"template": TEMPLATE}, None),
    ],
)  # fmt: skip
def test_the_number_of_pods_is_the_written_one_or_one(kind: str, spec: object, replicas: int | None) -> None:
    found = workload(kind, spec)
    assert found is not None
    assert found.replicas == replicas


@pytest.mark.parametrize(("target", "replicas"), [("mta", None), ("other", 1)])
def test_a_scaler_takes_the_number_of_pods_away(target: str, replicas: int | None) -> None:
    scaler = {
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "s"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": target}},
    }  # fmt: skip
    about = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "mta"},
        "spec": {"template": TEMPLATE},
    }
    assert world_of(json.dumps(about), json.dumps(scaler)).workloads[0].replicas == replicas


def test_controllers_add_labels_to_their_pods() -> None:
    found = workload("StatefulSet", {"template": TEMPLATE})
    assert found is not None
    name = "statefulset.kubernetes.io/pod-name"
    assert found.labels.is_one_of(name, frozenset({"mta-0"})) is Tri.UNKNOWN
    assert found.labels.is_one_of(name, frozenset({"web-0"})) is Tri.NO
    assert found.labels.has("apps.kubernetes.io/pod-index") is Tri.YES


def test_a_job_names_itself_on_its_pods() -> None:
    found = workload("Job", {"template": TEMPLATE}, "batch/v1")
    assert found is not None
    assert found.labels.is_one_of("job-name", frozenset({"mta"})) is Tri.YES
    generated = workload("Job", {"template": TEMPLATE}, "batch/v1", name="", generateName="fetch-")
    assert generated is not None
    assert generated.labels.is_one_of("job-name", frozenset({"fetch-x1"})) is Tri.UNKNOWN


def test_a_label_of_the_template_does_not_stand_against_the_controller() -> None:
    labelled = {**TEMPLATE, "metadata": {"labels": {"pod-template-hash": "mine"}}}
    found = workload("Deployment", {"template": labelled})
    assert found is not None
    assert found.labels.is_one_of("pod-template-hash", frozenset({"mine"})) is Tri.UNKNOWN


PORTS = [
    {"name": "smtp", "containerPort": 2525, "hostPort": 25, "hostIP": "1.2.3.4"},
    {"name": "dns", "containerPort": 53, "protocol": "udp"}, {"containerPort": "993"}, {"containerPort": 0},
    {"containerPort": 70000}, {"name": "none"}, "word",
]  # fmt: skip


def ported() -> Workload:
    side = {"name": "side", "restartPolicy": "Always", "ports": [{"name": "side", "containerPort": 9}]}
    spec = {"containers": [{"name": "main", "ports": PORTS}], "initContainers": [side], "hostNetwork": True}
    found = workload("Pod", spec, "v1")
    assert found is not None
    return found


def test_ports_are_those_with_a_number() -> None:
    ports = ported().containers[0].ports
    assert [(port.name, port.port, port.protocol) for port in ports] == [
        ("smtp", 2525, "TCP"), ("dns", 53, "UDP"), ("", 993, "TCP"),
    ]  # fmt: skip
    assert (ports[0].host_port, ports[0].host_ip) == (25, "1.2.3.4")
    assert ports[1].host_port is None


@pytest.mark.parametrize(
    ("port", "protocol", "number"),
    [
        ("smtp", "", 2525),
        ("smtp", "UDP", None),
        (7, "", 7),
        ("7", "", 7),
        ("none", "", None),
        ("side", "TCP", 9),
    ],
)
def test_named_ports_are_looked_up(port: str | int, protocol: str, number: int | None) -> None:
    assert ported().port_number(port, protocol) == number


def test_the_host_network_and_init_containers_are_seen() -> None:
    found = ported()
    assert found.host_network
    assert [container.is_init for container in found.init_containers] == [True]
    assert found.port_numbers("dns", "UDP") == {53}
    assert found.port_numbers("dns") == frozenset()


def test_probes_are_told_by_kind_and_form() -> None:
    container = container_of(json.dumps({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mta"}, "spec": {"containers": [{
            "name": "main", "readinessProbe": {"tcpSocket": {"port": 25}},
            "livenessProbe": {"exec": {"command": ["nc", "-z"]}},
             "startupProbe": {"httpGet": {"port": "web"}},
        }]},
    }))  # fmt: skip
    assert [(probe.kind, probe.form, probe.port, probe.command) for probe in container.probes] == [
        ("startup", "http", "web", []), ("readiness", "tcp", 25, []),
        ("liveness", "exec", None, ["nc", "-z"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "repository", "tag", "digest", "version"),
    [
        ("traefik:v3.6.1", "traefik", "v3.6.1", None, "3.6.1"),
        ("docker.io/library/traefik:3.6", "docker.io/library/traefik", "3.6", None, "3.6"),
        ("localhost:5000/mta", "localhost:5000/mta", None, None, None),
        ("r.example:5000/a/mta:2.4.1-alpine", "r.example:5000/a/mta", "2.4.1-alpine", None, "2.4.1"),
        ("mta:1.0@sha256:ab", "mta", "1.0", "sha256:ab", "1.0"),
        ("mta@sha256:ab", "mta", None, "sha256:ab", None),
        ("mta:latest", "mta", "latest", None, None), ("mta:20240101", "mta", "20240101", None, None),
        ("mta:2024.06", "mta", "2024.06", None, "2024.06"), ("mta:1234abc", "mta", "1234abc", None, None),
        ("mta:v3", "mta", "v3", None, "3"), ("mta:", "mta", None, None, None),
    ],
)  # fmt: skip
def test_an_image_is_taken_apart(
    text: str, repository: str, tag: str | None, digest: str | None, version: str | None
) -> None:
    image = ImageRef.parse(cursor_of(f"'{text}'").text)
    assert (image.repository, image.tag, image.digest, image.version) == (repository, tag, digest, version)
    assert str(image) == text
    assert image.name == repository.rpartition("/")[2]


@pytest.mark.parametrize(
    ("text", "glob", "fits"),
    [
        ("traefik:v3", "traefik", True), ("traefik:v3", "*/traefik", True),
        ("docker.io/traefik", "traefik", True),
        ("docker.io/traefik", "library/traefik", True), ("ghcr.io/a/mta", "a/mta", True),
        ("ghcr.io/a/mta", "ghcr.io/a/*", True), ("ghcr.io/a/mta", "mta", False),
        ("ghcr.io/mta", "library/mta", False),
        ("a/mta", "docker.io/a/mta", True), ("localhost/mta", "mta", True),
        ("registry:5000/mta", "*mta", True),
    ],
)  # fmt: skip
def test_an_image_fits_a_glob_with_or_without_its_registry(text: str, glob: str, fits: bool) -> None:
    assert ImageRef.parse(cursor_of(f"'{text}'").text).matches(glob) is fits


def test_a_probe_without_a_known_form_is_passed_over() -> None:
    container = {"name": "main", "readinessProbe": {"periodSeconds": 5}, "livenessProbe": "word"}
    found = workload("Pod", {"containers": [container]}, "v1")
    assert found is not None
    assert found.containers[0].probes == []


def test_a_missing_image_fits_nothing() -> None:
    image = ImageRef.parse(None)
    assert not image.matches("*")
    assert (str(image), image.version) == ("", None)


def test_a_container_without_an_image_has_an_empty_one() -> None:
    world = world_of("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: x}]}")
    assert world.workloads[0].containers[0].image.repository == ""
    assert cut(world, world.workloads[0].name_location()) == "a"
