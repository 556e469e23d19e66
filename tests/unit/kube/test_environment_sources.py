"""Variables from whole ConfigMaps and Secrets, and arguments that name them."""

from __future__ import annotations

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.model.facts import Tri

from .hand import container_of, cut, world_of
from .scenes import CONFIG, SECRET, keyed, pod, text_in, value_in


def sources(*stores: object, **env_entries: str) -> str:
    return json.dumps(
        {"envFrom": stores, "env": [{"name": name, "value": value} for name, value in env_entries.items()]}
    )


def test_later_sources_win_and_env_wins_over_all() -> None:
    other = CONFIG.replace("name: env", "name: more").replace("10.42.0.0/24", "10.1.0.0/16")
    both = ({"configMapRef": {"name": "env"}}, {"configMapRef": {"name": "more"}})
    assert text_in(container_of(pod(sources(*both)), CONFIG, other), "TRUSTED_PROXIES") == "10.1.0.0/16"
    own = sources(*both, TRUSTED_PROXIES="1.1.1.1")
    assert text_in(container_of(pod(own), CONFIG, other), "TRUSTED_PROXIES") == "1.1.1.1"


def test_a_prefix_stands_before_every_key() -> None:
    container = container_of(pod(sources({"prefix": "P_", "secretRef": {"name": "keys"}})), SECRET)
    assert text_in(container, "P_TOKEN") == "plain"
    assert container.env.get("TOKEN") is None
    assert value_in(container, "P_TOKEN").is_secret
    assert value_in(container, "P_BROKEN").wants == "Secret mail/keys, key BROKEN"


def test_a_source_outside_the_input_may_set_any_variable() -> None:
    world = world_of(pod(sources({"secretRef": {"name": "keys"}}, A="1")), namespace="mail")
    environment = world.workloads[0].containers[0].env
    assert [(wants, cut(world, at)) for wants, at in environment.unknown_sources] == [
        ("Secret mail/keys", "keys")
    ]
    found = environment.may_come_from("TRUSTED_PROXIES")
    assert found is not None
    assert found[0] == "Secret mail/keys"
    assert environment.may_come_from("A") is None


def test_more_variables_than_any_program_has_are_unknown() -> None:
    keys = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "env"}}
    data = {f"K{number}": "" for number in range(300)}
    stores = [{"prefix": f"P{number}_", "configMapRef": {"name": "env"}} for number in range(70)]
    environment = container_of(pod(sources(*stores)), json.dumps({**keys, "data": data})).env
    assert len(environment.names()) == 19_800
    assert len(environment.unknown_sources) == 4


def test_a_source_with_a_prefix_sets_only_such_names() -> None:
    environment = container_of(pod(sources({"prefix": "P_", "secretRef": {"name": "keys"}}))).env
    assert environment.may_come_from("A") is None
    assert environment.may_come_from("P_A") is not None


def test_a_later_source_outside_the_input_casts_doubt_on_an_earlier_one() -> None:
    stores = ({"configMapRef": {"name": "env"}}, {"prefix": "TRUSTED", "secretRef": {"name": "keys"}})
    container = container_of(pod(sources(*stores, B="$(TRUSTED_PROXIES)", C="$(NONE)")), CONFIG)
    found = value_in(container, "TRUSTED_PROXIES")
    assert not found.is_certain
    assert found.wants == "Secret mail/keys"
    assert value_in(container, "EMPTY").is_certain
    assert value_in(container, "B").wants == "Secret mail/keys"
    assert text_in(container, "C") == "$(NONE)"


def test_a_reference_that_only_an_absent_source_could_set_is_unknown() -> None:
    found = value_in(container_of(pod(sources({"secretRef": {"name": "keys"}}, A="$(NETS)"))), "A")
    assert found.wants == "Secret mail/keys"


def test_an_optional_source_that_is_certainly_absent_sets_nothing() -> None:
    source = {"configMapRef": {"name": "none", "optional": True}}
    assert container_of(pod(sources(source)), is_closed=Tri.YES).env.unknown_sources == []
    assert container_of(pod(sources(source))).env.unknown_sources != []


@pytest.mark.parametrize("source", [{}, "word", {"configMapRef": {}}, {"configMapRef": {"name": ["x"]}}])
def test_a_source_of_a_wrong_shape_is_passed_over(source: object) -> None:
    assert container_of(pod(sources(source))).env.unknown_sources == []


def test_arguments_see_every_variable() -> None:
    container = container_of(
        pod(
            json.dumps(
                {
                    "command": ["run", None, "$(A)"],
                    "args": ["--trusted=$(A),$(LATE)", ["odd"], "$$(A)"],
                    "env": [{"name": "A", "value": "10.0.0.0/8"}, {"name": "LATE", "value": "::1"}],
                }
            )
        )
    )
    assert [text.value for text in container.command] == ["run", "10.0.0.0/8"]
    assert [text.value for text in container.args] == ["--trusted=10.0.0.0/8,::1", "$(A)"]


def test_a_secret_is_never_put_into_an_argument() -> None:
    container = container_of(
        pod(json.dumps({"args": ["--key=$(T)"], "env": [keyed("T", "secret", "keys", "TOKEN")]})), SECRET
    )
    assert container.args[0].value == "--key=$(T)"


NAMES = ["A", "B", "C"]
VALUES = st.text(alphabet="$()ABC1", max_size=6)
MAPS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3)


@given(
    maps=st.lists(st.tuples(st.sampled_from(["", "A", "P"]), MAPS, st.booleans()), max_size=3),
    entries=st.lists(st.tuples(st.sampled_from([*NAMES, "AB"]), VALUES), max_size=5),
)
def test_the_environment_is_the_one_the_kubelet_makes(
    maps: list[tuple[str, dict[str, str], bool]], entries: list[tuple[str, str]]
) -> None:
    wanted: dict[str, str] = {}
    documents, from_maps = [], []
    for number, (prefix, content, is_secret) in enumerate(maps):
        wanted |= {prefix + key: value for key, value in content.items()}
        data = {
            key: base64.b64encode(value.encode()).decode() if is_secret else value
            for key, value in content.items()
        }
        kind = "Secret" if is_secret else "ConfigMap"
        documents.append(
            json.dumps({"apiVersion": "v1", "kind": kind, "metadata": {"name": f"m{number}"}, "data": data})
        )
        reference = "secretRef" if is_secret else "configMapRef"
        from_maps.append({"prefix": prefix, reference: {"name": f"m{number}"}})
    for name, value in entries:
        known = dict(wanted)
        wanted[name] = re.sub(
            r"\$(?:\$|\(([^)]*)\)|.)",
            lambda found, known=known: (
                "$" if found[0] == "$$" else known.get(found[1], found[0]) if found[1] else found[0]
            ),  # type: ignore[misc]
            value,
        )
    container = container_of(
        pod(
            json.dumps(
                {"envFrom": from_maps, "env": [{"name": name, "value": value} for name, value in entries]}
            )
        ),
        *documents,
    )
    assert {name: text_in(container, name) for name in container.env.names()} == wanted
