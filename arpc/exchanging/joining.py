"""Two lines of one history brought together: what both wrote stays, and no id means two things.

What was made twice apart is renumbered first, on our side, which nobody else has yet. Then git merges, record
by record. What both wrote differently in one place stands in the record twice, whole, between markers: it is
a finding there until somebody has decided, and everything else goes on.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from arpc import (
    gitlog,
    gitpeers,
    gitrepo,
    halfway,
    loading,
    reconciling,
    retention,
    saving,
    signoffs,
    writer,
)
from arpc.errors import ArpcError
from arpc.exchanging.settling import Sides, ToDecide, cases_of, locked_here, settled
from arpc.gitrepo import Changed
from arpc.reconciling import Renumbering
from arpc.sealing import here, is_sealed, unread


class Came(NamedTuple):
    """What somebody else has saved."""

    by: str
    """Their name."""
    files: tuple[Changed, ...]


class Joined(NamedTuple):
    """What came of it."""

    came: tuple[Came, ...] = ()
    renumbered: tuple[tuple[str, Renumbering], ...] = ()
    """By case."""
    to_decide: tuple[ToDecide, ...] = ()
    merged: tuple[str, ...] = ()
    """Files that were brought together from two versions, to be read."""

    def then(self, other: "Joined") -> "Joined":
        """This, and what came of it once more."""
        return Joined(
            self.came + other.came,
            self.renumbered + other.renumbered,
            self.to_decide + other.to_decide,
            self.merged + other.merged,
        )


def join(root: Path, theirs: str, who: tuple[str, str], at: datetime) -> Joined:
    """Bring what others have saved together with what is saved here.

    Args:
        root: The service folder, in which everything of the cases is saved.
        theirs: The commit in which theirs ends.
        who: The name and e-mail address of whoever does it.
        at: When.

    Raises:
        ArpcError: A case that both changed is locked here, both changed a file of the service itself, somebody
            has a record open that others changed, or something that is not saved is in the way; then nothing
            was merged.
    """
    ours = gitpeers.tip(root, "HEAD")
    if gitpeers.contains(root, ours, theirs):
        return Joined()
    if ours and (base := gitpeers.parting(root, ours, theirs)):
        changed = gitpeers.differing(root, base, theirs)
        _refuse_open(root, changed)
        cases = {*cases_of(changed)}
        ours = _saved_meanwhile(root, cases, who, at) or ours
    came = _came(root, ours, theirs)
    if not ours or gitpeers.contains(root, theirs, ours):
        gitpeers.forward(root, theirs)
        return Joined(came)
    if not base:
        hint = "nothing was merged; look whether it is the right place"
        raise ArpcError("that is another service: no history is common to both", hint)
    if staged := gitrepo.staged_files(root):
        hint = "commit it or take it out with git, then `arpc save` goes on"
        raise ArpcError(f"{staged[0]} is staged, and is not saved", hint)
    sides = Sides(base, ours, theirs)
    ended = _shredded(root, sides)
    both = _changed_by_both(root, sides, ended)
    with writer.locked(*(root / "cases" / case for case in both)):
        sides = sides._replace(ours=_saved_meanwhile(root, both, who, at) or ours)
        renumbered = _renumbered(root, sides, both, who, at)
        before = _unread(root)
        try:
            with halfway.noted(root, theirs) as note:
                to_decide = _merge(root, sides, both, ended, who, at, note)
        except ArpcError as error:
            _forget(root, before)
            now = "".join(f"; in {case} {told(done)}" for case, done in renumbered if done.moved)
            raise ArpcError(str(error), f"{error.hint}{now}") from None
    merged = sorted({*_unread(root)} - {*before})
    return Joined(came, renumbered, to_decide, tuple(merged))


def _refuse_open(root: Path, paths: Iterable[str]) -> None:
    """Refuse to change under somebody's hands what they have open in an editor.

    Raises:
        ArpcError: One of the files is.
    """
    records = (path for path in sorted(paths) if path.startswith("cases/"))
    if found := next((Path(path) for path in records if writer.is_open(root / path)), None):
        case, name = found.parts[1], found.stem
        hint = "close it, then `arpc save` brings the two together; what is saved stays saved"
        raise ArpcError(f"{name} of {case} is open in an editor, and others changed it too", hint)


def _saved_meanwhile(
    root: Path, cases: Iterable[str], who: tuple[str, str], at: datetime
) -> str | None:
    """Save what other commands have written into cases since, which would stand in the way of theirs.

    Returns the commit, or None if there was nothing.
    """
    folders = [f"cases/{case}" for case in cases]
    work = saving.unsaved(root, *folders) if folders else None
    return saving.save(root, work, who, at).id if work and work.files else None


def _came(root: Path, ours: str, theirs: str) -> tuple[Came, ...]:
    """What each of the others has saved, in the order in which they began."""
    revisions = (theirs, f"^{ours}") if ours else (theirs,)
    found: dict[str, dict[str, Changed]] = {}
    for step in reversed(gitlog.steps(root, *revisions)):
        for file in () if step.is_joining else step.files:
            theirs_so_far = found.setdefault(step.commit.by, {})
            was = theirs_so_far.pop(file.path, None)
            is_theirs = was is not None and was.how == "new"
            if file.after or not is_theirs:  # what came and went again meanwhile did not come
                how = "new" if is_theirs else file.how
                theirs_so_far[file.path] = Changed(file.path, how, is_known=True)
    return tuple(Came(by, tuple(files.values())) for by, files in found.items() if files)


def _shredded(root: Path, sides: Sides) -> list[str]:
    """The cases that have come to their end on one of the sides: nothing of them is brought together."""
    both = (gitrepo.files_at(root, each, retention.SHREDDED) for each in (sides.ours, sides.theirs))
    return sorted({Path(name).stem for names in both for name in names})


def _changed_by_both(root: Path, sides: Sides, ended: Collection[str]) -> list[str]:
    """The cases that both sides changed, and that have not come to their end.

    Raises:
        ArpcError: Both changed a file in a case that is locked here.
    """
    ours, theirs = (
        gitpeers.differing(root, sides.base, each) for each in (sides.ours, sides.theirs)
    )
    cases = {*cases_of(ours)} & {*cases_of(theirs)} - {*ended}
    twice = sorted(path for path in ours & theirs if cases.intersection(cases_of([path])))
    kept = [gitrepo.files_at(root, each, *twice) for each in (sides.ours, sides.theirs) if twice]
    for path in twice:
        versions = [files.get(path) for files in kept]
        if versions[0] != versions[1] and any(raw and is_sealed(raw) for raw in versions):
            raise locked_here(path)
    return sorted(case for case in cases if (root / "cases" / case).is_dir())


def _renumbered(
    root: Path, sides: Sides, cases: Iterable[str], who: tuple[str, str], at: datetime
) -> tuple[tuple[str, Renumbering], ...]:
    """Give what was made twice apart ids of its own, and save it so."""
    found = []
    for case in cases:
        three = [_plain(root, commit, case) for commit in sides]
        base, ours, theirs = (files or {} for files in three)
        if None in three:
            continue  # it is locked here, and no file in it was changed by both
        done = reconciling.renumbered(base, ours, theirs)
        if done.changed:
            files = {f"cases/{case}/{name}": raw for name, raw in done.changed.items()}
            _refuse_open(root, files)
            with halfway.noted(root) as note:
                note(files)
                _write(root / "cases" / case, ours, done.changed)
                gitrepo.commit(root, [*files], f"{case}: {told(done)}", who, at)
        if done.moved or done.left:
            found.append((case, done._replace(left=(*done.left, *_signed(base, ours, done)))))
    return tuple(found)


def _signed(base: Collection[str], ours: Collection[str], done: Renumbering) -> list[str]:
    """Our sign-offs of records that have another id now: they count for nothing any more."""
    moved = tuple(f"{signoffs.FOLDER}/{old}." for old, _ in done.moved)
    new = sorted({*ours} - {*base})
    return [name for name in new if name.startswith(moved) and name.endswith(".txt")]


def told(done: Renumbering) -> str:
    """What was renumbered, in ids alone: "N-015 is N-016 now"."""
    return ", ".join(f"{old} is {new} now" for old, new in done.moved)


def _plain(root: Path, commit: str, case: str) -> dict[str, bytes] | None:
    """The files of a case in a commit by their path below it; None where some of it is locked here."""
    folder = f"cases/{case}"
    files = loading.below(folder, gitrepo.files_at(root, commit, folder))
    plain = {name: raw for name, raw in files.items() if raw is not None}
    return None if any(map(is_sealed, plain.values())) else plain


def _write(folder: Path, ours: Mapping[str, bytes], changed: Mapping[str, bytes | None]) -> None:
    for name, raw in sorted(changed.items(), key=lambda item: item[1] is None):
        if raw is None:
            writer.remove(folder / name)
        elif name in ours:
            writer.replace(folder / name, raw, was=ours[name])
        else:
            writer.create(folder / name, raw)


def _merge(
    root: Path,
    sides: Sides,
    cases: Collection[str],
    ended: Collection[str],
    who: tuple[str, str],
    at: datetime,
    note: Callable[[halfway.Files], None],
) -> tuple[ToDecide, ...]:
    message = f"{', '.join(cases) or 'service'}: brought together"
    waiting = gitpeers.merge(root, sides.theirs, message, who, at)
    if not waiting:
        return ()
    try:
        files, to_decide = settled(root, waiting, sides, ended)
        note(files)
        for path, raw in files.items():
            if raw is None:
                (root / path).unlink(missing_ok=True)
            else:
                writer.replace(root / path, raw)
        gitpeers.conclude(root, [each.path for each in waiting], message, who, at)
    except ArpcError:
        gitpeers.give_up(root)
        raise
    return to_decide


def _unread(root: Path) -> list[str]:
    git = here.git_folder(root)
    return unread.unread(git) if git else []


def _forget(root: Path, kept: list[str]) -> None:
    """Take back what a merge noted that came to nothing."""
    if git := here.git_folder(root):
        unread.note_read(git, {*unread.unread(git)} - {*kept})
