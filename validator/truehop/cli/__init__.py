"""The command line. It parses, calls the engine and hands the outcome to the report formats.

Only click is imported up here: ``truehop --version`` has to be quick.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import click

from truehop import __version__
from truehop.cli import commands
from truehop.errors import Exit, UserError

INTERRUPTED = 130  # 128 + SIGINT, as shells say it
HELP = """Does a mail server on Kubernetes see the real address of its client?

truehop follows a connection hop by hop from the internet to each mail listener, says what the
server will believe and who could lie to it, and points at the line to change.

\b
Examples:
  truehop check                         the current folder
  truehop check charts/mail -f prod.yaml
  helm template mail . | truehop check -
  truehop path deploy/                  the picture of every public port
  truehop explain trust-any-address     why a finding matters, and the cure
"""
EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code.value}  {code.meaning}" for code in Exit)


@click.group(
    no_args_is_help=True,
    help=HELP,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="truehop", message="%(prog)s %(version)s")
def truehop() -> None:
    """Hold the commands: every module of ``truehop.cli.commands`` is one."""


for _entry in pkgutil.iter_modules(commands.__path__):
    truehop.add_command(importlib.import_module(f"{commands.__name__}.{_entry.name}").command, _entry.name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    if arguments is None:  # the process ends with the command, and its memory with it
        gc.disable()
    try:
        status = truehop.main(
            list(arguments) if arguments is not None else None, prog_name="truehop", standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except UserError as error:
        click.echo(f"truehop: {error}", err=True)
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _let_go()
        return Exit.CLEAN
    except Exception as error:  # noqa: BLE001 (a bug of ours must not end with the code for findings)
        import traceback  # noqa: PLC0415 (quick start)

        told = f"truehop: crashed: {type(error).__name__}: {error}"
        click.echo(f"{told}\n  this is a bug in truehop, not in your files; please report it", err=True)
        click.echo(traceback.format_exc(), err=True)
        return Exit.CRASHED
    return int(status) if isinstance(status, int) else Exit.CLEAN


def _let_go() -> None:
    """Nobody reads standard output any more: let the interpreter flush it to nowhere."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is no real file, as in tests
        return
