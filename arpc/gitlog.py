"""Git's history, commit by commit: who made it, when, and which files it changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from arpc import gitrepo, gitrun, plainfiles
from arpc.gitrepo import Commit

_LARGEST = 4 * plainfiles.MEGABYTE  # a record has at most one, and is a little longer sealed


class Touched(NamedTuple):
    """A file that a commit changed."""

    path: str
    """Below the repository, with forward slashes."""
    before: str
    """The object that it was in the first of the commits before; "" where it was not there."""
    after: str
    """The object that it is now; "" where it is gone."""

    @property
    def how(self) -> str:
        """new, changed or gone."""
        return "new" if not self.before else "changed" if self.after else "gone"


class Step(NamedTuple):
    """A commit, and what it did."""

    commit: Commit
    files: tuple[Touched, ...]
    """Of one that brought two lines together, only what is as neither of them had it."""
    is_joining: bool
    """Whether it brought two lines together."""


def steps(root: Path, *revisions: str, below: tuple[str, ...] = ()) -> list[Step]:
    """The commits of some revisions that changed something below some paths, newest first.

    Args:
        root: The repository.
        revisions: As git rev-list takes them: "HEAD", or "abc", "^def".
        below: Files and folders; none for all.

    Raises:
        ArpcError: Git does not have them.
    """
    form = "--format=%H\x1f%P\x1f%cI\x1f%an"
    asked = ("rev-list", "--no-commit-header", "--full-history", form, *revisions, "--", *below)
    listed = gitrun.ask(root, *asked).decode("utf-8", "replace").split("\n")[:-1]
    made = [line.split("\x1f", 3) for line in listed]
    ids = "".join(f"{digest}\n" for digest, *_ in made).encode()
    asked = ("diff-tree", "--stdin", "-r", "-z", "--no-renames", "--root", "-c", "--", *below)
    touched = _touched(gitrun.ask(root, *asked, said=ids, seconds=gitrun.PATIENCE))
    return [
        Step(
            Commit(digest, gitrepo.moment(day), by),
            touched.get(digest, ()),
            is_joining=" " in parents,
        )
        for digest, parents, day, by in made
    ]


def _touched(raw: bytes) -> dict[str, tuple[Touched, ...]]:
    """What git diff-tree says, by commit."""
    found: dict[str, tuple[Touched, ...]] = {}
    commit = ""
    fields = iter(raw.decode("utf-8", "surrogateescape").split("\0"))
    for field in filter(None, fields):
        if not field.startswith(":"):
            commit = field
            continue
        found[commit] = (*found.get(commit, ()), _one(field, next(fields)))
    return found


def _one(about: str, path: str) -> Touched:
    """A file of a commit: a colon and a mode for each commit before, a mode, and objects as many."""
    before = about.count(":")
    objects = about.split()[before + 1 : -1]
    return Touched(path, *(_object(each) for each in (objects[0], objects[-1])))


def _object(name: str) -> str:
    return name if name.strip("0") else ""


def texts(root: Path, files: Iterator[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """The bytes of files by object and path, opened where that can be; nothing is read twice.

    What is larger than any record is b"": it is no text of ours.

    Raises:
        ArpcError: Git does not have them.
    """
    wanted = list(dict.fromkeys(each for each in files if each[0]))
    sizes = gitrepo.sizes(root, [digest for digest, _ in wanted])
    read = [each for each, size in zip(wanted, sizes, strict=True) if size <= _LARGEST]
    return dict.fromkeys(wanted, b"") | gitrepo.contents(root, read)
