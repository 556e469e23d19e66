"""What each format promises, whatever was found."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from truehop.live.verify.checks import CATALOGUE, Check, Place, Recorded, Seen, Verdict, Verification, ordered
from truehop.live.verify.reports.base import formats
from truehop.reports.base import Look
from truehop.rules.base import Severity

DATA = Path(__file__).parents[3] / "data"
SARIF = Draft4Validator(json.loads((DATA / "sarif-2.1.0.schema.json").read_text(encoding="utf-8")))
SCHEMA = resources.files("truehop").joinpath("schemas", "verify-v1.schema.json")
V1 = json.loads(SCHEMA.read_text(encoding="utf-8"))
SMTP = Place(25, "smtp", "mail.example.com", 25, "198.51.100.25")
IMAPS = Place(993, "imaps", "2001:db8::1", 31993, "2001:db8::1")
OTHER = Place(6379, "", "redis", 6379, "10.43.0.7")
CHECKS = (
    Check("greeting", SMTP, Verdict.PASS, "the server greets"),
    Check("recorded-address", SMTP, Verdict.FAIL, "the server records 10.42.0.9", "a hop's"),
    Check("tls-suites", IMAPS, Verdict.FAIL, "weak", "stronger", Severity.WARNING),
    Check("forged-proxy-v1", SMTP, Verdict.LEFT_OUT, "no log", "--log FILE"),
    Check("forged-proxy-v2", SMTP, Verdict.LEFT_OUT, "no log", "--log FILE"),
    Check("login", IMAPS, Verdict.LEFT_OUT, "no TLS"),
    Check("session", IMAPS, Verdict.UNKNOWN, "it broke", "look"),
    Check("port-state", OTHER, Verdict.PASS, "closed"),
)
FULL = Verification(
    "mail.example.com",
    is_inside=True,
    ports=(
        Seen(SMTP, "open", Recorded.HOP, "10.42.0.9", "pods", "203.0.113.7", "client"),
        Seen(replace(SMTP, number=465), "open", Recorded.CLIENT, "203.0.113.7", "", "203.0.113.7", "client"),
        Seen(IMAPS, "open", Recorded.REFUSED),
        Seen(replace(IMAPS, number=4190), "open"),
        Seen(replace(IMAPS, number=995, address=""), "closed"),
    ),
    checks=ordered(CHECKS),
    notes=("from inside",),
    logins=("truehop-1@verify.invalid at 198.51.100.25:993",),
)
SERVED = ((465, "submissions"), (993, "imaps"), (6379, ""))
EMPTY = Verification("mail.example.com", is_inside=False)
TEXT = """\
port           reached at            state                  records
25 smtp        mail.example.com:25   open on 198.51.100.25  a hop, 10.42.0.9 (manifests say client)
465 smtp       mail.example.com:25   open on 198.51.100.25  the client, 203.0.113.7
993 imaps      [2001:db8::1]:31993   open                   refused
4190 imaps     [2001:db8::1]:31993   open                   unknown
995 imaps      [2001:db8::1]:31993   closed

port 25 smtp at mail.example.com:25 (198.51.100.25)
  error[recorded-address] the server records 10.42.0.9
    help: a hop's

port 993 imaps at [2001:db8::1]:31993
  not judged[session] it broke
    settled by: look
  warning[tls-suites] weak
    help: stronger

left out: forged-proxy-v1, forged-proxy-v2; --log FILE
note: from inside
1 error, 1 warning, 1 not judged; 2 demands are met on 4 open ports of mail.example.com
"""


def written(name: str, found: Verification = FULL, look: Look | None = None) -> str:
    return formats()[name].write(found, look or Look())


def test_text_is_for_people() -> None:
    said = written("text")
    assert [line.split() for line in said.splitlines()] == [line.split() for line in TEXT.splitlines()]


def test_text_of_nothing() -> None:
    assert written("text", EMPTY) == "no failures; 0 demands are met on 0 open ports of mail.example.com\n"


def test_text_in_short() -> None:
    smtp, imaps = (
        "port 25 smtp at mail.example.com:25 (198.51.100.25)",
        "port 993 imaps at [2001:db8::1]:31993",
    )
    assert written("text", look=Look(verbosity=-1)).splitlines() == [
        f"{smtp}: error[recorded-address] the server records 10.42.0.9",
        f"{imaps}: not judged[session] it broke",
        f"{imaps}: warning[tls-suites] weak",
    ]


def test_text_tells_once_what_is_the_same_of_several_ports() -> None:
    old = Check("certificate-days", SMTP, Verdict.FAIL, "it ends in 3 days", "renew it")
    places = [SMTP, *(replace(SMTP, number=port, port=port, protocol=name) for port, name in SERVED)]
    elsewhere = replace(SMTP, number=995, port=31995, protocol="pop3s")
    other = replace(SMTP, number=587, port=587, protocol="submission", host="other.example.com")
    checks = [replace(old, place=place) for place in (*places, elsewhere, other)]
    found = replace(EMPTY, checks=ordered([*checks, replace(old, place=SMTP, id="greeting", message="no")]))
    heads = [line for line in written("text", found).splitlines() if line.startswith("port")]
    assert heads == [
        "port 25 smtp at mail.example.com:25 (198.51.100.25)",
        "ports 465 submissions, 993 imaps, 6379 at mail.example.com (198.51.100.25)",
        "port 587 submission at other.example.com:587 (198.51.100.25)",
        "port 995 pop3s at mail.example.com:31995 (198.51.100.25)",
    ]
    assert len(written("text", found, Look(verbosity=-1)).splitlines()) == len(checks) + 1


def test_text_in_full_and_in_colour() -> None:
    said = written("text", look=Look(verbosity=1, colour=True))
    assert "\x1b[1;32mok[greeting]\x1b[0m the server greets" in said
    assert "left out[login]" in said
    assert "port at redis:6379 (10.43.0.7)" in said


@pytest.mark.parametrize("found", [FULL, EMPTY])
def test_json_is_valid_against_its_schema(found: Verification) -> None:
    Draft202012Validator.check_schema(V1)
    Draft202012Validator(V1).validate(json.loads(written("json", found)))


def test_json_tells_all() -> None:
    document = json.loads(written("json"))
    assert document["from"] == "inside"
    assert document["summary"] == {"pass": 2, "error": 1, "warning": 1, "info": 0, "unknown": 1, "leftOut": 3}
    assert document["ports"][0] == {
        "publicPort": 25,
        "protocol": "smtp",
        "host": "mail.example.com",
        "port": 25,
        "address": "198.51.100.25",
        "state": "open",
        "recorded": "hop",
        "recordedAddress": "10.42.0.9",
        "hop": "pods",
        "ownAddress": "203.0.113.7",
        "predicted": "client",
    }
    assert all(check["demand"] == CATALOGUE[check["check"]] for check in document["checks"])


@pytest.mark.parametrize("found", [FULL, EMPTY])
def test_sarif_is_valid_against_its_schema(found: Verification) -> None:
    SARIF.validate(json.loads(written("sarif", found)))


def test_sarif_places_are_hosts_and_ports() -> None:
    run = json.loads(written("sarif"))["runs"][0]
    places = [found["locations"][0]["logicalLocations"][0]["name"] for found in run["results"]]
    assert places == ["mail.example.com:25", "[2001:db8::1]:31993"]
    assert [found["level"] for found in run["results"]] == ["error", "warning"]
    assert "session not judged" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert {"level": "note", "message": {"text": "from inside"}} in run["invocations"][0][
        "toolExecutionNotifications"
    ]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[found["ruleIndex"]]["id"] == found["ruleId"] for found in run["results"])


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2), ("never", 0)])
def test_junit_fails_from_the_severity_that_fails_the_command(fail_on: str, failures: int) -> None:
    root = ET.fromstring(written("junit", look=Look(fail_on=fail_on)))  # noqa: S314 (our own text)
    assert root.get("failures") == str(failures) == str(len(root.findall("testsuite/testcase/failure")))
    assert root.get("tests") == str(len(CHECKS))
    assert (root.get("errors"), root.get("skipped")) == ("1", "3")
    assert [suite.get("tests") for suite in root] == ["4", "3", "1"]
    assert {one.get("value") for one in root.iter("property")} == {"from inside"}


@settings(max_examples=20)  # SARIF's schema is a large one
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_every_format_holds_whatever_is_said(words: str) -> None:
    checks = (
        Check("session", replace(SMTP, host=words), Verdict.UNKNOWN, words, words),
        Check("login", replace(SMTP, host=words), Verdict.FAIL, words, words),
    )
    found = Verification("x", is_inside=False, checks=checks)
    SARIF.validate(json.loads(written("sarif", found)))
    Draft202012Validator(V1).validate(json.loads(written("json", found)))
    ET.fromstring(written("junit", found))  # noqa: S314 (our own text)
    assert not any(ord(letter) < 32 and letter != "\n" for letter in written("text", found))


@pytest.mark.parametrize(("fail_on", "reached"), [("error", True), ("warning", True), ("never", False)])
def test_severities_reach(fail_on: str, *, reached: bool) -> None:
    assert FULL.reaches(fail_on) is reached
    milder = replace(FULL, checks=tuple(one for one in CHECKS if one.severity is Severity.WARNING))
    assert milder.reaches(fail_on) is (fail_on == "warning")


def test_text_comes_first() -> None:
    assert list(formats()) == ["text", "json", "junit", "sarif"]
