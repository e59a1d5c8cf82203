"""The genogram as a drawing, by the conventions of the field, legible in black and white."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from arpc.pictures import telling
from arpc.pictures.grid import COLUMN, MARGIN, RADIUS, REACH, SIBLINGS, SIZE, Place
from arpc.pictures.kin import ADOPTED, BORN, COUPLE, FOSTERED, MARRIED, PARENTS, Family, family
from arpc.pictures.layout import Layout, lay_out
from arpc.pictures.shapes import (
    LINE_HEIGHT,
    Box,
    Drawing,
    Mark,
    Round,
    Stroke,
    Words,
    heading,
    paragraph,
    room,
)
from arpc.provisions import AsOf
from arpc.records import Person
from arpc.reporting.front import marking

_SMALL = 11.0
_DASHES = {
    COUPLE: "7 4",
    PARENTS: "12 3 2 3 2 3",
    ADOPTED: "7 3 2 3",
    FOSTERED: "2 3",
    SIBLINGS: "3 7",
}
_LINES = {
    MARRIED: "married",
    COUPLE: "partners",
    PARENTS: "parents of a child, no other relation recorded",
    BORN: "child of",
    ADOPTED: "adopted",
    FOSTERED: "fostered",
    SIBLINGS: "brothers and sisters, half or full, with no common parent recorded",
}


class Sign(NamedTuple):
    """How a person is drawn."""

    shape: str
    """square, circle, diamond or triangle."""
    died: bool = False
    is_man: bool = False
    is_child: bool = False
    adopted: bool = False


def draw(as_of: AsOf, *, headed: bool = True) -> Drawing:
    """Return the genogram of a case on the day; inside a report its title and marking stand elsewhere."""
    kin = family(as_of)
    title = telling.title(as_of, kin)
    top = heading(title, marking(as_of), MARGIN, 600) if headed else []
    layout = lay_out(as_of, kin, top[-1].y + 6 if top else 0)
    signs = {who: sign(kin, person) for who, person in kin.people.items()}
    marks: list[Mark] = [*top, *_homes(kin, layout), *_routes(layout)]
    for who, place in layout.places.items():
        marks += _symbol(signs[who], place.x, place.y, RADIUS)
        marks += _label(place)
    if kin.apart:
        marks += paragraph("No relation recorded:", MARGIN, layout.rows_end + 12, COLUMN * 3)
    notes, y = _notes(as_of, kin, layout)
    legend, y = _legend(kin, layout, signs, y + 10)
    return Drawing(
        layout.width, y + MARGIN, title, telling.description(as_of, kin), (*marks, *notes, *legend)
    )


def sign(kin: Family, person: Person) -> Sign:
    """Return how a person of the family is drawn."""
    shape = {"male": "square", "female": "circle"}.get(person.sex, "diamond")
    if person.due and not person.born_text:
        shape = "triangle"
    adopted = any(b.how == ADOPTED and person.id in b.children for b in kin.broods)
    return Sign(shape, bool(person.died), person.is_man, person.is_child, adopted)


def _symbol(sign: Sign, x: float, y: float, r: float) -> Iterator[Mark]:
    if sign.is_man:
        yield _outline(sign.shape, x, y, r + 4, 1.4)
    yield _outline(sign.shape, x, y, r, 3.6 if sign.is_child else 1.4)
    if sign.died:
        yield Stroke(((x - r, y - r), (x + r, y + r)))
        yield Stroke(((x - r, y + r), (x + r, y - r)))
    if sign.adopted:
        for side in (-1, 1):
            edge, tip = x + side * (r + 7), x + side * (r + 2)
            yield Stroke(((tip, y - r - 7), (edge, y - r - 7), (edge, y + r + 7), (tip, y + r + 7)))


def _outline(shape: str, x: float, y: float, r: float, width: float) -> Mark:
    if shape == "square":
        return Box(x - r, y - r, 2 * r, 2 * r, width)
    if shape == "circle":
        return Round(x, y, r, width)
    if shape == "triangle":
        return Stroke(((x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)), width, closed=True)
    return Stroke(((x, y - r), (x + r, y), (x, y + r), (x - r, y)), width, closed=True)


def _label(place: Place) -> Iterator[Mark]:
    for n, line in enumerate(place.label):
        yield Words(place.x, place.y + REACH + SIZE * (1 + n * LINE_HEIGHT), line, SIZE, "middle")


def _routes(layout: Layout) -> Iterator[Mark]:
    for route in layout.routes:
        yield Stroke(route.points, 1.4, _DASHES.get(route.how, ""))
        if route.slash:
            yield _slash(*route.slash)


def _slash(x: float, y: float) -> Mark:
    return Stroke(((x - 4, y + 8), (x + 4, y - 8)), 1.8)


def _homes(kin: Family, layout: Layout) -> Iterator[Mark]:
    """A shade behind everybody who lives together: one, or as many as it takes to shade nobody else."""
    boxes = [
        box
        for number, home in enumerate(kin.homes)
        for box in _home_boxes(home.members, layout, min(number, 5) * 2.0)
    ]
    yield from (box._replace(fill="#ececec", stroke=0, dash="") for box in boxes)
    yield from (box._replace(fill="none") for box in boxes)


def _home_boxes(members: Sequence[str], layout: Layout, inset: float) -> list[Box]:
    here = [layout.places[who] for who in members if who in layout.places]
    others = [place for who, place in layout.places.items() if who not in members]
    if not here:
        return []
    whole = _around(here, inset)
    if not any(_meet(whole, _around([other], 0)) for other in others):
        return [whole]
    runs: list[list[Place]] = []
    for place in sorted(here, key=lambda place: (place.y, place.x)):
        joined = [*runs[-1], place] if runs and runs[-1][-1].y == place.y else [place]
        if len(joined) > 1 and not any(
            _meet(_around(joined, inset), _around([other], 0)) for other in others
        ):
            runs[-1] = joined
        else:
            runs.append([place])
    return [_around(run, inset) for run in runs]


def _around(places: Sequence[Place], inset: float) -> Box:
    left = min(p.x for p in places) - COLUMN / 2 - 2 + inset
    right = max(p.x for p in places) + COLUMN / 2 + 2 - inset
    top = min(p.top for p in places) - 3 + inset
    bottom = max(p.bottom for p in places) + 2 - inset
    return Box(left, top, right - left, bottom - top, 0.9, "1.5 3", 10)


def _meet(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def _notes(as_of: AsOf, kin: Family, layout: Layout) -> tuple[list[Mark], float]:
    """What no line shows, below the picture."""
    y = layout.bottom + 14
    marks: list[Mark] = []
    said = [
        *telling.homes(kin),
        *(f"No line shows: {line}" for line in kin.also),
        *(f"Not drawn: {line}" for line in kin.contradictions),
    ]
    for line in said:
        lines = paragraph(f"{line}.", MARGIN, y, layout.width - 2 * MARGIN)
        marks += lines
        y = lines[-1].y + 6
    return marks, y


def _legend(
    kin: Family, layout: Layout, signs: dict[str, Sign], top: float
) -> tuple[list[Mark], float]:
    """What the signs mean that are in this picture, in lines of its width."""
    marks: list[Mark] = []
    x, y = MARGIN, top + 14
    for sample, words in _samples(kin, layout, signs):
        needed = 42 + room(words, _SMALL)
        if x > MARGIN and x + needed > layout.width - MARGIN:
            x, y = MARGIN, y + 34
        marks += _sample(sample, x + 15, y)
        marks.append(Words(x + 36, y + 4, words, _SMALL))
        x += needed + 14
    return marks, y + 10


def _samples(
    kin: Family, layout: Layout, signs: dict[str, Sign]
) -> Iterator[tuple[str | Sign, str]]:
    used = [*signs.values()]
    shapes = {"square": "male", "circle": "female", "diamond": "other, not known or not recorded"}
    for shape, words in {**shapes, "triangle": "not yet born"}.items():
        if any(sign.shape == shape for sign in used):
            yield Sign(shape), words
    if any(sign.is_man for sign in used):
        yield Sign("square", is_man=True), "the man"
    if any(sign.is_child for sign in used):
        yield Sign("circle", is_child=True), "child of the assessment"
    if any(sign.died for sign in used):
        yield Sign("square", died=True), "died"
    if any(sign.adopted for sign in used):
        yield Sign("circle", adopted=True), "adopted"
    for how, words in _LINES.items():
        if any(route.how == how for route in layout.routes):
            yield how, words
    if any(route.slash for route in layout.routes):
        yield "slash", "recorded as over"
    if any(home.members for home in kin.homes):
        yield "home", "live together"


def _sample(sample: str | Sign, x: float, y: float) -> Iterator[Mark]:
    if isinstance(sample, Sign):
        yield from _symbol(sample, x, y, 8)
    elif sample == "home":
        yield Box(x - 15, y - 9, 30, 18, 0.9, "1.5 3", 5, "#ececec")
    else:
        yield Stroke(((x - 15, y), (x + 15, y)), 1.4, _DASHES.get(sample, ""))
        if sample == "slash":
            yield _slash(x, y)
