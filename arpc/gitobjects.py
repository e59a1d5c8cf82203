"""What git keeps, object by object; and how many files commits hold, which is counted and not listed."""

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from arpc.errors import ArpcError

MOST_FILES = 10_000_000
"""Forty times what a programme of ten thousand cases holds; to list as many takes gigabytes."""
_GONE = ("git does not have all of the files", "`git fsck` says which")
_IN_A_FOLDER = {
    width: re.compile(rb"([0-7]+) [^\0]+\0(.{%d})" % width, re.DOTALL)
    for width in (20, 32)  # as git names objects by SHA-1 or SHA-256
}


class Objects:
    """Objects by their names, one at a time, by one process for all of them."""

    def __init__(self, git: Sequence[str], folder: Path | None = None) -> None:
        """Begin.

        Args:
            git: The program, with what it is told whatever it is asked.
            folder: Where it runs, if not here.
        """
        command = [*git, "cat-file", "--batch"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._process.__exit__(kind, error, where)

    def read(self, name: str) -> tuple[str, bytes]:
        """What sort of object it is, such as "blob", and its bytes.

        Raises:
            ArpcError: It is not here.
        """
        said, heard = self._process.stdin, self._process.stdout
        assert said
        assert heard
        said.write(name.encode() + b"\n")
        said.flush()
        about = heard.readline().split()
        if len(about) != 3:
            raise ArpcError(*_GONE)
        raw = heard.read(int(about[2]))
        heard.read(1)
        return about[1].decode(), raw


def is_endless(git: Sequence[str], commits: Iterable[str], folder: Path | None = None) -> bool:
    """Whether a commit holds more files than can be listed, those of folders that are not new left out.

    A folder that holds ten times the same, which holds ten times the same, takes a hundred bytes and soon has
    more files than any disk. So each folder is counted once, and what is in it as often as it stands there.

    Args:
        git: The program, with what it is told whatever it is asked.
        commits: Those to be looked at, as git rev-list is told: "A", "--not", "B".
        folder: Where git runs, if not here.

    Raises:
        ArpcError: Git does not have all of the folders.
    """
    asked = ("rev-list", "--objects", "--no-object-names", "--filter=blob:none")
    done = subprocess.run([*git, *asked, *commits], cwd=folder, capture_output=True, check=False)
    if done.returncode:
        raise ArpcError(*_GONE)
    new = dict.fromkeys(map(bytes.fromhex, done.stdout.decode().split()))
    counted: dict[bytes, int] = {}
    inside: dict[
        bytes, tuple[int, list[bytes]]
    ] = {}  # those that wait until what is in them is counted
    with Objects(git, folder) as objects:
        for top in new:
            waiting = [top]
            while waiting:
                here = waiting[-1]
                if here not in counted and here not in inside:
                    inside[here] = _inside(*objects.read(here.hex()), len(here))
                    below = set(inside[here][1])
                    waiting += [each for each in below if each in new and each not in counted]
                    continue
                waiting.pop()
                if here not in counted:
                    files, folders = inside.pop(here)
                    counted[here] = files + sum(counted.get(each, 0) for each in folders)
                    if counted[here] > MOST_FILES:
                        return True
    return False


def _inside(sort: str, raw: bytes, width: int) -> tuple[int, list[bytes]]:
    """How many files a folder holds itself, and the names of the folders in it, as often as they stand there.

    What is no folder holds none.
    """
    entries = _IN_A_FOLDER[width].findall(raw) if sort == "tree" else []
    folders = [name for mode, name in entries if mode in (b"40000", b"040000")]
    return len(entries) - len(folders), folders
