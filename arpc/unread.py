"""Records that were brought together from two versions, and that nobody at this clone has read since.

It is kept in this clone alone: a colleague who fetches the merge has the text as one person's, and was told
of nothing that is not so for them too. `arpc show` and `arpc edit` of the record count as reading it.
"""

from pathlib import Path

from arpc import kinds
from arpc.sealing import here
from arpc.sealing import unread as waiting


def unread(root: Path, case: str) -> list[str]:
    """The records of a case, as they are named to a command, that wait to be read.

    Args:
        root: The service folder.
        case: What the case folder is called.
    """
    git = here.git_folder(root)
    start = f"cases/{case}/"
    paths = waiting.unread(git) if git else []
    names = (path.removeprefix(start) for path in paths if path.startswith(start))
    return [Path(name).stem for name in names if kinds.kind_of_file(name)]


def note_read(root: Path, case: str, record: str) -> None:
    """Remember that a record was read."""
    git = here.git_folder(root)
    if git and record in unread(root, case):
        start = f"cases/{case}/"
        found = {p for p in waiting.unread(git) if p.startswith(start) and Path(p).stem == record}
        waiting.note_read(git, found)
