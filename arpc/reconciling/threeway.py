"""Three versions of a sequence side by side: what is the same in all of them, and what lies between.

The sequences may be lines, or the entries of a list: anything that can be compared and hashed.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)

_SMALL = 200  # lines; below it every pair of lines is worth a look


class Stretch(NamedTuple, Generic[T]):
    """What stands in the three versions at one place, each possibly nothing."""

    base: Sequence[T]
    ours: Sequence[T]
    theirs: Sequence[T]

    @property
    def result(self) -> Sequence[T] | None:
        """What the three come to; None where both sides changed it, and differently."""
        if self.ours == self.theirs or self.theirs == self.base:
            return self.ours
        return self.theirs if self.ours == self.base else None


def stretches(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> Iterator[Stretch[T]]:
    """Yield the three versions in stretches, in their order.

    A stretch is either the same in all three, or ends where all three agree again: changes that touch
    each other are in one.
    """
    in_ours, in_theirs = dict(_matches(base, ours)), dict(_matches(base, theirs))
    common = [(i, in_ours[i], in_theirs[i]) for i in sorted(in_ours.keys() & in_theirs.keys())]
    at = same = (0, 0, 0)
    for here in [*common, (len(base), len(ours), len(theirs))]:
        if here != same:  # the run of what is the same in all three has ended
            yield from _between(base, ours, theirs, at, same)
            yield from _between(base, ours, theirs, same, here)
            at = here
        same = (here[0] + 1, here[1] + 1, here[2] + 1)
    yield from _between(base, ours, theirs, at, (len(base), len(ours), len(theirs)))


def _between(
    base: Sequence[T],
    ours: Sequence[T],
    theirs: Sequence[T],
    start: tuple[int, int, int],
    end: tuple[int, int, int],
) -> Iterator[Stretch[T]]:
    b, o, t = map(slice, start, end)
    if start != end:
        yield Stretch(base[b], ours[o], theirs[t])


def _matches(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of places that hold the same in both, ascending in both.

    What stands once in each is matched first and holds the rest in place (patience diff), so that blank
    lines do not pair up across paragraphs, and a long file costs little.
    """
    work = [(0, len(old), 0, len(new))]
    while work:
        a, b, c, d = work.pop()
        while a < b and c < d and old[a] == new[c]:
            yield a, c
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            yield b, d
        if a == b or c == d:
            continue
        anchors = _anchors(old, new, (a, b, c, d))
        if anchors:
            edges = [(a, c), *anchors, (b, d)]
            work += [(i, j, k, m) for (i, k), (j, m) in pairwise(edges)]
        elif b - a <= _SMALL and d - c <= _SMALL:
            pairs = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
            for i, j, size in pairs.get_matching_blocks():
                yield from ((a + i + n, c + j + n) for n in range(size))


def _anchors(
    old: Sequence[T], new: Sequence[T], window: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """The longest ascending run of what stands exactly once in either part."""
    a, b, c, d = window
    once_old, once_new = Counter(old[a:b]), Counter(new[c:d])
    where = {new[j]: j for j in range(c, d) if once_new[new[j]] == 1}
    pairs = [(i, where[old[i]]) for i in range(a, b) if once_old[old[i]] == 1 and old[i] in where]
    tails: list[int] = []  # the lowest end of a run of each length
    last: list[int] = []  # which pair that is
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        tails[length : length + 1] = [j]
        last[length : length + 1] = [number]
        before.append(last[length - 1] if length else -1)
    run = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]
