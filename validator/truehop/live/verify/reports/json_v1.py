"""The JSON report of a verification, version 1: a frozen format of its own."""

from __future__ import annotations

import json

from truehop import __version__
from truehop.live.verify.checks import CATALOGUE, Check, Place, Seen, Verdict, Verification
from truehop.live.verify.reports.base import Format
from truehop.reports.base import Look
from truehop.reports.json_v1 import Value
from truehop.rules.base import Severity


def write(found: Verification, look: Look) -> str:
    """The document of ``schemas/verify-v1.schema.json``."""
    del look
    return json.dumps(document(found), indent=2, ensure_ascii=False) + "\n"


def document(found: Verification) -> dict[str, Value]:
    """The report as a tree of plain values."""
    return {
        "version": 1,
        "tool": {"name": "truehop", "version": __version__},
        "host": found.host,
        "from": "inside" if found.is_inside else "outside",
        "summary": {
            "pass": found.count(Verdict.PASS),
            **{severity.value: found.failures(severity) for severity in Severity},
            "unknown": found.count(Verdict.UNKNOWN),
            "leftOut": found.count(Verdict.LEFT_OUT),
        },
        "ports": [_seen(seen) for seen in found.ports],
        "checks": [_check(check) for check in found.checks],
        "notes": list(found.notes),
        "failedLogins": list(found.logins),
    }


def _place(place: Place) -> dict[str, Value]:
    return {
        "publicPort": place.number,
        "protocol": place.protocol,
        "host": place.host,
        "port": place.port,
        "address": place.address or None,
    }


def _seen(seen: Seen) -> Value:
    return {
        **_place(seen.place),
        "state": seen.state,
        "recorded": seen.recorded.value,
        "recordedAddress": seen.address or None,
        "hop": seen.hop or None,
        "ownAddress": seen.expected or None,
        "predicted": seen.predicted or None,
    }


def _check(check: Check) -> Value:
    return {
        "check": check.id,
        "demand": CATALOGUE[check.id],
        "verdict": check.verdict.value,
        "severity": check.severity.value if check.fails else None,
        "message": check.message,
        "help": check.help,
        **_place(check.place),
    }


FORMAT = Format("json", write)
