"""From parsed options to reports written and an exit code."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from truehop.errors import Exit, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from truehop.engine.request import Request
    from truehop.findings.outcome import Outcome
    from truehop.reports.base import Look

DEFAULT_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the outcome is to be told."""

    command: str
    format: str = "text"
    outputs: tuple[tuple[str, Path], ...] = ()
    fail_on: str | None = None
    allow_empty: bool = False
    verbosity: int = 0
    no_color: bool = False


def execute(request: Request, wishes: Wishes) -> Exit:
    """Run the engine, write every report, and say how it ended."""
    from truehop.engine.runner import load_settings, run  # noqa: PLC0415 (quick start)

    settings = load_settings(request)
    outcome = run(request, settings, progress=progress if sys.stderr.isatty() else None)
    fail_on = wishes.fail_on or settings.fail_on or "error"
    short = ""
    if request.write_baseline:
        number = _write_baseline(Path(settings.baseline), outcome)
        short = f"{number} finding{'' if number == 1 else 's'} accepted in {settings.baseline}\n"
    _tell(outcome, wishes, fail_on, short)
    _complain(outcome, wishes)
    return status(
        outcome, fail_on="never" if request.write_baseline else fail_on, allow_empty=wishes.allow_empty
    )


def status(outcome: Outcome, *, fail_on: str, allow_empty: bool) -> Exit:
    """The exit code; the highest that holds."""
    if outcome.crashes:
        return Exit.CRASHED
    if outcome.unjudged or not (outcome.relevant or allow_empty):
        return Exit.UNJUDGED
    return Exit.FINDINGS if outcome.reaches(fail_on) else Exit.CLEAN


def look(wishes: Wishes, fail_on: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> Look:
    """How a report on a stream is to look: colours and lines only where they can be shown."""
    from truehop.reports.base import Look  # noqa: PLC0415 (quick start)

    is_terminal = stream.isatty()
    forced = bool(environment.get("FORCE_COLOR"))
    is_plain = wishes.no_color or bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
    return Look(
        width=max(shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns, 40),
        colour=not is_plain and (forced or is_terminal),
        unicode=is_terminal and encoding == "utf8",
        verbosity=wishes.verbosity,
        fail_on=fail_on,
    )


def _tell(outcome: Outcome, wishes: Wishes, fail_on: str, short: str = "") -> None:
    """Write all reports; the short words stand for the text on standard output where there are any."""
    from truehop.reports.base import Look, formats  # noqa: PLC0415 (quick start)

    known = formats(wishes.command)
    plain = Look(verbosity=wishes.verbosity, fail_on=fail_on)
    save(wishes, lambda name: known[name].write(outcome, plain))
    if not short or wishes.format != "text":
        short = known[wishes.format].write(outcome, look(wishes, fail_on, sys.stdout))
    click.echo(short, nl=False)


def save(wishes: Wishes, write: Callable[[str], str]) -> None:
    """Put each report that is wanted in a file there; ``write`` makes the text of a format.

    Raises:
        UserError: a file cannot be written.
    """
    for name, path in wishes.outputs:
        text = write(name)
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UserError("the report cannot be written", place=str(path), cure=str(error)) from error


def _complain(outcome: Outcome, wishes: Wishes) -> None:
    """What has to be heard whatever the format is."""
    for crash in outcome.crashes:
        words = f"truehop: {crash.part} crashed: {crash.error}"
        cure = "this is a bug in truehop, not in your files; please report it with the text below"
        click.echo(f"{words}\n  {cure}\n{crash.traceback}", err=True)
    if not outcome.relevant and not outcome.unjudged:
        hint = "" if wishes.allow_empty else " (--allow-empty makes that no failure)"
        files = f"{outcome.checked.files} files, {outcome.checked.objects} objects"
        words = f"nothing that truehop judges in {files}" if outcome.checked.files else "no input was found"
        click.echo(f"truehop: nothing was checked: {words}{hint}", err=True)


def _write_baseline(path: Path, outcome: Outcome) -> int:
    """Write the baseline, and say how many findings it accepts."""
    from truehop.findings.baseline import ACCEPTED, dump  # noqa: PLC0415 (quick start)

    known = [found for found in outcome.suppressed if found.suppressed_by == ACCEPTED]
    try:
        path.write_text(dump([*outcome.findings, *known]), encoding="utf-8")
    except OSError as error:
        raise UserError("the baseline cannot be written", place=str(path), cure=str(error)) from error
    return len(outcome.findings) + len(known)


def progress(words: str) -> None:
    """One line on the terminal that the next one replaces; empty words wipe it."""
    click.echo(f"\r\x1b[K{words}", err=True, nl=False, color=True)
