"""The timeline as a drawing: time runs down, lanes stand side by side, words on the right.

Every entry has a row of its own, so that no words overlap. Between the rows time takes up room by
its length, up to a limit; beyond that it is shortened, and a mark says by how much.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from arpc.pictures.dated import (
    INEXACT,
    LANES,
    Contact,
    Story,
    description,
    first_day,
    is_exact,
    last_day,
)
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
    wrap,
)
from arpc.reporting.chronology import Event
from arpc.reporting.model import day_words, partial_words

_MARGIN = 24.0
_DATES = 122.0  # the width of the column of dates
_LANE = 84.0
_BAR = 24.0
_BARS = 56.0  # the least width of the bars, for their heading
_TEXT = 400.0
_SIZE = 11.0
_ROW = 6.0  # below each entry
_PER_DAY = 0.12  # pixels between two rows for each day between them
_SHORTENED = 400  # days; a longer gap takes up no more room than a mark needs
_MARKED = 42.0


class Row(NamedTuple):
    """An entry and where it stands; `None` stands for today."""

    event: Event | None
    day: date
    y: float
    lines: tuple[str, ...]


class Gap(NamedTuple):
    """A time without entries that is drawn shorter than it is."""

    y: float
    words: str


def draw(told: Story) -> Drawing:
    """Return the timeline of a case."""
    lanes = _MARGIN + _DATES
    bars = lanes + _LANE * len(LANES)
    words = bars + (max(_BAR * len(told.contacts), _BARS) if told.contacts else 0) + 10
    width = words + _TEXT + _MARGIN
    title = heading(told.title, told.marking, _MARGIN, width - 2 * _MARGIN)
    marks: list[Mark] = [*title]
    heads, top = _heads(told, lanes, bars, title[-1].y + 10)
    rows, gaps, bottom = place(told, top + 14)
    marks += _grid(lanes, bars, top, bottom)
    marks += heads
    marks += _spans(rows, lanes)
    marks += _bars(told, rows, bars)
    for row in rows:
        marks += _row(row, lanes, words, width)
    for gap in gaps:
        marks += _gap(gap, lanes, bars)
    notes, bottom = _notes(told, gaps, bottom + 12, width)
    return Drawing(width, bottom + _MARGIN, told.title, description(told), (*marks, *notes))


def place(told: Story, top: float) -> tuple[list[Row], list[Gap], float]:
    """Give every entry a row below `top`; also the gaps that are shortened, and where it ends."""
    dated: list[tuple[date, Event | None]] = [(first_day(e.when), e) for e in told.events]
    before = sum(day <= told.today for day, _ in dated)
    dated.insert(before, (told.today, None))
    rows: list[Row] = []
    gaps = []
    y = top
    for day, event in dated:
        if rows:
            days = (day - rows[-1].day).days
            if days > _SHORTENED:
                gaps.append(Gap(y + _MARKED / 2, f"{_length(days)} without an entry"))
            y += _MARKED if days > _SHORTENED else days * _PER_DAY
        said = f"{event.what} ({event.source})" if event else f"Today, {day_words(day)}"
        lines = tuple(wrap(said, _TEXT, _SIZE))
        rows.append(Row(event, day, y, lines))
        y += len(lines) * _SIZE * LINE_HEIGHT + _ROW
    return rows, gaps, y


def height_of(day: date, rows: Sequence[Row]) -> float:
    """Where a day lies among the rows: between its neighbours in proportion."""
    later = next((n for n, row in enumerate(rows) if row.day >= day), len(rows))
    if later == len(rows):
        return rows[-1].y + _SIZE * LINE_HEIGHT
    if later == 0 or rows[later].day == day:
        return rows[later].y
    one, other = rows[later - 1], rows[later]
    return one.y + (other.y - one.y) * ((day - one.day).days / (other.day - one.day).days)


def _heads(told: Story, lanes: float, bars: float, top: float) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    lowest = top
    for n, name in enumerate(LANES.values()):
        lines = paragraph(name, lanes + n * _LANE + _LANE / 2, top, _LANE - 6, 10)
        marks += [line._replace(anchor="middle", bold=True) for line in lines]
        lowest = max(lowest, lines[-1].y)
    if told.contacts:
        marks.append(Words(bars + 4, top + 10, "Contact", 10, bold=True))
    for n in range(len(told.contacts)):
        x = bars + n * _BAR + _BAR / 2
        marks.append(Words(x, top + 24, str(n + 1), 10, "middle", True))
        lowest = max(lowest, top + 24)
    return marks, lowest + 6


def _grid(lanes: float, bars: float, top: float, bottom: float) -> Iterator[Mark]:
    for n in range(len(LANES)):
        x = lanes + n * _LANE + _LANE / 2
        yield Stroke(((x, top), (x, bottom)), 0.5)
    yield Stroke(((_MARGIN, top), (bars, top)), 0.8)


def _row(row: Row, lanes: float, words: float, width: float) -> Iterator[Mark]:
    base = row.y + _SIZE
    if row.event is None:
        yield Stroke(((_MARGIN, row.y - 2), (width - _MARGIN, row.y - 2)), 0.8, "6 3")
    else:
        yield Words(_MARGIN, base, partial_words(row.event.when), _SIZE)
        yield Round(_lane_x(row.event, lanes), row.y + 7, 4.5, 1.2, filled=is_exact(row.event))
    for n, line in enumerate(row.lines):
        yield Words(words, base + n * _SIZE * LINE_HEIGHT, line, _SIZE, bold=row.event is None)


def _lane_x(event: Event, lanes: float) -> float:
    return lanes + [*LANES].index(event.lane) * _LANE + _LANE / 2


def _spans(rows: Sequence[Row], lanes: float) -> Iterator[Mark]:
    """A bar beside the lane over the month or year in which an entry lies."""
    taken: list[tuple[float, float]] = []
    for row in rows:
        if row.event is None or is_exact(row.event):
            continue
        x = _lane_x(row.event, lanes) - 10
        end = max(height_of(last_day(row.event.when), rows), row.y + 12)
        while any(at == x and row.y <= below for at, below in taken):
            x -= 5
        taken.append((x, end))
        yield Box(x - 1.5, row.y, 3, end - row.y, 0.8)


def _bars(told: Story, rows: Sequence[Row], bars: float) -> Iterator[Mark]:
    for n, contact in enumerate(told.contacts):
        x = bars + n * _BAR + _BAR / 2
        start = height_of(contact.since, rows)
        end = max(height_of(contact.until or max(told.today, contact.since), rows), start + 6)
        fill = "white" if contact.is_none else "#888888"
        yield Box(x - 4, start, 8, end - start, 1, fill=fill)
        if contact.until is None:
            yield Stroke(((x - 6, end), (x, end + 7), (x + 6, end)), 1)


def _gap(gap: Gap, lanes: float, bars: float) -> Iterator[Mark]:
    left, right = _MARGIN + _DATES - 10, bars
    yield Box(left, gap.y - 10, right - left, 20, 0)
    for shift in (-10, 10):
        steps = int((right - left) / 11)
        points = tuple(
            (left + n * 11, gap.y + shift + (2 if n % 2 else -2)) for n in range(steps + 1)
        )
        yield Stroke(points, 0.8)
    yield Words((left + right) / 2, gap.y + 3.5, gap.words, 10, "middle")


def _notes(told: Story, gaps: Sequence[Gap], top: float, width: float) -> tuple[list[Mark], float]:
    said = [_contact(n, contact) for n, contact in enumerate(told.contacts, 1)]
    if not all(map(is_exact, told.events)):
        said.append(f"{INEXACT} It has an open circle, and a bar beside it covers that time.")
    if gaps:
        said.append("Between two jagged lines time is shortened.")
    marks: list[Mark] = []
    for note in said:
        lines = paragraph(note, _MARGIN, top, width - 2 * _MARGIN, _SIZE)
        marks += lines
        top = lines[-1].y + 5
    return marks, top


def _contact(number: int, contact: Contact) -> str:
    return f"Bar {number}: {contact.words}."


def _length(days: int) -> str:
    """A long time in words, in years and months."""
    months = round(days / 30.44)
    years, rest = divmod(months, 12)
    parts = [(years, "year"), (rest, "month")]
    return " ".join(f"{n} {unit}{'s' * (n > 1)}" for n, unit in parts if n)
