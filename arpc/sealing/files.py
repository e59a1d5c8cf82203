"""New files, whole or not at all: what the logs and the key store write is never written over."""

import os
import sys
from contextlib import suppress
from pathlib import Path


def create(path: Path, raw: bytes, mode: int = 0o600) -> None:
    """Write a new file, flushed to the disk, with the permissions asked for.

    Raises:
        FileExistsError: There is such a file already; it is as it was.
        OSError: It cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        _name(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Bring the names of a folder to the disk.

    Raises:
        OSError: The folder cannot be opened.
    """
    if sys.platform == "win32":  # pragma: no cover
        return  # folders cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some network shares cannot; the file itself has been flushed
    finally:
        os.close(descriptor)


def _name(temporary: Path, path: Path) -> None:
    """Give the file its name unless there is one of that name."""
    if sys.platform == "win32":  # pragma: no cover
        temporary.rename(path)  # refuses to replace on Windows
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, as shares and sticks have
        if path.exists():
            raise FileExistsError(path) from None
        temporary.rename(path)
