"""``truehop check``: the findings."""

from __future__ import annotations

from typing import Any

import click

from truehop.cli.options import common

HELP = """Find what loses the client's address, or lets somebody forge it.

PATH is a file, a folder, - for standard input, a chart's folder (rendered with the helm you have),
a kustomization, or a values file. Without PATH the current folder is checked.

\b
Examples:
  truehop check deploy/
  truehop check charts/mail -f prod.yaml --release mail --namespace mail
  kubectl kustomize overlays/prod | truehop check -
  truehop check --format github --output sarif=truehop.sarif
  truehop check --baseline known.json --write-baseline
"""


@click.command(help=HELP)
@common("check", "text, json, sarif, junit or github")
@click.option("--write-baseline", is_flag=True, help="Write today's findings into the baseline.")
def command(**options: Any) -> int:  # noqa: ANN401 (click hands over what the options declare)
    """Lint."""
    from truehop.cli.execution import execute  # noqa: PLC0415 (quick start)
    from truehop.cli.parsing import request_of, wishes_of  # noqa: PLC0415 (quick start)

    return execute(request_of(options), wishes_of("check", options))
