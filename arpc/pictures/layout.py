"""Where everything of the genogram stands: people row by row, and the lines between them."""

from collections.abc import Mapping
from typing import NamedTuple

from arpc.pictures.grid import (
    COLUMN,
    GUTTER,
    MARGIN,
    REACH,
    SIZE,
    TWINS,
    Grid,
    Place,
    Route,
    tracks,
)
from arpc.pictures.kin import Family
from arpc.pictures.shapes import wrap
from arpc.provisions import AsOf
from arpc.reporting.people import aged_words

_NARROWEST = 640.0
_TRACK = 10.0  # between two heights of a channel


class Layout(NamedTuple):
    """Everybody's place and all lines."""

    width: float
    bottom: float
    places: dict[str, Place]
    routes: tuple[Route, ...]
    rows_end: float
    """Where the rows end; those who have no relation stand below."""


def lay_out(as_of: AsOf, family: Family, top: float) -> Layout:
    """Return where everything of the genogram stands below `top`."""
    grid = Grid(family)
    labels = {who: _label(as_of, family, who) for who in family.people}
    places: dict[str, Place] = {}
    routes: list[Route] = []
    y = top
    for n in range(len(grid.rows) + 1):
        nets = grid.nets(n)
        levels = [y + 8 + _TRACK * track for track in tracks(nets)]
        y = max([y, *levels]) + 8
        if n < len(grid.rows):
            y += TWINS
            row = {who: Place(grid.x[who], y + REACH, labels[who]) for who in grid.rows[n]}
            places |= row
            routes += grid.beside(n, places)
            y = max(place.bottom for place in row.values())
        routes += grid.hanging(nets, levels, places)
    right = [p.x + COLUMN / 2 for p in places.values()] + [a for r in routes for a, _ in r.points]
    width = max([right_end + MARGIN for right_end in right] + [_NARROWEST])
    places |= _row_apart(family, labels, y + 34, width)
    bottom = max([place.bottom for place in places.values()], default=y)
    return Layout(width, bottom, places, tuple(routes), y)


def _label(as_of: AsOf, family: Family, who: str) -> tuple[str, ...]:
    """The name, the age and the homes of a person, in lines of a column."""
    person = family.people[who]
    marks = [home.mark for home in family.homes if who in home.members]
    parts = [
        person.name or who,
        aged_words(person, as_of),
        *([f"home {', '.join(marks)}"] if marks else []),
    ]
    return tuple(line for part in parts for line in wrap(part, COLUMN - 6, SIZE))


def _row_apart(
    family: Family, labels: Mapping[str, tuple[str, ...]], top: float, width: float
) -> dict[str, Place]:
    """Everybody without a relation, in as many rows as it takes."""
    step = COLUMN + GUTTER
    per_row = max(int((width - 2 * MARGIN + GUTTER) // step), 1)
    places: dict[str, Place] = {}
    for first in range(0, len(family.apart), per_row):
        row = family.apart[first : first + per_row]
        here = {
            who: Place(MARGIN + COLUMN / 2 + n * step, top + REACH, labels[who])
            for n, who in enumerate(row)
        }
        places |= here
        top = max(place.bottom for place in here.values()) + 12
    return places
