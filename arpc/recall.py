"""What was worked out of a case before, as long as nothing that it rests on has changed.

A database outside of the service folder holds, a row each, the parts of what a case comes to, as bytes that mean
nothing here, each with how the files of the case stood and a digest of what was in them. A part counts while the
files are as they were: by the stamps that the system keeps of each file and folder, or else by the digest; while
the rest of what it rests on, which whoever asks names, is the same; and until the day on which it would differ.

A row counts only if this computer's own key vouches for it, so that one that is damaged, or was put there by
somebody else, is as good as none. Nothing here is ever needed: what cannot be kept is worked out anew.
"""

import hashlib
import json
import marshal
import os
import sqlite3
import sys
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing, suppress
from datetime import date
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from arpc import loading, plainfiles
from arpc.yamldoc import MAX_BYTES

_FORM = b"5"  # of a row; what has another is none of ours
_MAC = 32
_GRAIN = 10_000_000_000  # nanoseconds; the coarsest stamps step by two seconds, and a share may lag
_UNUSED = 180 * 86_400_000_000_000  # nanoseconds after which nobody works in a folder any more
_STAMPS_TELL = sys.platform != "win32"  # where the system keeps when a file was last touched at all
_HOW_IT_STANDS = attrgetter("st_size", "st_mtime_ns", "st_ctime_ns")

_AHEAD = 64  # rows that are read at once, at the most
_PATIENCE = 5.0  # seconds that another command may hold the database
_EACH_TIME = (
    "PRAGMA secure_delete = ON",  # what is forgotten is overwritten
    "PRAGMA synchronous = OFF",  # what the disk loses is worked out anew
    "CREATE TABLE IF NOT EXISTS known (part TEXT, name TEXT, said BLOB, PRIMARY KEY (name, part))",
)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)

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
        own = hashlib.blake2b(_FORM + os.fsencode(root.absolute()), digest_size=12).hexdigest()
        self._path = memory / f"{own}.sqlite3"
        self._is_usable = True
        self._ahead: dict[str, tuple[dict[str, bytes], str | None]] = {}
        """By part: the rows that were read, and the case from which on they are all that there are."""
        self._steps: dict[str, int] = {}
        if not self._path.is_file():
            memory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(0o600)
            if not self._path.is_file():
                raise plainfiles.NotPlainError(self._path, plainfiles.what(self._path))
            _drop_unused(memory, self._path.stat().st_mtime_ns)

    def case(self, folder: str, *, may_read: bool) -> "Known":
        """What is known of a case.

        Args:
            folder: The case folder.
            may_read: Whether its files are read where their stamps do not say that nobody touched them;
                otherwise nothing is known of such a case.
        """
        return Known(self, folder, may_read)

    def forget(self, cases: Iterable[str]) -> None:
        """Forget these cases."""
        self._forget(map(_kept_as, cases))

    def forget_others(self, cases: Collection[str]) -> None:
        """Forget every case but these."""
        known = {name for (name,) in self._ask("SELECT DISTINCT name FROM known")}
        if gone := known.difference(map(_kept_as, cases)):
            self._forget(gone)

    def _forget(self, names: Iterable[str]) -> None:
        gone = "DELETE FROM known WHERE name IN (SELECT value FROM json_each(?))"
        self._ask(gone, [(json.dumps([*names]),)])

    def digest(self, *parts: bytes) -> bytes:
        """A digest that nobody can make who has not this computer's key."""
        hasher = hashlib.blake2b(key=self._key, digest_size=_MAC)
        for part in parts:
            hasher.update(len(part).to_bytes(8, "little"))
            hasher.update(part)
        return hasher.digest()

    def read(self, part: str, case: str) -> tuple[Any, ...] | None:
        """A part of a case, if it is one that we kept; who asks in their order has them read ahead."""
        ahead, all_from = self._ahead.get(part, ({}, None))
        if case not in ahead and (all_from is None or case < all_from):
            step = self._steps.get(part, 1)
            self._steps[part] = min(2 * step, _AHEAD)
            asked = (
                "SELECT name, said FROM known WHERE part = ? AND name >= ? ORDER BY name LIMIT ?"
            )
            ahead = dict(self._ask(asked, [(part, case, step)]))
            self._ahead[part] = ahead, case if len(ahead) < step else None
        return self._understood(part, case, ahead.pop(case, None))

    def parts(self, case: str) -> dict[str, tuple[Any, ...]]:
        """All parts of a case that we kept."""
        rows = self._ask("SELECT part, said FROM known WHERE name = ?", [(case,)])
        found = ((part, self._understood(part, case, raw)) for part, raw in rows)
        return {part: said for part, said in found if said is not None}

    def keep(self, case: str, parts: Mapping[str, tuple[Any, ...]]) -> None:
        """Keep parts of a case, if there is room for them."""
        rows = ((part, marshal.dumps(said)) for part, said in parts.items())
        vouched = [(part, case, self._vouch(part, case, raw) + raw) for part, raw in rows]
        self._ask("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", vouched)

    def now(self) -> int:
        """The system's clock, as it stamps a file that is written now; 0 where none can be."""
        try:
            os.utime(self._path)
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0

    def _understood(self, part: str, case: str, raw: object) -> tuple[Any, ...] | None:
        if not isinstance(raw, bytes) or raw[:_MAC] != self._vouch(part, case, raw[_MAC:]):
            return None
        return tuple(marshal.loads(raw[_MAC:]))

    def _vouch(self, part: str, case: str, content: bytes) -> bytes:
        return self.digest(_FORM, b"\0".join((part.encode(), os.fsencode(case), content)))

    def _ask(self, statement: str, each: Iterable[tuple[Any, ...]] = ((),)) -> list[Any]:
        """What the database says, all of it done or nothing.

        It is opened anew each time, since what is open must not be handed on to another process. Where it
        cannot be used, nothing is known and nothing kept from there on; one that is damaged is dropped.
        """
        if not self._is_usable:
            return []
        try:
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as opened, opened:
                for each_time in _EACH_TIME:
                    opened.execute(each_time)
                return [row for values in each for row in opened.execute(statement, values)]
        except sqlite3.Error as error:
            self._is_usable = False
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                with suppress(OSError):
                    self._path.unlink()
            return []


class _Stood(NamedTuple):
    """How the files of a case stood when they were read."""

    names: tuple[str, ...]
    stamp: tuple[int, ...]
    is_young: bool
    """Whether a file may have been changed once more without another stamp."""
    digest: bytes
    """Of what was in them."""


class Known:
    """What is known of one case: what was kept of it, if that still counts."""

    def __init__(self, memory: Recall, folder: str, may_read: bool) -> None:
        self._memory = memory
        name = folder.rpartition(os.sep)[2]
        self._case = _kept_as(name if name.strip(".") else Path(folder).absolute().name)
        self._folder = folder
        self._may_read = may_read
        self._files: Files | None = None
        self._stands: _Stood | None = None
        """How its files stand, once that is known: as they did, since nobody touched them, or as they were read."""

    def part(self, name: str, rests_on: bytes, today: date) -> bytes | None:
        """What was kept under a name, if it still counts."""
        kept = self._memory.read(name, self._case)
        if kept is None:
            return None
        *stood, on, day, until, said = kept
        is_asked = on == rests_on and day <= today.toordinal() < until
        return said if is_asked and self._is_as_it_was(_Stood(*stood)) else None

    def files(self) -> Files:
        """The files of the case, from which a part is worked out.

        Raises:
            OSError: One of them cannot be read.
        """
        if self._files is None:
            self._files, self._stands = self._read_anew()
        return self._files

    def keep(self, parts: Mapping[str, bytes], rests_on: bytes, today: date, until: date) -> None:
        """Keep what was worked out from `files`, by name; see `part`.

        Args:
            parts: What was worked out.
            rests_on: What else it rests on.
            today: The day of which it was asked.
            until: The first day on which it differs.
        """
        assert self._stands is not None
        days = today.toordinal(), until.toordinal()
        kept = {name: (*self._stands, rests_on, *days, said) for name, said in parts.items()}
        self._memory.keep(self._case, kept)

    def _is_as_it_was(self, stood: _Stood) -> bool:
        """Whether the files of the case hold what they held."""
        if self._stands is None and _nobody_touched(self._folder, stood):
            self._stands = stood
        if self._stands is None and self._may_read:
            with suppress(OSError):
                self.files()
        if self._stands is None or self._stands.digest != stood.digest:
            return False
        if self._stands != stood:
            self._renew(self._stands)
        return True

    def _renew(self, stands: _Stood) -> None:
        """Have all that was kept of the files as they are go by the stamps that they have now."""
        known = self._memory.parts(self._case)
        same = {
            part: kept for part, kept in known.items() if _Stood(*kept[:4]).digest == stands.digest
        }
        self._memory.keep(self._case, {part: (*stands, *kept[4:]) for part, kept in same.items()})

    def _read_anew(self) -> tuple[Files, _Stood]:
        """Read every file, and see how they stand."""
        now = self._memory.now()
        names = _names(self._folder)
        stamp = _stamp(self._folder, names)
        is_young = max((*stamp[1::3], *stamp[2::3])) >= now - _GRAIN
        files, digest = self._look()
        return files, _Stood(names, stamp, is_young, digest)

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


def _kept_as(case: str) -> str:
    """What a case folder is called in the database, which takes nothing but text: each its own."""
    return case.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")


def _names(folder: str) -> tuple[str, ...]:
    """The case folder, the folders in it and every file, as far as they are part of the case."""
    files = [name for name, _ in loading.files_in(folder)]
    folders = {entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)}
    folders = {name for name in folders if not name.startswith(".") and name != "out"}
    return "", *sorted(folders), *files


def _stamp(folder: str, names: tuple[str, ...]) -> tuple[int, ...]:
    """How the system says that each of these stands: three numbers each, of which two are times."""
    base = f"{folder}{os.sep}"
    now = map(os.lstat, map(base.__add__, names))
    return tuple(chain.from_iterable(map(_HOW_IT_STANDS, now)))


def _nobody_touched(folder: str, stood: _Stood) -> bool:
    """Whether a file or folder of the case was not touched since, as far as stamps can tell."""
    if stood.is_young or not _STAMPS_TELL:
        return False
    try:
        return _stamp(folder, stood.names) == stood.stamp
    except OSError:
        return False


def _key(path: Path) -> bytes:
    """This computer's key, made where there is none; of two that make one at once, the later stays."""
    if not path.is_file() or path.stat().st_size != _MAC:
        aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(aside, flags, 0o600), "wb") as stream:
            stream.write(os.urandom(_MAC))
        aside.replace(path)
    return plainfiles.read_whole(path)


def _drop_unused(memory: Path, now: int) -> None:
    """Forget the folders in which nothing was worked out for long."""
    for entry in os.scandir(memory):
        if entry.is_file() and entry.stat().st_mtime_ns < now - _UNUSED:
            with suppress(OSError):
                Path(entry).unlink()
