"""Records that were brought together from two versions: named until somebody at this computer has read them."""

from collections.abc import Iterable
from pathlib import Path

from arpc import kinds, unread
from arpc.cli import printer
from arpc.cli.workspace import Workspace


def mention(paths: Iterable[str]) -> None:
    """Name the records that were brought together from two versions, and that nobody has read since."""
    by_case: dict[str, list[str]] = {}
    for path in paths:
        _, case, name = path.split("/", 2)
        if kinds.kind_of_file(name):
            by_case.setdefault(case, []).append(Path(name).stem)
    for case, records in by_case.items():
        named = ", ".join(records)
        hint = f"`arpc show {case} {records[0]}`"
        note = f"brought together from two versions, and not read since: {named} ({hint})"
        printer.err().styled(("warning", "note: "), note)


def note_read(space: Workspace, folder: Path, record: str) -> None:
    """Say of a record that it was brought together from two versions; from now on it counts as read."""
    case = folder.absolute().name
    if space.root and record in unread.unread(space.root, case):
        what = f"`arpc history {case} {record}` says what came from whom"
        note = f"{record} was brought together from two versions, and counts as read now; {what}"
        printer.err().styled(("warning", "note: "), note)
        unread.note_read(space.root, case, record)
