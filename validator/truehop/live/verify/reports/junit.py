"""JUnit XML: a suite for each port, a case for each check."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from truehop.findings.outcome import RANK, floor_of
from truehop.live.verify.checks import Check, Verdict, Verification
from truehop.live.verify.reports.base import Format
from truehop.reports.base import Look
from truehop.reports.junit import legal


def write(found: Verification, look: Look) -> str:
    """Failures at or above ``--fail-on`` are failures, milder ones output; what is not judged is an error."""
    floor = floor_of(look.fail_on)
    root = ET.Element("testsuites", name="truehop verify")
    for place, checks in groupby(found.checks, key=lambda check: check.place):
        name = f"{place.number} {place.protocol} at {place.where} {place.address}".strip()
        suite = ET.SubElement(root, "testsuite", name=legal(name))
        if found.notes:
            properties = ET.SubElement(suite, "properties")
            for note in found.notes:
                ET.SubElement(properties, "property", name="note", value=legal(note))
        cases = [_case(suite, check, floor) for check in checks]
        _count(suite, cases)
    _count(root, root.findall("testsuite/testcase"))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _count(element: ET.Element, cases: list[ET.Element]) -> None:
    element.set("tests", str(len(cases)))
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _case(suite: ET.Element, check: Check, floor: int) -> ET.Element:
    case = ET.SubElement(suite, "testcase", classname=f"truehop.verify.{check.place.number}", name=check.id)
    told = legal(f"{check.message}\nhelp: {check.help}" if check.help else check.message)
    if check.verdict is Verdict.UNKNOWN:
        ET.SubElement(case, "error", message=legal(check.message), type="not-judged").text = told
    elif check.verdict is Verdict.LEFT_OUT:
        ET.SubElement(case, "skipped", message=legal(check.message))
    elif check.fails and RANK[check.severity] >= floor:
        ET.SubElement(case, "failure", message=legal(check.message), type=check.severity.value).text = told
    else:
        ET.SubElement(case, "system-out").text = told
    return case


FORMAT = Format("junit", write)
