"""What was worked out of a case before, as long as nothing that it rests on has changed.

One file a case, outside of the service folder, holds how the case's files stood, a digest of what is in them,
and what others worked out of it, as bytes that mean nothing here. They count while the files are as they
were: by the stamps that the system keeps of each file and folder, or else by the digest; while the rest of
what they rest on, which whoever asks names, is the same; and until the day on which they would differ.

A file is read only if this computer's own key vouches for it, so that one that is damaged, or was put there by
somebody else, is as good as none. Nothing here is ever needed: what cannot be kept is worked out anew.
"""

import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any

from arpc import loading, plainfiles
from arpc.yamldoc import MAX_BYTES

_MAC = 32
_GRAIN = 10_000_000_000  # nanoseconds; the coarsest stamps step by two seconds, and reading takes a while
_UNUSED = 180 * 86_400_000_000_000  # nanoseconds after which nobody works in a folder any more
_STAMPS_TELL = sys.platform != "win32"  # where the system keeps when a file was last touched at all

Files = list[tuple[str, bytes | None]]
"""The files of a case, as `loading.load_from` takes them."""


class Recall:
    """What is remembered of the cases of one service folder."""

    def __init__(self, memory: Path, keys: Path, root: Path) -> None:
        """Open the memory, and make it where it is new.

        Args:
            memory: The folder in which a computer keeps what can be worked out anew.
            keys: The folder for the key that vouches for it, which lies apart from it.
            root: The service folder.

        Raises:
            OSError: Nothing can be kept there.
        """
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._key = _key(keys / "recall.key")
        own = hashlib.blake2b(os.fsencode(root.absolute()), digest_size=12).hexdigest()
        self._rows = memory / own
        if not self._rows.is_dir():
            memory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._rows.mkdir(mode=0o700, exist_ok=True)
            _drop_unused(memory, self._rows.stat().st_mtime_ns)

    def case(self, folder: Path) -> "Known":
        """What is known of a case.

        Raises:
            OSError: One of its files cannot be read.
        """
        return Known(self, folder)

    def forget(self, cases: Iterable[str]) -> None:
        """Forget these cases."""
        for case in cases:
            with suppress(OSError):
                (self._rows / case).unlink()

    def forget_others(self, cases: Collection[str]) -> None:
        """Forget every case but these."""
        with suppress(OSError):
            self.forget({entry.name for entry in os.scandir(self._rows)} - {*cases})

    def digest(self, *parts: bytes) -> bytes:
        """A digest that nobody can make who has not this computer's key."""
        hasher = hashlib.blake2b(key=self._key, digest_size=_MAC)
        for part in parts:
            hasher.update(len(part).to_bytes(8, "little"))
            hasher.update(part)
        return hasher.digest()

    def read(self, case: str) -> "_Row | None":
        """The row of a case, if it is one that we wrote."""
        try:
            raw = plainfiles.read_whole(f"{self._rows}{os.sep}{case}")
        except OSError:
            return None
        mac, content = raw[:_MAC], raw[_MAC:]
        if mac != self.digest(os.fsencode(case), content):
            return None
        return _Row(*marshal.loads(content))

    def write(self, case: str, row: "_Row") -> None:
        """Keep a row, if there is room for it."""

        def content(moment: int) -> bytes:
            # Stamped as the files of the case are: whatever the clock says, a file that may be changed once
            # more without another stamp is one that was changed just before.
            row.is_young = max((*row.stamp[2::4], *row.stamp[3::4])) >= moment - _GRAIN
            raw = marshal.dumps(row.as_tuple())
            return self.digest(os.fsencode(case), raw) + raw

        with suppress(OSError):
            _put(f"{self._rows}{os.sep}{case}", content)


class _Row:
    """How the files of a case stood, and what was worked out of them."""

    __slots__ = ("digest", "is_young", "names", "parts", "stamp")

    def __init__(
        self,
        names: tuple[str, ...],
        stamp: tuple[int, ...],
        is_young: bool,
        digest: bytes,
        parts: dict[str, tuple[bytes, int, int, bytes]],
    ) -> None:
        self.names = names
        self.stamp = stamp
        self.is_young = is_young
        self.digest = digest
        self.parts = parts
        """By name: what it rests on, the day of which it was asked, the first on which it differs, and it."""

    def as_tuple(self) -> tuple[Any, ...]:
        return self.names, self.stamp, self.is_young, self.digest, self.parts


class Known:
    """What is known of one case: what was kept of it, if that still counts."""

    def __init__(self, memory: Recall, folder: Path) -> None:
        self._memory = memory
        self._case = folder.absolute().name
        self._folder = folder
        self._files: Files | None = None
        self._row = memory.read(self._case) or _Row((), (), True, b"", {})
        if self._row.is_young or not _STAMPS_TELL or not _is_as_it_was(folder, self._row):
            self._read_anew()
            if self._row.parts:  # all is as it was, but for the stamps
                memory.write(self._case, self._row)

    def _read_anew(self) -> None:
        """Read every file; what was kept stays only if the same is in them."""
        names = _names(self._folder)
        stamp = _stamp(self._folder, names)
        self._files, digest = self._look()
        parts = self._row.parts if self._row.digest == digest else {}
        self._row = _Row(names, stamp, True, digest, parts)

    def part(self, name: str, rests_on: bytes, today: date) -> bytes | None:
        """What was kept under a name, if it still counts."""
        on, day, until, kept = self._row.parts.get(name, (b"", 0, 0, b""))
        return kept if on == rests_on and day <= today.toordinal() < until else None

    def files(self) -> Files:
        """The files of the case, from which a part is worked out.

        Raises:
            OSError: One of them cannot be read.
        """
        if self._files is None:  # the stamps said enough until now
            self._read_anew()
        assert self._files is not None
        return self._files

    def keep(self, parts: Mapping[str, bytes], rests_on: bytes, today: date, until: date) -> None:
        """Keep what was worked out from `files`, by name; see `part`.

        Args:
            parts: What was worked out.
            rests_on: What else it rests on.
            today: The day of which it was asked.
            until: The first day on which it differs.
        """
        days = today.toordinal(), until.toordinal()
        self._row.parts.update({name: (rests_on, *days, part) for name, part in parts.items()})
        self._memory.write(self._case, self._row)

    def _look(self) -> tuple[Files, bytes]:
        """Read every file; of what is no record only a digest is made."""
        files: Files = []
        parts: list[bytes] = []
        base = f"{self._folder}{os.sep}"
        for name, is_plain in loading.files_in(self._folder):
            raw = plainfiles.read_whole(base + name) if is_plain else None
            what = b"" if is_plain else plainfiles.what(base + name).encode()
            parts += (os.fsencode(name), b"-" + what if raw is None else b"+" + raw)
            files.append((name, raw if raw is None else raw[: MAX_BYTES + 1]))
        return files, self._memory.digest(*parts)


def _names(folder: Path) -> tuple[str, ...]:
    """The case folder, the folders in it and every file, as far as they are part of the case."""
    files = [name for name, _ in loading.files_in(folder)]
    folders = {entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)}
    folders = {name for name in folders if not name.startswith(".") and name != "out"}
    return "", *sorted(folders), *files


def _stamp(folder: Path, names: tuple[str, ...]) -> tuple[int, ...]:
    """How the system says that each of these stands: four numbers each, of which two are times."""
    base = f"{folder}{os.sep}"
    found: list[int] = []
    for name in names:
        now = os.lstat(base + name)
        found += (now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    return tuple(found)


def _is_as_it_was(folder: Path, row: _Row) -> bool:
    """Whether nobody has touched a file or folder of the case, by their stamps."""
    try:
        return _stamp(folder, row.names) == row.stamp
    except OSError:
        return False


def _key(path: Path) -> bytes:
    """This computer's key, made where there is none; of two that make one at once, the later stays."""
    if not path.is_file() or path.stat().st_size != _MAC:
        _put(str(path), lambda _: os.urandom(_MAC))
    return plainfiles.read_whole(path)


def _put(path: str, content: Callable[[int], bytes]) -> None:
    """Write a file whole or not at all; it is not flushed to the disk, since a torn one does not count.

    `content` gives what it shall hold, told how the system stamps what is written now.
    """
    aside = f"{path}.{os.getpid()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    descriptor = os.open(aside, flags, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content(os.fstat(descriptor).st_mtime_ns))
    Path(aside).replace(path)


def _drop_unused(memory: Path, now: int) -> None:
    """Forget the folders in which nothing was worked out for long."""
    for entry in os.scandir(memory):
        if entry.is_dir() and entry.stat().st_mtime_ns < now - _UNUSED:
            rmtree(entry.path, ignore_errors=True)
