"""`validate`, `status`, `list`, `explain`."""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, AsKnownOn, CaseId, For, NoCache, Today
from arpc.findings import Gate

if TYPE_CHECKING:
    from datetime import date

    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.findings import Finding
    from arpc.overview import Line
    from arpc.records import Person


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


class Book(StrEnum):
    """How the rulebook is written."""

    MD = "md"
    JSON = "json"


def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Files, case folders, case ids, or service folders."
        ),
    ] = None,
    aim: For = Gate.NOW,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count too.")] = False,
    output: Annotated[
        Format, typer.Option("--format", help="text, json, sarif or github.")
    ] = Format.TEXT,
    answered: Annotated[
        bool,
        typer.Option(
            "--answered", help="List what was answered instead, and the reasons, in their words."
        ),
    ] = False,
    staged: Annotated[
        bool,
        typer.Option("--staged", help="Only what the next commit makes worse, for a commit hook."),
    ] = False,
    no_cache: NoCache = False,
    today: Today = "",
) -> None:
    """Check records, cases or whole folders.

    Against their schemas, and against what good practice asks. Exit code 1 if an error counts now.

    Examples:
        arpc validate
        arpc validate C-FK --for issue
        arpc validate C-HB --for close
    """
    from arpc.cli import verdicts

    code = verdicts.validate(
        paths or [],
        aim,
        strict=strict,
        form=str(output),
        answered=answered,
        staged=staged,
        cached=not no_cache,
        today=today,
    )
    raise typer.Exit(code)


def status(case: CaseId = "", as_known_on: AsKnownOn = "", today: Today = "") -> None:
    """Show one case on one screen.

    Who, how far, what is due, and what the next gate still asks for.

    Examples:
        arpc status C-FK
    """
    from arpc import overview
    from arpc.cli import past, printer, workspace

    if as_known_on:
        space, known = past.open_on(as_known_on, case, today)
        loaded = known.loaded
    else:
        space = workspace.open_here(today)
        loaded = space.load(space.case(case))
    workspace.mention_damaged(loaded, "what it holds is not counted here")
    found = overview.status(loaded, space.as_of(loaded))
    out = printer.out()
    head = f"{found.case}{out.gap}{found.stage}, lead {found.lead or 'not named'}"
    out.styled(("strong", head))
    opened = found.opened or "on a day not recorded"
    out.line(f"opened {opened}, {found.nation or 'nation not named'}; last: {found.last}")
    out.line()
    rows = [
        (p.id, p.name, ", ".join(p.roles).replace("_", " "), _age(p, space.today))
        for p in found.people
    ]
    out.table(("id", "who", "role", "age"), rows)
    out.line()
    counts = ", ".join(f"{title.lower()} {count}" for title, count in found.counts)
    out.wrapped(f"records: {counts}")
    if found.drafts:
        out.wrapped(f"drafts: {', '.join(found.drafts)}")
    if not as_known_on and (lines := _unsaved(space, found.case)):
        out.wrapped(f"not saved yet: {'; '.join(lines)}: `arpc save`")
    if not as_known_on and (waiting := _unread(space, found.case)):
        out.wrapped(
            f"brought together from two versions, and not read since: {', '.join(waiting)}:"
            f" `arpc show {found.case} {waiting[0]}`"
        )
    for case_id, how in found.links:
        out.line(f"linked to {case_id}: {how.replace('_', ' ')}")
    out.line()
    if found.items:
        out.table(
            ("due", "what", "state"),
            [(i.due.by.isoformat(), i.due.what, i.state) for i in found.items],
        )
    else:
        out.line("nothing due within 90 days")
    out.line()
    _print_asked(out, found.aim, found.asked)


def _unsaved(space: "Workspace", case: str) -> list[str]:
    """What of a case is not in the history yet, where there is one; what git cannot say stops nothing."""
    from arpc import gitrepo, saving
    from arpc.cli import printer
    from arpc.errors import ArpcError

    if space.root is None or not gitrepo.is_available() or not gitrepo.is_repository(space.root):
        return []
    try:
        work = saving.unsaved(space.root, f"cases/{case}")
    except ArpcError as error:
        note = f"what is not saved yet cannot be told: {error}"
        printer.err().styled(("warning", "note: "), note)
        return []
    return [line.partition(": ")[2] for line in work.lines]


def _unread(space: "Workspace", case: str) -> list[str]:
    """The records of a case that were brought together from two, and wait for somebody to read them."""
    from arpc import unread

    return unread.unread(space.root, case) if space.root else []


class Order(StrEnum):
    """What the caseload is sorted by."""

    CASE = "case"
    NEXT = "next"
    OVERDUE = "overdue"
    OPENED = "opened"
    STAGE = "stage"
    LEAD = "lead"


def list_cases(
    names: Annotated[
        bool, typer.Option("--names", help="Show the man's and the children's names.")
    ] = False,
    stage: Annotated[
        str,
        typer.Option(
            "--stage", metavar="STAGE", help="Only cases at this stage.", show_default=False
        ),
    ] = "",
    worker: Annotated[
        str,
        typer.Option(
            "--worker",
            metavar="CODE",
            help="Only cases that this worker leads or is second in.",
            show_default=False,
        ),
    ] = "",
    mine: Annotated[bool, typer.Option("--mine", help="Only your own cases.")] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only cases with something overdue.")
    ] = False,
    sort: Annotated[
        Order, typer.Option("--sort", help="case, next, overdue, opened, stage or lead.")
    ] = Order.CASE,
    no_cache: NoCache = False,
    me: As = "",
    today: Today = "",
) -> None:
    """List the caseload, one line a case.

    Examples:
        arpc list
        arpc list --names --sort next
        arpc list --mine --as RD
    """
    from arpc import overview, service
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    wanted = space.me(me if mine else worker) if mine or worker else ""
    every = list(_lines(space, names=names, cached=not no_cache))
    found = overview.chosen(every, stage=stage, worker=wanted, overdue=overdue)
    columns = ["case", "stage", "lead", "opened", "next", "overdue", "errors"]
    out = printer.out()
    rows = [_case_row(line, out.gap, names=names) for line in overview.in_order(found, sort)]
    if rows:
        out.table([*columns, *(["who"] if names else [])], rows)
    else:
        there = any(service.case_folders(space.folder()))
        out.line("no such cases" if there else "no cases yet: `arpc new-case` starts one")


def _lines(space: "Workspace", *, names: bool, cached: bool) -> "Iterator[Line]":
    from arpc import overview, service, surveying
    from arpc.cli import many, workspace

    folders = service.case_folders(space.folder())
    locked = 0
    both = ("found", "coming")
    for folder, (wrong, ahead) in many.surveyed(space, both, folders, cached=cached, every=True):
        case = surveying.coming(ahead, folder, space.today)
        if case.is_locked:
            locked += 1
            continue
        people = overview.names(space.load_people(folder.path).file) if names else ("", ())
        yield overview.line(case, surveying.found(wrong, folder, Gate.NOW), people)
    workspace.mention_locked(locked)


def _case_row(line: "Line", gap: str, *, names: bool) -> list[str]:
    coming = f"{line.next.due.by}{gap}{line.next.due.what}" if line.next else ""
    row = [line.case, line.stage, line.lead, str(line.opened or "not known"), coming]
    row += [str(line.overdue or ""), str(line.errors or "")]
    return [*row, f"{line.man}; children {', '.join(line.children)}"] if names else row


def explain(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", help="A command, rule, clock, kind, kind.field or audience."
        ),
    ] = "",
    every: Annotated[
        bool, typer.Option("--all", help="Every rule and clock as one document.")
    ] = False,
    output: Annotated[
        Book, typer.Option("--format", help="With --all: md or json.", show_default=False)
    ] = Book.MD,
) -> None:
    """Explain a command, rule, clock, record kind, field or audience.

    Each with an example of invented people. Without a name, list them all. `security` says who is kept from a
    sealed case and by what; `opening` prints a program that opens one without arpc.

    Examples:
        arpc explain child-not-seen
        arpc explain session.concern
        arpc explain finish
    """
    from arpc import explaining
    from arpc.cli import commands, printer, workspace

    out = printer.out()
    if every:
        from arpc import rulebook

        write = rulebook.to_json if output is Book.JSON else rulebook.to_markdown
        out.raw(write(workspace.open_here().service))
        return
    if not name:
        _print_names(out, [*commands.groups(context), *explaining.everything()])
        return
    if name == "opening":  # a program, to be kept as it is
        from arpc import threats

        out.raw(threats.opening_program())
        return
    found = explaining.explain(name, commands.explanations(context))
    out.wrapped(f"{found.name}: {found.title}")
    out.line()
    for paragraph in found.text.split("\n\n") if found.text else ():
        out.wrapped(paragraph)
        out.line()
    for label, text in found.facts:
        out.wrapped(f"{label}: {text}")
    if found.facts and found.example:
        out.line()
    for line in found.example:
        text = line.lstrip()
        indent = " " * (len(line) - len(text))
        hanging = indent + "  " * bool(re.match(r"(- )*[\w-]+: ", text))
        out.wrapped(text, indent, hanging) if text else out.line()


def _print_names(out: "Printer", names: Iterable[tuple[str, str, str]]) -> None:
    """Print names with their titles under the group that each is of."""
    for group, rows in groupby(names, lambda row: row[0]):
        shown = [(name, title) for _, name, title in rows]
        width = 0 if out.plain else max(len(name) for name, _ in shown)
        out.heading(f"{group}:")
        for name, title in shown:
            out.wrapped(f"{name:<{width}}{out.gap}{title}", "  ", " " * (width + 4))
        out.line()


def _print_asked(out: "Printer", aim: Gate | None, asked: "Iterable[Finding]") -> None:
    from arpc.cli.verdicts import PURPOSES

    found = list(asked)
    if aim is None:
        out.line("the case is closed")
    elif not found:
        out.styled(("good", f"nothing more is asked before {PURPOSES[aim]}"))
    else:
        out.styled(("strong", f"still asked before {PURPOSES[aim]}: {len(found)}"))
        for finding in found[:12]:
            place = finding.where.file.rpartition("/")[2].removesuffix(".yaml")
            named = finding.message.startswith(f"{place} ")
            out.wrapped(finding.message if named else f"{place}: {finding.message}", "  ")
        if len(found) > 12:
            out.line(f"  ... and {len(found) - 12} more: `arpc validate --for {aim}`")


def _age(person: "Person", today: "date") -> str:
    from arpc.workdays import age_on

    return str(age_on(person.born, today)) if person.born and not person.died else ""


COMMANDS: dict[Callable[..., None], str] = {
    validate: "validate",
    status: "status",
    list_cases: "list",
    explain: "explain",
}
