"""`--as-known-on`: where a command stands when it looks back, and where what it makes goes."""

from datetime import date, datetime
from pathlib import Path

from arpc import history, service
from arpc.cli import printer, workspace
from arpc.cli.workspace import Workspace
from arpc.errors import ArpcError
from arpc.findings import Severity
from arpc.history import Known


def open_on(text: str, wanted: str, today: str) -> tuple[Workspace, Known]:
    """A case as it was known on a day, in its service as it was; says which commit was read.

    Raises:
        ArpcError: The day is no date or still to come, or nothing is known of it.
    """
    named = service.case_at(Path.cwd(), wanted)
    space = workspace.open_here(today, named)
    day = space.past_day(text, "the day asked for")
    known = known_in(space, day, named.absolute().name if named else wanted)
    printer.out().line(f"read commit {known.commit.short} of {known.commit.day}")
    _mention(known)
    then = known.opened.service if known.opened else space.service
    noon = datetime(day.year, day.month, day.day, 12)
    return Workspace(space.root, then, known.opened or space.opened, day, noon), known


def known_in(space: Workspace, day: date, wanted: str) -> Known:
    """A case of the service where we stand as it was known on a day.

    Raises:
        ArpcError: We stand in no service folder, or nothing is known of the day.
    """
    return history.known_on(space.folder(), day, wanted)


def mention_remarks(known: Known) -> None:
    """Say where the history is not the plain row of days that one might think."""
    for remark in known.remarks:
        printer.err().styled(("warning", "note: "), remark)


def out_folder(space: Workspace, known: Known) -> Path:
    """Where a report of the case goes.

    Raises:
        ArpcError: The case folder is not there any more.
    """
    assert space.root is not None
    folder = space.root / "cases" / known.name
    if not folder.is_dir():
        raise ArpcError("the case's folder is not there any more", "say where to with `-o FILE`")
    return folder / "out"


def _mention(known: Known) -> None:
    """What of the past is not as one might think."""
    err = printer.err()
    if known.opened is None:
        err.styled(("warning", "note: "), f"there was no {service.FILE} then; today's is used")
    elif any(fault.severity is Severity.ERROR for fault in known.opened.findings):
        note = f"{service.FILE} could not be relied on then; nothing is taken from it"
        err.styled(("warning", "note: "), note)
    mention_remarks(known)
