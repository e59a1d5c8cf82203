"""`answer`, `confirm`, `amend`, `move`, `renumber`: what is done to records after they were written."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, InCase, RecordId, Today

if TYPE_CHECKING:
    from arpc.casefile import CaseFile
    from arpc.cli.workspace import Workspace
    from arpc.records import Record

Words = Annotated[
    list[str],
    typer.Argument(metavar="[CASE] NAME", help="What is meant; in a case's folder alone."),
]


def answer(
    words: Annotated[
        list[str], typer.Argument(metavar="[CASE] RULE", help="The rule, or the clock, answered.")
    ],
    at: Annotated[
        str,
        typer.Option(
            "--at", metavar="PLACE", help="A record or an entry, e.g. N-007#S3.", show_default=False
        ),
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", help="Why it is right as it is.", show_default=False)
    ] = "",
    agreed_by: Annotated[
        str,
        typer.Option(
            "--agreed-by", metavar="CODE", help="Who agreed; not you.", show_default=False
        ),
    ] = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Answer a finding or a missed date that is right as it is.

    It goes quiet, is listed by `validate --answered`, and comes back when what it is about changes.

    Writes: an entry in `answers.yaml`.

    Undone: take the entry out.

    Examples:
        arpc answer C-FK supervision-to-hold --today 2026-07-10
            --reason "JM was ill, and nobody stood in." --as LK --agreed-by JM
        arpc validate C-FK --answered
    """
    from arpc import answering, clocks, due
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder, rule = _case_and(space, words)
    view = space.as_of(space.load(folder))
    by = space.me(me)
    reason = reason or workspace.ask("Why is it right as it is?")
    agreed = space.me(agreed_by or workspace.ask("Agreed by (staff code)") or by)
    if not reason.strip():
        raise ArpcError("an answer needs a reason", "give `--reason TEXT`")
    if agreed == by:
        raise ArpcError("somebody else has to agree", "give `--agreed-by CODE`")
    out = printer.out()
    if clock := clocks.BY_ID.get(rule):
        item = due.answer(folder, view, clock, at, reason=reason, agreed_by=agreed, by=by)
        out.line(f"recorded why {item.due.what} was not done by {item.due.by}")
    else:
        for finding in answering.answer(
            folder, view, rule, at, reason=reason, agreed_by=agreed, by=by
        ):
            out.line(f"answered {rule} at {finding.where}")
    out.line("to undo, take its entry out of answers.yaml")


def confirm(
    words: Annotated[
        list[str],
        typer.Argument(metavar="RECORD [CITATION]...", help="What cites, and what was read again."),
    ],
    every: Annotated[
        bool, typer.Option("--all", help="Everything in it that has changed was read again.")
    ] = False,
    case: InCase = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Say that a conclusion still holds, having read again what it rests on.

    Without a citation, list what has changed since it was read.

    Writes: when and by whom it was read, in `confirmations.yaml`.

    Undone: never by a command; what no longer holds is written in a new analysis.

    Examples:
        arpc amend N-004 --what "It was a Tuesday." --why "A slip." -c C-FK --as LK
        arpc confirm J-01 -c C-FK
        arpc confirm J-01 N-004#S3 -c C-FK --as LK
        arpc confirm J-01 --all -c C-FK --as LK
    """
    from arpc import rereading, writer
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    record = find_record(file, words[0])
    if not isinstance(record, rereading.CONCLUDING):
        raise ArpcError(f"{record.key} draws no conclusions", "confirm an analysis or a report")
    moved = {m.reference.target: m for m in rereading.moved(file, record)}
    out = printer.out()
    asked = words[1:] or (list(moved) if every else [])
    if unmoved := [target for target in asked if target not in moved]:
        raise ArpcError(f"{unmoved[0]} has not changed since it was read", "nothing was written")
    if not asked:
        for target, found in moved.items():
            place = file.places[target].at()
            out.line(f"{target} changed after {found.read}; read {place}, then confirm it")
        out.line(
            f"{len(moved)} to read again" if moved else "nothing has changed since it was read"
        )
        return
    with writer.locked(folder):
        by = space.me(me)
        done = rereading.keep(folder, file, record, by=by, on=space.today, again=asked)
    out.line(f"confirmed for {record.key}: {', '.join(done)}")


def amend(
    record: RecordId,
    what: Annotated[
        str, typer.Option("--what", help="What is added or put right.", show_default=False)
    ] = "",
    why: Annotated[
        str, typer.Option("--why", help="Why it is added now.", show_default=False)
    ] = "",
    about: Annotated[
        list[str] | None,
        typer.Option("--about", metavar="ENTRY", help="An entry it bears on, e.g. S3; repeat it."),
    ] = None,
    case: InCase = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Add to a record that is final.

    What stood there stays; who added what, when and why stands below it.

    Writes: an entry under `amendments` in the record, and its new digest in `finished.yaml`.

    Undone: never; what was added wrongly is put right by another amendment.

    Examples:
        arpc amend N-004 --what "It was a Tuesday." --why "A slip." -c C-FK --as LK
        arpc amend N-004 --about S3 --what "She said it twice."
            --why "TB's paper has it so." -c C-FK --as LK
    """
    from arpc import amending
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    found = find_record(space.load(folder).file, record)
    by = space.me(me)
    what = what or workspace.ask("What is added or put right?")
    why = why or workspace.ask("Why now?")
    if not what.strip() or not why.strip():
        raise ArpcError("an amendment needs what and why", "give `--what TEXT --why TEXT`")
    added = amending.Added(what, why, tuple(about or ()), by, space.today)
    amending.amend(folder, found, added)
    out = printer.out()
    out.line(f"added to {found.key}; what cites it asks to be read again: `arpc validate`")


def move(
    record: RecordId,
    to: Annotated[str, typer.Option("--to", metavar="CASE", help="The case it belongs to.")],
    why: Annotated[str, typer.Option("--why", help="Why it is moved.", show_default=False)] = "",
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="HERE=THERE", help="What an id is called there; repeat it."),
    ] = None,
    case: InCase = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Move a misfiled record to the case it belongs to.

    Both cases keep a trace of it. Ids mean other people there, so that each is to be named.

    Writes: the record in the other case, and in both cases that it was moved.

    Undone: move it back in the same way; both moves stay on record.

    Examples:
        arpc move V-06 --to C-HB --why "Wrong case." -c C-FK --as LK
        arpc move F-04 --to C-FK --id P-02=P-06 --why "Wrong case."
            -c C-HB --as RD
    """
    from arpc import amending
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    target = space.case(to)
    if target.absolute() == folder.absolute():
        raise ArpcError("it lies in that case already")
    why = why or workspace.ask("Why is it moved?")
    if not why.strip():
        raise ArpcError("a move needs a reason", "give `--why TEXT`")
    pairs = [pair.partition("=") for pair in ids or ()]
    if bad := [here for here, equals, there in pairs if not (here and equals and there)]:
        raise ArpcError(f"{bad[0]} is not written as expected", "write `--id P-03=P-02`")
    file = space.load(folder).file
    done = amending.move(
        folder,
        file,
        find_record(file, record),
        target,
        ids={here: there for here, _, there in pairs},
        why=why,
        by=space.me(me),
        on=space.today,
    )
    out = printer.out()
    out.line(f"moved {done.old} to {workspace.shown(done.path)}; both cases say so")
    for place in done.still_cited:
        out.line(f"  it is still cited at {place}")


def renumber(
    record: Annotated[str, typer.Argument(metavar="FILE", help="The draft's file or id.")],
    case: InCase = "",
    today: Today = "",
) -> None:
    """Give a draft the next free id of its kind.

    For two records that two people gave the same id; citations that surely mean it are changed.

    Writes: the draft under its new name, and the new id where it is cited.

    Undone: by git, or by hand: the old id stands in what it prints.

    Examples:
        arpc renumber F-04 -c C-HB
    """
    from arpc import amending
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    done = amending.renumber(folder, file, find_record(file, record))
    out = printer.out()
    out.line(f"{done.old} is now {done.new}, in {workspace.shown(done.path)}")
    for name in done.changed:
        out.line(f"  its citations were changed in {name}")
    for place in done.left:
        out.line(f"  left as it is, for you to look at: {place}")


def _case_and(space: "Workspace", words: list[str]) -> tuple[Path, str]:
    from arpc.errors import ArpcError

    if len(words) > 2:
        raise ArpcError("too many words", "name the case, then one thing")
    return space.case(words[0] if len(words) == 2 else ""), words[-1]


def find_record(file: "CaseFile", wanted: str) -> "Record":
    """A record by its file, its id, or the beginning of one.

    Raises:
        ArpcError: There is no such record, or more than one.
    """
    from arpc.errors import ArpcError

    name = wanted.replace("\\", "/").rpartition("/")[2]
    by_file = [r for r in file.records if r.doc.file.rpartition("/")[2] in (name, f"{name}.yaml")]
    if len(by_file) == 1:
        return by_file[0]
    found = [r for r in file.records if r.key == name or r.id.startswith(name.upper())]
    if len(found) == 1:
        return found[0]
    if found:
        raise ArpcError(f"{len(found)} records are called like that", "name the file")
    raise ArpcError("no such record in this case", "`arpc status` lists what there is")


COMMANDS: dict[Callable[..., None], str] = {
    answer: "answer",
    confirm: "confirm",
    amend: "amend",
    move: "move",
    renumber: "renumber",
}
