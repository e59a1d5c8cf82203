"""`arpc undo`: the last thing that a command wrote in a case, taken back; `--back` brings it back.

What stood in the files before lies whole in a hidden file of the case, which git ignores, until the
next command writes. Nothing is taken back from a file that was changed since, nor once it is committed: from
then on it is history, and is added to.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from arpc import gitrepo, writer
from arpc.errors import ArpcError
from arpc.ids import is_case_id
from arpc.sealing import is_sealed

FILE = ".arpc.undo"
_UNDO_OF = "undo of "


class Change(NamedTuple):
    """A file that a command changed."""

    name: str
    """Its path from the case folder, with forward slashes; another case's begins with "../"."""
    was: bytes | None
    """What stood in it before; None if it was not there."""
    left: str
    """The digest of what the command left; "" if it removed the file."""


class Step(NamedTuple):
    """What a command did."""

    command: str
    at: str
    changes: tuple[Change, ...]
    is_undoing: bool = False
    """Whether the command was itself an `arpc undo`."""


@contextmanager
def keeping(
    folder: Path, command: str, at: datetime, *, is_undoing: bool = False
) -> Iterator[list[Change]]:
    """Keep what stood in the files of a case before a command changed them.

    Args:
        folder: The case folder.
        command: The command, as ids only: "finish N-007".
        at: When.
        is_undoing: Whether the command is `arpc undo`.

    Yields:
        The changes; filled when the command is done, also where it failed half-way.
    """
    changes: list[Change] = []
    with writer.remembering() as before:
        try:
            yield changes
        finally:
            for path, was in sorted(before.items()):
                left = _read(path)
                if left != was:
                    changes.append(Change(_name(folder, path), was, _digest(left)))
    if changes:
        _keep(folder, Step(command, f"{at:%Y-%m-%d %H:%M}", tuple(changes), is_undoing))


def last(folder: Path) -> Step:
    """What the last command in a case did.

    Raises:
        ArpcError: Nothing is kept, or what is kept cannot be relied on.
    """
    try:
        kept = json.loads((folder / FILE).read_bytes())
        changes = tuple(
            Change(name, None if was is None else base64.b64decode(was, validate=True), left)
            for name, was, left in kept["files"]
        )
        step = Step(kept["command"], kept["at"], changes, kept["is_undoing"])
    except FileNotFoundError:
        raise ArpcError("there is nothing to undo in this case", "nothing was changed") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise ArpcError(f"{FILE} cannot be relied on", "nothing was changed") from None
    if not all(_is_of_a_case(change.name) for change in changes):
        raise ArpcError(f"{FILE} names files outside the cases", "nothing was changed")
    return step


def undo(folder: Path, root: Path | None, *, back: bool, at: datetime) -> tuple[Step, list[Change]]:
    """Put the files back as they were before the last command; return it, and what was changed.

    Args:
        folder: The case folder.
        root: The service folder, in which git may have committed what was written.
        back: Whether what was undone is to be brought back.
        at: When.

    Raises:
        ArpcError: A file was changed or committed since, or the last command was undone already, or
            was not; then nothing was changed.
    """
    step = last(folder)
    if step.is_undoing and not back:
        hint = "`arpc undo --back` brings it back; only the last command can be undone"
        raise ArpcError(f"`arpc {_undone(step)}` was undone already", hint)
    if back and not step.is_undoing:
        raise ArpcError("nothing was undone last", "nothing was changed")
    paths = {change.name: folder / change.name for change in step.changes}
    folders = sorted({folder, *(_case_of(folder, name) for name in paths)})
    with ExitStack() as stack:
        for each in folders:
            stack.enter_context(writer.locked(each))
        changed = [c.name for c in step.changes if _digest(_read(paths[c.name])) != c.left]
        if changed:
            hint = "nothing was undone; put it right with `arpc edit`, or by hand"
            raise ArpcError(f"{changed[0]} was changed since `arpc {step.command}`", hint)
        if root and not back and (name := _committed(root, paths)):
            hint = "it is history now: add to it with `arpc amend`, or change the draft"
            raise ArpcError(f"{name} was saved since `arpc {step.command}`", hint)
        command = _undone(step) if back else f"{_UNDO_OF}{step.command}"
        with keeping(folder, command, at, is_undoing=not back) as done:
            for change in step.changes:
                if change.was is None:
                    writer.remove(paths[change.name])
                else:
                    writer.replace(paths[change.name], change.was)
    return step, done


def _undone(step: Step) -> str:
    return step.command.removeprefix(_UNDO_OF)


def _keep(folder: Path, step: Step) -> None:
    files = [
        (name, None if was is None else base64.b64encode(was).decode("ascii"), left)
        for name, was, left in step.changes
    ]
    kept = {"command": step.command, "at": step.at, "is_undoing": step.is_undoing, "files": files}
    writer.replace(folder / FILE, json.dumps(kept, indent=1) + "\n")


def _committed(root: Path, paths: Mapping[str, Path]) -> str:
    """The first of these files of which git's last commit holds what stands there now, or ""."""
    if not (gitrepo.is_available() and gitrepo.is_repository(root)):
        return ""
    names = {os.path.relpath(path, root).replace(os.sep, "/"): n for n, path in paths.items()}
    tip = gitrepo.files_at(root, "tip", *names)
    if any(is_sealed(raw) for raw in tip.values() if raw):
        hint = "`arpc unlock` first"
        raise ArpcError("what git has of this case is locked, so that it cannot be compared", hint)
    return next((n for at, n in names.items() if tip.get(at) and tip[at] == _read(root / at)), "")


def _is_of_a_case(name: str) -> bool:
    """Whether a path leads to a file of this case, or of the one beside it."""
    parts = PurePosixPath(name).parts
    if parts[:1] == ("..",):
        beside, parts = parts[1:2], parts[2:]
        if not all(map(is_case_id, beside)):
            return False
    return 1 <= len(parts) <= 2 and not any(p.startswith((".", "/")) or "\\" in p for p in parts)


def _case_of(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    return folder.parent / parts[1] if parts[0] == ".." else folder


def _name(folder: Path, path: Path) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _digest(raw: bytes | None) -> str:
    return "" if raw is None else hashlib.sha256(raw).hexdigest()
