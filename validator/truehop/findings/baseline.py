"""The baseline file: findings that were there before, accepted for now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from truehop.errors import UserError
from truehop.findings.outcome import Finding, Suppression

VERSION = 1
ACCEPTED = Suppression("baseline", "listed in the baseline")


def dump(findings: Iterable[Finding]) -> str:
    """The findings as baseline text: rule, path and message are for people, the fingerprint counts."""
    entries = sorted(
        (
            {
                "rule": finding.rule,
                "path": finding.at.path,
                "message": finding.report.message,
                "fingerprint": finding.fingerprint,
            }
            for finding in findings
        ),
        key=lambda entry: (entry["path"], entry["rule"], entry["message"], entry["fingerprint"]),
    )
    return json.dumps({"version": VERSION, "findings": entries}, indent=2, ensure_ascii=False) + "\n"


def load(text: str, path: str) -> frozenset[str]:
    """The fingerprints in a baseline text.

    Raises:
        UserError: it is no baseline of a version we know.
    """
    cure = "write it anew with --write-baseline"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError("the baseline is not JSON", place=path, cure=cure) from error
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise UserError("this is not a baseline of version 1", place=path, cure=cure)
    entries = content.get("findings")
    if not isinstance(entries, list):
        raise UserError("the baseline has no list of findings", place=path, cure=cure)
    prints = [entry.get("fingerprint") if isinstance(entry, dict) else None for entry in entries]
    if not all(isinstance(found, str) for found in prints):
        raise UserError("an entry of the baseline has no fingerprint", place=path, cure=cure)
    return frozenset(str(found) for found in prints)


def accept(findings: Sequence[Finding], known: frozenset[str]) -> tuple[list[Finding], int]:
    """The findings with the known ones marked, and how many known ones are there no longer."""
    marked = [
        replace(finding, suppressed_by=ACCEPTED)
        if finding.suppressed_by is None and finding.fingerprint in known
        else finding
        for finding in findings
    ]
    return marked, len(known - {finding.fingerprint for finding in findings})
