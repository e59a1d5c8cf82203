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
    stays where it is. A file that the record has already is not kept twice.

    Writes: the copy, and an entry under `attachments` in the record.

    Undone: `arpc undo`, until it is saved.

    Examples:
        arpc render-report C-HB --audience child -o letter.pdf
        arpc attach letter.pdf C-HB --to N-011 --what "The letter that she had"
    """
    from arpc import attaching
    from arpc.cli import choosing, printer, workspace, writing
    from arpc.cli.changes import find_record

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    takes = (each for each in file.records if ("attachments",) in each.kind.fields)
    question = "Which record does it belong to?"
    to = choosing.choose(
        to, question, choosing.records(takes), "no session or document is here yet"
    )
    record = find_record(file, to)
    original = attaching.read(source, space.service.policy.attached_megabytes)
    given = "a file needs a word on what it is", "give `--what TEXT`"
    what = choosing.needed(what, "What is it?", *given)
    with writing.undoable(space, folder, f"attach to {record.key}"):
        done = attaching.attach(folder, record, original, what)
        out = printer.out()
        out.line(f"{done.copy.name} is kept beside {record.key}: {done.digest}")
        for other in attaching.kept_elsewhere(file, record, original):
            out.line(f"the same file is kept beside {other.record.key} too: {other.path}")


COMMANDS: dict[Callable[..., None], str] = {attach: "attach"}
