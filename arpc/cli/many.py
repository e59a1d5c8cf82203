"""What is asked of many cases: on all cores, from memory where it is known, and with a word on how far it is."""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from arpc import cores, surveying
from arpc.cli import printer
from arpc.cli.workspace import Workspace, shown
from arpc.surveying import Folder, Memory, Policy

T = TypeVar("T")

_LONG = 1.0  # seconds after which somebody wonders
_STEP = 0.2  # seconds between two words on how far it is
_HEARD_STEP = 10.0  # the same, for who listens


def surveyed(
    space: Workspace,
    parts: tuple[str, ...],
    folders: Sequence[Path],
    *,
    cached: bool = True,
    every: bool = False,
) -> Iterator[tuple[Folder, tuple[bytes, ...]]]:
    """Yield each case folder with these parts of what it comes to, for the reader of each part.

    Args:
        space: Where we stand.
        parts: See `surveying.ready`.
        folders: The case folders.
        cached: Whether what was worked out before is recalled, and what is worked out kept.
        every: Whether these are all cases of the service, so that any other is forgotten.
    """
    policy = Policy(space.service, space.opened.raw if space.opened else b"", space.today)
    memory = remembered(os.environ) if cached else None
    root = space.root or (folders[0].absolute().parent if folders else Path())
    results = cores.each(surveying.ready, (parts, policy, root, memory), folders)
    for folder, found in zip(folders, _told(results, len(folders)), strict=True):
        yield Folder(folder, shown(folder)), found
    if memory and every and (recall := surveying.recall(memory, root)):
        recall.forget_others({folder.name for folder in folders})


def forget(space: Workspace, cases: Iterable[str]) -> None:
    """Forget what was worked out of cases that nobody is to read here any more."""
    if recall := surveying.recall(remembered(os.environ), space.folder()):
        recall.forget(cases)


def remembered(around: Mapping[str, str]) -> Memory:
    """Where this computer keeps what can be worked out anew, and the key that vouches for it.

    Args:
        around: The environment.
    """
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(around.get("LOCALAPPDATA") or home) / "arpc"
        return Memory(folder / "cache", folder)
    if sys.platform == "darwin":
        library = home / "Library"
        keys = library / "Application Support" / "arpc"
        return Memory(library / "Caches" / "arpc", keys)
    cache = Path(around.get("XDG_CACHE_HOME") or home / ".cache")
    state = Path(around.get("XDG_STATE_HOME") or home / ".local" / "state")
    return Memory(cache / "arpc", state / "arpc")


def _told(results: Iterator[T], total: int) -> Iterator[T]:
    """Yield results; where somebody waits at a terminal, say how far it is."""
    err = printer.err()
    if not err.on_terminal:
        yield from results
        return
    begun = told = time.monotonic()
    step = _HEARD_STEP if err.plain else _STEP
    line = ""
    try:
        for done, each in enumerate(results):
            now = time.monotonic()
            if now - begun > _LONG and now - told > step:
                told = now
                line = f"looked at {done:,} of {total:,} cases"
                err.passing(line)
            yield each
    finally:
        if line:
            err.passing("")
