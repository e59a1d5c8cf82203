"""What is asked of many cases: on all cores, from memory where it is known, and with a word on how far it is."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from arpc import cores, service, surveying
from arpc.cli import printer
from arpc.cli.workspace import Workspace, mention_files, mention_locked, shown
from arpc.loading import Folder
from arpc.surveying import Memory, Policy

if TYPE_CHECKING:
    from arpc.searching import Scan

T = TypeVar("T")
R = TypeVar("R")

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

    Those that nobody touched come first, so that the others, where they are few, are worked out by one process: the
    rules are read once.

    Args:
        space: Where we stand.
        parts: See `surveying.ready`.
        folders: The case folders.
        cached: Whether what was worked out before is recalled, and what is worked out kept.
        every: Whether these are all cases of the service, so that any other is forgotten.
    """
    memory = remembered(os.environ) if cached else None
    root = space.root or (folders[0].absolute().parent if folders else Path())
    given = (parts, Policy(space.service, space.today), root)
    anew = folders
    if memory:
        anew = []
        recalled = on_each(surveying.recalled, (*given, memory), _from_here(folders))
        for folder, kept in zip(_printed(folders), recalled, strict=True):
            if kept is None:
                anew.append(folder.path)
            else:
                yield folder, kept
    told = len(folders) - len(anew)
    made = on_each(surveying.ready, (*given, memory), _from_here(anew), told)
    yield from zip(_printed(anew), made, strict=True)
    if every and (recall := surveying.recall(memory, root)):
        recall.forget_others({folder.name for folder in folders})


def _from_here(folders: Iterable[Path]) -> list[str]:
    """Paths from where we stand, which the system follows sooner than whole ones."""
    here = f"{Path.cwd()}{os.sep}"
    return [str(folder).removeprefix(here) for folder in folders]


def _printed(folders: Iterable[Path]) -> Iterator[Folder]:
    """Case folders, with their paths as they are printed."""
    here = str(Path.cwd())
    before: dict[str, str] = {}  # what stands before the name of each, by where it lies
    for folder in folders:
        path, name = str(folder), folder.name
        place = path.removesuffix(name)
        if not name or path == here:  # a path from where we stand does not end in it
            yield Folder(folder, shown(folder))
            continue
        if place not in before:
            before[place] = shown(folder).removesuffix(name)
        yield Folder(folder, f"{before[place]}{name}")


def searched(
    space: Workspace, words: Sequence[str], folders: Sequence[Folder], *, cached: bool = True
) -> "Iterator[Scan]":
    """Yield what comes of looking through each case for folded words; see `searching`."""
    from arpc import searching

    memory = remembered(os.environ) if cached else None
    root = space.root or (folders[0].path.parent if folders else Path())
    given = (words, Policy(space.service, space.today), root, memory)
    return on_each(searching.ready, given, folders)


def alike(space: Workspace, only: str = "") -> list[Path]:
    """The folders of the cases in two or more of which somebody may stand, by digests of names and birthdays.

    Args:
        space: Where we stand.
        only: The case with which the others have something in common; "" is any.
    """
    folders = service.case_folders(space.folder())
    found: dict[Path, frozenset[bytes]] = {}
    damaged: list[str] = []
    locked = 0
    for folder, (raw,) in surveyed(space, ("marks",), folders, every=True):
        marks = surveying.marks(raw, folder)
        found[folder.path] = marks.digests
        locked += marks.is_locked
        if not marks.is_locked:
            damaged += marks.damaged
    mention_files(sorted(damaged), "it was not compared")
    mention_locked(locked)
    counts = Counter(mark for digests in found.values() for mark in digests)
    shared = {mark for mark, count in counts.items() if count > 1}
    if only:
        shared &= next((found[path] for path in found if path.name == only), frozenset())
    return [path for path in folders if not shared.isdisjoint(found[path])]


def forget(space: Workspace, cases: Iterable[str]) -> None:
    """Forget what was worked out of cases that nobody is to read here any more."""
    if recall := surveying.recall(remembered(os.environ), space.folder()):
        recall.forget(cases)


def remembered(around: Mapping[str, str]) -> Memory | None:
    """Where this computer keeps what can be worked out anew, and the key that vouches for it.

    Args:
        around: The environment. Where it names no home, nothing is kept.
    """
    try:
        home = Path.home()
    except RuntimeError:
        return None
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


def on_each(
    ready: "cores.Ready[T, R]", arguments: tuple[object, ...], cases: Sequence[T], told: int = 0
) -> Iterator[R]:
    """Yield what some work gives for each case; where somebody waits at a terminal, say how far it is.

    See `cores.each` for the arguments; `told` is how many cases there are besides that have been looked at.
    """
    results = cores.each(ready, arguments, cases)
    err = printer.err()
    if not err.on_terminal:
        yield from results
        return
    step = _HEARD_STEP if err.plain else _STEP
    due = time.monotonic() + _LONG
    is_told = False
    try:
        for done, each in enumerate(results):
            if (now := time.monotonic()) > due:
                due = now + step
                is_told = True
                err.passing(f"looked at {told + done:,} of {told + len(cases):,} cases")
            yield each
    finally:
        if is_told:
            err.passing("")
