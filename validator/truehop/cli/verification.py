"""``truehop verify`` from its options to reports written and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from truehop.cli.execution import Wishes, look, progress, save
from truehop.errors import Exit, UserError

if TYPE_CHECKING:
    from truehop.live.verify.checks import Verification
    from truehop.live.verify.knowledge import Knowledge
    from truehop.live.verify.logs import Log
    from truehop.live.verify.order import Order

STDIN = "-"


def execute(options: Mapping[str, Any]) -> Exit:
    """Do what the options say, and say how it ended.

    Raises:
        UserError: options that cannot be met.
    """
    from truehop.live.verify.knowledge import Knowledge  # noqa: PLC0415 (quick start)
    from truehop.live.verify.request import order_of  # noqa: PLC0415 (quick start)

    if STDIN in options["logs"] and STDIN in options["manifests"]:
        cure = "keep one of them in a file"
        raise UserError("standard input cannot be log and manifests", place="--log -", cure=cure)
    knowledge = _learn(options) if options["manifests"] or options["values"] else Knowledge()
    order = order_of(_asked(options), knowledge, os.environ)
    if options["allowlist_check"]:
        return _show_allowlist(order, knowledge)
    wishes = Wishes(
        command="verify",
        format=options["format_"],
        outputs=tuple(options["outputs"]),
        allow_empty=options["allow_empty"],
        verbosity=int(options["verbose"]) - int(options["quiet"]),
        no_color=options["no_color"],
    )
    found = _run(options, order, knowledge)
    _tell(found, wishes, options["fail_on"])
    return _status(found, options["fail_on"], allow_empty=wishes.allow_empty)


def _run(options: Mapping[str, Any], order: Order, knowledge: Knowledge) -> Verification:
    from truehop.live.verify.run import Runner  # noqa: PLC0415 (quick start)

    is_shown = _is_watched()

    def tell(words: str) -> None:
        if is_shown:
            progress(words)

    def warn(words: str) -> None:
        tell("")
        click.echo(f"truehop: {words}", err=True)

    try:
        return Runner(order, knowledge, _log(options, warn), tell=tell, warn=warn).run()
    finally:
        tell("")


def _is_watched() -> bool:
    return sys.stderr.isatty()


def _status(found: Verification, fail_on: str, *, allow_empty: bool) -> Exit:
    """The exit code; the highest that holds."""
    from truehop.live.verify.checks import Verdict  # noqa: PLC0415 (quick start)

    is_lost = found.is_empty and not allow_empty
    if is_lost:
        click.echo(
            f"truehop: nothing was judged: {found.host} has no open port (--allow-empty allows that)",
            err=True,
        )
    if is_lost or found.count(Verdict.UNKNOWN):
        return Exit.UNJUDGED
    return Exit.FINDINGS if found.reaches(fail_on) else Exit.CLEAN


def _tell(found: Verification, wishes: Wishes, fail_on: str) -> None:
    from truehop.live.verify.reports.base import formats  # noqa: PLC0415 (quick start)
    from truehop.reports.base import Look  # noqa: PLC0415 (quick start)

    known = formats()
    plain = Look(verbosity=wishes.verbosity, fail_on=fail_on)
    save(wishes, lambda name: known[name].write(found, plain))
    click.echo(known[wishes.format].write(found, look(wishes, fail_on, sys.stdout)), nl=False)


def _show_allowlist(order: Order, knowledge: Knowledge) -> Exit:
    from truehop.live.verify.allowlist import allowlist  # noqa: PLC0415 (quick start)
    from truehop.live.verify.order import addresses_of  # noqa: PLC0415 (quick start)
    from truehop.live.verify.wire import own_address  # noqa: PLC0415 (quick start)

    found = order.expected
    if not found:
        way = (own_address(one) for one in addresses_of(order.host, order.families, order.patience))
        found = tuple(one for one in way if one)
    click.echo(allowlist(order.host, found, knowledge, order.ports), nl=False)
    return Exit.CLEAN


def _learn(options: Mapping[str, Any]) -> Knowledge:
    from truehop.engine.request import Request  # noqa: PLC0415 (quick start)
    from truehop.live.verify.knowledge import learn  # noqa: PLC0415 (quick start)

    # Values alone are those of a chart that truehop knows by its values.
    paths = options["manifests"] or options["values"]
    return learn(
        Request(
            paths=tuple(paths),
            config=options["config"],
            values=tuple(options["values"]) if options["manifests"] else (),
            set=tuple(options["sets"]),
            release=options["release"],
            namespace=options["namespace"],
        )
    )


def _asked(options: Mapping[str, Any]) -> Any:  # noqa: ANN401 (imported late)
    from truehop.live.verify.request import Asked  # noqa: PLC0415 (quick start)

    only = (4,) if options["ipv4"] else (6,) if options["ipv6"] else (4, 6)
    return Asked(
        host=options["host"],
        ports=options["ports"],
        elsewhere=options["elsewhere"],
        expect_open=options["expect_open"],
        expect_closed=options["expect_closed"],
        demanding=options["demands_header"],
        local=options["local_header"],
        names=options["names"],
        families=(4, 6) if options["ipv4"] and options["ipv6"] else only,
        expected=options["expected"],
        is_inside=options["from_inside"],
        forges=not options["no_forge"],
        logins=0 if options["no_login"] else options["logins"],
        user=options["user"],
        password_file=options["password_file"],
        ca_file=options["ca_file"],
        judges_chain=not options["no_chain"],
        days=options["days"],
        patience=options["timeout"],
        deadline=options["deadline"],
    )


def _log(options: Mapping[str, Any], warn: Callable[[str], None]) -> Log | None:
    """The logs that are named, None where none is."""
    from truehop.live.verify.logs import File, Logs, Pods, Stream  # noqa: PLC0415 (quick start)

    found: list[Log] = [
        Stream(sys.stdin.fileno()) if name == STDIN else File(Path(name)) for name in options["logs"]
    ]
    if options["kube_context"] is not None:
        found.append(Pods(options["kube_context"], options["namespace"], options["selector"], warn))
    return Logs(tuple(found)) if found else None
