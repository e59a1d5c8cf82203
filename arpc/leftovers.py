"""What a stopped writer leaves behind, beside the file that it was to become; named, and offered back.

The writer flushes a temporary file before it renames it. Whoever is killed between the two leaves a whole text
that stands nowhere else, and whoever is killed before leaves one that breaks off.
"""

import os
import stat
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from arpc import disk, gitrepo, kinds, loading, plainfiles, schema, undoing, writer, yamldoc
from arpc.errors import ArpcError
from arpc.ids import is_case_id
from arpc.kinds import Kind
from arpc.sealing import access, is_sealed


class Holds(Enum):
    """What a left-over holds, beside what stands in the file that it was to become."""

    SAME = "the same as what stands there"
    NEWER = "a whole text, newer than what stands there"
    OLDER = "a whole text, older than what stands there"
    ALONE = "a whole text, and no such file is there"
    BROKEN = "no whole text"
    LOCKED = "a locked text"
    UNMADE = "a case that was not made to its end"
    UNSIGNED = "an entry that nobody signed"
    OTHER = "nothing that a person wrote"

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it holds something that could be missed."""
        return self in (Holds.NEWER, Holds.OLDER, Holds.ALONE)

    @property
    def is_spare(self) -> bool:
        """Whether nothing can be missed in it."""
        return self in (Holds.SAME, Holds.OTHER, Holds.UNMADE, Holds.UNSIGNED)


class LeftOver(NamedTuple):
    """A temporary file whose writer was stopped."""

    path: Path
    of: Path
    """The file or the case that it was to become; an entry that nobody signed is of itself."""
    holds: Holds
    size: int
    """Bytes."""
    written: float
    """When, in seconds since 1970."""
    differs: tuple[str, ...] = ()
    """The fields in which it differs from what stands there."""

    @property
    def case(self) -> Path | None:
        """The case folder in which it lies; None outside of all."""
        above = (p for p in self.of.parents[:2] if p.parent.name != access.FOLDER)
        return next((p for p in above if is_case_id(p.name)), None)

    @property
    def record(self) -> str:
        """The record, as it is named: "N-007"."""
        return self.of.stem


def find(root: Path) -> Iterator[LeftOver]:
    """Yield what was left over anywhere in a service folder or a case, in the order of its paths."""
    for path in sorted(_below(root)):
        match = disk.LEFT_OVER.fullmatch(path.name)
        if match and (found := _look(path, path.with_name(match["of"]))):
            yield found
    yield from (found for path in _unsigned(root) if (found := _look(path, path)))


def pick(found: list[LeftOver], wanted: str) -> LeftOver:
    """One of several, by its name, its record, or the end of its path.

    Raises:
        ArpcError: There is none like that, or more than one.
    """
    name = wanted.replace("\\", "/")
    alike = [each for each in found if each.record == name]
    alike = alike or [each for each in found if each.path.as_posix().endswith(f"/{name}")]
    if len(alike) == 1:
        return alike[0]
    hint = (
        f"give its name: {', '.join(each.path.name for each in alike or found) or 'none is here'}"
    )
    many = f"{len(alike)} left-overs are called like that" if alike else "no such left-over"
    raise ArpcError(many, hint)


def take_back(found: LeftOver) -> None:
    """Write what a left-over holds into the file that it was to become, and take it away.

    Raises:
        ArpcError: It is no whole record any more, or the case is locked here; nothing was written.
    """
    case = found.case
    kind = _kind(found.of, case)
    if case is None or kind is None:
        raise ArpcError(f"{found.path.name} belongs to no record", "`--drop` takes it away")
    if loading.is_locked(case):
        raise ArpcError(f"{case.name} is locked here", f"`arpc unlock {case.name}` first")
    with writer.locked(case):
        raw = plainfiles.read_whole(found.path, yamldoc.MAX_BYTES)
        try:
            schema.sound(found.of.name, raw.decode("utf-8"), kind)
        except ValueError:
            raise ArpcError(f"{found.path.name} is no text", "nothing was written") from None
        writer.put(found.of, raw, writer.read(found.of))
        writer.discard(found.path)


def drop(found: LeftOver) -> None:
    """Take a left-over away, if it is still what it was: it may be somebody's who writes just now.

    Raises:
        ArpcError: It has changed, or cannot be removed.
    """
    with writer.locked(*([found.case] if found.case else ())):
        now = _look(found.path, found.of)
        if now is not None and now.holds is not found.holds:
            raise ArpcError(
                f"{found.path.name} was changed meanwhile", "look again: `arpc recover`"
            )
        if now is not None:
            writer.discard(found.path)


def _below(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        yield from (Path(folder, name) for name in (*folders, *names) if name.endswith(".tmp"))
        folders[:] = [name for name in folders if not disk.LEFT_OVER.fullmatch(name)]


def _unsigned(root: Path) -> list[Path]:
    """The entries of the access logs without a signature, as far as git has none of them either."""
    found = [
        path
        for path in sorted((root / access.FOLDER).glob("*/[0-9]*.txt"))
        if not path.with_name(f"{path.name}.sig").exists()
    ]
    if found and gitrepo.is_available() and gitrepo.is_repository(root):
        known = {*gitrepo.known_files(root, access.FOLDER)}
        found = [path for path in found if path.relative_to(root).as_posix() not in known]
    return found


def _look(path: Path, of: Path) -> LeftOver | None:
    """What a left-over holds; None where it is gone: somebody was writing just now."""
    try:
        about = path.lstat()
        found = LeftOver(path, of, Holds.OTHER, about.st_size, about.st_mtime)
        if path == of:
            is_signed = path.with_name(f"{path.name}.sig").exists()
            return None if is_signed else found._replace(holds=Holds.UNSIGNED)
        if stat.S_ISDIR(about.st_mode):
            is_case = of.parent.name == "cases" and is_case_id(of.name)
            return found._replace(holds=Holds.UNMADE if is_case else Holds.BROKEN)
        raw, stands = plainfiles.read_whole(path), writer.read(of)
    except FileNotFoundError:
        return None
    except OSError:  # no plain file, or one that may not be read
        return found._replace(holds=Holds.BROKEN)
    kind = _kind(of, found.case)
    if of.name == undoing.FILE:
        return found
    if stands == raw:
        return found._replace(holds=Holds.SAME)
    if kind is None:
        return found._replace(holds=Holds.OTHER if of.parent.name == "out" else Holds.BROKEN)
    if is_sealed(raw):
        return found._replace(holds=Holds.LOCKED)
    doc = yamldoc.read(of.name, raw).doc
    if doc is None or kind.name not in doc.data or not raw.endswith(b"\n"):
        return found._replace(holds=Holds.BROKEN)
    if stands is None:
        return found._replace(holds=Holds.ALONE)
    old = yamldoc.read(of.name, stands).doc
    was = old.data if old else {}
    keys = {*doc.data, *was}
    differs = tuple(sorted(key for key in keys if doc.data.get(key) != was.get(key)))
    holds = Holds.NEWER if about.st_mtime >= of.stat().st_mtime else Holds.OLDER
    return found._replace(holds=holds, differs=differs)


def _kind(of: Path, case: Path | None) -> Kind | None:
    if case is None:
        return None
    name = of.relative_to(case).as_posix()
    return kinds.kind_of_file(name) or kinds.ledger_of_file(name)
