"""`arpc save`: what is written goes into git's history, told in ids alone.

Findings never stand in the way of it: a draft that is saved is not lost. Left out is only what has no place
here, since git never forgets a path, and a name in one would stay for good.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from arpc import gitrepo, kinds, placing, writer
from arpc.errors import ArpcError
from arpc.gitrepo import Changed, Commit
from arpc.sealing import here


class Work(NamedTuple):
    """What differs from what was saved last."""

    files: tuple[Changed, ...]
    left_out: tuple[str, ...]
    """The paths of files that are not known to git and have no place in a service folder."""

    @property
    def gone(self) -> tuple[str, ...]:
        """The paths of records that were saved before and are not there any more."""
        gone = (each for each in self.files if each.how == "gone" and each.is_known)
        return tuple(each.path for each in gone if each.path.startswith("cases/"))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is saved, a line for each case: "C-FK6SY95T: N-015 new; J-01, P-02 changed"."""
        return tuple(told(self.files))


def unsaved(root: Path, *folders: str) -> Work:
    """Return what differs from what was saved last, in a service folder or in some of its folders.

    Raises:
        ArpcError: The folder is no repository of its own, or two versions wait for a decision.
    """
    found = gitrepo.changed(root, *folders)
    ours = tuple(each for each in found if each.is_known or placing.has_place(each.path))
    kept = {each.path for each in ours}
    others = (each.path for each in found if each.path not in kept)
    return Work(ours, tuple(path for path in others if not Path(path).name.startswith(".")))


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let no other command save in a service folder meanwhile: it would take our half of a merge for its own.

    Raises:
        ArpcError: Another has been at it for too long.
    """
    git = here.git_folder(root) if gitrepo.is_repository(root) else None
    with writer.locked(git, at="saving here") if git else nullcontext():
        yield


def save(root: Path, work: Work, who: tuple[str, str], at: datetime) -> Commit:
    """Keep what differs in git's history.

    Args:
        root: The service folder.
        work: What `unsaved` found.
        who: The name and e-mail address of whoever saves.
        at: When.

    Raises:
        ArpcError: git refuses, there is nothing to keep, or what was signed in `access` is gone.
    """
    if lost := [e.path for e in work.files if e.how == "gone" and e.path.startswith("access/")]:
        hint = "`git checkout -- access` brings it back; nothing was saved"
        raise ArpcError(f"{lost[0]} is gone, and what is signed there is only added to", hint)
    if not work.files:
        raise ArpcError("there is nothing to save", "all that is written here is saved")
    paths = [each.path for each in work.files]
    return gitrepo.commit(root, paths, "\n".join(work.lines), who, at)


def told(files: Iterable[Changed]) -> Iterator[str]:
    """What became of files, a line for each case, in ids alone."""
    for place, group in groupby(sorted(files, key=_place), _place):
        here = list(group)
        # What arpc notes beside the records goes with them, and is named only where it stands alone.
        told = [e for e in here if not kinds.ledger_of_file(Path(e.path).name)] or here
        by_how: dict[str, list[str]] = {}
        for each in told:
            by_how.setdefault(each.how, []).append(_name(each.path))
        said = (f"{', '.join(dict.fromkeys(names))} {how}" for how, names in sorted(by_how.items()))
        yield f"{place}: {'; '.join(said)}"


def _place(each: Changed) -> str:
    top, _, rest = each.path.partition("/")
    return rest.partition("/")[0] if top == "cases" else "service"


def _name(path: str) -> str:
    """A record by its id; another file of a case, and of the service, as it is called."""
    parts = Path(path)
    if path.startswith(".") or placing.is_settings(path):
        return "templates" if path.startswith("templates/") else "settings"
    if path.startswith("access/"):
        return f"access to {parts.parts[1]}"
    if path.startswith("cases/") and parts.parts[2:3] == ("signed",):
        return parts.name.partition(".txt")[0]
    return parts.stem if path.startswith("cases/") and parts.suffix == ".yaml" else parts.name
