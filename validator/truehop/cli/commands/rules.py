"""``truehop rules``: the catalogue."""

from __future__ import annotations

import click

HELP = """List every rule: id, severity, group and when it fires.

\b
Example:
  truehop rules --format json
"""


@click.command(help=HELP)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
def command(format_: str) -> None:
    """List."""
    from truehop.cli.catalogue import as_json, as_table  # noqa: PLC0415 (quick start)

    click.echo(as_json() if format_ == "json" else as_table())
