"""`diff`."""

import json
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import CaseId, Today

if TYPE_CHECKING:
    from arpc.casefile import CaseFile
    from arpc.cli.workspace import Workspace
    from arpc.differing import Change
    from arpc.history import Known

SUPERVISION = "supervision"


class Form(StrEnum):
    """How it is printed."""

    TEXT = "text"
    JSON = "json"


def diff(
    case: CaseId = "",
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="DATE|supervision|yesterday",
            help="From what was saved by the end of this day, of the last supervision, or of yesterday.",
            show_default="supervision; without one, what was saved first",
        ),
    ] = "",
    form: Annotated[Form, typer.Option("--format", help="text or json.")] = Form.TEXT,
    today: Today = "",
) -> None:
    """Say what changed in a case, in the words of practice.

    Compares the case as git kept it at the end of a day with its files as they are now, by meaning, and
    leaves nothing out: safety first, then contact, what people say, what we think, work done, people,
    records. What people said is shown: it is for you to read, and not to be passed on as it is.

    Examples:
        arpc diff C-FK
        arpc diff C-HB --since 2026-05-31
        arpc diff C-FK --since yesterday
    """
    from arpc import differing
    from arpc.cli import past, printer, workspace

    space = workspace.open_here(today)
    folder = space.case(case)
    file = space.load(folder).file
    known = _known(since, file, space, folder.absolute().name)
    day = known.day
    past.mention_remarks(known)
    found = differing.changes(known.loaded.file, file)
    out = printer.out()
    if form is Form.JSON:
        head = {"case": file.id, "since": str(day), "commit": known.commit.id}
        listed = [_plain(change) for change in found]
        out.line(json.dumps({**head, "changes": listed}, indent=2, ensure_ascii=False))
        return
    out.line(f"read commit {known.commit.short} of {known.commit.day}")
    if not (since or _supervised(file, space)):
        out.line(f"no supervision was held before today: what changed since it began, {day}")
    if not found:
        out.line(f"nothing has changed in {file.id} since {day}")
    for subject, changes in groupby(found, lambda change: change.subject):
        out.line()
        out.styled(("strong", str(subject)))
        for change in changes:
            out.item(f"{change.text} [{change.at}]")


def _known(since: str, file: "CaseFile", space: "Workspace", name: str) -> "Known":
    """The case as it was; where nothing is asked for, at the last supervision or as it began."""
    from arpc import history
    from arpc.cli import past

    if not (since or _supervised(file, space)):
        return history.known_first(space.folder(), name)
    return past.known_in(space, _day(since or SUPERVISION, file, space), name)


def _day(since: str, file: "CaseFile", space: "Workspace") -> date:
    if since == SUPERVISION:
        return _last_supervision(file, space)
    return space.past_day(since, "the day asked for")


def _last_supervision(file: "CaseFile", space: "Workspace") -> date:
    from arpc.errors import ArpcError

    held = _supervised(file, space)
    if not held:
        raise ArpcError(
            "no supervision was held before today", "give `--since DATE`, or `--since yesterday`"
        )
    return max(held)


def _supervised(file: "CaseFile", space: "Workspace") -> list[date]:
    """The days before today on which supervision was held."""
    return [each.on for each in file.supervisions if each.on < space.today]


def _plain(change: "Change") -> dict[str, object]:
    place = {"at": change.at, "file": change.where.file, "line": change.where.line}
    return {"subject": str(change.subject), "text": change.text, **place}


COMMANDS: dict[Callable[..., None], str] = {diff: "diff"}
