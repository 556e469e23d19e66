"""The names of formats as option values; the formats themselves are imported only when one is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

#: Asks a command's formats for their names.
Names = Callable[[], Iterable[str]]


def _checked(names: Names, name: str) -> str:
    known = list(names())
    if name not in known:
        raise click.BadParameter(f"{name!r} is not one of {', '.join(known)}.")
    return name


def format_of(names: Names) -> Callable[[click.Context, click.Parameter, str], str]:
    """A callback for an option that names a format of the command."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        del context, parameter
        return value if value == "text" else _checked(names, value)

    return check


def outputs_of(
    names: Names, example: str
) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[tuple[str, Path], ...]]:
    """A callback for an option of ``FORMAT=FILE`` values; ``example`` is one, for who writes none."""

    def check(
        context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
    ) -> tuple[tuple[str, Path], ...]:
        del context, parameter
        return tuple(_split(names, value, example) for value in values)

    return check


def _split(names: Names, value: str, example: str) -> tuple[str, Path]:
    name, equals, path = value.partition("=")
    if not equals or not path:
        raise click.BadParameter(f"{value!r} is not FORMAT=FILE, such as {example}.")
    return _checked(names, name), Path(path)


def completion_of(names: Names) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Shell completion of a format's name."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        del context, parameter
        return [name for name in names() if name.startswith(incomplete)]

    return complete
