"""``truehop logs``: the guide's monitoring tip, as a command."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from truehop.cli.execution import Wishes, look
from truehop.errors import Exit

if TYPE_CHECKING:
    from types import FrameType

    from truehop.live.logs.run import LogOutcome

HELP = """Read mail servers' logs: whose addresses do they record?

Finds one address that many accounts log in from, sessions that come from inside a hop's network, a
sudden fall of distinct addresses, and the messages that servers log when the PROXY protocol goes
wrong, each with its meaning and cure. Reads Postfix, Dovecot 2.3 and 2.4, Traefik, nginx, Caddy and
Roundcube, also behind what syslog, Docker and Kubernetes put before a line; files may be packed with
gzip or zstd. Memory stays small however much is read. No account is shown in full unless asked for.

\b
Examples:
  truehop logs /var/log/mail.log*                   files, packed ones too
  kubectl logs -n mail mta-0 | truehop logs -       standard input
  truehop logs --kube -n mail --since 1h            pods, through the Kubernetes API
  truehop logs --kube -n mail --follow              says what it finds as it happens
  truehop logs mail.log --manifests deploy/         the networks of the hops from manifests
  truehop logs mail.log --expect 10.42.0.7          the webmail's pod rightly appears
  truehop logs --kube -n mail --listen :9108        metrics for Prometheus at /metrics
"""
_DURATION = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _seconds(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    del context, parameter
    if value is None:
        return None
    found = _DURATION.fullmatch(value)
    if found is None or not int(found[1]):
        raise click.BadParameter(f"{value!r} is no time such as 30s, 10m, 2h or 1d.")
    return float(int(found[1]) * _SECONDS[found[2]])


def _minutes(context: click.Context, parameter: click.Parameter, value: str) -> int:
    seconds = _seconds(context, parameter, value) or 0.0
    if seconds % 60 or not 60 <= seconds <= 7 * 86400:  # noqa: PLR2004 (a minute, and a week)
        raise click.BadParameter(f"{value!r} is no whole number of minutes up to a week.")
    return int(seconds // 60)


@click.command(help=HELP)
@click.argument("files", nargs=-1, metavar="[FILE|-]...", type=click.Path(allow_dash=True))
@click.option("--kube", is_flag=True, help="Read pods' logs through the Kubernetes API.")
@click.option("--context", "kube_context", default="", metavar="NAME", help="The kubeconfig's context.")
@click.option("-n", "--namespace", default="", metavar="NAME", help="The pods' namespace.")
@click.option("-l", "--selector", default="", metavar="LABELS", help="Only pods with these labels.")
@click.option("--follow", is_flag=True, help="Go on until interrupted, and say at once what is found.")
@click.option(
    "--since", callback=_seconds, metavar="TIME", help="With --kube: only lines of the last 30m, 2h, 1d."
)
@click.option(
    "--window",
    default="10m",
    callback=_minutes,
    metavar="TIME",
    help="Accounts and addresses are counted in windows of this length; default: 10m.",
)
@click.option(
    "--accounts",
    type=click.IntRange(min=2),
    default=10,
    metavar="N",
    help="Accounts behind one address in a window that are told; default: 10.",
)
@click.option(
    "--config",
    default="",
    metavar="FILE",
    help="The configuration that names the networks; default: the truehop.yaml above the current folder.",
)
@click.option(
    "--manifests",
    multiple=True,
    metavar="PATH",
    help="Manifests that tell the networks of the hops; repeatable.",
)
@click.option(
    "--expect",
    multiple=True,
    metavar="NETWORK",
    help="Addresses that rightly appear, such as the webmail's or an office's; repeatable.",
)
@click.option(
    "--listen", default="", metavar="ADDRESS:PORT", help="Serve metrics for Prometheus; implies --follow."
)
@click.option(
    "--top",
    type=click.IntRange(1, 1000),
    default=10,
    metavar="N",
    help="Addresses that are listed; default: 10.",
)
@click.option("--show-accounts", is_flag=True, help="Show accounts in full.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What standard output gets.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    help="The lowest severity that ends with 1; default: error.",
)
@click.option("--allow-empty", is_flag=True, help="Nothing about clients in the logs is no failure.")
@click.option("--no-color", is_flag=True, help="No colours, not even on a terminal.")
def command(**options: Any) -> int:  # noqa: ANN401 (click hands over what the options declare)
    """Read logs."""
    from truehop.live.logs.run import LogRequest, run  # noqa: PLC0415 (quick start)

    _check(options)
    request = LogRequest(
        files=tuple(options["files"]),
        kube=options["kube"],
        context=options["kube_context"],
        namespace=options["namespace"],
        selector=options["selector"],
        follow=options["follow"] or bool(options["listen"]),
        since=options["since"],
        window=options["window"],
        config=options["config"],
        manifests=tuple(options["manifests"]),
        expect=tuple(options["expect"]),
        accounts=options["accounts"],
        listen=options["listen"],
    )
    signal.signal(
        signal.SIGTERM, _interrupt
    )  # what ends a pod ends the reading, and the report is still made
    outcome = run(request, lambda words: click.echo(words, err=True))
    return _tell(outcome, options)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


def _check(options: dict[str, Any]) -> None:
    files = options["files"]
    if bool(files) == options["kube"]:
        raise click.UsageError(
            "Name logs: one or more FILE, - for standard input, or --kube for pods; not both."
        )
    only_kube = [name for name in ("kube_context", "namespace", "selector", "since") if options[name]]
    if only_kube and not options["kube"]:
        raise click.UsageError(f"--{only_kube[0].removeprefix('kube_')} is for pods: add --kube.")
    if "-" in files and len(files) > 1 and (options["follow"] or options["listen"]):
        raise click.UsageError("Follow either files or standard input, not both.")


def _tell(outcome: LogOutcome, options: dict[str, Any]) -> Exit:
    from truehop.live.logs.findings import reaches  # noqa: PLC0415 (quick start)
    from truehop.live.logs.report import Appearance, json_of, text_of  # noqa: PLC0415 (quick start)

    fail_on = options["fail_on"] or outcome.fail_on
    seen = look(Wishes("logs", no_color=options["no_color"]), fail_on, sys.stdout)
    appearance = Appearance(seen.width, seen.colour, seen.unicode, options["show_accounts"], options["top"])
    write = json_of if options["format_"] == "json" else text_of
    click.echo(write(outcome.summary, outcome.found, appearance), nl=False)
    is_empty = not outcome.summary.recognised and not options["allow_empty"]
    if is_empty:
        words = "truehop: nothing was judged: no line about a client was recognised"
        click.echo(f"{words} (--allow-empty makes that no failure)", err=True)
    if outcome.unread or is_empty:
        return Exit.UNJUDGED
    return Exit.FINDINGS if reaches(outcome.found, fail_on) else Exit.CLEAN
