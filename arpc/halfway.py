"""A save that was stopped half-way, put right by the next one: what it had begun to renumber or to merge.

All is saved before others' work is brought in. So it is enough to note in git's own folder what is about to be
written, until that is saved too; where a note still stands, the files that are as it says are put back. What
somebody wrote since stays as it is.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from arpc import disk, gitpeers, gitrepo, placing, plainfiles, reconciling, writer
from arpc.errors import ArpcError
from arpc.gitpeers import Unmerged
from arpc.sealing import here, is_sealed

_NOTE = "arpc/saving"
_REGISTER = "register.yaml"
_GITS_OWN = ".merge_file_??????"
"""What git lays into the folder while it merges a file."""
_LABELS = re.compile(rb"^(<{7}|\|{7}|>{7}) .*$", re.MULTILINE)


Files = Mapping[str, bytes | None]
"""What is to be written, by the path below the service folder; None for a file to be removed."""


class Begun(NamedTuple):
    """What a save was about to do."""

    at: str
    """The last commit when it began."""
    theirs: str
    """The commit that was to be merged, "" where files were to be renumbered."""
    files: Mapping[str, str]
    """The digests of what was to be written, by path; "" for a file to be removed."""


@contextmanager
def noted(root: Path, theirs: str = "") -> Iterator[Callable[[Files], None]]:
    """Note what is about to be done to a service folder in which all is saved, until it is done and saved.

    What is stopped by an error is put right at once, as far as can be.

    Args:
        root: The service folder.
        theirs: A commit that is to be merged.

    Yields:
        What is told which files are about to be written, before they are.
    """
    git = here.git_folder(root)
    assert git
    begun = Begun(gitpeers.tip(root, "HEAD"), theirs, {})

    def note(files: Files) -> None:
        digests = {path: _digest(raw) for path, raw in files.items()}
        disk.make_folder((git / _NOTE).parent)
        noted = json.dumps(begun._replace(files=digests)._asdict()).encode("ascii")
        disk.replace(git / _NOTE, noted)

    note({})
    try:
        yield note
    except BaseException:
        with suppress(ArpcError, OSError):
            put_right(root)
        raise
    _forget(root, git)


def is_noted(root: Path) -> bool:
    """Whether a save was stopped half-way."""
    git = here.git_folder(root)
    return git is not None and (git / _NOTE).is_file()


def put_right(root: Path) -> None:
    """Take back what a save was stopped in, in the files that nobody has changed since.

    Raises:
        ArpcError: A file cannot be written, or is open in an editor.
    """
    git = here.git_folder(root)
    if git is None or not is_noted(root):
        return
    begun = _begun(git)
    if begun and gitpeers.tip(root, "HEAD") == begun.at:
        if begun.theirs and gitpeers.tip(root, "MERGE_HEAD") == begun.theirs:
            if not all(_is_as_left(root, each, begun) for each in gitpeers.unmerged(root)):
                return  # somebody has begun to decide, and ends it by `git add`
            try:
                gitpeers.give_up(root)
            except ArpcError:
                return  # what was changed since stands in the way of it
        _put_back(root, begun.files)
    _forget(root, git)


def _forget(root: Path, git: Path) -> None:
    """Take away what was noted, and what git may have left of a merge that was killed."""
    for left in filter(Path.is_file, root.glob(_GITS_OWN)):
        writer.discard(left)
    disk.remove(git / _NOTE)


def _begun(git: Path) -> Begun | None:
    """What was noted; None where it cannot be relied on, or names what is no file of a case."""
    try:
        told = json.loads(plainfiles.read_whole(git / _NOTE))
        files = {str(path): str(digest) for path, digest in told["files"].items()}
        found = Begun(str(told["at"]), str(told["theirs"]), files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return found if all(placing.is_of_case(path) or path == _REGISTER for path in files) else None


def _is_as_left(root: Path, each: Unmerged, begun: Begun) -> bool:
    """Whether a file of which git waits for a decision is as the merge left it."""
    now = writer.read(root / each.path)
    if now in (each.ours, each.theirs) or _digest(now) == begun.files.get(each.path):
        return True
    if now is None or each.ours is None or each.theirs is None:
        return False
    merged = reconciling.merge(each.base or b"", each.ours, each.theirs)
    return _LABELS.sub(rb"\1", now) == _LABELS.sub(rb"\1", merged.text)


def _put_back(root: Path, files: Mapping[str, str]) -> None:
    cases = sorted({path.split("/")[1] for path in files if path != _REGISTER})
    with writer.locked(*(root / "cases" / case for case in cases)):
        saved = gitrepo.files_at(root, "tip", *files) if files else {}
        for path, written in files.items():
            now, was = writer.read(root / path), saved.get(path)
            if now == was or _digest(now) != written or (was and is_sealed(was)):
                continue
            if was is None:
                writer.remove(root / path, was=now)
            else:
                writer.put(root / path, was, now)


def _digest(raw: bytes | None) -> str:
    return "" if raw is None else sha256(raw).hexdigest()
