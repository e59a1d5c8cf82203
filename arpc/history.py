"""What was known on a day: a case as git kept it then, and the report that stood then."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import gitrepo, loading, rereading, service
from arpc.casefile import CaseFile, IncompleteError
from arpc.errors import ArpcError
from arpc.gitrepo import Commit
from arpc.loading import Loaded
from arpc.records import Entry, IssuedReport
from arpc.service import Opened
from arpc.workdays import GOV_UK_FILE

_CASES = "cases"


class Known(NamedTuple):
    """A case as the last commit of a day has it."""

    name: str
    """What the case folder was called."""
    day: date
    commit: Commit
    loaded: Loaded
    opened: Opened | None
    """The service as its file was then; None where it had none yet."""
    files: Mapping[str, bytes | None]
    """Everything in the case folder, by path below it; None for what is no plain file."""
    beside: int
    """How many commits of that day or before changed the case on a line that was merged later."""
    ahead: int
    """How many commits that changed the case come before this one and carry a later day."""

    @property
    def remarks(self) -> list[str]:
        """Where the history is not the plain row of days that one might think."""
        counted = (
            (self.beside, "commits of that time that were merged only later, and are not in it"),
            (self.ahead, "commits before it that carry a later date, and are in it"),
        )
        return [f"{words}: {count}" for count, words in counted if count]


def known_on(root: Path, day: date, wanted: str) -> Known:
    """Read a case from git as it was at the end of a day; nothing is written.

    Args:
        root: The service folder, which is the top of a repository.
        day: The day.
        wanted: The case's id or the beginning of one, as it was then; "" if there was only one.

    Raises:
        ArpcError: There is no such history, or no such case in it, or more than one, or it is locked.
    """
    commit = gitrepo.last_commit_on(root, day)
    cases = [n for n in gitrepo.folders_at(root, commit, _CASES) if not n.startswith(".")]
    name = service.pick(cases, wanted)
    if not name:
        hint = "it was added later, or had another id then"
        raise ArpcError(f"there was no such case on {day}, in commit {commit.short}", hint)
    return _known_at(root, commit, name, day)


def known_first(root: Path, name: str) -> Known:
    """Read a case from git as it was saved first; nothing is written.

    Args:
        root: The service folder, which is the top of a repository.
        name: What the case folder is called.

    Raises:
        ArpcError: There is no such history, or the case is not in it.
    """
    newest = gitrepo.last_commit_on(root, date.max)
    commits = gitrepo.commits_up_to(root, newest, f"{_CASES}/{name}")
    if not commits:
        raise ArpcError("nothing of this case was ever saved", "`arpc save` keeps the records")
    return _known_at(root, commits[-1], name, commits[-1].day)


def _known_at(root: Path, commit: Commit, name: str, day: date) -> Known:
    folder = f"{_CASES}/{name}"
    kept = gitrepo.files_at(root, commit.id, folder, service.FILE, GOV_UK_FILE)
    files = loading.below(folder, kept)
    raw = kept.get(service.FILE)
    opened = service.open_from(root, raw, kept.get(GOV_UK_FILE)) if raw is not None else None
    loaded = loading.load_from(name, sorted(files.items()), folder, lambda n: _digest(files.get(n)))
    if loaded.is_locked:
        raise ArpcError(f"{name} was sealed then, and is locked here", f"`arpc unlock {name}`")
    beside = sum(c.day <= day for c in gitrepo.commits_beyond(root, commit, folder))
    ahead = sum(c.day > day for c in gitrepo.commits_up_to(root, commit, folder))
    return Known(name, day, commit, loaded, opened, files, beside, ahead)


def kept_as(root: Path, file: CaseFile, target: str, fingerprint: str) -> Entry | None:
    """What is cited as `target`, as it was when it had a fingerprint.

    None where git has no such state of its record: it was never saved so, or there is no history.
    """
    record = file.places[target].record
    name = f"{record.kind.folder}/{record.doc.file.rpartition('/')[2]}".lstrip("/")
    path = f"{_CASES}/{file.name}/{name}"
    try:
        newest = gitrepo.last_commit_on(root, date.max)
        for commit in gitrepo.commits_up_to(root, newest, path):
            raw = gitrepo.files_at(root, commit.id, path).get(path)
            then = loading.load_from(file.name, [(name, raw)], "").file
            if rereading.fingerprint(then, target) == fingerprint:
                return then.places[target]
    except ArpcError:
        pass  # what it says now is there to be read all the same
    return None


def standing_report(known: Known) -> IssuedReport | None:
    """The issued assessment report that stood on the day; that for the referrer before others.

    Raises:
        ArpcError: A record of an issue cannot be relied on.
    """
    try:
        reports = known.loaded.file.every(IssuedReport)
    except IncompleteError as incomplete:
        hint = "a report may have stood that day; `--draft` prints the other records nonetheless"
        raise ArpcError(f"{incomplete.file} could not be relied on", hint) from None
    stood = [
        report
        for report in reports
        if report.type == "assessment" and report.status == "final" and report.on <= known.day
    ]
    full = [report for report in stood if report.audience in ("", "referrer")]
    return max(full or stood, key=lambda r: (r.on, r.version or 1, r.id), default=None)


def given_back(known: Known, report: IssuedReport, forms: tuple[str, ...]) -> dict[str, bytes]:
    """The bytes that were frozen when a report was issued, by format.

    Args:
        known: The case on a day.
        report: The record of the issue.
        forms: The formats wanted; none for all that were frozen.

    Raises:
        ArpcError: A format was not frozen, or a file is gone or is not what was issued.
    """
    frozen = {file.name.rpartition(".")[2]: file for file in report.files}
    if not frozen:
        hint = "look for it on paper; `--draft` prints the records of that day"
        raise ArpcError(f"nothing was frozen when {report.id} was issued", hint)
    if missing := [form for form in forms if form not in frozen]:
        hint = f"there is {', '.join(sorted(frozen))}; `--draft` prints the records of that day"
        raise ArpcError(f"no {missing[0]} was frozen when {report.id} was issued", hint)
    return {
        form: _verified(known, f"reports/{frozen[form].name}", frozen[form].digest)
        for form in forms or sorted(frozen)
    }


def _verified(known: Known, name: str, digest: str) -> bytes:
    raw = known.files.get(name)
    where = f"in commit {known.commit.short}"
    hint = "look for what was issued in other commits, or with those who received it"
    if raw is None:
        raise ArpcError(f"{name} is gone {where}", hint)
    if _digest(raw) != digest:
        raise ArpcError(f"{name} is not what was issued {where}", hint)
    return raw


def _digest(raw: bytes | None) -> str:
    return "" if raw is None else f"sha256:{hashlib.sha256(raw).hexdigest()}"
