"""`answer`, `confirm`, `amend`, `move`, `renumber`, `undo`: what is done to records after they were written."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, CaseId, InCase, RecordId, Today

if TYPE_CHECKING:
    from arpc.casefile import CaseFile
    from arpc.cli.choosing import Choice
    from arpc.cli.workspace import Workspace
    from arpc.provisions import AsOf
    from arpc.records import Record


def answer(
    rule: Annotated[
        str, typer.Argument(metavar="[RULE]", help="The rule, or the clock, that is answered.")
    ] = "",
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
    case: InCase = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Answer a finding or a missed date that is right as it is.

    It goes quiet, is listed by `validate --answered`, and comes back when what it is about changes.

    Writes: an entry in `answers.yaml`.

    Undone: `arpc undo`, until it is saved; afterwards take the entry out.

    Examples:
        arpc answer supervision-to-hold -c C-FK --today 2026-07-10
            --reason "JM was ill, and nobody stood in." --as LK --agreed-by JM
        arpc validate C-FK --answered
    """
    from arpc import answering, clocks, due
    from arpc.cli import choosing, printer, workspace, writing
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    view = space.as_of(space.load(folder))
    by = space.me(me)
    rule, at = _what_is_answered(view, rule, at)
    given = "an answer needs a reason", "give `--reason TEXT`"
    reason = choosing.needed(reason, "Why is it right as it is?", *given)
    given = "somebody else has to agree", "give `--agreed-by CODE`"
    agreed = space.me(choosing.needed(agreed_by, "Agreed by (staff code)", *given))
    if agreed == by:
        raise ArpcError(*given)
    out = printer.out()
    with writing.undoable(space, folder, f"answer {rule}"):
        if clock := clocks.BY_ID.get(rule):
            item = due.answer(folder, view, clock, at, reason=reason, agreed_by=agreed, by=by)
            out.line(f"recorded why {item.due.what} was not done by {item.due.by}")
        else:
            for finding in answering.answer(
                folder, view, rule, at, reason=reason, agreed_by=agreed, by=by
            ):
                out.line(f"answered {rule} at {finding.where}")


def confirm(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RECORD [CITATION]...]", help="What cites, and what was read again."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Everything in it that has changed was read again.")
    ] = False,
    case: InCase = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Say that a conclusion still holds, having read again what it rests on.

    Shows what is cited as it is now, and what it said before if it was saved so. Without a citation,
    what has changed since it was cited or confirmed is shown, and nothing is written.

    Writes: when and by whom it was read, in `confirmations.yaml`.

    Undone: `arpc undo`, until it is saved; what no longer holds is a new analysis.

    Examples:
        arpc amend N-004 --what "It was a Tuesday." --why "A slip." -c C-FK --as LK
        arpc confirm J-01 -c C-FK
        arpc confirm J-01 N-004#S3 -c C-FK --as LK
        arpc confirm J-01 --all -c C-FK --as LK
    """
    from arpc import rereading, writer
    from arpc.cli import choosing, cited, printer, workspace, writing
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    named, *citations = words or [""]
    question = "Which record was read again?"
    concluding = [r for r in file.records if isinstance(r, rereading.CONCLUDING) and r.is_current]
    named = choosing.choose(
        named, question, choosing.records(concluding), "nothing here draws conclusions yet"
    )
    record = find_record(file, named)
    if not isinstance(record, rereading.CONCLUDING):
        raise ArpcError(f"{record.key} draws no conclusions", "confirm an analysis or a report")
    moved = {m.reference.target: m for m in rereading.moved(file, record)}
    out = printer.out()
    asked = citations or (list(moved) if every else [])
    if unmoved := [target for target in asked if target not in moved]:
        raise ArpcError(f"{unmoved[0]} has not changed since it was cited", "nothing was written")
    for target in asked or moved:
        cited.show(out, space, file, moved[target])
        if not asked:
            out.item(
                f"it stands in {out.place(file.places[target].at())}; read it, then confirm it"
            )
    if not asked:
        none = "nothing has changed since it was cited"
        out.line(f"{len(moved)} to read again" if moved else none)
        return
    by = space.me(me)
    with writing.undoable(space, folder, f"confirm {record.key}"):
        with writer.locked(folder):
            done = rereading.keep(folder, file, record, by=by, on=space.today, again=asked)
        out.line(f"confirmed for {record.key}: {', '.join(done)}")


def amend(
    record: RecordId = "",
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

    Undone: `arpc undo`, until it is saved; then by another amendment.

    Examples:
        arpc amend N-004 --what "It was a Tuesday." --why "A slip." -c C-FK --as LK
        arpc amend N-004 --about S3 --what "She said it twice."
            --why "TB's paper has it so." -c C-FK --as LK
    """
    from arpc import amending
    from arpc.cli import choosing, printer, workspace, writing

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    final = choosing.records(each for each in file.records if each.is_final)
    question = "Which final record is added to?"
    found = find_record(file, choosing.choose(record, question, final, "nothing here is final yet"))
    by = space.me(me)
    given = "an amendment needs what and why", "give `--what TEXT --why TEXT`"
    what = choosing.needed(what, "What is added or put right?", *given)
    why = choosing.needed(why, "Why now?", *given)
    added = amending.Added(what, why, tuple(about or ()), by, space.today)
    with writing.undoable(space, folder, f"amend {found.key}"):
        amending.amend(folder, found, added)
        out = printer.out()
        out.line(f"added to {found.key}; what cites it asks to be read again: `arpc validate`")


def move(
    record: RecordId = "",
    to: Annotated[
        str,
        typer.Option("--to", metavar="CASE", help="The case it belongs to.", show_default=False),
    ] = "",
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

    Undone: `arpc undo`, until it is saved; then move it back in the same way.

    Examples:
        arpc move V-06 --to C-HB --why "Wrong case." -c C-FK --as LK
        arpc move F-04 --to C-FK --id P-02=P-06 --why "Wrong case."
            -c C-HB --as RD
    """
    from arpc import amending
    from arpc.cli import choosing, printer, workspace, writing
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    lying = choosing.records(each for each in file.records if each.kind.folder)
    question = "Which record is misfiled?"
    found = find_record(file, choosing.choose(record, question, lying, "no record lies here"))
    to = choosing.needed(to, "Which case does it belong to?", "to which case?", "give `--to CASE`")
    target = space.case(to)
    if target.absolute() == folder.absolute():
        raise ArpcError("it lies in that case already")
    given = "a move needs a reason", "give `--why TEXT`"
    why = choosing.needed(why, "Why is it moved?", *given)
    there = _ids_there(space, file, found, target, ids or ())
    by = space.me(me)
    out = printer.out()
    with writing.undoable(space, folder, f"move {found.key}"):
        done = amending.move(folder, file, found, target, ids=there, why=why, by=by, on=space.today)
        out.line(f"moved {done.old} to {workspace.shown(done.path)}; both cases say so")
        for place in done.still_cited:
            out.line(f"  it is still cited at {place}")


def renumber(
    record: Annotated[
        str, typer.Argument(metavar="[FILE]", help="The draft's file or id.", show_default=False)
    ] = "",
    case: InCase = "",
    today: Today = "",
) -> None:
    """Give a draft the next free id of its kind.

    For two records that two people gave the same id; citations that surely mean it are changed.

    Writes: the draft under its new name, and the new id where it is cited.

    Undone: `arpc undo`, until it is saved.

    Examples:
        arpc renumber F-04 -c C-HB
    """
    from arpc import amending
    from arpc.cli import choosing, printer, workspace, writing

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    question = "Which draft gets another id?"
    none = "no draft here has the id of another record"
    found = find_record(file, choosing.choose(record, question, _doubled(file), none))
    out = printer.out()
    with writing.undoable(space, folder, f"renumber {found.key}"):
        done = amending.renumber(folder, file, found)
        out.line(f"{done.old} is now {done.new}, in {workspace.shown(done.path)}")
        for name in done.changed:
            out.line(f"  its citations were changed in {name}")
        for place in done.left:
            out.line(f"  left as it is, for you to look at: {place}")


def undo(
    case: CaseId = "",
    back: Annotated[bool, typer.Option("--back", help="Bring back what was undone last.")] = False,
    today: Today = "",
) -> None:
    """Take back the last thing that a command wrote in a case.

    What was changed or saved since is left alone.

    Writes: the files as they were before.

    Undone: `arpc undo --back`.

    Examples:
        arpc amend N-004 --what "Twice." --why "Left out." -c C-FK --as LK
        arpc undo C-FK
        arpc undo C-FK --back
    """
    from arpc import undoing
    from arpc.cli import printer, workspace, writing

    space = workspace.open_here(today)
    folder = space.case(case)
    step, changes = undoing.undo(folder, space.root, back=back, at=space.now)
    said = "brought back" if back else "undid"
    printer.out().line(f"{said} `arpc {step.command.removeprefix('undo of ')}` of {step.at}")
    writing.tell(folder, changes, undone=not back)


def _doubled(file: "CaseFile") -> "list[Choice]":
    """The drafts whose id another record has too, by their files."""
    from collections import Counter

    from arpc.cli.choosing import Choice

    times = Counter(each.id for each in file.records)
    return [
        Choice(
            each.doc.file.rpartition("/")[2],
            f"{each.kind.title.lower()} of {each.on}, with the id {each.id}",
        )
        for each in file.records
        if times[each.id] > 1 and each.status == "draft" and each.kind.folder
    ]


def _what_is_answered(view: "AsOf", rule: str, at: str) -> tuple[str, str]:
    """The rule or clock and the place; chosen from what can be answered where none is named."""
    from arpc import answering
    from arpc.cli import choosing

    if rule:
        return rule, at
    found = answering.answerable(view)
    choices = [choosing.Choice(f"{each} --at {place}", message) for each, place, message in found]
    chosen = choosing.choose("", "Which is right as it is?", choices, "there is nothing to answer")
    rule, _, place = chosen.partition(" --at ")
    return rule, at or place


def _ids_there(
    space: "Workspace", file: "CaseFile", record: "Record", target: Path, given: "Iterable[str]"
) -> dict[str, str]:
    """What each id that a record cites is called in another case: as given, or asked for."""
    from arpc.citing import references
    from arpc.cli import choosing, workspace
    from arpc.errors import ArpcError

    pairs = [pair.partition("=") for pair in given]
    if any(not (here and equals and there) for here, equals, there in pairs):
        raise ArpcError("an id is not written as expected", "write `--id P-03=P-02`")
    ids = {here: there for here, _, there in pairs}
    missing = sorted({r.record for r in references(record)} - {record.id, *ids})
    if not (missing and workspace.is_interactive()):
        return ids
    others = space.load(target).file
    for each in missing:
        alike = [r for r in others.records if r.id.startswith(each[:2])]
        choices = [choosing.Choice(r.id, _known_as(others, r.id)) for r in alike]
        question = f"What is {each} {_known_as(file, each)} called there?"
        ids[each] = choosing.choose("", question, choices, f"nothing like {each} is there")
    return ids


def _known_as(file: "CaseFile", record_id: str) -> str:
    """A person's name, or of what day a record is."""
    from arpc.records import Person

    found = next((each for each in file.records if each.id == record_id), None)
    if isinstance(found, Person):
        return found.name
    return f"{found.kind.title.lower()} of {found.on}" if found else ""


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
    undo: "undo",
    answer: "answer",
    confirm: "confirm",
    amend: "amend",
    move: "move",
    renumber: "renumber",
}
