"""The keys of the cases that are unlocked now: one small file a case, in a folder that is the user's alone.

    arpc-ring 1
    until 1764450000            (seconds since 1970; only where an end was set)
    1 <64 hexadecimal digits>   (a generation and its secret; the newest comes last)

The folder lies in memory where the system offers such a place, and is gone when the computer is switched off.
"""

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from arpc import plainfiles
from arpc.errors import ArpcError
from arpc.sealing.form import Key

_FIRST = "arpc-ring 1"


class Ring:
    """What is unlocked, read when it is asked for.

    Args:
        folder: Where the files lie; it need not exist. None is a clone in which nothing was unlocked yet.
        now: Seconds since 1970, by which keys may have run out.
    """

    def __init__(self, folder: Path | None, now: float) -> None:
        self.folder = folder
        self._now = now
        self._read: dict[str, tuple[Key, ...]] = {}
        self._all: dict[str, Key] | None = None

    def keys(self, case: str) -> tuple[Key, ...]:
        """A case's keys, the newest last; () where it is locked."""
        if case not in self._read:
            self._read[case] = self._keys(case)
        return self._read[case]

    def newest(self, case: str) -> Key | None:
        """The key under which a case is sealed now."""
        keys = self.keys(case)
        return keys[-1] if keys else None

    def find(self, key_id: str, case: str) -> Key | None:
        """The key of that id, looked for in a case first and then in all of them."""
        for key in self.keys(case):
            if key.id == key_id:
                return key
        if self._all is None:
            self._all = {key.id: key for each in self.cases() for key in self.keys(each)}
        return self._all.get(key_id)

    def cases(self) -> list[str]:
        """The cases that have a file here, also where their time has run out."""
        return sorted(path.name for path in self.folder.glob("C-*")) if self.folder else []

    def put(self, case: str, secrets: Mapping[int, bytes], until: int | None = None) -> None:
        """Keep a case's keys, by generation, until a moment in seconds since 1970.

        Raises:
            ArpcError: The folder is not the user's alone, or cannot be written.
        """
        lines = [_FIRST, *([f"until {until}"] if until else [])]
        lines += [f"{generation} {secret.hex()}" for generation, secret in sorted(secrets.items())]
        assert self.folder
        path = self.folder / case
        beside = self.folder / f".{case}.{os.urandom(4).hex()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._refuse_others(self.folder)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write("\n".join(lines) + "\n")
            beside.replace(path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink()
            reason = error.strerror or type(error).__name__
            raise ArpcError(f"keys cannot be kept for this session: {reason}") from None
        self._read.pop(case, None)
        self._all = None

    def forget(self, cases: Iterable[str]) -> None:
        """Lock cases: their keys are gone from this computer's memory of the session."""
        for case in cases:
            if self.folder:
                (self.folder / case).unlink(missing_ok=True)
            self._read.pop(case, None)
        self._all = None

    def until(self, case: str) -> int | None:
        """When a case's keys run out, in seconds since 1970; None where no end was set."""
        for line in self._lines(case)[1:2]:
            if line.startswith("until "):
                return int(line.removeprefix("until "))
        return None

    def _keys(self, case: str) -> tuple[Key, ...]:
        lines = self._lines(case)
        if not lines:
            return ()
        until = self.until(case)
        if until is not None and until <= self._now:
            return ()
        try:
            pairs = [line.split(" ") for line in lines[1:] if line and line[0] != "u"]
            return tuple(Key(case, int(number), bytes.fromhex(secret)) for number, secret in pairs)
        except ValueError:
            raise ArpcError(f"the keys of {case} cannot be read", "`arpc unlock` again") from None

    def _lines(self, case: str) -> list[str]:
        if self.folder is None:
            return []
        try:
            self._refuse_others(self.folder)
            lines = plainfiles.read_whole(self.folder / case).decode("ascii").split("\n")
        except FileNotFoundError:
            return []
        except (OSError, ValueError):
            raise ArpcError(f"the keys of {case} cannot be read", "`arpc unlock` again") from None
        if lines[0] != _FIRST:
            raise ArpcError(f"the keys of {case} cannot be read", "`arpc unlock` again")
        return lines

    @staticmethod
    def _refuse_others(folder: Path) -> None:
        """A folder that somebody else could have laid here is not trusted with keys, nor believed."""
        if sys.platform == "win32":  # pragma: no cover
            return  # it lies in the user's own profile, which others cannot write to
        about = folder.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o77:
            raise ArpcError("the folder for this session's keys is not yours alone", str(folder))
