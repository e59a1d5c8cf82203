"""One digest, to be printed or sent, by which a history that was rewritten is found.

    3f9a1c...e2-5b07d1c4

The first part is git's name for the last commit, which stands for everything before it. The second is the
beginning of the SHA-256 of what git calls each signed entry of the logs and each sign-off at that commit, by
path: it shows a slip in copying, and that git still has them as they were. Whoever holds the digest elsewhere
can say, years later, whether today's history still contains that state. It does not say what came since, nor
that what was not saved then was there.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from arpc import gitrepo, plainfiles
from arpc.errors import ArpcError
from arpc.gitrepo import Commit
from arpc.sealing import is_sealed

_FORM = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64})-([0-9a-f]{8})\Z")
_LOGGED = re.compile(r"access/[^/]+/[0-9]+\.txt(?:\.sig)?|cases/[^/]+/signed/.+")


class Since(NamedTuple):
    """What came of a comparison with a digest."""

    faults: tuple[str, ...]
    """What shows that history was taken back or rewritten."""
    kept: int
    """How many signed files of then are as they were."""
    locked: tuple[str, ...]
    """Sign-offs that were sealed anew since, and cannot be compared while they are locked here."""
    commit: str


def digest(root: Path) -> tuple[str, Commit]:
    """The digest of all that is saved, and the commit that it is of.

    Raises:
        ArpcError: Git has nothing here.
    """
    commit = gitrepo.tip(root)
    return f"{commit.id}-{_sum(_signed(root, commit.id))}", commit


def since(root: Path, said: str) -> Since:
    """Whether today's history still contains what a digest stood for.

    Args:
        root: The service folder.
        said: The digest.

    Raises:
        ArpcError: It is none, or git has nothing here.
    """
    found = _FORM.match(said.strip().lower())
    if not found:
        raise ArpcError("that is no digest of `arpc verify --digest`", "compare it with the paper")
    commit, check = found.groups()
    tip = gitrepo.tip(root)
    if not gitrepo.has_commit(root, commit):
        return _lost(
            commit,
            f"this clone has no commit {commit[:10]}: it is behind, or history was taken back",
        )
    then = _signed(root, commit)
    if _sum(then) != check:
        return _lost(
            commit, "its last eight letters do not belong to that commit: is there a slip?"
        )
    if not gitrepo.is_before(root, commit, tip):
        return _lost(commit, f"the history here does not contain {commit[:10]}: it was rewritten")
    now = _signed(root, tip.id)
    gone = [f"{path} is gone" for path in then if path not in now and not _is_shredded(root, path)]
    differing = [path for path in then if path in now and now[path] != then[path]]
    changed, locked = _compared(root, commit, tip, differing)
    faults = (*gone, *(f"{path} was changed" for path in changed))
    return Since(faults, len(then) - len(faults) - len(locked), tuple(locked), commit)


def _lost(commit: str, why: str) -> Since:
    return Since((why,), 0, (), commit)


def _compared(
    root: Path, commit: str, tip: Commit, paths: list[str]
) -> tuple[list[str], list[str]]:
    """Which files say something else than then, and which cannot be compared here.

    A case that goes on under a new key is sealed anew: git calls a file otherwise that says the same.
    """
    if not paths:
        return [], []
    then, now = gitrepo.files_at(root, commit, *paths), gitrepo.files_at(root, tip.id, *paths)
    differing = [path for path in paths if then.get(path) != now.get(path)]
    locked = [p for p in differing if any(is_sealed(each.get(p) or b"") for each in (then, now))]
    return [path for path in differing if path not in locked], locked


def _is_shredded(root: Path, path: str) -> bool:
    """Whether a sign-off went with its case at the end of retention, by the case's log."""
    case = path.split("/")[1]
    logged = sorted((root / "access" / case).glob("*.txt"))
    return path.startswith("cases/") and any(
        b"\nevent: shred-agreed\n" in plainfiles.read_whole(each) for each in logged
    )


def _signed(root: Path, commit: str) -> dict[str, str]:
    """What git calls each entry of the logs and each sign-off at a commit."""
    found = gitrepo.objects_at(root, commit, "access", "cases")
    return {path: name for path, name in sorted(found.items()) if _LOGGED.fullmatch(path)}


def _sum(signed: Mapping[str, str]) -> str:
    text = "".join(f"{name} {path}\n" for path, name in signed.items())
    return hashlib.sha256(text.encode()).hexdigest()[:8]
