"""Objects, their identities, and what absence means."""

from __future__ import annotations

from truehop.model.facts import Tri
from truehop.source.location import ObjectRef

from .hand import cut, deployment, workload_of, world_of

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: env}\ndata: {A: one}\n"


def test_an_object_without_a_namespace_takes_the_default_of_its_scope() -> None:
    world = world_of(CONFIG, namespace="mail")
    assert world.resources[0].ref == ObjectRef("ConfigMap", "env", "mail")
    assert world.resources[0].root.location().object == ObjectRef("ConfigMap", "env", "mail")


def test_an_object_without_any_namespace_lives_in_the_unnamed_one() -> None:
    world = world_of(CONFIG)
    assert world.find("ConfigMap", None, "env") is world.resources[0]
    assert world.find("ConfigMap", "mail", "env") is None


def test_cluster_wide_kinds_have_no_namespace() -> None:
    world = world_of("apiVersion: v1\nkind: Namespace\nmetadata: {name: mail, namespace: odd}", namespace="x")
    assert world.resources[0].namespace is None
    assert str(world.resources[0]) == "Namespace mail"


def test_a_generated_name_is_the_name_where_no_other_is_given() -> None:
    world = world_of("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: fetch-}")
    assert world.resources[0].name == "fetch-"


def test_documents_that_are_no_objects_are_passed_over() -> None:
    assert world_of("a: 1", "[1, 2]", "kind: Pod", "apiVersion: v1", "text").resources == []


def test_the_members_of_a_list_are_objects_with_their_pointers() -> None:
    world = world_of("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}")
    assert world.resources[0].get("metadata", "name").pointer == "0#/items/0/metadata/name"


def test_the_last_of_two_equal_objects_is_found_and_both_are_kept() -> None:
    world = world_of(CONFIG, CONFIG.replace("one", "two"))
    found = world.find("ConfigMap", None, "env")
    assert found is world.resources[1]
    assert len(world.of("ConfigMap")) == 2


def test_a_kind_of_another_group_is_not_taken_for_the_core_one() -> None:
    foreign = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: mta}"
    world = world_of(foreign)
    assert world.of("Service") == []
    assert world.of("Service", "ConfigMap") == []
    assert world.find("Service", None, "mta") is None
    assert world.resources[0].group == "serving.knative.dev"


def test_several_kinds_come_in_the_order_of_the_input() -> None:
    world = world_of(CONFIG, deployment("mta"), CONFIG.replace("env", "more"))
    assert [resource.name for resource in world.of("ConfigMap", "Deployment")] == ["env", "mta", "more"]


def test_labels_and_annotations_are_read_with_their_places() -> None:
    world = world_of("""\
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: env
          labels: {a: x, n: 1, empty: null, odd: [1]}
          annotations: {truehop/front: hetzner}
        """)
    resource = world.resources[0]
    assert resource.labels == {"a": "x", "n": "1", "empty": ""}
    assert resource.annotation("truehop/front").string() == "hetzner"
    assert resource.annotations.is_mapping
    assert cut(world, resource.name_location()) == "env"


def test_a_namespace_of_the_input_has_its_labels_and_its_name() -> None:
    world = world_of("apiVersion: v1\nkind: Namespace\nmetadata: {name: mail, labels: {tier: inner}}")
    assert world.namespace_labels("mail") == {"tier": "inner", "kubernetes.io/metadata.name": "mail"}
    assert world.labels_of_namespace("mail").has("other") is Tri.NO


def test_of_a_namespace_outside_the_input_only_the_name_is_known() -> None:
    world = world_of(CONFIG)
    assert world.namespace_labels("mail") is None
    assert world.namespace_labels(None) is None
    labels = world.labels_of_namespace("mail")
    assert labels.is_one_of("kubernetes.io/metadata.name", frozenset({"mail"})) is Tri.YES
    assert labels.has("tier") is Tri.UNKNOWN
    assert world.labels_of_namespace(None).has("kubernetes.io/metadata.name") is Tri.UNKNOWN


def test_a_world_is_taken_as_whole_only_where_it_holds_workloads() -> None:
    world = world_of(deployment("mta", namespace="mail"))
    assert world.is_whole("mail") is Tri.UNKNOWN
    assert world.is_whole("other") is Tri.NO


def test_what_the_user_declares_about_the_world_holds_everywhere() -> None:
    assert world_of(CONFIG, is_closed=Tri.YES).is_whole("other") is Tri.YES
    assert world_of(deployment("mta", namespace="mail"), is_closed=Tri.NO).is_whole("mail") is Tri.NO


def test_namespaces_are_those_of_objects_and_of_namespace_objects() -> None:
    world = world_of(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: b}", deployment("x", namespace="a"), CONFIG
    )
    assert world.namespaces == ["a", "b"]


def test_a_store_is_read_once() -> None:
    world = world_of(CONFIG)
    assert world.find_store("ConfigMap", None, "env") is world.find_store("ConfigMap", None, "env")
    assert world.find_store("ConfigMap", None, "none") is None


def test_a_workload_is_found_by_name() -> None:
    assert str(workload_of(world_of(deployment("mta", namespace="mail")), "mta")) == "Deployment mail/mta"
