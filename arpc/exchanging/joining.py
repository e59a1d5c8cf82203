"""Two lines of one history brought together: what both wrote stays, and no id means two things.

What was made twice apart is renumbered first, on our side, which nobody else has yet. Then git merges, record
by record. What both wrote differently in one place stands in the record twice, whole, between markers: it is
a finding there until somebody has decided, and everything else goes on.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
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
from arpc.gitpeers import Unmerged
from arpc.gitrepo import Changed
from arpc.reconciling import Labels, Renumbering
from arpc.sealing import here, is_sealed, unread

_SEALS = "/finished.yaml"


class Came(NamedTuple):
    """What somebody else has saved."""

    by: str
    """Their name."""
    files: tuple[Changed, ...]


class Clash(Enum):
    """How two versions of a file are at odds, and what stands now."""

    WORDING = "both wordings stand in it"
    TAKEN_AWAY = "one side took it away, and what the other made of it stands"
    NO_TEXT = "it is no text, and ours stands"
    SIGNED = "both signed it so, and theirs stands"


class ToDecide(NamedTuple):
    """A place in a file of which two versions wait for somebody to choose."""

    path: str
    clash: Clash
    where: str = ""
    """Keys and ids that lead to two wordings."""


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


class _Sides(NamedTuple):
    """The commits that are brought together, and the last that they have in common."""

    base: str
    ours: str
    theirs: str


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
        cases = {*_cases(changed)}
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
    sides = _Sides(base, ours, theirs)
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
    if found := [path for path in sorted(paths) if writer.is_open(root / path)]:
        case, name = Path(found[0]).parts[1], Path(found[0]).stem
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


def _shredded(root: Path, sides: _Sides) -> list[str]:
    """The cases that have come to their end on one of the sides: nothing of them is brought together."""
    both = (gitrepo.files_at(root, each, retention.SHREDDED) for each in (sides.ours, sides.theirs))
    return sorted({Path(name).stem for names in both for name in names})


def _changed_by_both(root: Path, sides: _Sides, ended: Collection[str]) -> list[str]:
    """The cases that both sides changed, and that have not come to their end.

    Raises:
        ArpcError: Both changed a file in a case that is locked here.
    """
    ours, theirs = (
        gitpeers.differing(root, sides.base, each) for each in (sides.ours, sides.theirs)
    )
    cases = {*_cases(ours)} & {*_cases(theirs)} - {*ended}
    twice = sorted(path for path in ours & theirs if cases.intersection(_cases([path])))
    kept = [gitrepo.files_at(root, each, *twice) for each in (sides.ours, sides.theirs) if twice]
    for path in twice:
        versions = [files.get(path) for files in kept]
        if versions[0] != versions[1] and any(raw and is_sealed(raw) for raw in versions):
            raise _locked(path)
    return sorted(case for case in cases if (root / "cases" / case).is_dir())


def _cases(paths: Iterable[str]) -> Iterator[str]:
    return (path.split("/")[1] for path in paths if path.startswith("cases/"))


def _locked(path: str) -> ArpcError:
    case = path.split("/")[1]
    hint = (
        f"`arpc unlock {case}` and save again; somebody who was taken off it is let in once more,"
        " saves, and is taken off again: `arpc access grant`; nothing was merged"
    )
    return ArpcError(f"{path} is locked here, and others changed it too", hint)


def _renumbered(
    root: Path, sides: _Sides, cases: Iterable[str], who: tuple[str, str], at: datetime
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
    sides: _Sides,
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
        gone = [each for each in waiting if {*_cases([each.path])} & {*ended}]
        left = [each for each in waiting if each not in gone]
        for each in left:
            _refuse_undecidable(each, sides.theirs)
        files: dict[str, bytes | None] = {each.path: None for each in gone}
        found: list[ToDecide] = []
        for each in sorted(
            left, key=lambda each: each.path.endswith(_SEALS)
        ):  # of what came of the others
            text, to_decide = _both_wordings(root, each, sides, files)
            files |= {each.path: text} if text is not None else {}
            found += to_decide
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
    return tuple(found)


def _refuse_undecidable(each: Unmerged, theirs: str) -> None:
    """Refuse what cannot be left to be decided in the file.

    Raises:
        ArpcError: It is locked here, or a file of the service itself, without which nothing can be read.
    """
    if any(raw and is_sealed(raw) for raw in (each.base, each.ours, each.theirs)):
        raise _locked(each.path)
    if each.path.startswith("access/"):
        log = each.path.split("/")[1]
        what = "who may open " + log if log != "people" else "the people of the service"
        hint = f"`arpc access again {log}` says yours again after theirs; then `arpc save`"
        raise ArpcError(f"others have changed {what} too, and nothing was merged", hint)
    if not each.path.startswith("cases/"):
        taken = f"`git checkout {theirs[:10]} -- {each.path}`"
        hint = f"{taken} takes theirs; write yours into it again, and save"
        raise ArpcError(f"{each.path} was changed by others too, and nothing was merged", hint)


def _both_wordings(
    root: Path, each: Unmerged, sides: _Sides, so_far: halfway.Files
) -> tuple[bytes | None, list[ToDecide]]:
    """A file with both wordings in it, each with who wrote it last, and where they stand.

    The text is None where git has left what is to stay. What somebody signed is never put together from two.
    """
    if each.ours is None or each.theirs is None:
        return None, [ToDecide(each.path, Clash.TAKEN_AWAY)]
    if each.path.split("/")[2] == signoffs.FOLDER:
        is_text = each.path.endswith(".txt")
        return each.theirs, [ToDecide(each.path, Clash.SIGNED)] if is_text else []
    ours, theirs = (
        _author(root, each.path, side, sides.base) for side in (sides.ours, sides.theirs)
    )
    labels = Labels(ours, "before", theirs)
    versions = (each.ours, each.theirs)
    if each.path.endswith(_SEALS):
        versions = _with_common_seals(root, each.path, versions, sides, so_far)
    merged = reconciling.merge(each.base or b"", *versions, labels=labels)
    return merged.text, [
        ToDecide(each.path, Clash.WORDING if conflict.where else Clash.NO_TEXT, conflict.where)
        for conflict in merged.conflicts
    ]


def _with_common_seals(
    root: Path,
    path: str,
    versions: tuple[bytes, bytes],
    sides: _Sides,
    so_far: halfway.Files,
) -> tuple[bytes, bytes]:
    """Two versions of a case's seals, with one seal in both where both added to a final record."""
    case = path.removesuffix(_SEALS)

    def kept(commit: str) -> Callable[[str], bytes | None]:
        return lambda name: gitrepo.files_at(root, commit, f"{case}/{name}").get(f"{case}/{name}")

    def now(name: str) -> bytes | None:
        file = f"{case}/{name}"
        return so_far[file] if file in so_far else writer.read(root / file)

    ours, theirs = map(reconciling.Side, versions, map(kept, (sides.ours, sides.theirs)))
    return reconciling.with_common_seals(ours, theirs, now)


def _author(root: Path, path: str, commit: str, base: str) -> str:
    """Who changed a file last on one side."""
    found = gitlog.steps(root, commit, f"^{base}", below=(path,))
    return found[0].commit.by if found else commit[:10]


def _unread(root: Path) -> list[str]:
    git = here.git_folder(root)
    return unread.unread(git) if git else []


def _forget(root: Path, kept: list[str]) -> None:
    """Take back what a merge noted that came to nothing."""
    if git := here.git_folder(root):
        unread.note_read(git, {*unread.unread(git)} - {*kept})
