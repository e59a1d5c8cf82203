"""The whole command line as typer knows it: every command, its options, and its help."""

import re
from typing import Annotated

import typer

from arpc import __version__
from arpc.cli import (
    access,
    across,
    attach,
    changes,
    check,
    diff,
    doctor,
    find,
    pictures,
    printer,
    report,
    retention,
    save,
    sealing,
    show,
    signoff,
    start,
    trace,
    when,
    write,
)
from arpc.cli.commands import Command, Grouped
from arpc.errors import ArpcError

_WHOLE = 10_000  # columns; no line is as long
_STOPPED = 130  # what typer makes of an interruption

app = typer.Typer(
    name="arpc",
    cls=Grouped,
    help="Case records for assessing the risk a man may pose to children, as plain text.",
    epilog="`arpc demo practice` makes a folder of invented people to try it in; `arpc explain` says what "
    "any command, rule, clock, record kind or field means.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for module in (
    *(start, write, save, changes, attach, across, check, show, find, trace, diff, when, report),
    *(pictures, sealing, access, retention, doctor, signoff),
):
    for command in module.COMMANDS:
        app.command(module.COMMANDS[command], cls=Command, no_args_is_help=False)(command)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"arpc {__version__}")
        raise typer.Exit


def _print_all(context: typer.Context, asked: bool) -> None:
    if asked:
        context.params["help_all"] = True
        typer.echo(context.get_help())
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
    help_all: Annotated[
        bool,
        typer.Option("--help-all", help="Show every command.", is_eager=True, callback=_print_all),
    ] = False,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain",
            help="Print for a screen reader: in words, line by line; ARPC_PLAIN=1 does so always.",
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command; `arpc.cli` has taken `--plain` already."""


def run(arguments: list[str]) -> int:
    """Carry out a command line; return its exit code.

    Raises:
        ArpcError: The command line cannot be read, or the command could not run.
        KeyboardInterrupt: The user stopped it, or answered no question any more.
    """
    # Help for somebody who listens is broken by nobody but the screen.
    width = {"terminal_width": _WHOLE} if printer.is_plain() else {}
    try:
        # Nothing typed is a question, not a mistake.
        code = app(arguments or ["--help"], prog_name="arpc", standalone_mode=False, **width)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        raise ArpcError(*_usage(error)) from None
    if code == _STOPPED:
        raise KeyboardInterrupt
    return int(code or 0)


def _usage(error: typer.TyperException) -> tuple[str, str]:
    """What typer says of a command line that it cannot read, in our form."""
    context = getattr(error, "ctx", None)
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    message = re.sub(
        r",?\s+", lambda gap: ", " if "," in gap[0] else " ", message
    )  # it may be a list
    hint = f"`{context.command_path if context else 'arpc'} --help` shows how it is used"
    if getattr(error, "option_name", "") == "--plain":
        hint = "it stands before the command: `arpc --plain COMMAND`"
    return message[:1].lower() + message[1:].rstrip("."), hint
