"""Git as it is asked from inside a git command: a hook or a merge, where git itself has set the scene."""

import subprocess
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arpc import bounds, gitfaults, gitobjects
from arpc.errors import ArpcError

_GIT = ("git", "-c", "core.fsmonitor=false", "--no-replace-objects")
_TOO_MANY = (
    f"the new commits hold more than {gitobjects.MOST_FILES:,} files",
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
        [*_GIT, *arguments],
        input=said,
        capture_output=True,
        check=False,
    )
    if done.returncode not in fine:
        raise gitfaults.failed(arguments[0], done.stderr)
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
    if gitobjects.is_endless(_GIT, [*tips, "--not", *known]):
        raise ArpcError(*_TOO_MANY)
    commits = ask("rev-list", *tips, "--not", *known)
    asked = ("diff-tree", "-m", "--root", "--no-commit-id", "--stdin", *_AS_LISTED)
    try:
        with bounds.memory(4 * bounds.GIGABYTE):  # there may be many commits of so many files
            return iter(dict.fromkeys(_entries(ask(*asked, said=commits))))
    except MemoryError:
        raise ArpcError(*_TOO_MANY) from None


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
    with gitobjects.Objects(_GIT) as kept:
        for each in objects:
            yield each, kept.read(each)[1]


_AS_LISTED = ("-r", "-z", "--no-renames", "--diff-filter=ACMRT")


def _entries(listed: bytes) -> Iterator[Entry]:
    fields = listed.decode("utf-8", "surrogateescape").split("\0")
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, made, _ = about.split(" ")
        yield Entry(mode, made, path)
