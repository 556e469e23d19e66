"""The names of formats as option values; the formats themselves are imported only when one is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click


def _names(command: str) -> list[str]:
    from truehop.reports.base import formats  # noqa: PLC0415 (quick start)

    return list(formats(command))


def _checked(command: str, name: str) -> str:
    names = _names(command)
    if name not in names:
        raise click.BadParameter(f"{name!r} is not one of {', '.join(names)}.")
    return name


def format_of(command: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """A callback for an option that names a format of the command."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        del context, parameter
        return value if value == "text" else _checked(command, value)

    return check


def outputs_of(
    command: str,
) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[tuple[str, Path], ...]]:
    """A callback for an option of ``FORMAT=FILE`` values."""

    def check(
        context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
    ) -> tuple[tuple[str, Path], ...]:
        del context, parameter
        return tuple(_split(command, value) for value in values)

    return check


def _split(command: str, value: str) -> tuple[str, Path]:
    name, equals, path = value.partition("=")
    if not equals or not path:
        raise click.BadParameter(f"{value!r} is not FORMAT=FILE, such as sarif=truehop.sarif.")
    return _checked(command, name), Path(path)


def completion_of(command: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Shell completion of a format's name."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        del context, parameter
        return [name for name in _names(command) if name.startswith(incomplete)]

    return complete
