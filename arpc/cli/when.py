"""`due` and `due-followups`."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from arpc.cli.options import As, CaseId, NoCache, Today

if TYPE_CHECKING:
    from datetime import date

    from arpc import register
    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.due import Item, Week
    from arpc.provisions import Clock
    from arpc.surveying import Coming

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
Worker = Annotated[
    str,
    typer.Option(
        "--worker",
        metavar="CODE",
        help="Only the cases that somebody leads or is the second in.",
        show_default=False,
    ),
]
Team = Annotated[
    str,
    typer.Option(
        "--team", metavar="CODE", help="Only the cases that a manager oversees.", show_default=False
    ),
]
InWeek = Annotated[
    str,
    typer.Option(
        "--week",
        metavar="this|next|DATE",
        help="A week from Monday to Sunday, day by day, and what may be done in it.",
        show_default=False,
    ),
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
IntoFile = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where to, for a calendar to subscribe to."
    ),
]


def due(
    case: CaseId = "",
    within: Within = 90,
    overdue: Overdue = False,
    week: InWeek = "",
    owner: Owner = "",
    mine: Mine = False,
    worker: Worker = "",
    team: Team = "",
    register: Register = False,
    output: Output = Format.TABLE,
    file: IntoFile = None,
    no_cache: NoCache = False,
    me: As = "",
    today: Today = "",
) -> None:
    """Say what falls due.

    Notes, concerns, supervision, feedback, reviews and follow-ups, for a case or for all; and, for
    information, what children's services and courts have to do. As a calendar it carries no names.

    Writes: with `--register`, `register.yaml`; with `-o`, that file; nothing without.

    Undone: delete it; the next one is made anew.

    Examples:
        arpc due
        arpc due C-FK --within 30
        arpc due --team JM --week next
        arpc due --overdue
        arpc due --worker LK --format ics -o LK.ics
        arpc due --register
    """
    from arpc import clocks

    if register:
        _write_register(today, cached=not no_cache)
    else:
        whose = Whose(mine, worker, team)
        asked = Asked(case, within, overdue, week, owner, whose, me, not no_cache)
        _say(asked, output, file, today, clocks.ALL)


def due_followups(
    case: CaseId = "",
    within: Within = None,
    overdue: Overdue = False,
    week: InWeek = "",
    mine: Mine = False,
    worker: Worker = "",
    team: Team = "",
    output: Output = Format.TABLE,
    file: IntoFile = None,
    no_cache: NoCache = False,
    me: As = "",
    today: Today = "",
) -> None:
    """Say which follow-ups fall due.

    The referrer after 3, 6 and 12 months, meetings after 3 and 5 years.

    Writes: with `-o`, that file; nothing without.

    Undone: delete it; the next one is made anew.

    Examples:
        arpc due-followups
        arpc due-followups C-HB --within 30
        arpc due-followups --format csv -o follow-ups.csv
    """
    from arpc import clocks

    follow_ups = tuple(clock for clock in clocks.ALL if clock.follow_up)
    theirs = Whose(mine, worker, team)
    asked = Asked(case, within, overdue, week, "", theirs, me, not no_cache)
    _say(asked, output, file, today, follow_ups)


class Whose(NamedTuple):
    """Whose cases are asked for; with nothing, everybody's."""

    mine: bool
    worker: str
    team: str

    def known(self, space: "Workspace", me: str) -> "Whose":
        """The same with staff codes that are in the staff list.

        Raises:
            ArpcError: There is no such member of staff, or one cannot be both.
        """
        from arpc.errors import ArpcError

        if self.mine and self.worker:
            raise ArpcError("`--mine` and `--worker` are one too many", "give one of them")
        worker = space.me(me) if self.mine else self.worker and space.me(self.worker)
        return Whose(self.mine, worker, self.team and space.me(self.team))

    def are(self, case: "Coming") -> bool:
        """Whether a case is theirs, or nobody can say whose it is."""
        is_theirs = self.worker in ("", case.lead, case.second) and self.team in ("", case.manager)
        return is_theirs or not case.is_known


class Asked(NamedTuple):
    """Of what falls due, what is asked for."""

    case: str
    within: int | None
    overdue: bool
    week: str
    owner: str
    whose: Whose
    me: str
    cached: bool


def _say(
    asked: Asked, output: Format, file: Path | None, today: str, only: "tuple[Clock, ...]"
) -> None:
    from arpc import due as due_module
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    whose = asked.whose.known(space, asked.me)
    day = _in_week(asked.week, space) if asked.week else None
    within = None if day else asked.within
    owner = _known(asked.owner)

    def is_wanted(item: "Item") -> bool:
        """Whether an item is asked for; of thousands of cases only such are kept."""
        near = due_module.is_of_week(item, day) if day else True
        return near and bool(due_module.within([item], within, overdue=asked.overdue, owner=owner))

    items = found = _items(space, asked, only, whose, is_wanted)
    week = due_module.week_of(items, day, space.today) if day else None
    if week:
        items = [*week.overdue, *(i for _, here in week.days for i in here), *week.open]
    out = printer.out()
    if file or output is not Format.TABLE:
        _export(space, items, output, file, whose.worker)
    elif week:
        _print_week(out, week)
        passed = sum(item.is_overdue for item in found) - len(week.overdue)
        if passed > 0:
            out.line(f"besides, {passed} overdue before it: `arpc due --overdue`")
    elif items:
        _print_items(out, items)
    else:
        span = f"due within {within} days" if within is not None else "due"
        out.line(f"nothing {'overdue' if asked.overdue else span}")


def _in_week(text: str, space: "Workspace") -> "date":
    """A day of the week that is asked for.

    Raises:
        ArpcError: It is neither this nor next nor a date.
    """
    from datetime import timedelta

    from arpc.cli import workspace

    weeks = {"this": space.today, "next": space.today + timedelta(days=7)}
    return weeks.get(text) or workspace.day_of(text, "the week")


def _export(
    space: "Workspace", items: "list[Item]", output: Format, file: Path | None, worker: str
) -> None:
    """What is due for other programs, on the screen or in a file, which is written whole."""
    from arpc import exporting, writer
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    form = output if output is not Format.TABLE else file and file.suffix.lower()[1:]
    practice, marking = space.is_practice, space.service.marking
    if form == Format.JSON:
        text = exporting.due_json(items, space.today, practice=practice)
    elif form == Format.CSV:
        text = exporting.due_csv(items)
    elif form == Format.ICS:
        text = exporting.due_ics(items, marking, practice=practice, whose=worker)
    else:
        raise ArpcError("the file's ending names no format", "end it in .json, .csv or .ics")
    out = printer.out()
    if file is None:
        out.raw(text)
        return
    writer.replace(file, text)
    out.line(f"wrote {workspace.shown(file)}: {len(items)} dates")


def _print_week(out: "Printer", week: "Week") -> None:
    from arpc.document.matter import day_words

    parts = [("Overdue", week.overdue)]
    parts += [(f"{day:%A} {day_words(day)}", here) for day, here in week.days]
    parts += [("May be done this week, and falls due in another", week.open)]
    shown = [(title, items) for title, items in parts if items]
    leads = {item.lead for _, items in shown for item in items}
    for title, items in shown:
        out.heading(title)
        for item in items:
            _print_item(out, item, with_lead=len(leads) > 1)
    if not shown:
        out.line(f"nothing falls due in the week of {day_words(week.monday)}")


def _print_items(out: "Printer", items: "list[Item]") -> None:
    leads = {item.lead for item in items}
    for item in items:
        _print_item(out, item, with_lead=len(leads) > 1)
    if any(item.provisional for item in items):
        sign = "may move:" if out.plain else "~"
        out.line(f"{sign} bank holidays for that year are not announced yet")


def _known(owner: str) -> str:
    from arpc.errors import ArpcError
    from arpc.provisions import OWNERS

    if owner and owner not in OWNERS:
        raise ArpcError("there is no such owner", f"owners: {', '.join(OWNERS)}")
    return owner


def _items(
    space: "Workspace",
    asked: Asked,
    only: "tuple[Clock, ...]",
    whose: Whose,
    is_wanted: "Callable[[Item], bool]",
) -> "list[Item]":
    """What falls due in a case or in all of them that are asked for, and what only the register tells of."""
    from arpc import due as due_module
    from arpc import loading, register, retention, service
    from arpc.cli import printer
    from arpc.errors import ArpcError

    around = None if asked.case else loading.case_around(Path.cwd())
    alone = asked.case or around or space.root is None
    folders = [space.case(asked.case)] if alone else service.case_folders(space.folder())
    try:
        entries = register.read(space.root) if space.root else []
    except ArpcError as error:
        printer.err().styled(("warning", "note: "), f"{error}; {error.hint}")
        entries = []
    kept = bool(entries)
    read = _read(space, folders, only, whose, is_wanted, cached=asked.cached, with_names=kept)
    gone = retention.shredded(space.root) if entries and space.root else []
    entries = [entry for entry in entries if entry.case not in gone]
    if alone:
        entries = [entry for entry in entries if entry.case in read.unsure]
    entries = [entry for entry in entries if entry.case not in read.others]
    hidden = register.from_register(entries, read.names, read.unsure, only, space.today)
    items = [*register.with_moves(entries, read.items), *filter(is_wanted, hidden)]
    return due_module.soonest_first(items)


class _Read(NamedTuple):
    """What falls due in the cases that could be read."""

    items: "list[Item]"
    names: "set[register.Name]"
    """Of all that falls due in them, not only of the items that were wanted; none where nobody asks."""
    unsure: dict[str, frozenset[str]]
    """The clocks of which nothing can be said, by case."""
    others: set[str]
    """The cases of others."""


def _read(
    space: "Workspace",
    folders: "list[Path]",
    only: "tuple[Clock, ...]",
    whose: Whose,
    is_wanted: "Callable[[Item], bool]",
    *,
    cached: bool,
    with_names: bool = False,
) -> _Read:
    from arpc import register, surveying
    from arpc.cli import many, workspace

    clock_ids = {clock.id for clock in only}
    read = _Read([], set(), {}, set())
    damaged: list[str] = []
    locked = 0
    for folder, (raw,) in many.surveyed(space, ("coming",), folders, cached=cached):
        coming = surveying.coming(raw, folder, space.today)
        if coming.is_locked:
            locked += 1
        elif not whose.are(coming):
            read.others.add(coming.case)
        else:
            items = [item for item in coming.items if item.clock.id in clock_ids]
            read.items.extend(filter(is_wanted, items))
            if with_names:
                read.names.update(map(register.name_of, items))
            read.unsure[coming.case] = coming.unsure & clock_ids
            damaged += coming.damaged
    workspace.mention_files(sorted(damaged), "what it holds is not counted here")
    workspace.mention_locked(locked)
    return read


def _write_register(today: str, *, cached: bool) -> None:
    from arpc import clocks, register, retention, service
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    if not space.service.register:
        raise ArpcError("this service keeps no register", "service.yaml says `register: no`")
    root = space.folder()
    everybody = Whose(False, "", "")
    folders = service.case_folders(root)
    read = _read(space, folders, clocks.ALL, everybody, lambda _: True, cached=cached)
    shredded = {case: frozenset[str]() for case in retention.shredded(root)}
    update = register.write(root, read.items, {**read.unsure, **shredded})
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


def _print_item(out: "Printer", item: "Item", *, with_lead: bool) -> None:
    """The day and what is due; below it how long there is, whose it is, and where it comes from."""
    due = item.due
    place = f"{due.because.file.rpartition('/')[2]}:{due.because.line}"
    window = f"; window {due.opens} to {due.closes}" if due.opens else ""
    moved = f"; moved, the register has {item.was}" if item.was else ""
    note = f"{moved}; {due.note}" if due.note else moved
    if out.plain:
        lead = f", lead {item.lead or 'not known'}" if with_lead else ""
        moving = ", may move" if item.provisional else ""
        out.styled(("strong", f"{due.by}{moving}: {due.what}; case {item.case}{lead}"))
        indent = "  "
    else:
        lead = f" {item.lead or '?'}" if with_lead else ""
        day = f"{due.by}{'~' if item.provisional else ' '}"
        out.styled(("strong", day), f" {item.case}{lead}  {due.what}")
        indent = " " * 12
    out.wrapped(f"{item.state}{window}{note}; owner {item.clock.owner}", indent)
    if due.needs:
        out.wrapped(f"needs {'; '.join(due.needs)}", indent)
    out.wrapped(f"from {place}, by {item.clock.id}", indent)


COMMANDS: dict[Callable[..., None], str] = {due: "due", due_followups: "due-followups"}
