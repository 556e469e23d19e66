"""Cause before consequence, severities, and one finding per rule and place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.model.hand import at, graph_of, policy
from truehop.findings.causes import FOLLOWS, Draft, settle
from truehop.model.facts import Location, ObjectRef
from truehop.model.hops import Route, Wire
from truehop.rules.base import (
    ERROR,
    INFO,
    LOSES,
    OPENS,
    SPOILS,
    WARNING,
    Confidence,
    Report,
    Rule,
    Severity,
    metadata_only,
)


def rule(name: str, severity: Severity = ERROR, explains: frozenset[str] = frozenset()) -> Rule:
    return Rule(name, "trust", severity, "0.1", frozenset(), metadata_only, "", explains=explains)


def route(port: int = 25) -> Route:
    _, made = graph_of(entry=policy(), sends=Wire.NONE, backend=policy())
    return replace(made, door=replace(made.door, port=port))


def draft(of: Rule, line: int, *routes: Route, message: str = "a fault", pinned: bool = False) -> Draft:
    return Draft(of, Report(at=at(line), message=message, routes=routes), of.severity, pinned)


LOST = rule("address-lost")
INSIDE = rule("address-forgeable-inside", WARNING)
CAUSE = rule("header-missing", WARNING, LOSES)
OPENER = rule("trust-wide-range", WARNING, OPENS)


def told(*drafts: Draft, is_closed: bool = False) -> list[tuple[str, Severity, str]]:
    return [(one.rule.id, one.severity, one.message) for one in settle(drafts, is_closed=is_closed)]


def test_a_consequence_is_told_at_its_cause() -> None:
    way = route()
    assert told(draft(CAUSE, 1, way), draft(LOST, 2, way)) == [
        ("header-missing", ERROR, "a fault; so the client's address is lost on port 25")
    ]


def test_the_order_of_reports_makes_no_difference() -> None:
    way = route()
    assert told(draft(LOST, 2, way), draft(CAUSE, 1, way)) == told(draft(CAUSE, 1, way), draft(LOST, 2, way))


def test_a_consequence_without_cause_stands_by_itself() -> None:
    assert [name for name, _, _ in told(draft(CAUSE, 1, route(25)), draft(LOST, 2, route(587)))] == [
        "header-missing",
        "address-lost",
    ]


def test_a_consequence_stays_on_the_routes_without_cause() -> None:
    first, second = route(25), route(587)
    kept = settle([draft(CAUSE, 1, first), draft(LOST, 2, first, second)], is_closed=False)
    assert [one.rule.id for one in kept] == ["header-missing", "address-lost"]
    assert kept[1].report.routes == (second,)


def test_a_rule_explains_only_what_it_declares() -> None:
    way = route()
    assert len(told(draft(OPENER, 1, way), draft(LOST, 2, way))) == 2


def test_a_cause_tells_every_port_and_every_consequence() -> None:
    cause = rule("header-missing", WARNING, SPOILS)
    routes = [route(25), route(587), route(993)]
    [(_, severity, message)] = told(
        draft(cause, 1, *routes), draft(LOST, 2, *routes), draft(INSIDE, 3, routes[0])
    )
    assert severity is ERROR
    assert message == (
        "a fault; so the client's address is lost on ports 25, 587 and 993"
        " and somebody inside the cluster can choose the recorded address on port 25"
    )


def test_what_anybody_can_do_is_not_told_of_insiders_too() -> None:
    cause, stranger = rule("header-missing", WARNING, SPOILS), rule("address-forgeable")
    first, second = route(25), route(587)
    [(_, _, message)] = told(
        draft(cause, 1, first, second), draft(stranger, 2, first), draft(INSIDE, 3, first, second)
    )
    assert message == (
        "a fault; so anybody on the internet can choose the recorded address on port 25"
        " and somebody inside the cluster can choose the recorded address on port 587"
    )


def test_what_is_left_of_a_consequence_speaks_of_its_own_port() -> None:
    first, second, third = route(25), route(587), route(993)
    explained = draft(LOST, 2, first, message="lost on port 25")
    left = [draft(LOST, 2, way, message=f"lost on port {way.door.port}") for way in (second, third)]
    found = told(draft(CAUSE, 1, first), explained, *left)
    assert [message for _, _, message in found][1:] == ["lost on port 587 (and 1 more)"]


def test_a_severity_that_the_user_chose_is_not_raised() -> None:
    way = route()
    [(_, severity, _)] = told(draft(CAUSE, 1, way, pinned=True), draft(LOST, 2, way))
    assert severity is WARNING


@pytest.mark.parametrize(("is_closed", "severity"), [(False, WARNING), (True, ERROR)])
def test_what_rests_on_an_absence_is_no_error_unless_the_world_is_closed(
    is_closed: bool, severity: Severity
) -> None:
    report = Report(at=at(1), message="nothing there", rests_on_absence=True)
    assert told(Draft(LOST, report, ERROR), is_closed=is_closed)[0][1] is severity


def test_an_absence_raises_its_cause_no_higher_than_itself() -> None:
    way = route()
    absent = Draft(LOST, Report(at=at(2), message="x", routes=(way,), rests_on_absence=True), ERROR)
    [(_, severity, _)] = told(draft(rule("header-missing", INFO, LOSES), 1, way), absent)
    assert severity is WARNING


def test_a_cause_that_rests_on_an_absence_is_capped_after_it_was_raised() -> None:
    way = route()
    report = Report(at=at(1), message="x", routes=(way,), rests_on_absence=True)
    [(_, severity, _)] = told(Draft(CAUSE, report, WARNING), draft(LOST, 2, way))
    assert severity is WARNING


def test_one_finding_per_rule_and_place() -> None:
    way, other = route(25), route(587)
    first = Draft(CAUSE, Report(at=at(1), message="a", related=((at(5), "one"),), routes=(way,)), WARNING)
    second = Draft(
        CAUSE, Report(at=at(1), message="b", related=((at(6), "two"),), routes=(way, other)), ERROR
    )
    [merged] = settle([first, second], is_closed=False)
    assert (merged.severity, merged.report.message) == (ERROR, "b")
    assert {word for _, word in merged.report.related} == {"one", "two"}
    assert {one.door.port for one in merged.report.routes} == {25, 587}


def test_a_second_message_at_one_place_goes_to_the_related_ones() -> None:
    [merged] = settle([draft(CAUSE, 1, message="a"), draft(CAUSE, 1, message="b")], is_closed=False)
    assert merged.report.related == ((at(1), "b"),)


def test_equal_reports_are_one() -> None:
    [merged] = settle([draft(CAUSE, 1), draft(CAUSE, 1)], is_closed=False)
    assert merged.report.related == ()


def test_two_causes_at_one_place_tell_all_that_follows() -> None:
    first, second = route(25), route(587)
    [merged] = settle(
        [draft(CAUSE, 1, first), draft(CAUSE, 1, second), draft(LOST, 2, first), draft(LOST, 3, second)],
        is_closed=False,
    )
    assert merged.message.endswith("on ports 25 and 587")


def test_the_surer_report_speaks_for_the_confidence() -> None:
    unsure = Draft(CAUSE, Report(at=at(1), message="a", confidence=Confidence.LOW), WARNING)
    [merged] = settle([unsure, draft(CAUSE, 1)], is_closed=False)
    assert merged.report.confidence is Confidence.HIGH


def test_places_without_a_line_are_told_apart_by_their_pointers() -> None:
    places = [Location("a.yaml", 0, 0, 0, 0, pointer) for pointer in ("0#/a", "0#/b", "0#/a")]
    drafts = [Draft(CAUSE, Report(at=place, message="x"), WARNING) for place in places]
    assert len(settle(drafts, is_closed=False)) == 2


def test_a_missing_policy_is_silent_where_the_listener_is_unguarded() -> None:
    mta, mda = ObjectRef("Deployment", "mta", "mail"), ObjectRef("Deployment", "mda", "mail")
    missing = [
        Draft(rule("policy-missing"), Report(at=replace(at(line), object=ref), message="x"), WARNING)
        for line, ref in ((1, mta), (2, mda), (3, None))
    ]
    unguarded = Report(at=at(9), message="y", related=((replace(at(8), object=mta), "it"),))
    kept = settle([*missing, Draft(rule("header-unguarded"), unguarded, ERROR)], is_closed=False)
    assert [one.report.at.object for one in kept if one.rule.id == "policy-missing"] == [mda, None]


def test_every_consequence_has_words() -> None:
    assert frozenset(FOLLOWS) == SPOILS
