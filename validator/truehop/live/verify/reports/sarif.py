"""SARIF 2.1.0: failures as results whose place is a host and a port, for no file is at fault."""

from __future__ import annotations

import hashlib

from truehop import __version__
from truehop.live.verify.checks import CATALOGUE, Check, Place, Verdict, Verification
from truehop.live.verify.reports.base import Format
from truehop.reports.base import Look
from truehop.reports.json_v1 import Value
from truehop.reports.sarif import LEVELS, log_of, named


def write(found: Verification, look: Look) -> str:
    """One run with every check, the failures, and what could not be judged."""
    del look
    index = {id_: number for number, id_ in enumerate(CATALOGUE)}
    lost: list[Value] = [_lost(check) for check in found.checks if check.verdict is Verdict.UNKNOWN]
    lost += [{"level": "note", "message": {"text": note}} for note in found.notes]
    invocation: dict[str, Value] = {"executionSuccessful": True}
    if lost:
        invocation["toolExecutionNotifications"] = lost
    run: dict[str, Value] = {
        "tool": {
            "driver": {
                "name": "truehop verify",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [named(id_, demand) for id_, demand in CATALOGUE.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_result(check, index[check.id]) for check in found.checks if check.fails],
    }
    return log_of(run)


def _result(check: Check, index: int) -> Value:
    identity = f"{check.id} {check.place.number} {check.place.where} {check.place.address}"
    return {
        "ruleId": check.id,
        "ruleIndex": index,
        "level": LEVELS[check.severity],
        "message": {"text": f"{check.message}\n{check.help}" if check.help else check.message},
        "locations": [_place(check.place)],
        "partialFingerprints": {"truehopVerify/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }


def _lost(check: Check) -> Value:
    text = f"{check.id} not judged: {check.message}"
    return {"level": "warning", "message": {"text": text}, "locations": [_place(check.place)]}


def _place(place: Place) -> dict[str, Value]:
    logical: dict[str, Value] = {
        "name": place.where,
        "fullyQualifiedName": f"{place.where} ({place.address})" if place.address else place.where,
        "kind": "resource",
    }
    return {"logicalLocations": [logical]}


FORMAT = Format("sarif", write)
