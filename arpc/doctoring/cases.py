"""What is checked of the cases: what a stopped writer, an editor or a synchronising program left in them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from arpc import leftovers, loading, placing, plainfiles, service, undoing
from arpc.doctoring.words import Place, State, Told, named
from arpc.errors import ArpcError
from arpc.kinds import OF_SERVICE

_BY_EDITOR = re.compile(
    r"\..+\.sw[a-p]|.+~|#.+#|\.#.+|\.~lock\..+#?|~\$.+|.+\.(?:bak|orig|rej|save)"
)
"""What vi, Emacs, nano, LibreOffice, Word and git leave beside a file that they had open."""
_COPY = re.compile(
    r"(?:case|referral|service|finished|answers|confirmations|[A-Z]-[0-9]{2,4})(?![0-9]).+\.ya?ml",
    re.IGNORECASE,
)
"""A copy of a record under a name that says more than its id: what Dropbox, OneDrive and iCloud make."""
_VERSION = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:#.*\n)*\w+: *arpc/([0-9]+)")
_KNOWN_VERSION = 1


def left_overs(at: Place) -> Iterator[Told]:
    """Whether a writer was stopped, and left a text that may stand nowhere else."""
    if at.root is None:
        return
    found = list(leftovers.find(at.root))
    whole = [_below(at, each.path) for each in found if each.holds.can_be_taken_back]
    rest = [_below(at, each.path) for each in found if not each.holds.can_be_taken_back]
    if whole:
        text = f"a writer was stopped, and left a text that stands nowhere else: {named(whole)}"
        yield Told(State.WARNING, text, "arpc recover")
    if rest:
        text = f"a writer was stopped, and left what is of no use: {named(rest)}"
        yield Told(State.WARNING, text, "arpc recover")
    if not found:
        yield Told(State.OK, "no writer left anything behind")


def stopped_commands(at: Place) -> Iterator[Told]:
    """Whether a command was stopped half-way, so that its files do not go together."""
    if at.root is None:
        return
    stopped = [name for name in _cases(at) if _is_half_done(at.root / "cases" / name)]
    for case in stopped:
        text = f"a command was stopped half-way in {case}, or somebody is in the middle of it"
        yield Told(State.WARNING, text, f"arpc undo {case}")
    if not stopped:
        yield Told(State.OK, "no command was stopped half-way")


def editors_files(at: Place) -> Iterator[Told]:
    """Whether an editor or a synchronising program left copies of records, which git does not seal."""
    if at.root is None:
        return
    editors, copies = [], []
    for path in _files(at.root):
        if _BY_EDITOR.fullmatch(path.name):
            editors.append(_below(at, path))
        elif _COPY.fullmatch(path.name) and not placing.has_place(_below(at, path)):
            copies.append(_below(at, path))
    if copies:
        text = f"a record stands twice, under a name that no record has: {named(copies)}"
        hint = "bring what differs into the record, then delete the copy"
        yield Told(State.WARNING, text, hint)
    if editors:
        text = f"an editor is open, or left behind what it had open: {named(editors)}"
        yield Told(State.NOTE, text, "close it; if it is closed, look at them and delete them")
    if not copies and not editors:
        yield Told(State.OK, "no editor and no synchronising program left anything behind")


def newer_records(at: Place) -> Iterator[Told]:
    """Whether records were written by a newer arpc, which this one would misread."""
    if at.root is None:
        return
    paths = [at.root / f"{name}.yaml" for name in OF_SERVICE]
    paths += [at.root / "cases" / name / loading.CASE for name in _cases(at)]
    newer = [_below(at, path) for path in paths if _version(path) > _KNOWN_VERSION]
    if newer:
        text = f"written by a newer arpc: {named(newer)}"
        yield Told(State.PROBLEM, text, "bring arpc up to date on this computer before you write")
    else:
        yield Told(State.OK, "no case was written by a newer arpc")


def _cases(at: Place) -> list[str]:
    return [folder.name for folder in service.case_folders(at.root)] if at.root else []


def _is_half_done(case: Path) -> bool:
    try:
        return not undoing.last(case).is_done
    except ArpcError:
        return False


def _version(path: Path) -> int:
    """The version in which a file is written; 0 where it does not say, or is locked."""
    try:
        with plainfiles.opened(path) as stream:
            match = _VERSION.match(stream.read(4096))
    except OSError:
        return 0
    return int(match[1]) if match else 0


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in (".git", "out"))
        yield from (Path(folder, name) for name in sorted(names))


def _below(at: Place, path: Path) -> str:
    return path.relative_to(at.folder).as_posix()
