"""`attach`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from arpc.cli.options import CaseId, Today


def attach(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A drawing, a letter, a scan.")],
    case: CaseId = "",
    to: Annotated[
        str,
        typer.Option("--to", metavar="RECORD", help="The session or document it belongs to."),
    ] = "",
    what: Annotated[
        str, typer.Option("--what", help="What it is, in a few words.", show_default=False)
    ] = "",
    today: Today = "",
) -> None:
    """Keep a file beside the record that it belongs to.

    It is copied whole, under a name that says nothing of anybody; the record, even a final one, keeps
    what it is and its digest, by which `arpc validate` notices a change. Reports name it. Your own file
    stays where it is.

    Writes: the copy, and an entry under `attachments` in the record.

    Undone: delete the copy and take the entry out.

    Examples:
        arpc render-report C-HB --audience child -o letter.pdf
        arpc attach letter.pdf C-HB --to N-011 --what "The letter that she had"
    """
    from arpc import attaching
    from arpc.cli import printer, workspace
    from arpc.cli.changes import find_record
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    to = to or workspace.ask("To which record? (e.g. N-007)")
    if not to:
        raise ArpcError("to which record does it belong?", "give `--to RECORD`")
    record = find_record(space.load(folder).file, to)
    original = attaching.read(source, space.service.policy.attached_megabytes)
    what = what or workspace.ask("What is it?")
    if not what.strip():
        raise ArpcError("a file needs a word on what it is", "give `--what TEXT`")
    done = attaching.attach(folder, record, original, what)
    out = printer.out()
    copy, changed = workspace.shown(done.copy), workspace.shown(done.record)
    out.line(f"wrote {copy}  {done.digest}")
    out.line(f"added to `attachments` in {changed}")
    out.line(f"to undo, delete {copy} and take its entry out of {changed}")


COMMANDS: dict[Callable[..., None], str] = {attach: "attach"}
