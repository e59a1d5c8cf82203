"""Bytes on the disk, whole or not at all: a temporary file beside the target, flushed, then renamed.

Whoever is stopped on the way, at whatever point, leaves the old file or the new one, and at most one temporary
file, which is known by its name: `.N-007.yaml.1f2e3d4c.tmp`.
"""

import errno
import os
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

LEFT_OVER = re.compile(r"\.(?P<of>.+)\.[0-9a-f]{8}\.tmp")
"""The name of a temporary file or folder; `of` is the one that it was to become."""
_RETRIES = 20  # Windows refuses to replace a file that an indexer or editor holds for a moment
_PAUSE = 0.05  # seconds
_UNFLUSHED = (errno.EINVAL, errno.ENOTSUP)  # some shares flush files, and know of no folders


class UnconfirmedError(OSError):
    """The change is made, but the disk does not say that it has it."""


def create(path: Path, raw: bytes, mode: int = 0o600) -> None:
    """Write a new file.

    Raises:
        FileExistsError: There is such a file already; it is as it was.
        OSError: It cannot be written; there is none.
        UnconfirmedError: See there.
    """
    temporary = _aside(path, raw, mode)
    try:
        _name(temporary, path)
    finally:
        _take_away(temporary)  # where it has a new name, this is its old one
    _confirm(path.parent)


def create_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with all of its files, by their paths below it.

    Raises:
        OSError: It cannot be made, or there is such a folder with something in it; nothing is changed.
        UnconfirmedError: See there.
    """
    temporary = _beside(folder)
    try:
        for name, raw in files.items():
            path = temporary / name
            make_folder(path.parent)
            create(path, raw)
        temporary.rename(folder)
    except BaseException:
        with suppress(OSError):  # what went wrong before is what is told
            remove_folder(temporary)
        raise
    _confirm(folder.parent)


def replace(path: Path, raw: bytes, mode: int = 0o600) -> None:
    """Write a file anew, whether there is one or not.

    Raises:
        OSError: It cannot be written; what stood there is untouched.
        UnconfirmedError: See there.
    """
    temporary = _aside(path, raw, mode)
    try:
        _rename(temporary, path)
    except BaseException:
        _take_away(temporary)
        raise
    _confirm(path.parent)


def remove(path: Path) -> None:
    """Take a file away.

    Raises:
        OSError: It cannot be removed.
        UnconfirmedError: See there.
    """
    path.unlink()
    _confirm(path.parent)


def remove_folder(folder: Path) -> None:
    """Take a folder away with all that is in it.

    Raises:
        OSError: Some of it cannot be taken away.
    """
    from shutil import rmtree  # it brings what unpacks archives

    rmtree(folder)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, as far as they are not there.

    Raises:
        OSError: It cannot be made.
    """
    new = [*takewhile(lambda each: not each.is_dir(), (folder, *folder.parents))]
    folder.mkdir(parents=True, exist_ok=True)
    for each in new:
        flush(each.parent)


def flush(folder: Path) -> None:
    """Bring the names of a folder to the disk.

    Raises:
        OSError: The folder cannot be opened, or the disk fails.
    """
    if sys.platform == "win32":
        return  # folders cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNFLUSHED:
            raise
    finally:
        os.close(descriptor)


def _confirm(folder: Path) -> None:
    try:
        flush(folder)
    except OSError as error:
        raise UnconfirmedError(error.errno, error.strerror) from None


def _aside(path: Path, raw: bytes, mode: int) -> Path:
    """Write a temporary file beside a path, the owner's alone until all of it is on the disk."""
    temporary = _beside(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        if mode != 0o600:
            temporary.chmod(mode)
    except BaseException:
        _take_away(temporary)
        raise
    return temporary


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")


def _take_away(temporary: Path) -> None:
    """Leave nothing behind where that can be helped; what went wrong before is what is told."""
    with suppress(OSError):
        temporary.unlink()


def _name(temporary: Path, path: Path) -> None:
    """Give the file its name unless there is one of that name."""
    if sys.platform == "win32":  # pragma: no cover
        temporary.rename(path)  # it refuses to replace there, and nowhere else
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, as shares and sticks have
        if path.exists():
            raise FileExistsError(path) from None
        temporary.rename(path)


def _rename(temporary: Path, path: Path) -> None:
    left = _RETRIES if sys.platform == "win32" else 0
    while True:
        try:
            temporary.replace(path)
            return
        except PermissionError:
            if not left:
                raise
        left -= 1
        time.sleep(_PAUSE)
