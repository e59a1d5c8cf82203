"""`add`, `edit`, `finish`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, InCase, RecordId, Today

if TYPE_CHECKING:
    from datetime import date

    from arpc.casefile import CaseFile
    from arpc.cli.guided import Answers
    from arpc.cli.workspace import Workspace
    from arpc.findings import Gate, Verdict
    from arpc.kinds import Kind
    from arpc.records import Record, Seal


def add(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="session, person, document, analysis...")
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD=VALUE]...", help="What is known already, e.g. with=child who=P-03."
        ),
    ] = None,
    case: InCase = "",
    day: Annotated[
        str,
        typer.Option(
            "--date",
            metavar="DATE",
            help="The day it happened; today if not given.",
            show_default=False,
        ),
    ] = "",
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="An analysis or follow-up from nothing, not from the last."),
    ] = False,
    guided: Annotated[
        bool, typer.Option("--guided", help="Be asked for each field, in plain words.")
    ] = False,
    me: As = "",
    today: Today = "",
) -> None:
    """Write the next record of a kind as a commented draft.

    An analysis or a follow-up begins as the last one ended, if there is one; what is carried over waits
    to be confirmed, and the record cannot be finished before.

    Writes: the draft, and nothing else.

    Undone: `arpc undo`, until it is saved.

    Examples:
        arpc add session with=child who=P-03 -c C-FK --as LK
        arpc add document title=Letter --date 2026-06-09 -c C-FK --as LK
        arpc add followup -c C-HB --as RD
        arpc add session with=child who=P-03 --guided -c C-FK --as LK
    """
    from arpc import carrying, editing, kinds
    from arpc.cli import printer, workspace, writing
    from arpc.errors import ArpcError

    if kind not in kinds.NAMES:
        from difflib import get_close_matches

        near = "".join(f"did you mean {name}? " for name in get_close_matches(kind, kinds.NAMES, 1))
        hint = f"{near}one of {', '.join(kinds.NAMES)}"
        raise ArpcError("there is no such kind of record", hint)
    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    begins = kind in carrying.KINDS and not fresh
    earlier = carrying.earlier(list(file.records), kind) if begins else None
    _mention_drafts(file, kind)
    author = space.me(me)
    if guided and not day and workspace.is_interactive():
        on = workspace.asked("", "Date", space.past_day, space.today.isoformat())
    else:
        on = space.past_day(day or space.today.isoformat())
    answers = _ask(kinds.kind(kind), values or [], file, on, author) if guided else None
    if answers and answers.was_stopped and not answers.is_anything:
        raise ArpcError("stopped before anything was answered", "nothing was written")
    out = printer.out()
    with writing.undoable(space, folder, f"add {kind}"):
        path = editing.add(
            folder,
            kinds.kind(kind),
            answers.given if answers else values or [],
            case_id=file.id,
            day=on,
            author=author,
            earlier=earlier,
            below=_questions(file) if kind == "followup" else "",
        )
        if answers:
            editing.add_statements(path, answers.statements)
            editing.settle(path, now=space.now)
        out.line(f"{path.stem} is a draft")
        if answers and answers.was_stopped:
            out.line("it holds what you answered until you broke off")
        if earlier:
            out.line(
                f"it begins as {earlier.id} ended; take out of `carried` what you looked at again"
            )
    out.line(f"next: `arpc edit {path.stem}`")


def _mention_drafts(file: "CaseFile", kind: str) -> None:
    """Say where a draft of the kind waits already: any that begins as the last one ended, else an empty one."""
    from arpc import carrying
    from arpc.cli import printer

    drafts = [r for r in file.records if r.kind.name == kind and r.status == "draft"]
    waiting = [r.id for r in drafts if kind in carrying.KINDS or not _is_begun(r)]
    if waiting:
        is_one = len(waiting) == 1
        note = f"{', '.join(waiting)} {'is a draft' if is_one else 'are drafts'} already"
        printer.err().styled(("warning", "note: "), f"{note}: `arpc edit {waiting[0]}`")


def _is_begun(record: "Record") -> bool:
    """Whether more is written in a draft than its header."""
    header = {record.kind.name, "id", "case", "date", "author", "status"}
    return any(record.written(key) for key in record.data if key not in header)


def _ask(kind: "Kind", given: list[str], file: "CaseFile", on: "date", author: str) -> "Answers":
    from arpc import drafting
    from arpc.cli import guided, workspace
    from arpc.errors import ArpcError

    if not workspace.is_interactive():
        raise ArpcError("there is nobody to ask here", "leave `--guided` out, and give field=value")
    head = drafting.header(kind, f"{kind.prefix}{1:0{kind.id_width}d}", file.id, on, author)
    return guided.ask(kind, given, head, file.people)


def _questions(file: "CaseFile") -> str:
    from arpc import carrying

    rejected = frozenset(name for report in file.reports for name in report.rejected)
    return carrying.questions(file.analysis, rejected)


def edit(
    record: RecordId = "",
    case: InCase = "",
    today: Today = "",
) -> None:
    """Open a record in your editor, then check it.

    Numbers new statements, stamps the time of writing, and validates the file. As long as it is open no other
    command writes it; what others changed in it comes in with the first `save` after it is closed.

    Writes: what you write, and in a session's note the time at which it was written.

    Undone: `arpc undo`, until it is saved; what was typed as well.

    Examples:
        arpc edit F-04 -c C-HB
    """
    import shlex
    import subprocess

    from arpc import editing, writer
    from arpc.cli import joined, printer, workspace, writing
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    path = editing.record_path(folder, _draft(space, folder, record, "Which draft is written?"))
    if not path.is_file():
        raise ArpcError("no such record in this case", "`arpc add KIND` makes one")
    command = [*shlex.split(workspace.editor()), str(path)]
    if any(seal.id == path.stem for seal in _seals(space, folder)):
        note = f"{path.stem} is final: what is written stands, and `arpc amend` adds to it"
        printer.err().styled(("warning", "note: "), note)
    out = printer.out()
    was_open = _is_open(space, folder)
    with writing.undoable(space, folder, f"edit {path.stem}"):
        with writer.locked(folder):
            writer.announce(path)
        try:
            with writer.opened(path):
                ended = subprocess.run(command, check=False).returncode
        except OSError:
            raise ArpcError("the editor cannot be started", "check EDITOR") from None
        if ended:
            note = f"the editor failed ({ended}): see whether what you wrote is in the record"
            printer.err().styled(("warning", "note: "), note)
        if was_open and not _is_open(space, folder):
            hint = (
                f"what you wrote lies plain in {workspace.shown(path)}: `arpc unlock`, `arpc save`"
            )
            raise ArpcError(f"{folder.name} was locked while you wrote", hint)
        joined.note_read(space, folder, path.stem)
        done = editing.settle(path, now=space.now)
        if done.new_ids:
            out.line(f"numbered {', '.join(done.new_ids)}")
        if done.filled_in:
            out.line(f"sealed what was still empty: {', '.join(done.filled_in)}")
        if done.stamped:
            out.line(f"stamped written {space.now:%Y-%m-%d %H:%M}")
    _check_one(space, path)


def _is_open(space: "Workspace", folder: Path) -> bool:
    """Whether the keys of a sealed case are at hand now."""
    import os
    import time

    from arpc import sealed

    return sealed.is_held(space.folder(), folder.name, os.environ, time.time())


def _seals(space: "Workspace", folder: Path) -> "tuple[Seal, ...]":
    from arpc.casefile import IncompleteError

    try:
        return space.load(folder).file.seals
    except IncompleteError:
        return ()


def finish(
    records: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RECORD]...", help="Records, e.g. N-007, case or referral."),
    ] = None,
    case: InCase = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Make records final.

    Each must have all that it needs; from then on it is only added to.

    Writes: `status: final` in each record, and its digest in `finished.yaml`.

    Undone: `arpc undo`, until it is saved; then add with `arpc amend`.

    Examples:
        arpc add person name="Asha Rao" roles=professional -c C-FK --as LK
        arpc finish P-10 -c C-FK --as LK
        arpc finish F-04 -c C-HB --as RD
    """
    from arpc import editing, loading
    from arpc.cli import printer, workspace, writing
    from arpc.cli.verdicts import print_verdict
    from arpc.findings import Gate

    space = workspace.open_here(today)
    by = space.me(me)
    folder = space.case(case)
    names = records or [_draft(space, folder, "", "Which draft is finished?")]
    paths = [editing.record_path(folder, name) for name in names]
    out = printer.out()
    kept_back = []
    with writing.undoable(space, folder, f"finish {' '.join(path.stem for path in paths)}"):
        for path in paths:
            editing.settle(path, now=space.now)
            checked = loading.read_bytes(path)
            verdict = _verdict(space, path, Gate.FINISH)
            if verdict.fails(strict=False):
                kept_back.append((path, verdict))
                continue
            editing.finish(path, checked=checked, by=by, on=space.today)
            out.line(f"{path.stem} is final, finished by {by} on {space.today}")
            _say_what_is_asked_later(path, verdict)
    if len(kept_back) < len(paths):
        out.line("`arpc save` keeps it in the history")
    for path, verdict in kept_back:
        print_verdict(out, verdict)
        out.line(f"{path.stem} was not finished")
    if kept_back:
        raise typer.Exit(1)


def _say_what_is_asked_later(path: Path, verdict: "Verdict") -> None:
    """What of the record a report still asks for: what is empty can be written yet, the rest stands."""
    from arpc.cli import printer
    from arpc.findings import Gate

    here = [f for f in verdict.findings if f.where.file.endswith(path.name)]
    asked = sum(f.gate is Gate.ISSUE and f.rule != "draft-behind-a-report" for f in here)
    if asked:
        out = printer.out()
        out.line(
            f"before a report is issued, {asked} more to do in it: `arpc validate --for issue`"
        )
        out.line("  what is empty can still be written; what is written stands: undo it first")


def _draft(space: "Workspace", folder: Path, record: str, question: str) -> str:
    """The record that was named, or a draft that is chosen."""
    from arpc.cli import choosing

    if record:
        return record
    drafts = choosing.records(r for r in space.load(folder).file.records if r.status == "draft")
    return choosing.choose("", question, drafts, "there is no draft in this case")


def _check_one(space: "Workspace", path: Path) -> None:
    from arpc.cli import printer
    from arpc.cli.verdicts import print_verdict
    from arpc.findings import Gate

    verdict = _verdict(space, path, Gate.NOW)
    print_verdict(printer.out(), verdict)
    raise typer.Exit(1 if verdict.fails(strict=False) else 0)


def _verdict(space: "Workspace", path: Path, aim: "Gate") -> "Verdict":
    from arpc.cli import checks

    return checks.validate(space._replace(opened=None), [str(path)], aim)


COMMANDS: dict[Callable[..., None], str] = {add: "add", edit: "edit", finish: "finish"}
