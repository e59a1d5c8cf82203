"""What a page is made of: plain values, to be broken into lines where they are printed."""

import re
from collections.abc import Iterator
from typing import NamedTuple

CUT = " …"
"""How a line ends of which there is more in its record."""
BULLET = "-"
"""What stands before an item of a list."""

_ITEM = re.compile(r"\n(?=\s*[-*] )")
_BLANK = re.compile(r"\n\s*\n")


class Line(NamedTuple):
    """A paragraph, broken at the width of the screen; "" is a blank line."""

    text: str
    lead: str = ""
    """What stands before it; the text is set in to the right of it."""
    depth: int = 0
    """How far it is set in, in steps."""


class Section(NamedTuple):
    """Paragraphs under a heading, which may be ""."""

    title: str
    lines: tuple[Line, ...]


class Page(NamedTuple):
    """One page for reading."""

    marking: str
    """Who may see it."""
    title: str
    facts: tuple[str, ...]
    """What stands below the title."""
    sections: tuple[Section, ...]
    is_dense: bool = False
    """Whether headings stand without a blank line, to keep it on one screen or sheet."""


def paragraphs(text: str, lead: str = "", depth: int = 0) -> Iterator[Line]:
    """Yield prose paragraph by paragraph; an entry of a list in it stays a line of its own."""
    for number, part in enumerate(_BLANK.split(text.strip())):
        if number:
            yield Line("")
        for item in _ITEM.split(part):
            yield Line(" ".join(item.split()), lead, depth)
            lead = ""
