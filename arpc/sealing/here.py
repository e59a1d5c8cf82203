"""Where somebody stands: the clone, what was said of it at this computer, and the ring of its keys.

Whether a service is sealed cannot be left to what a clone holds, which others may have changed. So a clone
that says nothing, and of which nobody here has said that it is kept plain, takes in nothing plain.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from arpc import disk, plainfiles

FIRST_PERSON = "access/people/0001.txt"
"""The signed entry with which a sealed service begins."""
_ID = "arpc/id"
_PINNED = "arpc/root"
_PLAIN = "arpc/plain"
_LINE = 8192  # bytes, above any path


def git_folder(start: Path, given: str = "") -> Path | None:
    """The folder in which git keeps what all work trees of a repository share.

    Args:
        start: A work tree's top or a folder below it, or a bare repository.
        given: What git says of itself in GIT_DIR, if anything.
    """
    found = start / given if given else _above(start)
    if found is None:
        return None
    shared = found / "commondir"  # in a linked work tree only
    return found / _line(shared) if shared.is_file() else found


def is_sealed(top: Path, git: Path) -> bool:
    """Whether a clone is one of a sealed service: it was trusted as one, or says itself that it is."""
    return (git / _PINNED).is_file() or (top / FIRST_PERSON).is_file()


def is_plain(top: Path, git: Path) -> bool:
    """Whether somebody at this computer said that a service is kept plain; nobody else can say so."""
    return (git / _PLAIN).is_file() and not is_sealed(top, git)


def keep_plain(git: Path) -> None:
    """Say of a clone that it is kept plain."""
    _write(git / _PLAIN, "This service is not sealed.\n")


def pinned(git: Path) -> str:
    """The fingerprint of the key that the service's people go back to; "" before it was trusted."""
    path = git / _PINNED
    return _line(path) if path.is_file() else ""


def pin(git: Path, fingerprint: str) -> None:
    """Trust the service whose people go back to a key."""
    _write(git / _PINNED, f"{fingerprint}\n")


def repository_id(git: Path) -> str:
    """The random id by which this clone's keys are kept apart; "" before `arpc install` or `unlock`."""
    try:
        return _line(git / _ID)
    except OSError:
        return ""


def ring_folder(git: Path, around: Mapping[str, str]) -> Path | None:
    """Where this clone's unlocked keys lie; None where nothing was ever unlocked here.

    Args:
        git: See `git_folder`.
        around: The environment.
    """
    own = repository_id(git)
    if not own or not own.isalnum():
        return None
    if given := around.get("ARPC_RING"):
        return Path(given) / own
    if sys.platform == "win32":  # pragma: no cover  keys lie in the profile there
        return Path(around.get("LOCALAPPDATA") or Path.home()) / "arpc" / "ring" / own
    user = os.getuid()
    if sys.platform == "darwin":  # pragma: no cover  there is no folder in memory there
        return Path(around.get("TMPDIR") or "/tmp") / f"arpc-{user}" / own
    for memory in (around.get("XDG_RUNTIME_DIR") or f"/run/user/{user}", "/dev/shm"):
        if os.access(memory, os.W_OK):
            return Path(memory) / f"arpc-{user}" / own
    return git / "arpc" / "ring"


def name(git: Path) -> str:
    """Give a clone its id, once; return it."""
    if found := repository_id(git):
        return found
    _write(git / _ID, f"{os.urandom(8).hex()}\n")
    return repository_id(git)


def _line(path: Path) -> str:
    """What git or arpc has written in a file of a few words."""
    return plainfiles.read(path, _LINE).decode("utf-8", "replace").strip()


def _write(path: Path, text: str) -> None:
    disk.make_folder(path.parent)
    disk.replace(path, text.encode("ascii"), 0o644)


def _above(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        entry = folder / ".git"
        if entry.is_dir():
            return entry
        if entry.is_file():
            pointed = _line(entry).partition("gitdir: ")[2].strip()
            return folder / pointed if pointed else None
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
            return folder
    return None
