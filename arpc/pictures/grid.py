"""Who stands where from left to right, and which way the lines of the genogram go.

Lines run in the gutters between the labels of a row and in the channels between the rows, so that
none goes through a symbol or a word. Channel n lies above row n.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from arpc.pictures import ordering
from arpc.pictures.kin import Brood, Family, are_twins
from arpc.pictures.shapes import LINE_HEIGHT

COLUMN = 116.0  # the width of a label
GUTTER = 28.0  # between two labels
RADIUS = 19.0
REACH = RADIUS + 9  # of a symbol with its outlines and brackets
SIZE = 12.0  # of the letters of a label
MARGIN = 24.0
TWINS = 20.0  # above a row, where twins meet
SIBLINGS = "siblings"

_PORT = 9.0  # what each further line in a gutter needs
_CLEAR = 4.0  # between upright lines that do not belong together
_EXITS = (8, -8, 13, -13, 4, -4)
_ENTRIES = (0.0, -7.0, 7.0, -14.0, 14.0)

Point = tuple[float, float]


class Place(NamedTuple):
    """A person in the picture: the middle of the symbol, and the lines of the label under it."""

    x: float
    y: float
    label: tuple[str, ...]

    @property
    def top(self) -> float:
        """The upper end of what the person takes up."""
        return self.y - REACH

    @property
    def bottom(self) -> float:
        """The lower end of the label."""
        return self.y + REACH + len(self.label) * SIZE * LINE_HEIGHT + 4


class Route(NamedTuple):
    """A line of the picture and what it stands for: a word of `kin`, or SIBLINGS."""

    points: tuple[Point, ...]
    how: str
    slash: Point | None = None
    """Where a stroke says that it is over."""


Use = tuple[str, int, str]
"""Who needs a gutter: a brood ("brood", its number, ""), or one end of a couple ("end", number, who)."""


class _Port(NamedTuple):
    """Where a line goes down in a gutter, and how far from the middle of a symbol it leaves."""

    x: float
    exit: float


class _Foot(NamedTuple):
    """A line down to a child, or to twins: where it goes down, and where it reaches each of them."""

    x: float
    reaches: tuple[tuple[str, float], ...]


class Net(NamedTuple):
    """What hangs together at one height of a channel."""

    how: str
    band: int
    """The nets of a band lie above those of the next."""
    number: int
    """Of the couple, the brood or the siblings in the family."""
    tops: tuple[_Port, ...]
    feet: tuple[_Foot, ...]

    @property
    def span(self) -> tuple[float, float]:
        """Its left and right end."""
        xs = [top.x for top in self.tops] + [foot.x for foot in self.feet]
        return min(xs), max(xs)


class Grid:
    """The order of the rows, everybody's place from left to right, and the gutters between them."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.rows = ordering.arrange(family)
        self._at = {who: (n, i) for n, row in enumerate(self.rows) for i, who in enumerate(row)}
        self._uses: dict[tuple[int, int], list[Use]] = {}
        for gutter, use in self._find_uses():
            self._uses.setdefault(gutter, []).append(use)
        gaps = {
            (self.rows[n][i], self.rows[n][i + 1]): COLUMN + GUTTER + _PORT * len(users)
            for (n, i), users in self._uses.items()
            if i + 1 < len(self.rows[n])
        }
        placed = ordering.spread(family, self.rows, gaps, COLUMN + GUTTER)
        self.x = {who: at + MARGIN + COLUMN / 2 for who, at in placed.items()}
        self._entries = self._find_entries()

    def are_adjacent(self, pair: Sequence[str]) -> bool:
        """Whether nobody stands between two people of a row."""
        (n, i), (m, j) = self._at[pair[0]], self._at[pair[1]]
        return n == m and abs(i - j) == 1

    def beside(self, n: int, places: Mapping[str, Place]) -> Iterator[Route]:
        """The lines of couples who stand side by side in row `n`."""
        for couple in self.family.couples:
            if self._at[couple.pair[0]][0] == n and self.are_adjacent(couple.pair):
                ends = sorted((places[who].x, places[who].y) for who in couple.pair)
                slash = ((ends[0][0] + ends[1][0]) / 2 - 13, ends[0][1]) if couple.ended else None
                yield Route(tuple(ends), couple.how, slash)

    def nets(self, n: int) -> list[Net]:
        """What runs in channel `n`."""
        feet = {
            number: self._feet(number, children)
            for number, (parents, children) in enumerate(self._groups())
            if self._at[children[0]][0] == n
        }
        ports = self._ports(n - 1, feet)
        nets = []
        for number, couple in enumerate(self.family.couples):
            if self._at[couple.pair[0]][0] == n - 1 and not self.are_adjacent(couple.pair):
                ends = tuple(ports["end", number, who] for who in self._left_first(couple.pair))
                nets.append(Net(couple.how, 0, number, ends, ()))
        for number, brood in enumerate(self.family.broods):
            if number in feet:
                port = ports.get(("brood", number, "")) or self._below_couple(
                    brood, nets, ports, feet
                )
                nets.append(Net(brood.how, 1, number, (port,), feet[number]))
        first = len(self.family.broods)
        nets += [Net(SIBLINGS, 2, n, (), feet[n]) for n in feet if n >= first]
        return nets

    def hanging(
        self, nets: Sequence[Net], levels: Sequence[float], places: Mapping[str, Place]
    ) -> Iterator[Route]:
        """The lines of the nets of a channel, each at its level."""
        couple_levels = {
            frozenset(self.family.couples[net.number].pair): level
            for net, level in zip(nets, levels, strict=True)
            if net.band == 0
        }
        for net, level in zip(nets, levels, strict=True):
            if net.band == 0:
                yield self._under(net, level, places)
                continue
            left, right = net.span
            yield Route(((left, level), (right, level)), net.how)
            if net.band == 1:
                parents = self.family.broods[net.number].parents
                port = net.tops[0]
                start = couple_levels.get(frozenset(parents), places[parents[0]].y + port.exit)
                drop = ((port.x, start), (port.x, level))
                aside = ((places[parents[0]].x, start),) if len(parents) == 1 else ()
                yield Route((*aside, *drop), net.how)
            for foot in net.feet:
                meet = min(places[who].top for who, _ in foot.reaches) - TWINS + 4
                for who, reach in foot.reaches:
                    bend = ((foot.x, meet),) if len(foot.reaches) > 1 else ()
                    yield Route(((foot.x, level), *bend, (reach, places[who].top + 9)), net.how)

    def _under(self, net: Net, level: float, places: Mapping[str, Place]) -> Route:
        """The line of a couple who do not stand side by side: it runs below their row."""
        couple = self.family.couples[net.number]
        one, other = (places[who] for who in self._left_first(couple.pair))
        left, right = net.tops
        points = (
            (one.x, one.y + left.exit),
            (left.x, one.y + left.exit),
            (left.x, level),
            (right.x, level),
            (right.x, other.y + right.exit),
            (other.x, other.y + right.exit),
        )
        slash = ((left.x + right.x) / 2 - 13, level) if couple.ended else None
        return Route(points, couple.how, slash)

    def _left_first(self, pair: Iterable[str]) -> list[str]:
        return sorted(pair, key=lambda who: self._at[who])

    def _groups(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Parents and children of each brood, then brothers and sisters without parents."""
        yield from ((brood.parents, brood.children) for brood in self.family.broods)
        yield from (((), group) for group in self.family.siblings)

    def _find_uses(self) -> Iterator[tuple[tuple[int, int], Use]]:
        for number, brood in enumerate(self.family.broods):
            if len(brood.parents) == 1:
                yield self._at[brood.parents[0]], ("brood", number, "")
            elif self.are_adjacent(brood.parents):
                yield min(map(self._at.__getitem__, brood.parents)), ("brood", number, "")
        for number, couple in enumerate(self.family.couples):
            if not self.are_adjacent(couple.pair):
                one, other = self._left_first(couple.pair)
                row, place = self._at[other]
                yield self._at[one], ("end", number, one)
                yield (row, place - 1), ("end", number, other)

    def _find_entries(self) -> dict[tuple[int, str], float]:
        """How far from the middle of a child each of the lines above it comes in."""
        counts: dict[str, int] = {}
        entries: dict[tuple[int, str], float] = {}
        for number, (_, children) in enumerate(self._groups()):
            for child in children:
                count = counts.get(child, 0)
                entries[number, child] = _ENTRIES[count % len(_ENTRIES)]
                counts[child] = count + 1
        return entries

    def _feet(self, number: int, children: Sequence[str]) -> tuple[_Foot, ...]:
        people = self.family.people
        feet: list[list[tuple[str, float]]] = []
        for child in sorted(children, key=lambda who: self._at[who]):
            reach = (child, self.x[child] + self._entries[number, child])
            last = feet[-1][-1][0] if feet else ""
            twins = (
                last and number < len(self.family.broods) and are_twins(people[last], people[child])
            )
            if twins and self.are_adjacent((last, child)):
                feet[-1].append(reach)
            else:
                feet.append([reach])
        return tuple(_Foot(sum(at for _, at in foot) / len(foot), tuple(foot)) for foot in feet)

    def _ports(self, n: int, feet: Mapping[int, Sequence[_Foot]]) -> dict[Use, _Port]:
        """Where the lines from row `n` go down, clear of the feet of other nets."""
        ports = {}
        for (row, i), users in self._uses.items():
            if row != n:
                continue
            low = self.x[self.rows[n][i]] + COLUMN / 2 + 4
            beyond = i + 1 == len(self.rows[n])
            high = (
                low + 20 + _PORT * len(users)
                if beyond
                else self.x[self.rows[n][i + 1]] - COLUMN / 2 - 4
            )
            taken: list[float] = []
            exits = iter(_EXITS * len(users))
            for number, use in enumerate(users):
                wanted = low + (high - low) * (number + 1) / (len(users) + 1)
                shared = use[0] == "brood" and len(self.family.broods[use[1]].parents) == 2
                own = feet.get(use[1], ()) if use[0] == "brood" else ()
                if len(own) == 1 and low <= own[0].x <= high and len(users) == 1:
                    wanted = own[0].x
                others = [f.x for k, found in feet.items() for f in found if found is not own]
                at = _clear(wanted, low, high, [*others, *taken])
                taken.append(at)
                ports[use] = _Port(at, 0 if shared else next(exits))
        return ports

    def _below_couple(
        self,
        brood: Brood,
        nets: Sequence[Net],
        ports: Mapping[Use, _Port],
        feet: Mapping[int, Sequence[_Foot]],
    ) -> _Port:
        """Where the children of a couple hang from the line that runs below the couple's row."""
        [net] = [
            net
            for net in nets
            if net.band == 0 and {*self.family.couples[net.number].pair} == {*brood.parents}
        ]
        left, right = net.span
        own = feet[self.family.broods.index(brood)]
        middle = (own[0].x + own[-1].x) / 2
        others = [f.x for found in feet.values() for f in found if found is not own]
        taken = [port.x for port in ports.values()] + [t.x for net in nets for t in net.tops]
        return _Port(_clear(min(max(middle, left), right), left, right, [*others, *taken]), 0)


def tracks(nets: Sequence[Net]) -> list[int]:
    """A height for each net, so that no two lie on one another."""
    found = [0] * len(nets)
    base = 0
    for band in range(3):
        ends: list[float] = []
        here = sorted((net.span, n) for n, net in enumerate(nets) if net.band == band)
        for (left, right), n in here:
            track = next((t for t, end in enumerate(ends) if end + 6 < left), len(ends))
            ends[track : track + 1] = [right]
            found[n] = base + track
        base += len(ends)
    return found


def _clear(wanted: float, low: float, high: float, taken: Sequence[float]) -> float:
    """The place nearest to `wanted` between `low` and `high` that is clear of those taken."""
    steps = [wanted, *(wanted + sign * step for step in range(2, 60, 2) for sign in (1, -1))]
    free = (
        at
        for at in steps
        if low <= at <= high and all(abs(at - other) >= _CLEAR for other in taken)
    )
    return next(free, wanted)
