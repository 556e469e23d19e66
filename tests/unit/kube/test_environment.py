"""The environment a program really gets."""

from __future__ import annotations

import json

import pytest

from truehop.model.facts import Tri

from .hand import container_of, cut, world_of
from .scenes import CONFIG, SECRET, env, keyed, pod, text_in, value_in


def test_a_written_value_is_the_text_with_its_place() -> None:
    world = world_of(pod(env({"name": "A", "value": "10.0.0.0/8"})))
    found = world.workloads[0].containers[0].env.get("A")
    assert found is not None
    assert cut(world, found.at) == "10.0.0.0/8"
    assert cut(world, found.reference) == "A"


@pytest.mark.parametrize("entry", [{"name": "A"}, {"name": "A", "value": ""}, {"name": "A", "value": None}])
def test_an_empty_value_is_present(entry: object) -> None:
    assert text_in(container_of(pod(env(entry))), "A") == ""


def test_a_value_of_a_wrong_shape_is_unknown() -> None:
    found = value_in(container_of(pod(env({"name": "A", "value": ["x"]}))), "A")
    assert found.text is None
    assert found.wants == "a value that is a string"


def test_the_later_of_two_equal_names_wins() -> None:
    assert (
        text_in(container_of(pod(env({"name": "A", "value": "1"}, {"name": "A", "value": "2"}))), "A") == "2"
    )


def test_entries_without_a_name_are_passed_over() -> None:
    assert container_of(pod(env({"value": "1"}, "word", 7))).env.names() == []


def test_a_key_of_a_config_map_stands_where_the_config_map_has_it() -> None:
    world = world_of(pod(env(keyed("A", "configMap", "env", "TRUSTED_PROXIES"))), CONFIG)
    found = world.workloads[0].containers[0].env.get("A")
    assert found is not None
    assert found.text is not None
    assert cut(world, found.at) == "10.42.0.0/24"
    assert cut(world, found.reference) == "env"
    assert not found.is_secret


@pytest.mark.parametrize(("key", "value"), [("EMPTY", ""), ("NOTHING", ""), ("LIST", None)])
def test_empty_and_broken_keys_are_present(key: str, value: str | None) -> None:
    container = container_of(pod(env(keyed("A", "configMap", "env", key))), CONFIG)
    assert text_in(container, "A") == value
    assert (value_in(container, "A").wants == "") == (value is not None)


def test_a_config_map_outside_the_input_is_wanted() -> None:
    found = value_in(container_of(pod(env(keyed("A", "configMap", "env", "X")))), "A")
    assert found.text is None
    assert found.wants == "ConfigMap mail/env, key X"
    assert not found.is_secret


def test_a_key_that_a_config_map_of_the_input_lacks_is_wanted() -> None:
    assert value_in(container_of(pod(env(keyed("A", "configMap", "env", "X"))), CONFIG), "A").text is None


def test_an_optional_key_that_is_certainly_absent_leaves_the_variable_as_it_was() -> None:
    entries = env({"name": "A", "value": "1"}, keyed("A", "configMap", "env", "X", optional=True))
    assert text_in(container_of(pod(entries), CONFIG), "A") == "1"
    assert text_in(container_of(pod(entries)), "A") is None
    assert text_in(container_of(pod(entries), is_closed=Tri.YES), "A") == "1"


def test_secret_keys_are_decoded_and_marked() -> None:
    container = container_of(
        pod(env(keyed("N", "secret", "keys", "NETS"), keyed("T", "secret", "keys", "TOKEN"))), SECRET
    )
    found = value_in(container, "N")
    assert found.is_secret
    assert found.text is not None
    assert [part.value for part in found.text.split(",")] == ["10.0.0.0/8", "192.168.0.0/16"]
    assert found.text.split(",")[1].location() == found.at
    assert text_in(container, "T") == "plain"


def test_string_data_wins_over_data() -> None:
    assert text_in(container_of(pod(env(keyed("P", "secret", "keys", "PASSWORD"))), SECRET), "P") == "newer"


@pytest.mark.parametrize("key", ["BROKEN", "BYTES", "LIST"])
def test_a_secret_that_is_no_text_is_unknown(key: str) -> None:
    found = value_in(container_of(pod(env(keyed("P", "secret", "keys", key))), SECRET), "P")
    assert found.text is None
    assert found.wants == f"Secret mail/keys, key {key}"


def test_a_secret_outside_the_input_is_marked_too() -> None:
    assert value_in(container_of(pod(env(keyed("P", "secret", "other", "X")))), "P").is_secret


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata.namespace", "mail"), ("spec.serviceAccountName", "mailer"),
        ("metadata.labels['app']", "mta"),
        ("metadata.annotations['note']", "words"), ("metadata.labels['none']", None), ("status.podIP", None),
        ("metadata.name", None),
    ],
)  # fmt: skip
def test_fields_of_the_pod_are_known_where_the_input_tells_them(path: str, value: str | None) -> None:
    container = container_of(pod(env({"name": "F", "valueFrom": {"fieldRef": {"fieldPath": path}}})))
    assert text_in(container, "F") == value
    assert value_in(container, "F").wants == ("" if value else f"the pod's {path}")


def test_the_unnamed_namespace_is_no_field_value() -> None:
    entry = env({"name": "F", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}})
    assert text_in(world_of(pod(entry)).workloads[0].containers[0], "F") is None


@pytest.mark.parametrize(
    ("source", "wants"),
    [
        ({"resourceFieldRef": {"resource": "limits.cpu"}}, "the container's limits.cpu"),
        ({"fileKeyRef": {"key": "x"}}, "a source of a kind that is not known"),
    ],
)
def test_other_sources_are_unknown(source: object, wants: str) -> None:
    assert value_in(container_of(pod(env({"name": "R", "valueFrom": source}))), "R").wants == wants


def test_a_reference_sees_only_what_stands_before_it() -> None:
    container = container_of(
        pod(
            env({"name": "B", "value": "$(A)"}, {"name": "A", "value": "1"}, {"name": "C", "value": "<$(A)>"})
        )
    )
    assert text_in(container, "B") == "$(A)"
    assert text_in(container, "C") == "<1>"


def test_a_reference_to_an_earlier_variable_of_the_same_name_sees_that_one() -> None:
    assert (
        text_in(container_of(pod(env({"name": "A", "value": "1"}, {"name": "A", "value": "$(A)2"}))), "A")
        == "12"
    )


def test_a_value_put_together_from_an_unknown_one_is_unknown() -> None:
    found = value_in(
        container_of(
            pod(env(keyed("N", "configMap", "nets", "X"), {"name": "A", "value": "10.0.0.0/8,$(N)"}))
        ),
        "A",
    )
    assert found.text is None
    assert found.wants == "ConfigMap mail/nets, key X"


def test_a_value_put_together_from_a_secret_is_secret() -> None:
    container = container_of(
        pod(env(keyed("N", "secret", "keys", "NETS"), {"name": "A", "value": "a,$(N)"})), SECRET
    )
    assert value_in(container, "A").is_secret


def test_the_part_that_comes_from_a_config_map_stands_there() -> None:
    world = world_of(
        pod(
            json.dumps(
                {
                    "envFrom": [{"configMapRef": {"name": "env"}}],
                    "env": [{"name": "A", "value": "127.0.0.1,$(TRUSTED_PROXIES)"}],
                }
            )
        ),
        CONFIG,
    )
    found = world.workloads[0].containers[0].env.get("A")
    assert found is not None
    assert found.text is not None
    assert [cut(world, part.location()) for part in found.text.split(",")] == ["127.0.0.1", "10.42.0.0/24"]


def test_an_endless_name_is_no_service_variable() -> None:
    reference = f"$({'_SERVICE_PORT' * 5_000}x)"
    assert text_in(container_of(pod(env({"name": "A", "value": reference}))), "A") == reference


@pytest.mark.parametrize(
    "name", ["MTA_SERVICE_HOST", "MTA_PORT", "MTA_PORT_25_TCP_ADDR", "MTA_SERVICE_PORT_SMTP"]
)
def test_variables_of_services_are_unknown(name: str) -> None:
    found = value_in(container_of(pod(env({"name": "A", "value": f"$({name})"}))), "A")
    assert found.wants == f"the Service variable {name}"
