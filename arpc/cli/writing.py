"""What a command that writes says at its end: which files, and how it is undone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arpc import loading, undoing
from arpc.cli import printer, workspace
from arpc.cli.workspace import Workspace
from arpc.undoing import Change


@contextmanager
def undoable(space: Workspace, folder: Path, command: str) -> Iterator[None]:
    """Let a command write in a case, then say what it wrote; `command` is told in ids alone."""
    with undoing.keeping(folder, command, space.now) as changes:
        yield
    tell(folder, changes)


def tell(folder: Path, changes: list[Change], *, undone: bool = False) -> None:
    """Say what was written and removed, and how to undo it, or to bring back what was undone."""
    if not changes:
        return
    out = printer.out()
    for change in changes:
        path = workspace.shown(Path(os.path.normpath(folder / change.name)))
        out.line(f"{'removed' if change.is_gone else 'wrote'} {path}")
    here = loading.case_around(Path.cwd())
    stands_in_it = here is not None and here.absolute() == folder.absolute()
    command = f"arpc undo{'' if stands_in_it else f' {folder.name}'}"
    out.line(f"to bring it back: `{command} --back`" if undone else f"to undo: `{command}`")
