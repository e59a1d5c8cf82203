"""Git as it is asked from inside a git command: a hook or a merge, where git itself has set the scene."""

import subprocess
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arpc.errors import ArpcError

_ZEROS = "0" * 40


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
    """
    commits = ask("rev-list", *tips, "--not", *known)
    listed = ask(
        "diff-tree", "-m", "--root", "--no-commit-id", "--stdin", *_AS_LISTED, said=commits
    )
    return iter(dict.fromkeys(_entries(listed)))


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
