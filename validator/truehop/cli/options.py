"""The options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from truehop.cli.formats import completion_of, format_of, outputs_of

F = TypeVar("F", bound=Callable[..., Any])


def common(command: str, formats: str) -> Callable[[F], F]:
    """Paths, configuration, rendering and output: everything a run is asked; ``formats`` is for the help."""

    def names() -> list[str]:
        from truehop.reports.base import formats as known  # noqa: PLC0415 (quick start)

        return list(known(command))

    decorators = [
        click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(allow_dash=True)),
        click.option(
            "--config", metavar="FILE", help="The configuration; default: the truehop.yaml above PATH."
        ),
        click.option(
            "--format",
            "format_",
            default="text",
            metavar="FORMAT",
            callback=format_of(names),
            shell_complete=completion_of(names),
            help=f"What standard output gets: {formats}.",
        ),
        click.option(
            "--output",
            "outputs",
            multiple=True,
            metavar="FORMAT=FILE",
            callback=outputs_of(names, "sarif=truehop.sarif"),
            help="Another report, into a file; repeatable.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "info", "never"]),
            help="The lowest severity that ends with 1; default: error.",
        ),
        click.option("--allow-empty", is_flag=True, help="Nothing relevant in the input is no failure."),
        click.option("--baseline", metavar="FILE", default="", help="Findings listed in FILE are accepted."),
        *_RENDERING,
        click.option(
            "--world",
            type=click.Choice(["open", "closed"]),
            default=None,
            help="What the input does not show: unknown, or not there.",
        ),
        click.option("--allow-remote", is_flag=True, help="Kustomizations may fetch from elsewhere."),
        click.option("--jobs", type=click.IntRange(min=0), default=0, help="Worker processes; 0 chooses."),
        click.option(
            "--no-scan", is_flag=True, hidden=True, help="Parse everything, whatever a quick look says."
        ),
        click.option("-q", "--quiet", is_flag=True, help="One line per finding, no summary."),
        click.option("-v", "--verbose", is_flag=True, help="Accepted findings and every step as well."),
        click.option("--no-color", is_flag=True, help="No colours, not even on a terminal."),
    ]

    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


_RENDERING = [
    click.option(
        "-f", "--values", multiple=True, metavar="FILE", help="Values for charts, as in Helm; repeatable."
    ),
    click.option(
        "--set", "sets", multiple=True, metavar="KEY=VALUE", help="A value, as in Helm; repeatable."
    ),
    click.option(
        "--set-string",
        "set_strings",
        multiple=True,
        metavar="KEY=VALUE",
        help="A text value, as in Helm; repeatable.",
    ),
    click.option("--release", default="", metavar="NAME", help="The release's name for charts."),
    click.option(
        "-n", "--namespace", default="", metavar="NAME", help="Where objects are that do not say it."
    ),
]
