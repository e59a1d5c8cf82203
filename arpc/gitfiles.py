"""What git reads of a folder before it is asked anything: plain files of a sensible size, or it is not started.

Git opens a pipe and waits for ever, and reads a device until there is no memory left. It also reads what its
settings include before it says what they are.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from arpc import plainfiles
from arpc.errors import ArpcError

_MOST = 1024 * 1024
"""Bytes of settings, of attributes, and of what is left out; the longest of ours has 2 KB."""
_INCLUDED = re.compile(rb"^[ \t\r]*\[[ \t]*include", re.IGNORECASE | re.MULTILINE)
_SETTINGS = ("config", "config.worktree")
_SMALL = ("HEAD", "commondir", "info/attributes", "info/exclude", "info/grafts", "shallow")
_LARGE = ("index", "packed-refs", "objects/info/alternates", "objects/info/commit-graph")
_IN_FOLDER = (".gitattributes", ".gitignore", ".gitmodules", ".mailmap")


def refuse_odd(folder: Path, git: Path) -> None:
    """Do nothing if git can be started in a folder.

    Args:
        folder: The work tree.
        git: Where git keeps it.

    Raises:
        ArpcError: A file that git reads first is no plain file, is far too large, or includes others.
    """
    for path in _odd(folder, git):
        name = os.path.relpath(path, folder).replace(os.sep, "/")
        hint = "look at what it is, and take it away if you did not put it there"
        raise ArpcError(f"{name} is nothing that git should read", hint)
    if any(_INCLUDED.search(_bytes(git / name)) for name in _SETTINGS):
        hint = "take `include` out of its .git/config if you did not put it there"
        raise ArpcError("this folder's git settings run programs: include.path", hint)


def _odd(folder: Path, git: Path) -> Iterator[Path]:
    limited = [*(git / name for name in (*_SETTINGS, *_SMALL)), *(folder / n for n in _IN_FOLDER)]
    for path in [*limited, *(git / name for name in _LARGE)]:
        try:
            about = path.lstat()
        except OSError:
            continue  # it is not there, or git cannot read it either
        if not stat.S_ISREG(about.st_mode) or (path in limited and about.st_size > _MOST):
            yield path


def _bytes(path: Path) -> bytes:
    try:
        return plainfiles.read(path, _MOST)
    except OSError:
        return b""
