"""`arpc undo`: the last thing that a command wrote in a case, taken back; `--back` brings it back.

What stands in the files lies whole in a hidden file of the case, which git ignores, before a command changes
them, and until the next one has. So a command that is stopped half-way is undone like one that was not.
Nothing is taken back from a file that was changed since, nor once it is committed: from then on it is
history, and is added to.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from arpc import gitrepo, writer
from arpc.errors import ArpcError
from arpc.ids import is_case_id
from arpc.sealing import is_sealed

FILE = ".arpc.undo"
_UNDO_OF = "undo of "
_UNRELIABLE = (OSError, ValueError, TypeError, KeyError)  # what a damaged memory raises


class Change(NamedTuple):
    """A file that a command changed."""

    name: str
    """Its path from the case folder, with forward slashes; another case's begins with "../"."""
    was: bytes | None
    """What stood in it before; None if it was not there."""
    left: tuple[str, ...]
    """The digests of what the command may have left, "" where it may have removed the file; () where a person
    wrote it. One that ran to its end left one thing."""

    @property
    def is_gone(self) -> bool:
        """Whether the command removed the file."""
        return self.left == ("",)


class Step(NamedTuple):
    """What a command did."""

    command: str
    at: str
    changes: tuple[Change, ...]
    is_undoing: bool = False
    """Whether the command was itself an `arpc undo`."""
    is_done: bool = True
    """Whether the command ran to its end, as far as is known."""


@contextmanager
def keeping(
    folder: Path, command: str, at: datetime, *, is_undoing: bool = False
) -> Iterator[list[Change]]:
    """Keep what stands in the files of a case before a command changes them.

    Args:
        folder: The case folder.
        command: The command, as ids only: "finish N-007".
        at: When.
        is_undoing: Whether the command is `arpc undo`.

    Yields:
        The changes; filled when the command is done, also where it failed half-way.
    """
    step = Step(command, f"{at:%Y-%m-%d %H:%M}", (), is_undoing, is_done=False)
    memory = _Memory(folder, step)
    changes: list[Change] = []
    try:
        with writer.watched(memory.note):
            yield changes
    finally:
        changes += memory.end()


class _Memory:
    """What stood in the files that a command changes, kept on the disk as it goes along."""

    def __init__(self, folder: Path, step: Step) -> None:
        self._folder = folder
        self._step = step
        self._files: dict[Path, Change] = {}
        self._earlier: Any = None
        self._kept = b""

    def note(self, path: Path, was: bytes | None, will: bytes | None) -> None:
        """Keep what stands in a file, before it holds something else."""
        if path == self._file.absolute():
            return
        if not self._is_ours():
            with suppress(*_UNRELIABLE):
                self._earlier = _standing(self._folder)
        old = self._files.get(path)
        before = was if old is None else old.was
        left = () if old is None else old.left
        is_unknown = will == writer.UNKNOWN or (old is not None and not left)
        known = () if is_unknown else (*left, _digest(will))
        self._files[path] = Change(_name(self._folder, path), before, known)
        self._keep(self._step._replace(changes=tuple(self._files.values())), self._earlier)

    def end(self) -> list[Change]:
        """Keep what the command did, or, where it changed nothing, what was kept before it.

        What another command has kept meanwhile stays while that is not done.

        Returns:
            The files that hold something else than before.
        """
        if not self._files:
            return []
        changes = [*self._changes()]
        # Where it cannot be written any more, what was kept on the way does as well.
        with suppress(ArpcError, OSError), writer.locked(self._folder):
            is_ours = self._is_ours()
            if changes and (is_ours or _is_of_one_that_is_done(self._folder)):
                self._keep(self._step._replace(changes=tuple(changes), is_done=True))
            elif is_ours and not changes:
                self._forget()
        return changes

    def _changes(self) -> Iterator[Change]:
        """The files that hold something else than before, with what the command left in them.

        Others may have changed them again by now, which is nothing to be undone.
        """
        for path, change in sorted(self._files.items()):
            now = writer.read(path)
            if now != change.was:
                digest = _digest(now)
                left = digest if not change.left or digest in change.left else change.left[-1]
                yield change._replace(left=(left,))

    def _forget(self) -> None:
        """Leave what was kept before the command."""
        if self._earlier is None:
            writer.discard(self._file)
        else:
            writer.replace(self._file, _written(self._earlier))

    def _keep(self, step: Step, earlier: Any = None) -> None:
        """Write what is kept; while the command is not done, with what was kept before it."""
        kept = {
            "command": step.command,
            "at": step.at,
            "is_undoing": step.is_undoing,
            "is_done": step.is_done,
            "files": [(each.name, _text(each.was), each.left) for each in step.changes],
            "earlier": None if earlier is None else {**earlier, "earlier": None},
        }
        self._kept = _written(kept)
        writer.replace(self._file, self._kept)

    def _is_ours(self) -> bool:
        return writer.read(self._file) == self._kept

    @property
    def _file(self) -> Path:
        return self._folder / FILE


def last(folder: Path) -> Step:
    """What the last command in a case did.

    Raises:
        ArpcError: Nothing is kept, or what is kept cannot be relied on.
    """
    try:
        kept = _standing(folder)
        step = None if kept is None else _step(kept)
    except _UNRELIABLE:
        raise ArpcError(f"{FILE} cannot be relied on", "nothing was changed") from None
    if step is None:
        raise ArpcError("there is nothing to undo in this case", "nothing was changed")
    return step


def _standing(folder: Path) -> Any:
    """What is kept of the last command that changed something; None where nothing is.

    One that was stopped before it changed anything does not count: what was kept before it does.
    """
    raw = writer.read(folder / FILE)
    kept = None if raw is None else json.loads(raw)
    while kept is not None and not kept["is_done"] and not _has_changed(folder, _step(kept)):
        kept = kept["earlier"]
    return kept


def _is_of_one_that_is_done(folder: Path) -> bool:
    """Whether what is kept can give way: its command ran to its end, or it cannot be relied on.

    Where it is gone `arpc lock` took it away, and nothing plain may be left in the case.
    """
    raw = writer.read(folder / FILE)
    try:
        return raw is not None and bool(json.loads(raw)["is_done"])
    except _UNRELIABLE:
        return True


def _step(kept: Any) -> Step:
    changes = tuple(
        Change(
            name,
            None if was is None else base64.b64decode(was, validate=True),
            tuple(map(str, left)),
        )
        for name, was, left in kept["files"]
    )
    if not all(_is_of_a_case(change.name) for change in changes):
        raise ArpcError(f"{FILE} names files outside the cases", "nothing was changed")
    return Step(kept["command"], kept["at"], changes, kept["is_undoing"], kept["is_done"])


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
        state = "undone already" if step.is_done else "being undone, and that was stopped half-way"
        raise ArpcError(f"`arpc {_undone(step)}` was {state}", hint)
    if back and not step.is_undoing:
        raise ArpcError("nothing was undone last", "nothing was changed")
    paths = {change.name: folder / change.name for change in step.changes}
    with writer.locked(folder, *(_case_of(folder, name) for name in paths)):
        found = {name: writer.read(path) for name, path in paths.items()}
        if changed := [c.name for c in step.changes if not _is_as_left(c, found[c.name])]:
            hint = "nothing was undone; put it right with `arpc edit`, or by hand"
            raise ArpcError(f"{changed[0]} was changed since `arpc {step.command}`", hint)
        written = {c.name: paths[c.name] for c in step.changes if found[c.name] != c.was}
        if root and not back and (name := _committed(root, written)):
            hint = "it is history now: add to it with `arpc amend`, or change the draft"
            raise ArpcError(f"{name} was saved since `arpc {step.command}`", hint)
        command = _undone(step) if back else f"{_UNDO_OF}{step.command}"
        with keeping(folder, command, at, is_undoing=not back) as done:
            for change in step.changes:
                _put_back(paths[change.name], change.was, found[change.name])
    return step, done


def _put_back(path: Path, was: bytes | None, now: bytes | None) -> None:
    if was == now:
        return
    if was is None:
        writer.remove(path, was=now)
    else:
        writer.put(path, was, now)


def _is_as_left(change: Change, now: bytes | None) -> bool:
    """Whether a file is as a command left it, or, where it was stopped, as it was before."""
    return not change.left or now == change.was or _digest(now) in change.left


def _has_changed(folder: Path, step: Step) -> bool:
    return any(writer.read(folder / change.name) != change.was for change in step.changes)


def _undone(step: Step) -> str:
    return step.command.removeprefix(_UNDO_OF)


def _written(kept: Any) -> bytes:
    return (json.dumps(kept, indent=1) + "\n").encode("ascii")


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode("ascii")


def _committed(root: Path, paths: Mapping[str, Path]) -> str:
    """The first of these files of which git's last commit holds what stands there now, or ""."""
    if not (gitrepo.is_available() and gitrepo.is_repository(root)):
        return ""
    names = {os.path.relpath(path, root).replace(os.sep, "/"): n for n, path in paths.items()}
    tip = gitrepo.files_at(root, "tip", *names)
    if any(is_sealed(raw) for raw in tip.values() if raw):
        hint = "`arpc unlock` first"
        raise ArpcError("what git has of this case is locked, so that it cannot be compared", hint)
    return next(
        (n for at, n in names.items() if tip.get(at) and tip[at] == writer.read(root / at)), ""
    )


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


def _digest(raw: bytes | None) -> str:
    return "" if raw is None else hashlib.sha256(raw).hexdigest()
