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
        several = len({item.case for item in items}) > 1 or not case
        rows = [_row(item, with_case=several) for item in items]
        columns = ("due", *(["case"] if several else []), "what", "owner", "state", "from")
        out.table(columns, rows)
        _print_details(out, items)
    else:
        span = "overdue" if overdue else "due" if within is None else f"due within {within} days"
        out.line(f"nothing {span}")


def _items(
    space: "Workspace", case: str, only: "tuple[Clock, ...]", within: int | None, *, overdue: bool
) -> "list[Item]":
    from arpc import due as due_module

    folders = [space.case(case)] if case or space.root is None else _folders(space)
    found = []
    for folder in folders:
        loaded = space.load(folder)
        found += due_module.what_is_due(space.as_of(loaded), only)
    found.sort(key=lambda item: (item.due.by, item.case, item.uid))
    return due_module.within(found, within, overdue=overdue)


def _folders(space: "Workspace") -> "list[Path]":
    """The case we stand in, or all cases."""
    from pathlib import Path

    here = Path.cwd()
    if any((folder / "case.yaml").is_file() for folder in (here, *here.parents)):
        return [space.case("")]
    return list(space.cases())


def _row(item: "Item", *, with_case: bool) -> list[str]:
    source = item.due.because
    return [
        f"{item.due.by}{'~' if item.provisional else ''}",
        *([item.case] if with_case else []),
        item.due.what,
        item.clock.owner,
        item.state,
        f"{source.file.rpartition('/')[2]}:{source.line}",
    ]


def _print_details(out: "Printer", items: "list[Item]") -> None:
    """Below the table: windows, and what has to be there first."""
    detailed = [item for item in items if item.due.opens or item.due.needs]
    if detailed:
        out.line()
    for item in detailed:
        parts = [f"window {item.due.opens} to {item.due.closes}"] if item.due.opens else []
        parts += [f"first {need}" if need.startswith("a ") else need for need in item.due.needs]
        out.wrapped(f"{item.due.by} {item.due.what}: {'; '.join(parts)}", "  ")
    if any(item.provisional for item in items):
        out.line("~ bank holidays for that year are not announced yet; the day may move")


COMMANDS: dict[Callable[..., None], str] = {due: "due", due_followups: "due-followups"}
