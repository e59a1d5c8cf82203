"""Who changed which field of a record since a state of it, as far as git has it.

Git knows the name that somebody gave for themselves; it is no signature. What is locked here, or was never
saved, cannot be told.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from arpc import gitrepo, meaning, yamldoc
from arpc.errors import ArpcError
from arpc.gitrepo import Commit

Fields = Mapping[str, str]
"""The digest of each field of a record."""


class State(NamedTuple):
    """A record at some time."""

    sha256: str
    """Of its bytes."""
    fields: Fields | None
    """None where only its bytes are known."""
    time: datetime


class Changed(NamedTuple):
    """Fields that are not any more what they were."""

    fields: tuple[str, ...]
    commit: Commit | None
    """The last that changed them; None where git has none."""
    is_unsaved: bool = False
    """Whether git has the record as it was before, and nobody has saved the change."""


def since(root: Path | None, path: str, then: State, now: Fields) -> list[Changed]:
    """Who changed a record, and what in it, since a state of it.

    Args:
        root: The service folder; None where nothing is asked of git.
        path: The record's file below it.
        then: The state.
        now: What the record is now.
    """
    history = _history(root, path) if root else []
    start = next((n for n, (_, raw) in enumerate(history) if _sha256(raw) == then.sha256), None)
    if start is not None:
        before, later = _fields(path, history[start][1]), history[start + 1 :]
    else:  # that very state was never saved
        before, later = then.fields, [step for step in history if step[0].made > then.time]
    if before is None:
        return []
    steps = [(commit, found) for commit, raw in later if (found := _fields(path, raw)) is not None]
    is_told = bool(history) and _fields(path, history[-1][1]) is not None
    return [
        each._replace(is_unsaved=is_told and each.commit is None)
        for each in _by_commit(before, steps, now)
    ]


def _by_commit(
    before: Fields, steps: Iterable[tuple[Commit | None, Fields]], now: Fields
) -> list[Changed]:
    """What differs from before, each field with the last step that changed it, in their order."""
    last: dict[str, Commit | None] = {}
    at = before
    for commit, fields in [*steps, (None, now)]:
        last |= dict.fromkeys(_differing(at, fields), commit)
        at = fields
    found: dict[Commit | None, list[str]] = {}
    for field in _differing(before, now):
        found.setdefault(last[field], []).append(field)
    return [Changed(tuple(fields), commit) for commit, fields in found.items()]


def _differing(before: Fields, now: Fields) -> list[str]:
    return [key for key in dict.fromkeys((*now, *before)) if now.get(key) != before.get(key)]


def _history(root: Path, path: str) -> list[tuple[Commit, bytes]]:
    """The states of a file that git has, oldest first, each with the commit that brought it."""
    try:
        commits = gitrepo.commits_up_to(root, gitrepo.tip(root), path)
        kept = [(each, gitrepo.files_at(root, each.id, path).get(path)) for each in commits]
    except ArpcError:
        return []
    return [(commit, raw) for commit, raw in reversed(kept) if raw is not None]


def _fields(path: str, raw: bytes) -> Fields | None:
    doc = yamldoc.read(path, raw).doc
    return meaning.field_digests(doc.data) if doc else None


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
