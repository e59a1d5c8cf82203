"""Who stands beside whom in a row of the genogram, and how far apart."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from arpc.pictures.kin import Family

_PASSES = 8  # more of them change nothing in families of up to forty
_SWEEPS = 12
_LONGEST_SLICE = 3  # people who are moved together
_MOST_WORK = 600_000  # a family of twenty takes less; a village stands as it was given


class Pull(NamedTuple):
    """Who should stand near whom: the middles of two groups, and how much it matters."""

    some: tuple[str, ...]
    others: tuple[str, ...]
    weight: float
    aside: float = 0
    """How far to the right of `some` the others should stand."""


def arrange(family: Family) -> list[list[str]]:
    """Order each row: couples side by side, children below their parents in the order of birth.

    Moves a few neighbours at a time for as long as that makes lines shorter, and there are not so many
    people that nobody would wait for it; no chance is involved.
    """
    rows = [_with_partners(family, row) for row in family.rows]
    pulls = _pulls(family)
    best = _cost(family, pulls, rows)
    work = len(family.people) + len(pulls) + len(family.broods) ** 2 // 2
    left = _MOST_WORK // max(work, 1)
    for _ in range(_PASSES):
        before = best
        for number, row in enumerate(rows):
            for length in range(1, min(_LONGEST_SLICE, len(row) - 1) + 1):
                for start in range(len(row) - length + 1):
                    for target in range(len(row) - length + 1):
                        if (left := left - 1) < 0:
                            return rows
                        row = rows[number]
                        rest = row[:start] + row[start + length :]
                        moved = rest[:target] + row[start : start + length] + rest[target:]
                        rows[number] = moved
                        cost = _cost(family, pulls, rows)
                        if cost < best - 1e-9:
                            best = cost
                        else:
                            rows[number] = row
        if best == before:
            break
    return rows


def spread(
    family: Family, rows: Sequence[Sequence[str]], gaps: Mapping[tuple[str, str], float], gap: float
) -> dict[str, float]:
    """Give everybody a place from left to right: at least `gaps` from the neighbour, 0 leftmost."""
    steps = {
        n: [0.0, *(gaps.get(pair, gap) for pair in pairwise(row))] for n, row in enumerate(rows)
    }
    x = {}
    for n, row in enumerate(rows):
        at = 0.0
        for who, step in zip(row, steps[n], strict=True):
            at += step
            x[who] = at
    number = {who: n for n, row in enumerate(rows) for who in row}
    pulls = _pulls(family)
    between_rows = _by_person(p for p in pulls if number[p.some[0]] != number[p.others[0]])
    every = _by_person(pulls)
    downwards = [*range(len(rows))]
    for held_by, order in [(every, downwards), (every, downwards[::-1])] * _SWEEPS + [
        (between_rows, downwards)  # within a row the pulls do not balance, and move it away
    ]:
        for n in order:
            wanted = [_wanted(who, held_by.get(who, ()), x, gap) for who in rows[n]]
            x.update(zip(rows[n], _apart(wanted, steps[n]), strict=True))
    left = min(x.values(), default=0)
    return {who: round(at - left, 1) for who, at in x.items()}


def _pulls(family: Family) -> list[Pull]:
    pulls = [
        Pull(b.parents, b.children, 1, 0.5 if len(b.parents) == 1 else 0) for b in family.broods
    ]
    pulls += [Pull((c.pair[0],), (c.pair[1],), 3) for c in family.couples]
    pulls += [
        Pull((one,), (other,), 0.3)
        for brood in family.broods
        for one, other in pairwise(brood.children)
    ]
    pulls += [
        Pull((one,), (other,), 1) for group in family.siblings for one, other in pairwise(group)
    ]
    pulls += [Pull((s.who,), (s.to,), 0.2) for s in family.kinship]
    return pulls


def _by_person(pulls: Iterable[Pull]) -> dict[str, list[Pull]]:
    """The pulls that each person feels."""
    found: dict[str, list[Pull]] = {}
    for pull in pulls:
        for who in dict.fromkeys(pull.some + pull.others):
            found.setdefault(who, []).append(pull)
    return found


def _with_partners(family: Family, row: Sequence[str]) -> list[str]:
    """The row as it was given, but each partner beside the first of the two."""
    placed: list[str] = []
    for who in row:
        if who in placed:
            continue
        partners = [
            other
            for couple in family.couples
            if who in couple.pair
            for other in couple.pair
            if other != who and other not in placed
        ]
        placed += [*partners[1:2], who, *partners[:1], *partners[2:]]
    return placed


def _cost(family: Family, pulls: Sequence[Pull], rows: Sequence[Sequence[str]]) -> float:
    at = {who: n - len(row) / 2 for row in rows for n, who in enumerate(row)}
    cost = sum(p.weight * abs(_middle(p.some, at) - _middle(p.others, at)) for p in pulls)
    for brood in family.broods:
        places = [at[child] for child in brood.children]
        cost += 4 * sum(one > other for one, other in pairwise(places))
        cost += 0.5 * (max(places) - min(places))
    spans = [_span(brood.parents + brood.children, at) for brood in family.broods]
    for n, (left, right) in enumerate(spans):
        cost += sum(min(right, r) > max(left, l) for l, r in spans[:n])  # noqa: E741
    for home in family.homes:
        here = [at[who] for who in home.members if who in at]
        cost += 0.2 * (max(here) - min(here)) if here else 0
    man = next((at[p.id] for p in family.people.values() if p.is_man and p.id in at), 0)
    return cost + 0.01 * man


def _span(people: Sequence[str], at: Mapping[str, float]) -> tuple[float, float]:
    return min(at[who] for who in people), max(at[who] for who in people)


def _middle(people: Sequence[str], at: Mapping[str, float]) -> float:
    return sum(at[who] for who in people) / len(people)


def _wanted(who: str, pulls: Sequence[Pull], x: Mapping[str, float], gap: float) -> float:
    found = [(x[who], 0.05)]
    for pull in pulls:
        for mine, theirs, aside in (
            (pull.some, pull.others, -pull.aside),
            (pull.others, pull.some, pull.aside),
        ):
            if who in mine:
                there = _middle(theirs, x) - _middle(mine, x) + aside * gap
                found.append((x[who] + there, pull.weight))
    return sum(at * weight for at, weight in found) / sum(weight for _, weight in found)


def _apart(wanted: Sequence[float], steps: Sequence[float]) -> list[float]:
    """The places nearest to `wanted` that keep the order and at least the steps between them."""
    offsets, total = [], 0.0
    for step in steps:
        total += step
        offsets.append(total)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pool = (want - offset, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, count = pools.pop()
            pool = ((mean * count + pool[0] * pool[1]) / (count + pool[1]), count + pool[1])
        pools.append(pool)
    flat = [mean for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=True)]
