"""The one writer: a file is written whole or not at all, and never over what somebody else wrote.

A temporary file beside the target, readable by its owner alone, is written, flushed to the disk and
renamed; then the folder is flushed. A lock for each case keeps two commands apart.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from arpc.errors import ArpcError

LOCK = ".arpc.lock"
_PATIENCE = 10.0  # seconds to wait for another command that writes to the same case
_RETRIES = 20  # Windows refuses to replace a file that an indexer or editor holds for a moment
_before: ContextVar[dict[Path, bytes | None] | None] = ContextVar("_before", default=None)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; other writers wait for it.

    Raises:
        ArpcError: Another command has held it for too long.
    """
    from filelock import FileLock, Timeout  # it imports asyncio, which checking never needs

    lock = FileLock(folder / LOCK, timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        hint = "wait for the other command to end, and try again"
        raise ArpcError("another command is writing to this case", hint) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def remembering() -> Iterator[dict[Path, bytes | None]]:
    """Remember what stood in each file before it is first written or removed; None where it was not."""
    before: dict[Path, bytes | None] = {}
    token = _before.set(before)
    try:
        yield before
    finally:
        _before.reset(token)


def remember(path: Path) -> None:
    """Remember what stands in a file, for `remembering`."""
    before = _before.get()
    if before is not None and path.absolute() not in before:
        before[path.absolute()] = path.read_bytes() if path.exists() else None


def create(path: Path, content: str | bytes) -> None:
    """Write a new file and the folders it needs.

    Raises:
        ArpcError: There is such a file already, or it cannot be written.
    """
    with _telling(path):
        remember(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _aside(path, _raw(content))
        try:
            _rename_new(temporary, path)
        except FileExistsError:
            raise ArpcError("there is such a file already; nothing was written") from None
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
        _flush_folder(path.parent)


def replace(path: Path, content: str | bytes, *, was: bytes | None = None) -> None:
    """Write a file anew.

    Args:
        path: The file.
        content: What it shall hold.
        was: What it held when it was read; None if that does not matter.

    Raises:
        ArpcError: It has changed since then, or cannot be written.
    """
    with _telling(path):
        if was is not None and path.read_bytes() != was:
            hint = "nothing was written; run the command again"
            raise ArpcError("the file was changed meanwhile", hint)
        remember(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _aside(path, _raw(content))
        try:
            _rename(temporary, path)
        except BaseException:
            with suppress(FileNotFoundError):
                temporary.unlink()
            raise
        _flush_folder(path.parent)


def remove(path: Path) -> None:
    """Take a file away.

    Raises:
        ArpcError: It cannot be removed.
    """
    with _telling(path):
        remember(path)
        path.unlink()
        _flush_folder(path.parent)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn what the system says into words, with the file's name and nothing of its content."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "what stood there before is untouched"
        raise ArpcError(f"{path.name} could not be written: {reason}", hint) from None


def _raw(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _aside(path: Path, raw: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    return temporary


def _rename_new(temporary: Path, path: Path) -> None:
    """Give the file its name unless there is one of that name."""
    if sys.platform == "win32":
        temporary.rename(path)  # refuses to replace on Windows
    else:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if path.exists():
                raise FileExistsError(path) from None
            temporary.rename(path)


def _rename(temporary: Path, path: Path) -> None:
    for attempt in range(_RETRIES):
        try:
            temporary.replace(path)
            return
        except PermissionError:
            if sys.platform != "win32" or attempt == _RETRIES - 1:
                raise
            time.sleep(0.05)


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # folders cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
