"""Two people's versions of a sealed file brought together, and sealed again at once, conflicts too.

Git hands over what it has, which is sealed, and keeps what it is given back as an object of its own. So the
three versions are opened here, merged by whoever knows how, and only sealed text is given back. In a service
that is kept plain, what was plain stays plain.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from arpc.sealing import is_sealed
from arpc.sealing.engine import case_of, opened
from arpc.sealing.ring import Ring

Merge = Callable[[bytes, bytes, bytes], tuple[bytes, tuple[str, ...]]]
"""Merges the text before, ours and theirs; returns the text, and what waits for a decision."""


class Sides(NamedTuple):
    """The three files that git hands over; ours is where it looks for the answer."""

    base: Path
    ours: Path
    theirs: Path


class Merged(NamedTuple):
    """What came of it."""

    is_clean: bool
    is_made: bool
    """Whether the two were brought together; else ours stayed as it is."""
    told: tuple[str, ...]
    """What the user should know, a line each."""


def merge(sides: Sides, path: str, ring: Ring, bring_together: Merge, *, is_plain: bool) -> Merged:
    """Merge a file that both sides changed, and leave it sealed where git looks for it.

    Args:
        sides: The three versions.
        path: Which file it is.
        ring: The keys that are unlocked.
        bring_together: Merges texts.
        is_plain: Whether the service is kept plain, so that what git has in plain text stays so.
    """
    case = case_of(path)
    given = [side.read_bytes() for side in sides]
    if is_plain and not any(map(is_sealed, given)):
        plain, undecided = bring_together(*given)
        sides.ours.write_bytes(plain)
        return Merged(not undecided, True, _waiting(path, undecided))
    texts = []
    for raw in given:
        text, fault = (raw, "") if not raw else _opened(ring, case, raw)
        if text is None:
            return Merged(False, False, (f"{path}: {fault or _locked(case)}",))
        texts.append(text)
    key = ring.newest(case)
    if key is None:
        return Merged(False, False, (f"{path}: {_locked(case)}",))
    text, conflicts = bring_together(*texts)
    sides.ours.write_bytes(key.seal(text))
    return Merged(not conflicts, True, _waiting(path, conflicts))


def _waiting(path: str, conflicts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{path}: both sides changed {each}: decide in the file" for each in conflicts)


def _opened(ring: Ring, case: str, raw: bytes) -> tuple[bytes | None, str]:
    return opened(ring, case, raw) if is_sealed(raw) else (raw, "")


def _locked(case: str) -> str:
    return f"both sides changed a locked file; somebody who works on {case} has to merge it"
