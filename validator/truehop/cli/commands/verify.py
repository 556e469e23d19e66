"""``truehop verify``: a running mail stack, as its clients meet it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from truehop.cli.formats import format_of, outputs_of

F = TypeVar("F", bound=Callable[..., Any])

HELP = """Try a running mail stack from where you are: ports, TLS, certificates, forged headers, addresses.

HOST is the name that mail programs use. Each of the ports 25, 465, 587, 143, 993, 110, 995, 4190, 443
and 80 is tried over IPv4 and IPv6. With a log at hand truehop finds its own sessions there and tells
whose address the server has written down. Only the host you name gets forged headers, with addresses of
192.0.2.0/24 and 2001:db8::/32; no port gets more than 15 connections a minute.

\b
Examples:
  truehop verify mail.example.com                    ports, TLS, certificates, what a forger gets
  truehop verify mail.example.com --kube-context prod -n mail
                                                     and whose address the servers record
  kubectl logs -n mail -l app.kubernetes.io/instance=mail --all-containers --prefix -f |
    truehop verify mail.example.com --log -          the same from a pipe
  truehop verify mail.example.com --manifests charts/mail -f prod.yaml --log /var/log/mail.log
                                                     against what the chart promises
  truehop verify mail.example.com --allowlist-check  rules that let you alone in, to apply by hand
  truehop verify mail.example.com --from-inside --port 25=mta:25 --port 993=mda:993 \\
    --local-header 25,993 --expect-closed 110,143,redis:6379
                                                     as a Job in the cluster
"""


def _names() -> list[str]:
    from truehop.live.verify.reports.base import formats  # noqa: PLC0415 (quick start)

    return list(formats())


_OPTIONS = [
    click.argument("host", required=False, default=""),
    # --- what is tried
    click.option(
        "--ports", default="", metavar="PORTS", help="Only these ports: numbers or names, by commas."
    ),
    click.option(
        "--port",
        "elsewhere",
        multiple=True,
        metavar="PORT=HOST:PORT",
        help="Where a public port is reached instead; only the named ports are tried then; repeatable.",
    ),
    click.option("--expect-open", default="", metavar="PORTS", help="Ports that have to be open."),
    click.option(
        "--expect-closed", default="", metavar="PORTS", help="Ports that must be closed; HOST:PORT as well."
    ),
    click.option(
        "--demands-header",
        default="",
        metavar="PORTS",
        help="Ports that must turn away who sends no PROXY header.",
    ),
    click.option(
        "--name", "names", multiple=True, metavar="NAME", help="A name that certificates hold; default: HOST."
    ),
    click.option(
        "--days", type=click.IntRange(0), default=14, help="Days a certificate has to hold; default: 14."
    ),
    click.option(
        "--ca-file", default="", metavar="FILE", help="Authorities to trust instead of the system's."
    ),
    click.option("--no-chain", is_flag=True, help="Do not ask who stands behind certificates."),
    click.option("--ipv4", is_flag=True, help="Only over IPv4."),
    click.option("--ipv6", is_flag=True, help="Only over IPv6."),
    click.option("--no-forge", is_flag=True, help="Send no forged headers."),
    # --- whose address is recorded
    click.option(
        "--log", "logs", multiple=True, metavar="FILE", help="A log that grows, or - for a pipe; repeatable."
    ),
    click.option(
        "--kube-context",
        default=None,
        metavar="NAME",
        help="Logs of the pods there; '' is the current context.",
    ),
    click.option(
        "-n", "--namespace", default="", metavar="NAME", help="Where the pods are, or the chart's objects."
    ),
    click.option("--selector", default="", metavar="LABELS", help="Only the logs of pods with these labels."),
    click.option(
        "--expect-ip",
        "expected",
        multiple=True,
        metavar="IP",
        help="This machine's address outside; repeatable.",
    ),
    click.option("--no-login", is_flag=True, help="Let no login fail."),
    click.option(
        "--logins",
        type=click.IntRange(0, 20),
        default=4,
        help="Logins that may fail, for each family; default: 4.",
    ),
    click.option(
        "--user",
        default="",
        metavar="NAME",
        help="Log in for real; TRUEHOP_PASSWORD or a file has the password.",
    ),
    click.option(
        "--password-file", default="", metavar="FILE", help="The user's password, in the first line."
    ),
    click.option(
        "--allowlist-check", is_flag=True, help="Print the rules that let you alone in, and do nothing."
    ),
    # --- from inside
    click.option(
        "--from-inside", is_flag=True, help="This runs in the cluster: TLS and routing, and no lies."
    ),
    click.option(
        "--local-header",
        default="",
        metavar="PORTS",
        help="Ports that get a PROXY v2 LOCAL header first; all is each.",
    ),
    # --- what should be
    click.option(
        "--manifests", multiple=True, metavar="PATH", help="Manifests, chart or - to learn from; repeatable."
    ),
    click.option(
        "-f", "--values", multiple=True, metavar="FILE", help="Values for the chart, as in Helm; repeatable."
    ),
    click.option(
        "--set", "sets", multiple=True, metavar="KEY=VALUE", help="A value, as in Helm; repeatable."
    ),
    click.option("--release", default="", metavar="NAME", help="The release's name for the chart."),
    click.option(
        "--config",
        default="",
        metavar="FILE",
        help="The configuration; default: the truehop.yaml above PATH.",
    ),
    # --- how it is done and told
    click.option(
        "--timeout",
        type=click.FloatRange(0.1, 600),
        default=10.0,
        help="Seconds for one answer; default: 10.",
    ),
    click.option(
        "--deadline",
        type=click.FloatRange(1, 3600),
        default=300.0,
        help="Seconds for all of it; default: 300.",
    ),
    click.option(
        "--format",
        "format_",
        default="text",
        metavar="FORMAT",
        callback=format_of(_names),
        help="What standard output gets: text, json, junit or sarif.",
    ),
    click.option(
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=outputs_of(_names, "junit=verify.xml"),
        help="Another report, into a file; repeatable.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "never"]),
        default="error",
        help="The lowest severity that ends with 1; default: error.",
    ),
    click.option("--allow-empty", is_flag=True, help="No open port is no failure."),
    click.option("-q", "--quiet", is_flag=True, help="One line for each failure, nothing else."),
    click.option("-v", "--verbose", is_flag=True, help="What is in order as well."),
    click.option("--no-color", is_flag=True, help="No colours, not even on a terminal."),
]


def _all(function: F) -> F:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command(help=HELP)
@_all
def command(**options: Any) -> int:  # noqa: ANN401 (click hands over what the options declare)
    """Verify."""
    from truehop.cli.verification import execute  # noqa: PLC0415 (quick start)

    return execute(options)
