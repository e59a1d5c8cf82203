"""What a drawing is made of, and how much room words take. Units are pixels, y grows downwards."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LINE_HEIGHT = 1.25  # of the font size


class Stroke(NamedTuple):
    """A line through points; closed, it is filled with white."""

    points: tuple[tuple[float, float], ...]
    width: float = 1.4
    dash: str = ""
    closed: bool = False


class Round(NamedTuple):
    """A circle."""

    x: float
    y: float
    radius: float
    width: float = 1.4
    filled: bool = False


class Box(NamedTuple):
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    stroke: float = 1.4
    dash: str = ""
    corner: float = 0
    fill: str = "white"


class Words(NamedTuple):
    """One line of text; `y` is its base line, `anchor` is start or middle."""

    x: float
    y: float
    text: str
    size: float = 12
    anchor: str = "start"
    bold: bool = False


Mark = Stroke | Round | Box | Words


class Drawing(NamedTuple):
    """A picture with its text alternative."""

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]


def room(text: str, size: float) -> float:
    """The width that `text` takes at most in a common sans-serif face."""
    return sum(map(_em, text)) * size


def wrap(text: str, width: float, size: float) -> list[str]:
    """Break `text` into lines that fit `width`; a word that is longer is broken, nothing is lost."""
    return [*_lines(text, width, size)]


# A picture is laid out again for every height that is tried, with the same headings and entries.
@lru_cache(10_000)
def _lines(text: str, width: float, size: float) -> tuple[str, ...]:
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width, size):
            longer = f"{lines[-1]} {piece}" if lines[-1] else piece
            if room(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    return tuple(lines)


def paragraph(text: str, x: float, top: float, width: float, size: float = 12) -> list[Words]:
    """Set `text` in lines below `top`."""
    step = size * LINE_HEIGHT
    lines = wrap(text, width, size)
    return [Words(x, top + size + n * step, line, size) for n, line in enumerate(lines)]


def heading(title: str, marking: str, x: float, width: float) -> list[Words]:
    """Set who may see a picture, and its title below that, at the top of the picture."""
    above = paragraph(marking, x, 10, width, 10) if marking else []
    top = above[-1].y + 8 if above else 14
    return [w._replace(bold=True) for w in (*above, *paragraph(title, x, top, width, 15))]


def _pieces(word: str, width: float, size: float) -> Iterator[str]:
    """A word that fits, or its parts: broken after a hyphen where there is one."""
    piece = ""
    for character in word:
        if piece and room(piece + character, size) > width:
            keep = piece.rfind("-") + 1 or len(piece)
            yield piece[:keep]
            piece = piece[keep:]
        piece += character
    yield piece


@lru_cache(4096)
def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in "ijlI.,:;'|!()[] ":
        return 0.36
    if character in "mwMW@%" or ord(character) > 0x2FF:
        return 1
    return 0.78 if character.isupper() else 0.64
