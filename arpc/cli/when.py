"""`due` and `due-followups`."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import CaseId, Today

if TYPE_CHECKING:
    from pathlib import Path

    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.due import Item
    from arpc.provisions import Clock

Within = Annotated[
    int | None,
    typer.Option("--within", metavar="DAYS", min=0, help="Only what falls due in so many days."),
]
Overdue = Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")]


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
    output: Output = Format.TABLE,
    today: Today = "",
) -> None:
    """Say what falls due.

    Notes, concerns, supervision, feedback, reviews and follow-ups, for a case or for all.
    """
    from arpc import clocks

    _say(case, within, overdue=overdue, output=output, today=today, only=clocks.ALL)


def due_followups(
    case: CaseId = "",
    within: Within = None,
    overdue: Overdue = False,
    output: Output = Format.TABLE,
    today: Today = "",
) -> None:
    """Say which follow-ups fall due.

    The referrer after 3, 6 and 12 months, meetings after 3 and 5 years.
    """
    from arpc import clocks

    follow_ups = tuple(clock for clock in clocks.ALL if clock.follow_up)
    _say(case, within, overdue=overdue, output=output, today=today, only=follow_ups)


def _say(
    case: str,
    within: int | None,
    *,
    overdue: bool,
    output: Format,
    today: str,
    only: "tuple[Clock, ...]",
) -> None:
    from arpc import exporting
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    items = _items(space, case, only, within, overdue=overdue)
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


def _items(
    space: "Workspace", case: str, only: "tuple[Clock, ...]", within: int | None, *, overdue: bool
) -> "list[Item]":
    from arpc import due as due_module
    from arpc.cli import workspace

    folders = [space.case(case)] if case or space.root is None else _folders(space)
    found = []
    for folder in folders:
        loaded = space.load(folder)
        found += due_module.what_is_due(space.as_of(loaded), only)
        workspace.mention_damaged(loaded, "what it holds is not counted here")
    found.sort(key=lambda item: (item.due.by, item.case, item.uid))
    return due_module.within(found, within, overdue=overdue)


def _folders(space: "Workspace") -> "list[Path]":
    """The case we stand in, or all cases."""
    from pathlib import Path

    from arpc.casefile import case_around

    around = case_around(Path.cwd())
    return [around] if around else list(space.cases())


def _print_item(out: "Printer", item: "Item") -> None:
    """The day and what is due; below it how long there is, whose it is, and where it comes from."""
    due = item.due
    day = f"{due.by}{'~' if item.provisional else ' '}"
    out.styled(("strong", day), f" {item.case}  {due.what}")
    place = f"{due.because.file.rpartition('/')[2]}:{due.because.line}"
    window = f"; window {due.opens} to {due.closes}" if due.opens else ""
    indent = " " * 12
    out.wrapped(f"{item.state}{window}; owner {item.clock.owner}", indent)
    if due.needs:
        out.wrapped(f"needs {'; '.join(due.needs)}", indent)
    out.wrapped(f"from {place}, by {item.clock.id}", indent)


COMMANDS: dict[Callable[..., None], str] = {due: "due", due_followups: "due-followups"}
