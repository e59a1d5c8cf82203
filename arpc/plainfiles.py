"""The one way into a file that somebody else may have laid there: a plain file, and only so much of it.

A pipe holds up whoever opens it, a device never ends, a link leads anywhere, and a file may be larger than
the memory. None of them is opened to be read; what is asked for is asked of the file that was opened, so
that nothing can be put in its place meanwhile.
"""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

MEGABYTE = 1024 * 1024
MOST = 64 * MEGABYTE
"""What a file beside the records is read of at the most, where nothing smaller is said."""
_SMALL = 1 << 16  # bytes; a file may grow while it is read, and some say that they are empty
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_OF_NO_FILE = (errno.ELOOP, errno.ENXIO, errno.EISDIR)  # a link, a socket, a folder
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class NotPlainError(OSError):
    """What lies there is a link, a folder or a special file."""

    def __init__(self, path: str | Path, what: str) -> None:
        super().__init__(0, f"it is {what}", str(path))
        self.what = what
        """Such as "a pipe"."""


class TooLargeError(OSError):
    """The file is larger than what is asked for by its reader."""


def led_to(path: Path) -> Path:
    """Where a path leads, with every link on its way followed; one that leads to itself is not."""
    return Path(os.path.realpath(path))


def read(path: str | Path, most: int = MOST, *, may_be_link: bool = False) -> bytes:
    """Read a plain file, but never more than one byte past `most`.

    Args:
        path: The file.
        most: How many bytes are wanted at the most.
        may_be_link: Whether whoever named it may have named a link to it.

    Raises:
        NotPlainError: It is no plain file.
        OSError: It cannot be read.
    """
    return _read(*_open(path, may_be_link=may_be_link), most)


def read_whole(path: str | Path, most: int = MOST, *, may_be_link: bool = False) -> bytes:
    """Read all of a plain file.

    Raises:
        NotPlainError: It is no plain file.
        TooLargeError: It has more than `most` bytes.
        OSError: It cannot be read.
    """
    number, size = _open(path, may_be_link=may_be_link)
    # One that says that it is too large is not read to see whether it is.
    raw = _read(number, size, most if size <= most else 0)
    if max(size, len(raw)) > most:
        raise TooLargeError(0, f"it has more than {most:,} bytes", str(path))
    return raw


def opened(path: str | Path) -> BufferedReader:
    """Open a plain file to read it piece by piece.

    Raises:
        NotPlainError: It is no plain file.
        OSError: It cannot be read.
    """
    return os.fdopen(_open(path, may_be_link=False)[0], "rb")


def what(path: str | Path, *, may_be_link: bool = False) -> str:
    """What lies there, where it is no plain file: "a pipe"."""
    try:
        mode = Path(path).stat(follow_symlinks=may_be_link).st_mode
    except OSError:  # a link that leads to itself, or what is gone by now
        return "a link" if may_be_link else _kind(0)
    return _kind(mode)


def _open(path: str | Path, *, may_be_link: bool) -> tuple[int, int]:
    """A descriptor of a plain file, and its size."""
    try:
        number = os.open(path, _FLAGS if may_be_link else _FLAGS | _NO_LINK)
    except OSError as error:
        if error.errno in _OF_NO_FILE:
            raise NotPlainError(path, what(path, may_be_link=may_be_link)) from None
        raise
    about = os.fstat(number)
    if not stat.S_ISREG(about.st_mode):
        os.close(number)
        raise NotPlainError(path, _kind(about.st_mode))
    return number, about.st_size


def _read(number: int, size: int, most: int) -> bytes:
    """What a descriptor gives, and one byte past `most` at the most; then it is closed."""
    try:
        raw = os.read(number, min(size or _SMALL, most) + 1)
        if len(raw) == size:  # there was room for more
            return raw
        while len(raw) <= most and (more := os.read(number, max(size, _SMALL))):
            raw += more
        return raw[: most + 1]
    finally:
        os.close(number)


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "a special file")
