"""Where a command that git started stands: the repository, and the ring of keys that belongs to it."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_ID = "arpc/id"


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
    return found / shared.read_text("utf-8").strip() if shared.is_file() else found


def repository_id(git: Path) -> str:
    """The random id by which this clone's keys are kept apart; "" before `arpc install` or `unlock`."""
    try:
        return (git / _ID).read_text("ascii").strip()
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
    if sys.platform == "win32":
        return Path(around.get("LOCALAPPDATA") or Path.home()) / "arpc" / "ring" / own
    user = os.getuid()
    if sys.platform == "darwin":
        return Path(around.get("TMPDIR") or "/tmp") / f"arpc-{user}" / own
    for memory in (around.get("XDG_RUNTIME_DIR") or f"/run/user/{user}", "/dev/shm"):
        if os.access(memory, os.W_OK):
            return Path(memory) / f"arpc-{user}" / own
    return git / "arpc" / "ring"


def name(git: Path) -> str:
    """Give a clone its id, once; return it."""
    if found := repository_id(git):
        return found
    path = git / _ID
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{os.urandom(8).hex()}\n", "ascii")
    return repository_id(git)


def _above(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        entry = folder / ".git"
        if entry.is_dir():
            return entry
        if entry.is_file():
            pointed = entry.read_text("utf-8").partition("gitdir: ")[2].strip()
            return folder / pointed if pointed else None
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
            return folder
    return None
