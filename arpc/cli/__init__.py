"""The command line: each command parses, calls one use case, prints, and sets the exit code.

0 fine, 1 at least one error that counts now, 2 could not run. Only this package reads the clock, the
environment and the terminal. Commands import what they need when they run, so that `--version`,
`--help` and completion stay quick. `--plain` before a command sets ARPC_PLAIN for the process, which
nothing but the printer reads: what is said of an error is plain too.
"""

import gc
import os
import sys
from pathlib import Path

from arpc import __version__
from arpc.cli import stopping, surroundings
from arpc.cli.streams import Streams
from arpc.errors import ArpcError

_TOO_LITTLE = ("there is not enough memory for this", "close other programs, and run it again")
# As the system says it where there is none for a library.
_NO_ROOM = ("failed to map segment", "cannot allocate memory")


def run() -> None:
    """Run the command line as a process of its own, which ends with it.

    A fifth of a short command's time went into looking for garbage and taking the program down piece
    by piece; both are left to the end of the process, by which all files are written and closed.
    """
    gc.set_threshold(100_000, 50, 50)
    stopping.heed()
    streams = Streams()
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    fault = streams.fault()
    if fault and code != 2:
        message = f"not all of what it says could be printed: {fault.strerror}"
        code = _tell(message, "the command itself was carried out; see to where its output goes")
    os._exit(code)


def main() -> None:
    """Run the command line; nothing but its own words ever reaches the user."""
    try:
        try:
            code = _carry_out()
        except KeyboardInterrupt:
            code = _stop()
    except KeyboardInterrupt:  # the next came before we were deaf to it
        code = _stop()
    except MemoryError:
        # To print it as all else is printed would take more of it.
        sys.stderr.write(f"arpc: error: {_TOO_LITTLE[0]}\narpc: hint: {_TOO_LITTLE[1]}\n")
        code = 2
    sys.exit(code)


def _carry_out() -> int:
    try:
        surroundings.forget_others()
        return _answer(_without_plain(sys.argv[1:]))
    except ArpcError as error:
        return _tell(str(error), error.hint)
    except (SystemExit, KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # some libraries have a panic, which is no Exception
        if os.environ.get("ARPC_DEBUG"):
            raise
        return _tell(*_unforeseen(error))


def _stop() -> int:
    stopping.enough()
    return _tell("stopped; nothing more was done")


def _without_plain(arguments: list[str]) -> list[str]:
    """Take `--plain` from where it stands before the command, so that the quick way knows it too."""
    while arguments[:1] == ["--plain"]:
        os.environ["ARPC_PLAIN"] = "1"
        arguments = arguments[1:]
    return arguments


def _answer(arguments: list[str]) -> int:
    """What is asked all day is answered here; loading every command would take longer than it."""
    if arguments == ["--version"]:
        sys.stdout.write(f"arpc {__version__}\n")
        return 0
    paths = [word for word in arguments[1:] if word != "--no-cache"]
    if arguments[:1] == ["validate"] and not any(word[:1] == "-" for word in paths):
        from arpc.cli import verdicts

        cached = paths == arguments[1:]
        return verdicts.validate(paths, cached=cached, today=os.environ.get("ARPC_TODAY", ""))
    from arpc.cli import app

    return app.run(arguments)


def _tell(message: str, hint: str = "") -> int:
    from arpc.cli import printer

    err = printer.err()
    err.styled(("error", "arpc: error: "), message)
    if hint:
        err.styled(("faint", "arpc: hint: "), hint)
    return 2


def _unforeseen(error: BaseException) -> tuple[str, str]:
    """What stopped a command that did not foresee it: a file, or a defect of ours; and what to do."""
    if isinstance(error, ImportError) and any(words in str(error) for words in _NO_ROOM):
        return _TOO_LITTLE
    if isinstance(error, ImportError):
        return f"{error.name or 'a library'} cannot be loaded", "install arpc anew"
    from arpc import plainfiles
    from arpc.casefile import IncompleteError

    if isinstance(error, IncompleteError):
        return f"{error.file} cannot be relied on", "`arpc validate` says what is wrong with it"
    if isinstance(error, FileNotFoundError) and error.filename is None:
        return "the folder that you stand in is gone", "go into one that is there"
    if isinstance(error, OSError):
        from arpc.cli import workspace

        named = error.filename is not None
        what = workspace.shown(Path(os.fsdecode(error.filename))) if named else "a file"
        hint = "`arpc doctor` looks at the folder, its rights and the disk"
        if isinstance(error, plainfiles.NotPlainError):
            hint = "take it away, and put the file itself in its place"
        return f"{what} cannot be read or written: {error.strerror or type(error).__name__}", hint
    return _defect(error), "run it again with ARPC_DEBUG=1, on practice records, to see more"


def _defect(error: BaseException) -> str:
    """Where a defect of ours lies, without the text that it may have met."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    return f"a defect in arpc ({type(error).__name__} at {place})"
