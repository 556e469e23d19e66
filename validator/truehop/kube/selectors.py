"""Label selectors, judged on labels of which some may be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from truehop.model.facts import Tri, all_of
from truehop.source.tree import Cursor


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels of a pod or namespace as far as the input and Kubernetes' promises tell them.

    ``guessed`` are labels that a controller adds with a value known only at run time, each with what
    the value starts with (empty: anything). ``is_complete`` is false where others may be there too.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    guessed: Mapping[str, str] = field(default_factory=dict)
    is_complete: bool = True

    def has(self, key: str) -> Tri:
        """Whether there is such a label."""
        if key in self.known or key in self.guessed:
            return Tri.YES
        return Tri.NO if self.is_complete else Tri.UNKNOWN

    def is_one_of(self, key: str, values: frozenset[str]) -> Tri:
        """Whether there is such a label with one of these values."""
        if key in self.known:
            return Tri.of(self.known[key] in values)
        if key in self.guessed:
            start = self.guessed[key]
            return Tri.UNKNOWN if any(value.startswith(start) for value in values) else Tri.NO
        return Tri.NO if self.is_complete or not values else Tri.UNKNOWN


#: What is known of the labels of something that is not in the input.
NOTHING_KNOWN = LabelSet(is_complete=False)


def match_labels(wanted: Mapping[str, str], labels: LabelSet) -> Tri:
    """Whether the labels hold every wanted pair."""
    return all_of(*(labels.is_one_of(key, frozenset({value})) for key, value in wanted.items()))


def match_selector(selector: Cursor, labels: LabelSet) -> Tri:
    """Whether a ``LabelSelector`` selects these labels; an empty one selects everything.

    What the API server would refuse (an operator that does not exist, a wrong shape) is unknown.
    """
    if not selector.is_mapping:
        return Tri.YES if not selector.is_set else Tri.UNKNOWN
    verdicts = [
        labels.is_one_of(key, frozenset({value.string()})) if value.is_scalar else Tri.UNKNOWN
        for key, value in selector.get("matchLabels").entries()
    ]
    expressions = selector.get("matchExpressions")
    verdicts += [_match_expression(expression, labels) for expression in expressions.items()]
    pairs = selector.get("matchLabels")
    if (pairs.is_set and not pairs.is_mapping) or (expressions.is_set and not expressions.is_sequence):
        verdicts.append(Tri.UNKNOWN)
    return all_of(*verdicts)


def is_empty_selector(selector: Cursor) -> bool:
    """Whether a selector selects everything: missing, null, or without any requirement."""
    if not selector.is_set:
        return True
    if not selector.is_mapping:
        return False
    pairs, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
    has_pairs = pairs.is_set and not (pairs.is_mapping and not list(pairs.entries()))
    has_expressions = expressions.is_set and not (expressions.is_sequence and not list(expressions.items()))
    return not has_pairs and not has_expressions


def pinned_values(selector: Cursor, key: str) -> frozenset[str] | None:
    """The values one label must have to be selected, None where the selector leaves it free."""
    pinned: frozenset[str] | None = None
    equal = selector.get("matchLabels").get(key)
    if equal.is_scalar:
        pinned = frozenset({equal.string()})
    for expression in selector.get("matchExpressions").items():
        if expression.get("key").string() == key and expression.get("operator").string() == "In":
            values = frozenset(value.string() for value in expression.get("values").items())
            pinned = values if pinned is None else pinned & values
    return pinned


def _match_expression(expression: Cursor, labels: LabelSet) -> Tri:
    key = expression.get("key").string()
    values = frozenset(value.string() for value in expression.get("values").items())
    match expression.get("operator").string() if key else "":
        case "In":
            return labels.is_one_of(key, values) if values else Tri.UNKNOWN
        case "NotIn":
            return labels.is_one_of(key, values).negate() if values else Tri.UNKNOWN
        case "Exists":
            return labels.has(key)
        case "DoesNotExist":
            return labels.has(key).negate()
        case _:
            return Tri.UNKNOWN


__all__ = [
    "NOTHING_KNOWN",
    "LabelSet",
    "is_empty_selector",
    "match_labels",
    "match_selector",
    "pinned_values",
]
