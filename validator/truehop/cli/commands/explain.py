"""``truehop explain``: a rule's page."""

from __future__ import annotations

import click

HELP = """Tell why a rule matters, with a bad and a good sample and the cure.

\b
Example:
  truehop explain trust-any-address
"""


@click.command(help=HELP)
@click.argument("rule")
def command(rule: str) -> None:
    """Explain."""
    import inspect  # noqa: PLC0415 (quick start)

    from truehop.cli.catalogue import find_rule  # noqa: PLC0415 (quick start)

    found = find_rule(rule)
    click.echo(f"{found.id} ({found.severity}, group {found.group}, since {found.since})\n")
    click.echo(inspect.cleandoc(found.doc))
    if found.settings:
        click.echo("\n## Settings\n")
        for setting in found.settings:
            click.echo(f"- {setting.name} (default {setting.default!r}): {setting.doc}")
