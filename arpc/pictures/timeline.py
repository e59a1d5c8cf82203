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
    undated_words,
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
from arpc.reporting.chronology import UNDATED, Event
from arpc.reporting.model import day_words, partial_words

_BAR = 24.0
_BARS = 56.0  # the least width of the bars, for their heading
_SIZE = 11.0
_ROW = 6.0  # below each entry
_HALVINGS = 6
_SHORTENED = 400  # days; a longer gap takes up no more room than a mark needs


class Sheet(NamedTuple):
    """How wide everything is, in pixels."""

    margin: float
    dates: float
    lane: float
    text: float
    gap: float
    """Height of the mark for a time that is drawn shorter than it is."""
    per_day: float
    """Pixels between two rows for each day between them."""
    headed: bool
    """Whether the title and the marking stand above it."""


ALONE = Sheet(margin=24, dates=122, lane=84, text=400, gap=42, per_day=0.12, headed=True)
IN_A_REPORT = Sheet(margin=2, dates=104, lane=64, text=210, gap=34, per_day=0.05, headed=False)
"""Narrow enough to be read on a page of A4."""


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


def draw(told: Story, sheet: Sheet = ALONE) -> Drawing:
    """Return the timeline of a case."""
    lanes = sheet.margin + sheet.dates
    bars = lanes + sheet.lane * len(LANES)
    words = bars + (max(_BAR * len(told.contacts), _BARS) if told.contacts else 0) + 10
    width = words + sheet.text + sheet.margin
    title = heading(told.title, told.marking, sheet.margin, width - 2 * sheet.margin)
    marks: list[Mark] = [*title] if sheet.headed else []
    heads, top = _heads(told, sheet, bars, title[-1].y + 10 if sheet.headed else 0)
    rows, gaps, bottom = place(told, top + 14, sheet)
    marks += _grid(sheet, bars, top, bottom)
    marks += heads
    marks += _spans(rows, sheet)
    marks += _bars(told, rows, bars)
    for row in rows:
        marks += _row(row, sheet, words, width)
    for gap in gaps:
        marks += _gap(gap, sheet, bars)
    notes, bottom = _notes(told, gaps, bottom + 12, sheet, width)
    return Drawing(width, bottom + sheet.margin, told.title, description(told), (*marks, *notes))


def parts(told: Story, sheet: Sheet, tallest: float) -> list[Story]:
    """Return the timeline in as few parts as can be drawn no taller than that, of like heights."""
    found = _split(told, sheet, tallest)
    lowest, highest = 0.0, tallest
    for _ in range(_HALVINGS if len(found) > 1 else 0):
        middle = (lowest + highest) / 2
        tried = _split(told, sheet, middle)
        if len(tried) > len(found):
            lowest = middle
        else:
            found, highest = tried, middle
    return found


def _split(told: Story, sheet: Sheet, tallest: float) -> list[Story]:
    """The timeline in parts, each as long as it can be without being drawn taller than that."""
    found: list[Story] = []
    start = 0
    while not found or start < len(told.events):
        end = _end(told, sheet, tallest, start)
        found.append(_part(told, start, end))
        start = max(end, 1)
    return found


def _end(told: Story, sheet: Sheet, tallest: float, start: int) -> int:
    """Where a part ends that begins at `start`; with many events it is looked for near its start."""
    total = len(told.events)
    fits, step = min(start + 1, total), 8
    while fits < total:
        further = min(fits + step, total)
        if draw(_part(told, start, further), sheet).height > tallest:
            break
        fits, step = further, 2 * step
    else:
        return total
    while further - fits > 1:
        middle = (fits + further) // 2
        if draw(_part(told, start, middle), sheet).height > tallest:
            further = middle
        else:
            fits = middle
    return fits


def _part(told: Story, start: int, end: int) -> Story:
    """Some of the events, with the contact that there was at their time."""
    if end - start == len(told.events):
        return told
    events, later = told.events[start:end], told.events[end:]
    first = first_day(events[0].when) if start else date.min
    last = first_day(later[0].when) if later else date.max
    contacts = tuple(
        c for c in told.contacts if c.since <= last and (c.until is None or c.until >= first)
    )
    shows_today = first <= told.today < last
    undated = () if later else told.undated
    return told._replace(events=events, contacts=contacts, undated=undated, shows_today=shows_today)


def place(told: Story, top: float, sheet: Sheet = ALONE) -> tuple[list[Row], list[Gap], float]:
    """Give every entry a row below `top`; also the gaps that are shortened, and where it ends."""
    dated: list[tuple[date, Event | None]] = [(first_day(e.when), e) for e in told.events]
    if told.shows_today:
        before = sum(day <= told.today for day, _ in dated)
        dated.insert(before, (told.today, None))
    rows: list[Row] = []
    gaps = []
    y = top
    for day, event in dated:
        if rows:
            days = (day - rows[-1].day).days
            if days > _SHORTENED:
                gaps.append(Gap(y + sheet.gap / 2, f"{_length(days)} without an entry"))
            y += sheet.gap if days > _SHORTENED else days * sheet.per_day
        said = f"{event.what} ({event.source})" if event else f"Today, {day_words(day)}"
        lines = tuple(wrap(said, sheet.text, _SIZE))
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


def _heads(told: Story, sheet: Sheet, bars: float, top: float) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    lowest = top
    for n, name in enumerate(LANES.values()):
        lines = paragraph(name, _lane(n, sheet), top, sheet.lane - 6, 10)
        marks += [line._replace(anchor="middle", bold=True) for line in lines]
        lowest = max(lowest, lines[-1].y)
    if told.contacts:
        marks.append(Words(bars + 4, top + 10, "Contact", 10, bold=True))
    for n in range(len(told.contacts)):
        x = bars + n * _BAR + _BAR / 2
        marks.append(Words(x, top + 24, str(n + 1), 10, "middle", True))
        lowest = max(lowest, top + 24)
    return marks, lowest + 6


def _grid(sheet: Sheet, bars: float, top: float, bottom: float) -> Iterator[Mark]:
    for n in range(len(LANES)):
        x = _lane(n, sheet)
        yield Stroke(((x, top), (x, bottom)), 0.5)
    yield Stroke(((sheet.margin, top), (bars, top)), 0.8)


def _row(row: Row, sheet: Sheet, words: float, width: float) -> Iterator[Mark]:
    base = row.y + _SIZE
    if row.event is None:
        yield Stroke(((sheet.margin, row.y - 2), (width - sheet.margin, row.y - 2)), 0.8, "6 3")
    else:
        yield Words(sheet.margin, base, partial_words(row.event.when), _SIZE)
        yield Round(_lane_of(row.event, sheet), row.y + 7, 4.5, 1.2, filled=is_exact(row.event))
    for n, line in enumerate(row.lines):
        yield Words(words, base + n * _SIZE * LINE_HEIGHT, line, _SIZE, bold=row.event is None)


def _lane(number: int, sheet: Sheet) -> float:
    """Where a lane stands, counted from 0."""
    return sheet.margin + sheet.dates + (number + 0.5) * sheet.lane


def _lane_of(event: Event, sheet: Sheet) -> float:
    return _lane([*LANES].index(event.lane), sheet)


def _spans(rows: Sequence[Row], sheet: Sheet) -> Iterator[Mark]:
    """A bar beside the lane over the month or year in which an entry lies."""
    taken: list[tuple[float, float]] = []
    for row in rows:
        if row.event is None or is_exact(row.event):
            continue
        x = _lane_of(row.event, sheet) - 10
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


def _gap(gap: Gap, sheet: Sheet, bars: float) -> Iterator[Mark]:
    left, right = sheet.margin + sheet.dates - 10, bars
    yield Box(left, gap.y - 10, right - left, 20, 0)
    for shift in (-10, 10):
        steps = int((right - left) / 11)
        points = tuple(
            (left + n * 11, gap.y + shift + (2 if n % 2 else -2)) for n in range(steps + 1)
        )
        yield Stroke(points, 0.8)
    yield Words((left + right) / 2, gap.y + 3.5, gap.words, 10, "middle")


def _notes(
    told: Story, gaps: Sequence[Gap], top: float, sheet: Sheet, width: float
) -> tuple[list[Mark], float]:
    said = [_contact(n, contact) for n, contact in enumerate(told.contacts, 1)]
    if not all(map(is_exact, told.events)):
        said.append(f"{INEXACT} It has an open circle, and a bar beside it covers that time.")
    if told.undated:
        words = "; ".join(map(undated_words, told.undated))
        said.append(f"{UNDATED}: {words}.")
    if gaps:
        said.append("Between two jagged lines time is shortened.")
    marks: list[Mark] = []
    for note in said:
        lines = paragraph(note, sheet.margin, top, width - 2 * sheet.margin, _SIZE)
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
