"""The one writer: a file is written whole or not at all, and never over what somebody else wrote.

`arpc.disk` brings the bytes there. Here a lock for each case keeps two commands apart, what was read is
compared before it is written over, and what the system says becomes words.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from arpc import disk, plainfiles
from arpc.errors import ArpcError
from arpc.ids import is_case_id

LOCK = ".arpc.lock"
UNKNOWN = b"\0"
"""Stands for what a file will hold where that is not known, since a person writes it; no text is this."""
Watcher = Callable[[Path, bytes | None, bytes | None], None]
"""Is told of each change before it is made: the file, what stands in it, and what will; None for no file."""
_PATIENCE = 60.0  # seconds to wait for others who write to the same case; fifty at once take a few
_MOST = 1024 * plainfiles.MEGABYTE  # what `undo` keeps of large attachments is larger than they
_POLL = 0.01  # seconds
_watcher: ContextVar[Watcher | None] = ContextVar("_watcher", default=None)
_held: ContextVar[frozenset[Path]] = ContextVar("_held", default=frozenset())
_opened: ContextVar[frozenset[Path]] = ContextVar("_opened", default=frozenset())


@contextmanager
def locked(*folders: Path, at: str = "writing to this case") -> Iterator[None]:
    """Hold the locks of folders; other writers wait for them.

    They are taken in one order, whichever is named first, so that no two commands wait for each other; what
    is held already stays so.

    Args:
        folders: Those of cases, or where git keeps what it knows.
        at: What another command is at that holds one.

    Raises:
        ArpcError: Another command has held one for too long, or it cannot be locked.
    """
    from filelock import FileLock, Timeout  # it imports asyncio, which checking never needs

    held = _held.get()
    wanted = {folder.absolute() for folder in folders} - held
    with ExitStack() as stack:
        for folder in sorted(wanted):
            lock = FileLock(folder / LOCK, timeout=_PATIENCE, poll_interval=_POLL)
            try:
                lock.acquire()
            except Timeout:
                hint = "wait for the other command to end, and try again"
                raise ArpcError(f"another command is {at}", hint) from None
            except OSError as error:
                message = f"{folder.name} cannot be locked: {_reason(error)}"
                raise ArpcError(
                    message, "nothing was written; `arpc doctor` looks for why"
                ) from None
            stack.callback(_release, lock.release)
        token = _held.set(held | wanted)
        try:
            yield
        finally:
            _held.reset(token)


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """Keep a record for a person who writes in it with an editor: it shall not be written under their hands.

    An editor writes what it has, and what a command wrote meanwhile would be lost.

    Raises:
        ArpcError: Somebody has it open already.
    """
    from filelock import FileLock, Timeout

    path = path.absolute()
    lock = FileLock(_by_its_side(path), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise _open_elsewhere(path) from None
    except OSError as error:
        hint = "`arpc doctor` looks for why"
        raise ArpcError(f"{path.stem} cannot be held: {_reason(error)}", hint) from None
    token = _opened.set(_opened.get() | {path})
    try:
        yield
    finally:
        _opened.reset(token)
        _release(lock.release)
        with suppress(OSError):
            _by_its_side(path).unlink()


def is_open(path: Path) -> bool:
    """Whether somebody else has a record open: one whose editor was killed has it no longer."""
    path = path.absolute()
    if path in _opened.get() or not _by_its_side(path).exists():
        return False
    from filelock import FileLock, Timeout

    try:
        with FileLock(_by_its_side(path), timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False  # who may not even look at it cannot write beside it either


def _by_its_side(path: Path) -> Path:
    """The file that is locked while a record is open, which git ignores."""
    return path.with_name(f".{path.name}.open.tmp")


def _open_elsewhere(path: Path) -> ArpcError:
    return ArpcError(f"{path.stem} is open in an editor", "close it there, and try again")


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Let somebody be told of each change before it is made; what they raise stops it."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def announce(path: Path, content: bytes | None = UNKNOWN) -> None:
    """Tell whoever watches that a file is about to hold something else, by whatever hand."""
    if watcher := _watcher.get():
        watcher(path.absolute(), read(path), content)


def read(path: Path) -> bytes | None:
    """What stands in a file; None where there is none.

    Raises:
        OSError: It is no plain file, or cannot be read.
    """
    try:
        return plainfiles.read_whole(path, _MOST)
    except FileNotFoundError:
        return None


def create(path: Path, content: str | bytes) -> None:
    """Write a new file and the folders it needs.

    Raises:
        ArpcError: There is such a file already, or it cannot be written.
    """
    raw = _raw(content)
    with _telling(path):
        announce(path, raw)
        disk.make_folder(path.parent)
        try:
            disk.create(path, raw)
        except FileExistsError:
            raise ArpcError("there is such a file already; nothing was written") from None


def create_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make a folder with its files, by their paths below it: all of it or nothing.

    Raises:
        ArpcError: There is such a folder already, or it cannot be made.
    """
    with _telling(folder):
        disk.make_folder(folder.parent)
        disk.create_folder(folder, {name: _raw(text) for name, text in files.items()})


def replace(path: Path, content: str | bytes, *, was: bytes | None = None) -> None:
    """Write a file anew.

    Args:
        path: The file.
        content: What it shall hold.
        was: What it held when it was read; None if that does not matter.

    Raises:
        ArpcError: It has changed since then, somebody has it open, or it cannot be written.
    """
    raw = _raw(content)
    with _telling(path):
        _refuse_open(path)
        _compare(path, was)
        announce(path, raw)
        disk.make_folder(path.parent)
        disk.replace(path, raw)


def put(path: Path, content: str | bytes, was: bytes | None) -> None:
    """Write a file that held `was` when it was read; None where there was no such file.

    Raises:
        ArpcError: It has changed since then, or cannot be written.
    """
    if was is None:
        create(path, content)
    else:
        replace(path, content, was=was)


def remove(path: Path, *, was: bytes | None = None) -> None:
    """Take a file away.

    Args:
        path: The file.
        was: What it held when it was read; None if that does not matter.

    Raises:
        ArpcError: It has changed since then, somebody has it open, or it cannot be removed.
    """
    with _telling(path):
        _refuse_open(path)
        _compare(path, was)
        announce(path, None)
        disk.remove(path)


def discard(path: Path) -> None:
    """Take away what is no file of a case, or a folder of such: nobody who watches is told.

    Raises:
        ArpcError: It cannot be removed.
    """
    with _telling(path):
        if path.is_dir() and not path.is_symlink():
            disk.remove_folder(path)
        else:
            disk.remove(path)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn what the system says into words, with the file's name and nothing of its content."""
    _refuse_link(path)
    try:
        yield
    except disk.UnconfirmedError as error:
        hint = "look whether all is there, and whether the disk fails: `arpc doctor`"
        message = f"{path.name} is changed, but the disk does not confirm it: {_reason(error)}"
        raise ArpcError(message, hint) from None
    except OSError as error:
        hint = "what stood there before is untouched"
        raise ArpcError(f"{path.name} could not be written: {_reason(error)}", hint) from None


def _refuse_link(path: Path) -> None:
    """Refuse to write into a case through a link, which may lead out of it.

    Raises:
        ArpcError: The case, or a folder in it, is one.
    """
    folder = path.absolute().parent
    for each in (folder, folder.parent):
        if any(map(is_case_id, (each.name, each.parent.name))) and each.is_symlink():
            hint = "put the folder itself in its place; nothing was written"
            raise ArpcError(f"{each.name} is a link, and may lead anywhere", hint)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _raw(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _release(release: Callable[[], None]) -> None:
    """Give a lock back; where that fails the system does it when the process ends."""
    with suppress(OSError):
        release()


def _refuse_open(path: Path) -> None:
    if is_open(path):
        raise _open_elsewhere(path)


def _compare(path: Path, was: bytes | None) -> None:
    if was is not None and read(path) != was:
        hint = "nothing was written; run the command again"
        raise ArpcError("the file was changed meanwhile", hint)
