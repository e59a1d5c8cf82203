"""`doctor` and `recover`: what stands in the way on this computer, and what a stopped writer left behind."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.keys import Key
from arpc.cli.options import CaseId, Today

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace
    from arpc.doctoring import Checked
    from arpc.leftovers import LeftOver


_INDENT = 9  # columns, in which it stands how something is


class Form(StrEnum):
    """How it is printed."""

    TEXT = "text"
    JSON = "json"


def doctor(
    form: Annotated[Form, typer.Option("--format", help="text or json.")] = Form.TEXT,
    key: Key = "",
) -> None:
    """Look whether this computer and this folder are fit for the work.

    Rights, synchronised folders, left-overs, git's settings and hooks, what is open, versions, the disk; and what
    to do about each. It writes nothing, and works outside a service folder too: then it looks at the computer.

    Answers 0 where nothing has to be done, and 1 where something has.

    Examples:
        arpc doctor
        arpc doctor --format json
    """
    import os
    from datetime import datetime

    from arpc import doctoring
    from arpc.cli import printer, workspace
    from arpc.doctoring.words import Place

    space = workspace.open_here()
    mounts = Path("/proc/mounts")
    place = Place(
        space.root,
        space.service,
        os.environ,
        Path.home(),
        Path(key or "~/.ssh/id_ed25519").expanduser(),
        mounts.read_text("utf-8", "replace") if mounts.exists() else "",
        datetime.now().astimezone(),
    )
    found = list(doctoring.examine(place))
    if form is Form.JSON:
        printer.out().raw(_as_json(found))
    else:
        _print_checks(found)
    raise typer.Exit(1 if any(each.told.state.wants_doing for each in found) else 0)


def recover(
    case: CaseId = "",
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="NAME", help="Take it back into its record; repeat it."),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option("--drop", metavar="NAME", help="Take it away for good; repeat it."),
    ] = None,
    today: Today = "",
) -> None:
    """Offer back what a stopped writer left behind.

    It is killed with its text half written, or whole and not yet in its place. What a left-over holds is never
    printed: look at it in your editor, beside its record. What nobody could miss is taken away at once.

    Writes: the record that a left-over was to become; removes the left-over.

    Undone: what was taken back by `arpc undo`; what was dropped, not at all.

    Examples:
        arpc recover
        arpc recover C-HB --keep F-04
    """
    from arpc import leftovers
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    folder = space.case(case) if case or space.root is None else space.folder()
    found = list(leftovers.find(folder))
    out = printer.out()
    for name in keep or ():
        _take_back(space, leftovers.pick(found, name))
    for name in drop or ():
        _drop(leftovers.pick(found, name))
    if keep or drop:
        return
    for each in found:
        if each.holds.is_spare:
            _drop(each)
    left = [each for each in found if not each.holds.is_spare]
    for each in left:
        out.item(_told(each))
    if workspace.is_interactive():
        for each in left:
            _ask(space, each)
    elif left:
        out.line("to take one back: `arpc recover --keep NAME`; to drop it for good: `--drop NAME`")
    if not found:
        out.line("nothing was left behind")


def _ask(space: "Workspace", found: "LeftOver") -> None:
    from arpc.cli import workspace

    can_be_kept = found.holds.can_be_taken_back
    ways = "keep, drop, or leave it" if can_be_kept else "drop, or leave it"
    answer = workspace.ask(f"{found.path.name}: {ways}?", "leave").lower()
    if can_be_kept and answer in ("k", "keep"):
        _take_back(space, found)
    elif answer in ("d", "drop"):
        _drop(found)


def _take_back(space: "Workspace", found: "LeftOver") -> None:
    """Write it into its record, check that, and say how it is undone."""
    from arpc import leftovers
    from arpc.cli import checks, printer, writing
    from arpc.cli.verdicts import print_verdict
    from arpc.errors import ArpcError
    from arpc.findings import Gate

    if found.case is None:
        raise ArpcError(f"{found.path.name} belongs to no record", "`--drop` takes it away")
    with writing.undoable(space, found.case, f"recover {found.record}"):
        leftovers.take_back(found)
        printer.out().line(f"{found.record} holds what was left over")
    verdict = checks.validate(space._replace(opened=None), [str(found.of)], Gate.NOW)
    print_verdict(printer.out(), verdict)


def _drop(found: "LeftOver") -> None:
    from arpc import leftovers
    from arpc.cli import printer, workspace

    leftovers.drop(found)
    printer.out().line(f"dropped {workspace.shown(found.path)}: {found.holds.value}")


def _told(found: "LeftOver") -> str:
    """Where a left-over lies, what it is and when it was written, in ids and keys alone."""
    from datetime import datetime

    from arpc.cli import workspace

    when = f"{datetime.fromtimestamp(found.written):%Y-%m-%d %H:%M}"
    differs = f"; differs in {', '.join(found.differs)}" if found.differs else ""
    what = f"{found.holds.value}{differs}"
    return f"{workspace.shown(found.path)}: of {found.record}, {found.size} bytes, {when}: {what}"


def _print_checks(found: "list[Checked]") -> None:
    """Print what is fine in a line each, and what is not with what to do about it."""
    from arpc.cli import printer

    out = printer.out()
    for check, told in found:
        state = told.state.value
        indent = "" if out.plain else " " * _INDENT
        shown = f"{state}:" if out.plain else state.ljust(_INDENT - 1)
        out.wrapped(f"{shown} {check}: {told.found}", hanging=indent)
        if told.do:
            out.wrapped(f"to do: {told.do}", indent)
    todo = sum(told.state.wants_doing for _, told in found)
    out.line(f"{todo} to see to" if todo else "nothing has to be done")


def _as_json(found: "list[Checked]") -> str:
    import json

    rows = [
        {"check": check, "state": told.state.value, "found": told.found, "do": told.do}
        for check, told in found
    ]
    todo = sum(told.state.wants_doing for _, told in found)
    return json.dumps({"checks": rows, "to_do": todo}, indent=2, ensure_ascii=False) + "\n"


COMMANDS: dict[Callable[..., None], str] = {doctor: "doctor", recover: "recover"}
