"""`due` and `due-followups`."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from arpc.cli.options import As, CaseId, Today

if TYPE_CHECKING:
    from pathlib import Path

    from arpc.casefile import CaseFile
    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.due import Item
    from arpc.provisions import Clock

Within = Annotated[
    int | None,
    typer.Option("--within", metavar="DAYS", min=0, help="Only what falls due in so many days."),
]
Overdue = Annotated[
    bool, typer.Option("--overdue", help="Only what has passed, and nobody recorded why.")
]
Owner = Annotated[
    str,
    typer.Option(
        "--owner",
        metavar="OWNER",
        help="Only what is for service, council, court, police or controller.",
        show_default=False,
    ),
]
Mine = Annotated[
    bool, typer.Option("--mine", help="Only the cases that you lead or are the second in.")
]
Register = Annotated[
    bool,
    typer.Option("--register", help="Write register.yaml for all cases, and say what moved."),
]


class Format(StrEnum):
    """How what is due is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"


Output = Annotated[Format, typer.Option("--format", help="table, json, csv or ics.")]


def due(
    case: CaseId = "",
    within: Within = 90,
    overdue: Overdue = False,
    owner: Owner = "",
    mine: Mine = False,
    register: Register = False,
    output: Output = Format.TABLE,
    me: As = "",
    today: Today = "",
) -> None:
    """Say what falls due.

    Notes, concerns, supervision, feedback, reviews and follow-ups, for a case or for all; and, for
    information, what children's services and courts have to do.

    Writes: with `--register`, `register.yaml`, and nothing without.

    Undone: delete it; the next `arpc due --register` makes it anew.

    Examples:
        arpc due
        arpc due C-FK --within 30
        arpc due --overdue
        arpc due --register
    """
    from arpc import clocks

    if register:
        _write_register(today)
    else:
        chosen = Chosen(case, within, overdue, owner, mine, me)
        _say(chosen, output, today, clocks.ALL)


def due_followups(
    case: CaseId = "",
    within: Within = None,
    overdue: Overdue = False,
    mine: Mine = False,
    output: Output = Format.TABLE,
    me: As = "",
    today: Today = "",
) -> None:
    """Say which follow-ups fall due.

    The referrer after 3, 6 and 12 months, meetings after 3 and 5 years.

    Examples:
        arpc due-followups
        arpc due-followups C-HB --within 30
    """
    from arpc import clocks

    follow_ups = tuple(clock for clock in clocks.ALL if clock.follow_up)
    _say(Chosen(case, within, overdue, "", mine, me), output, today, follow_ups)


class Chosen(NamedTuple):
    """Of what falls due, what is asked for."""

    case: str
    within: int | None
    overdue: bool
    owner: str
    mine: bool
    me: str


def _say(chosen: Chosen, output: Format, today: str, only: "tuple[Clock, ...]") -> None:
    from arpc import due as due_module
    from arpc import exporting
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    worker = space.me(chosen.me) if chosen.mine else ""
    found = _items(space, chosen.case, only, worker)
    within, overdue = chosen.within, chosen.overdue
    items = due_module.within(found, within, overdue=overdue, owner=_known(chosen.owner))
    out = printer.out()
    if output is Format.JSON:
        out.raw(exporting.due_json(items, space.today, practice=space.is_practice))
    elif output is Format.CSV:
        out.raw(exporting.due_csv(items))
    elif output is Format.ICS:
        marking = space.service.marking
        out.raw(exporting.due_ics(items, marking, practice=space.is_practice))
    elif items:
        for item in items:
            _print_item(out, item)
        if any(item.provisional for item in items):
            out.line("~ bank holidays for that year are not announced yet; the day may move")
    else:
        span = "overdue" if overdue else "due" if within is None else f"due within {within} days"
        out.line(f"nothing {span}")


def _known(owner: str) -> str:
    from arpc.errors import ArpcError
    from arpc.provisions import OWNERS

    if owner and owner not in OWNERS:
        raise ArpcError("there is no such owner", f"owners: {', '.join(OWNERS)}")
    return owner


def _items(space: "Workspace", case: str, only: "tuple[Clock, ...]", worker: str) -> "list[Item]":
    """What falls due in a case or in all of them, and what only the register tells of.

    With a worker, in the cases of that worker, and in those of which nobody can say whose they are.
    """
    from pathlib import Path

    from arpc import due as due_module
    from arpc import loading, register
    from arpc.cli import printer
    from arpc.errors import ArpcError

    around = None if case else loading.case_around(Path.cwd())
    alone = case or around or space.root is None
    folders = [around or space.case(case)] if alone else list(space.cases())
    found, unsure, others = _read(space, folders, only, worker)
    try:
        entries = register.read(space.root) if space.root else []
    except ArpcError as error:
        printer.err().styled(("warning", "note: "), f"{error}; {error.hint}")
        entries = []
    if alone:
        entries = [entry for entry in entries if entry.case in unsure]
    entries = [entry for entry in entries if entry.case not in others]
    hidden = register.from_register(entries, found, unsure, only, space.today)
    return due_module.soonest_first([*register.with_moves(entries, found), *hidden])


def _read(
    space: "Workspace", folders: "list[Path]", only: "tuple[Clock, ...]", worker: str = ""
) -> "tuple[list[Item], dict[str, frozenset[str]], set[str]]":
    """What falls due in these cases, the clocks of which nothing can be said, and cases of others."""
    from arpc import due as due_module
    from arpc.cli import workspace

    found: list[Item] = []
    unsure = {}
    others = set()
    for folder in folders:
        loaded = space.load(folder)
        if worker and not _is_of(loaded.file, worker):
            others.add(loaded.file.id)
            continue
        as_of = space.as_of(loaded)
        found += due_module.what_is_due(as_of, only)
        unsure[loaded.file.id] = due_module.unsure(as_of, only)
        workspace.mention_damaged(loaded, "what it holds is not counted here")
    return found, unsure, others


def _is_of(file: "CaseFile", worker: str) -> bool:
    from arpc.records import Case

    return any(worker in (case.lead, case.second) for case in file.of(Case)) or not file.of(Case)


def _write_register(today: str) -> None:
    from arpc import clocks, register
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    if not space.service.register:
        raise ArpcError("this service keeps no register", "service.yaml says `register: no`")
    folders = list(space.cases())
    assert space.root is not None  # or there would have been no cases to ask for
    found, unsure, _ = _read(space, folders, clocks.ALL)
    update = register.write(space.root, found, unsure)
    out = printer.out()
    for item, was in update.moved:
        due = item.due
        anchor = f"{due.because.file.rpartition('/')[2]}:{due.because.line}"
        name = f"{item.case} {item.clock.id} {due.subject}"
        out.line(f"{name}: was {was}, now {due.by} (anchor {anchor})")
    kept = f", {update.kept} kept of what is not readable here" if update.kept else ""
    counts = f"{len(update.moved)} moved, {update.new} new, {update.settled} settled{kept}"
    out.line(f"wrote {register.FILE}: {update.total} dates; {counts}")
    out.line("it is computed; to undo, bring back the one before with git")


def _print_item(out: "Printer", item: "Item") -> None:
    """The day and what is due; below it how long there is, whose it is, and where it comes from."""
    due = item.due
    day = f"{due.by}{'~' if item.provisional else ' '}"
    out.styled(("strong", day), f" {item.case}  {due.what}")
    place = f"{due.because.file.rpartition('/')[2]}:{due.because.line}"
    window = f"; window {due.opens} to {due.closes}" if due.opens else ""
    moved = f"; moved, the register has {item.was}" if item.was else ""
    note = f"{moved}; {due.note}" if due.note else moved
    indent = " " * 12
    out.wrapped(f"{item.state}{window}{note}; owner {item.clock.owner}", indent)
    if due.needs:
        out.wrapped(f"needs {'; '.join(due.needs)}", indent)
    out.wrapped(f"from {place}, by {item.clock.id}", indent)


COMMANDS: dict[Callable[..., None], str] = {due: "due", due_followups: "due-followups"}
