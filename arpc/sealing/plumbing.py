"""Git as it is asked from inside a git command: a hook or a merge, where git itself has set the scene."""

import subprocess
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from typing import NamedTuple

from arpc import bounds
from arpc.errors import ArpcError

_ZEROS = "0" * 40
MOST_FILES = 10_000_000
"""Forty times what a programme of ten thousand cases holds; to list as many takes gigabytes."""
_TOO_MANY = (
    f"the new commits hold more than {MOST_FILES:,} files",
    "nothing was taken in; tell who made them",
)


class Entry(NamedTuple):
    """A file as git has it."""

    mode: str
    object: str
    path: str


def ask(*arguments: str, said: bytes = b"", fine: tuple[int, ...] = (0,)) -> bytes:
    """What git answers.

    Raises:
        ArpcError: It refuses.
    """
    done = subprocess.run(
        ["git", "-c", "core.fsmonitor=false", "--no-replace-objects", *arguments],
        input=said,
        capture_output=True,
        check=False,
    )
    if done.returncode not in fine:
        raise ArpcError(f"git {arguments[0]} failed", "try the same with git itself")
    return done.stdout


def is_nothing(object_id: str) -> bool:
    """Whether git names no object at all, as for a branch that is made or deleted."""
    return not object_id.strip("0")


def has(object_id: str) -> bool:
    """Whether an object is here."""
    try:
        ask("cat-file", "-e", object_id)
    except ArpcError:
        return False
    return True


def staged() -> Iterator[Entry]:
    """The files that the next commit adds or changes."""
    tip = ask("rev-parse", "--verify", "--quiet", "HEAD", fine=(0, 1)).decode().strip()
    base = tip or ask("hash-object", "-t", "tree", "--stdin").decode().strip()
    return _entries(ask("diff-index", "--cached", *_AS_LISTED, base))


def new_in(tips: Iterable[str], known: Iterable[str]) -> Iterator[Entry]:
    """The files that commits bring which cannot be reached from what is known, each once.

    Args:
        tips: Commits, or tags of them.
        known: Arguments for git rev-list, such as "--all" or "--remotes=origin".

    Raises:
        ArpcError: They hold more files than can be listed.
    """
    tips, known = [*tips], [*known]
    if _files_in(tips, known) > MOST_FILES:
        raise ArpcError(*_TOO_MANY)
    commits = ask("rev-list", *tips, "--not", *known)
    asked = ("diff-tree", "-m", "--root", "--no-commit-id", "--stdin", *_AS_LISTED)
    try:
        with bounds.memory(4 * bounds.GIGABYTE):  # there may be many commits of so many files
            return iter(dict.fromkeys(_entries(ask(*asked, said=commits))))
    except MemoryError:
        raise ArpcError(*_TOO_MANY) from None


def _files_in(tips: list[str], known: list[str]) -> int:
    """How many new files the fullest folder holds, with those below it, of commits that are not known.

    They are counted folder by folder and not listed: a folder that holds ten times the same, which holds ten
    times the same, takes a hundred bytes and soon has more files than any disk.
    """
    listed = ask("rev-list", "--objects", "--no-object-names", *tips, "--not", *known)
    about = ask("cat-file", "--batch-check=%(objectname) %(objecttype)", said=listed)
    folders = [line.split()[0] for line in about.decode().splitlines() if line.endswith(" tree")]
    raw = ask("cat-file", "--batch=%(objectsize)", said="\n".join(folders).encode())
    inner: dict[str, list[str]] = {}
    found: dict[str, int] = {}
    at = 0
    for folder in folders:
        start = raw.index(b"\n", at) + 1
        size = int(raw[at:start])
        inside = [*_inside(raw[start : start + size], len(folder) // 2)]
        inner[folder] = [each for each, is_folder in inside if is_folder]
        found[folder] = len(inside) - len(inner[folder])
        at = start + size + 1
    new = {folder: [each for each in below if each in found] for folder, below in inner.items()}
    for folder in TopologicalSorter(new).static_order():
        found[folder] += sum(found[each] for each in new[folder])
    return max(found.values(), default=0)


def _inside(raw: bytes, width: int) -> Iterator[tuple[str, bool]]:
    """What a folder holds, as git keeps it: the name of each object, and whether that is a folder."""
    at = 0
    while at < len(raw):
        name = raw.index(b"\0", at) + 1
        yield raw[name : name + width].hex(), raw.startswith(b"40000 ", at)
        at = name + width


def is_ancestor(old: str, new: str) -> bool:
    """Whether one commit comes before another."""
    try:
        ask("merge-base", "--is-ancestor", old, new)
    except ArpcError:
        return False
    return True


def contents(objects: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of files, by one process for all of them, one at a time.

    Raises:
        ArpcError: An object is not here.
    """
    command = ["git", "--no-replace-objects", "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for each in objects:
            process.stdin.write(each.encode() + b"\n")
            process.stdin.flush()
            about = process.stdout.readline().split()
            if len(about) != 3:
                raise ArpcError("git does not have all of the files", "`git fsck` says which")
            yield each, process.stdout.read(int(about[2]))
            process.stdout.read(1)
        process.stdin.close()


_AS_LISTED = ("-r", "-z", "--no-renames", "--diff-filter=ACMRT")


def _entries(listed: bytes) -> Iterator[Entry]:
    fields = listed.decode("utf-8", "surrogateescape").split("\0")
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, made, _ = about.split(" ")
        yield Entry(mode, made, path)
