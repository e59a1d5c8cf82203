"""Tables before they are set: column widths and row heights, estimated from the words alone.

Widths are in characters of average width. Every column gets its longest word, or its longest
cell if all are short. Half of what is left is shared by how much the columns say; the rest goes
step by step to the column that makes the table tallest, while any cell is longer than a line, and
then to blank columns, which are there to be written in. (Typst's own automatic widths starve
prose beside many short cells.)
"""

import re
import unicodedata
from collections.abc import Sequence
from math import ceil

PAGE = 96.0  # characters of 10 pt type across the page, measured on prose
LONGEST_WORD = 24  # longer ones are broken rather than given a wide column

_PADDING = 2.4  # the space at both sides of a cell
_STEPS = 24
_SAMPLE = 50  # rows, evenly spread: enough to judge a long table by
_WIDE = re.compile("[A-Z0-9mwMW@%&]")
_BREAK_AFTER = frozenset("/?&=._-:;,@")
_BREAK_EVERY = 8  # characters
_SHORT_CELL = 17  # a date or a name
_PARTS = re.compile(r"[ \n]|(?<=\w{6}[-/–—])")


def widths(rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """Share `room` between the columns of a table; the first of the `rows` is its header."""
    columns = list(zip(*rows, strict=True))
    result = [_least(column, _SHORT_CELL) for column in columns]
    if sum(result) > room * 0.8:
        result = [_least(column, 0) for column in columns]
    spare = room - sum(result)
    if spare < 0:
        return [width * room / sum(result) for width in result]
    means = [sum(map(len, column)) / len(column) for column in columns]
    wrapped = [n for n, column in enumerate(columns) if _longest(column) > result[n] - _PADDING]
    for n in wrapped:
        result[n] += spare / 2 * means[n] / sum(means[n] for n in wrapped)
    spare = room - sum(result)
    sample = [[len(cell) for cell in row] for row in rows[:: len(rows) // _SAMPLE + 1]]
    for _ in range(_STEPS):
        tallest = _tallest(sample, result)
        if tallest is None:
            break
        result[tallest] += spare / _STEPS
    spare = room - sum(result)
    blank = [n for n, (_, *cells) in enumerate(columns) if cells and not any(cells)]
    for n in blank:
        result[n] += spare / len(blank)
    return result


def lines(row: Sequence[str], room: Sequence[float]) -> int:
    """Estimate how many lines the tallest cell of a row takes."""
    return max(
        sum(max(1, ceil(len(line) / max(width - _PADDING, 4))) for line in cell.split("\n"))
        for cell, width in zip(row, room, strict=True)
    )


def longest_unbroken(width: float) -> int:
    """Return how many characters without a break are sure to fit in a column."""
    return max(int((width - _PADDING) * 0.9), 4)


def type_size(count: int) -> float:
    """Return the type size for a table of `count` columns, in points."""
    return {5: 9.5, 6: 9}.get(count, 10 if count < 5 else 8.5)


def pieces(word: str) -> list[str]:
    """Return the parts of a word too long for its line, between which it may be broken."""
    parts = [""]
    for character in word:
        is_full = parts[-1][-1:] in _BREAK_AFTER or len(parts[-1]) >= _BREAK_EVERY
        if parts[-1] and is_full and not unicodedata.combining(character):
            parts.append("")
        parts[-1] += character
    return parts


def size(word: str) -> float:
    """Return the width of a word in characters, capitals and digits counting for more."""
    return len(word) + 0.25 * len(_WIDE.findall(word))


def _tallest(lengths: Sequence[Sequence[int]], room: Sequence[float]) -> int | None:
    """Return the column that makes the table tallest, or None if every cell fits on a line."""
    heights = [0.0] * len(room)
    for row in lengths:
        lines = [length / max(width - _PADDING, 1) for length, width in zip(row, room, strict=True)]
        highest = max(lines)
        if highest > 1:
            heights[lines.index(highest)] += highest
    return heights.index(max(heights)) if any(heights) else None


def _longest(column: Sequence[str]) -> int:
    return max(map(len, column))


def _least(column: Sequence[str], short: int) -> float:
    """Return the width that keeps words whole, and cells too if none is longer than `short`."""
    header, *cells = column
    title = max(size(word) for word in _PARTS.split(header)) * 1.1  # it is bold
    if all(len(cell) <= short for cell in cells):
        longest = max((len(cell) * 1.05 for cell in cells), default=0.0)
    else:
        longest = max(size(word) for cell in cells for word in _PARTS.split(cell))
    return max(title, min(longest, LONGEST_WORD)) + _PADDING
