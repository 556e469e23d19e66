"""``truehop path``: the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from truehop.cli.options import common

HELP = """Draw the way of every public port, hop by hop: what is believed and who can lie.

\b
Examples:
  truehop path deploy/
  truehop path -v charts/mail           each step of each walk, and the graph
  truehop path --format mermaid . > path.mmd
"""


@click.command(help=HELP)
@common("path", "text, mermaid or json")
def command(**options: Any) -> int:  # noqa: ANN401 (click hands over what the options declare)
    """Draw."""
    from truehop.cli.execution import execute  # noqa: PLC0415 (quick start)
    from truehop.cli.parsing import request_of, wishes_of  # noqa: PLC0415 (quick start)

    request = replace(request_of(options), tells_graph=options["verbose"] and not options["quiet"])
    return execute(request, wishes_of("path", options))
