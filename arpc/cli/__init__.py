"""The command line: each command parses, calls one use case, prints, and sets the exit code.

0 fine, 1 at least one error that counts now, 2 could not run. Only this package reads the clock, the
environment and the terminal. Commands import what they need when they run, so that `--version`,
`--help` and completion stay quick.
"""

import os
import sys
from typing import Annotated

import typer

from arpc import __version__
from arpc.cli import check, report, start, when
from arpc.errors import ArpcError

app = typer.Typer(
    name="arpc",
    help="Case records for assessing the risk a man may pose to children, as plain text.",
    epilog="`arpc explain` says what any rule, clock, record kind or field means.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for module in (start, check, when, report):
    for command in module.COMMANDS:
        app.command(module.COMMANDS[command], no_args_is_help=False)(command)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"arpc {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line; nothing but its own words ever reaches the user."""
    _use_utf8()
    try:
        # Nothing typed is a question, not a mistake.
        code = app(sys.argv[1:] or ["--help"], prog_name="arpc", standalone_mode=False)
    except ArpcError as error:
        code = _tell(str(error), error.hint)
    except typer.Abort:
        code = _tell("stopped; nothing more was done")
    except typer.TyperException as error:
        code = _tell(*_usage(error))
    except KeyboardInterrupt:
        code = _tell("stopped; nothing more was done")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if os.environ.get("ARPC_DEBUG"):
            raise
        code = _tell(
            _defect(error), "run it again with ARPC_DEBUG=1, on practice records, to see more"
        )
    sys.exit(code or 0)


def _use_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _tell(message: str, hint: str = "") -> int:
    from arpc.cli import printer

    err = printer.err()
    err.styled(("error", "arpc: error: "), message)
    if hint:
        err.styled(("faint", "arpc: hint: "), hint)
    return 2


def _usage(error: typer.TyperException) -> tuple[str, str]:
    """What typer says of a command line that it cannot read, in our form."""
    context = getattr(error, "ctx", None)
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    hint = f"`{context.command_path if context else 'arpc'} --help` shows how it is used"
    return message[:1].lower() + message[1:].rstrip("."), hint


def _defect(error: Exception) -> str:
    """Where a defect of ours lies, without the text that it may have met."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    return f"a defect in arpc ({type(error).__name__} at {place})"
