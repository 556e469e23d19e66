"""Label selectors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.kube.selectors import (
    NOTHING_KNOWN,
    LabelSet,
    is_empty_selector,
    match_labels,
    match_selector,
    pinned_values,
)
from truehop.model.facts import Tri

from .hand import cursor_of

KEYS = st.sampled_from(["a", "b", "c"])
WORDS = st.sampled_from(["x", "y", ""])
LABELS = st.dictionaries(KEYS, WORDS)
EXPRESSIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "key": KEYS,
            "operator": st.sampled_from(["In", "NotIn"]),
            "values": st.lists(WORDS, min_size=1, max_size=3),
        }
    ),
    st.fixed_dictionaries({"key": KEYS, "operator": st.sampled_from(["Exists", "DoesNotExist"])}),
)
SELECTORS = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(EXPRESSIONS, max_size=3)}
)


def plainly_selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    def holds(expression: dict[str, Any]) -> bool:
        value = labels.get(expression["key"])
        return {
            "In": value is not None and value in expression.get("values", ()),
            "NotIn": value is None or value not in expression.get("values", ()),
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }[expression["operator"]]

    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        holds(expression) for expression in selector.get("matchExpressions", ())
    )


@given(selector=SELECTORS, labels=LABELS)
def test_known_labels_are_selected_as_kubernetes_selects_them(
    selector: dict[str, Any], labels: dict[str, str]
) -> None:
    found = match_selector(cursor_of(json.dumps(selector)), LabelSet(labels))
    assert found is Tri.of(plainly_selects(selector, labels))


@given(selector=SELECTORS, known=LABELS, hidden=LABELS)
def test_an_answer_on_partly_known_labels_stays_true_once_all_are_known(
    selector: dict[str, Any], known: dict[str, str], hidden: dict[str, str]
) -> None:
    found = match_selector(cursor_of(json.dumps(selector)), LabelSet(known, is_complete=False))
    whole = match_selector(cursor_of(json.dumps(selector)), LabelSet({**hidden, **known}))
    assert found in (whole, Tri.UNKNOWN)


@given(selector=SELECTORS, labels=LABELS)
def test_an_empty_selector_selects_everything(selector: dict[str, Any], labels: dict[str, str]) -> None:
    if is_empty_selector(cursor_of(json.dumps(selector))):
        assert match_selector(cursor_of(json.dumps(selector)), LabelSet(labels)) is Tri.YES


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("s: {}", True), ("s:", True), ("t: 1", True), ("s: {matchLabels: {}}", True),
        ("s: {matchExpressions: []}", True), ("s: [1]", False), ("s: word", False),
        ("s: {matchLabels: {a: b}}", False), ("s: {matchLabels: word}", False),
        ("s: {matchExpressions: [{key: a, operator: Exists}]}", False), ("s: {matchExpressions: {}}", False),
    ],
)  # fmt: skip
def test_a_selector_without_requirements_is_empty(text: str, empty: bool) -> None:
    assert is_empty_selector(cursor_of(text).get("s")) is empty


@pytest.mark.parametrize(
    "text",
    [
        "[1]", "word", "{matchLabels: word}", "{matchLabels: {a: [1]}}", "{matchExpressions: {}}",
        "{matchExpressions: [{key: a, operator: Like, values: [x]}]}", "{matchExpressions: [word]}",
        "{matchExpressions: [{key: a, operator: In}]}", "{matchExpressions: [{key: a, operator: NotIn}]}",
    ],
)  # fmt: skip
def test_a_selector_that_the_api_server_refuses_is_unknown(text: str) -> None:
    assert match_selector(cursor_of(f"s: {text}").get("s"), LabelSet({"a": "x"})) is Tri.UNKNOWN


def test_a_label_with_a_value_of_run_time_is_there_and_may_match_what_it_starts_with() -> None:
    labels = LabelSet({}, {"pod-name": "mta-"})
    assert labels.has("pod-name") is Tri.YES
    assert match_labels({"pod-name": "mta-0"}, labels) is Tri.UNKNOWN
    assert match_labels({"pod-name": "web-0"}, labels) is Tri.NO


def test_nothing_is_known_of_a_stranger() -> None:
    assert match_labels({"a": "x"}, NOTHING_KNOWN) is Tri.UNKNOWN
    assert match_labels({}, NOTHING_KNOWN) is Tri.YES


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("{}", None), ("{matchLabels: {n: a}}", {"a"}), ("{matchLabels: {other: a}}", None),
        ("{matchExpressions: [{key: n, operator: In, values: [a, b]}]}", {"a", "b"}),
        ("{matchLabels: {n: a}, matchExpressions: [{key: n, operator: In, values: [b]}]}", set()),
        ("{matchExpressions: [{key: n, operator: NotIn, values: [a]}]}", None),
        ("{matchExpressions: [{key: m, operator: In, values: [a]}]}", None),
    ],
)  # fmt: skip
def test_a_selector_pins_a_label_to_values(text: str, pinned: set[str] | None) -> None:
    assert pinned_values(cursor_of(f"s: {text}").get("s"), "n") == pinned
