"""What git could not settle between two lines: both wordings stay in the file until somebody decides."""

from collections.abc import Callable, Collection, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from arpc import gitlog, gitrepo, halfway, reconciling, signoffs, writer
from arpc.errors import ArpcError
from arpc.gitpeers import Unmerged
from arpc.reconciling import Labels
from arpc.sealing import is_sealed

_SEALS = "/finished.yaml"
_REGISTER = "register.yaml"


class Clash(Enum):
    """How two versions of a file are at odds, and what stands now."""

    WORDING = "both wordings stand in it"
    TAKEN_AWAY = "one side took it away, and what the other made of it stands"
    NO_TEXT = "it is no text, and ours stands"
    SIGNED = "both signed it so, and theirs stands"
    COMPUTED = "both wrote it anew, and theirs stands"


class ToDecide(NamedTuple):
    """A place in a file of which two versions wait for somebody to choose."""

    path: str
    clash: Clash
    where: str = ""
    """Keys and ids that lead to two wordings."""


class Sides(NamedTuple):
    """The commits that are brought together, and the last that they have in common."""

    base: str
    ours: str
    theirs: str


def settled(
    root: Path, waiting: Iterable[Unmerged], sides: Sides, ended: Collection[str]
) -> tuple[dict[str, bytes | None], tuple[ToDecide, ...]]:
    """What is to stand in the files that git could not settle, by path, and what waits for a decision.

    None stands for a file that is to be gone, since its case has come to its end. What is to stay as git left it
    is not named.

    Raises:
        ArpcError: A file is locked here, or one of the service itself, without which nothing can be read.
    """
    left = [each for each in waiting if not {*cases_of([each.path])} & {*ended}]
    for each in left:
        _refuse_undecidable(each, sides.theirs)
    files: dict[str, bytes | None] = {
        each.path: None for each in waiting if {*cases_of([each.path])} & {*ended}
    }
    found: list[ToDecide] = []
    for each in sorted(left, key=_is_seals):  # these are of the records as they have become
        text, to_decide = _both_wordings(root, each, sides, files)
        files |= {each.path: text} if text is not None else {}
        found += to_decide
    return files, tuple(found)


def cases_of(paths: Iterable[str]) -> Iterator[str]:
    """The case of each path that lies in one."""
    return (path.split("/")[1] for path in paths if path.startswith("cases/"))


def locked_here(path: str) -> ArpcError:
    """What is said where both changed a file that cannot be read here."""
    case = path.split("/")[1]
    hint = (
        f"`arpc unlock {case}` and save again; somebody who was taken off it is let in once more,"
        " saves, and is taken off again: `arpc access grant`; nothing was merged"
    )
    return ArpcError(f"{path} is locked here, and others changed it too", hint)


def _is_seals(each: Unmerged) -> bool:
    return each.path.endswith(_SEALS)


def _refuse_undecidable(each: Unmerged, theirs: str) -> None:
    """Refuse what cannot be left to be decided in the file; see `settled`."""
    if any(raw and is_sealed(raw) for raw in (each.base, each.ours, each.theirs)):
        raise locked_here(each.path)
    if each.path.startswith("access/"):
        log = each.path.split("/")[1]
        what = "who may open " + log if log != "people" else "the people of the service"
        hint = f"`arpc access again {log}` says yours again after theirs; then `arpc save`"
        raise ArpcError(f"others have changed {what} too, and nothing was merged", hint)
    if not each.path.startswith("cases/") and each.path != _REGISTER:
        taken = f"`git checkout {theirs[:10]} -- {each.path}`"
        hint = f"{taken} takes theirs; write yours into it again, and save"
        raise ArpcError(f"{each.path} was changed by others too, and nothing was merged", hint)


def _both_wordings(
    root: Path, each: Unmerged, sides: Sides, so_far: halfway.Files
) -> tuple[bytes | None, list[ToDecide]]:
    """A file with both wordings in it, each with who wrote it last, and where they stand.

    The text is None where git has left what is to stay. What somebody signed is never put together from two.
    """
    if each.ours is None or each.theirs is None:
        return None, [ToDecide(each.path, Clash.TAKEN_AWAY)]
    if each.path == _REGISTER:
        merged = reconciling.merge(each.base or b"", each.ours, each.theirs)
        if (
            merged.conflicts
        ):  # it is computed, and nothing else can be read while it holds two wordings
            return each.theirs, [ToDecide(each.path, Clash.COMPUTED)]
        return merged.text, []
    if each.path.split("/")[2] == signoffs.FOLDER:
        is_text = each.path.endswith(".txt")
        return each.theirs, [ToDecide(each.path, Clash.SIGNED)] if is_text else []
    ours, theirs = (
        _author(root, each.path, side, sides.base) for side in (sides.ours, sides.theirs)
    )
    labels = Labels(ours, "before", theirs)
    versions = (each.ours, each.theirs)
    if _is_seals(each):
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
    sides: Sides,
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
