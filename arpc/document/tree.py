"""A document once read: frozen blocks and inlines that hold the final words.

Shielding ends here: text in a tree is what the reader will see, and each output encodes it its
own way. Headings, captions and paragraphs have their numbers, so that all outputs number alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Literal words."""

    content: str


@dataclass(frozen=True, slots=True)
class Code:
    """Literal words in the manner of code."""

    content: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a paragraph."""


@dataclass(frozen=True, slots=True)
class Strong:
    """Words of importance."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed words, or a title."""

    children: Inlines


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a web or mail address."""

    address: str
    children: Inlines


@dataclass(frozen=True, slots=True)
class Note:
    """The `occurrence`-th reference (from 1) to footnote `number` (from 1)."""

    number: int
    occurrence: int


Inline: TypeAlias = Text | Code | Break | Strong | Emphasis | Link | Note
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; `number` is "" or like "1.2", `anchor` is unique."""

    level: int
    number: str
    anchor: str
    body: Inlines


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `tight` in an item of a tight list, `number` is "" or like "4.2"."""

    body: Inlines
    tight: bool = False
    number: str = ""

    @property
    def mark(self) -> str:
        """What stands before its words: "" or like "¶4.2"."""
        return f"¶{self.number}" if self.number else ""

    @property
    def is_title(self) -> bool:
        """Whether it is but a few words of importance, so the title of what follows."""
        return len(self.body) == 1 and isinstance(self.body[0], Strong)


@dataclass(frozen=True, slots=True)
class List:
    """A list: bullets if `start` is None, else numbered; `tight` without space between items."""

    start: int | None
    items: tuple[Blocks, ...]
    tight: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `number` is 0 if it has no caption, `alignments` are left, center or right."""

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    alignments: tuple[str, ...]
    caption: Inlines
    number: int

    @property
    def is_facts(self) -> bool:
        """Whether this is a list of labelled facts: two columns, the second without a heading."""
        return len(self.header) == 2 and not words(self.header[1])


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said; `attribution` may be ""."""

    attribution: str
    children: Blocks


@dataclass(frozen=True, slots=True)
class Callout:
    """What a reader must not miss."""

    title: str
    children: Blocks


@dataclass(frozen=True, slots=True)
class Small:
    """Blocks in smaller type."""

    children: Blocks


@dataclass(frozen=True, slots=True)
class Picture:
    """The place of the figure called `name`, the document's `number`-th."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Literal lines in the manner of code."""

    content: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The place of the list of headings."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The start of a new page."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between blocks."""


Block: TypeAlias = (
    Heading
    | Paragraph
    | List
    | Table
    | Quote
    | Callout
    | Small
    | Picture
    | CodeBlock
    | Contents
    | PageBreak
    | Rule
)
Blocks: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    `notes[n - 1]` is the text of footnote n, `labels[n - 1]` what the template calls it.
    """

    blocks: Blocks
    notes: tuple[Inlines, ...]
    labels: tuple[str, ...] = ()


def words(inlines: Inlines) -> str:
    """Return the words of some inlines; a footnote reference has none."""
    return "".join(_words(inline) for inline in inlines)


def has_note(inlines: Inlines) -> bool:
    """Return whether there is a footnote reference, however deep."""
    return next(noted(inlines), None) is not None


def noted(inlines: Inlines) -> Iterator[int]:
    """Yield the numbers of the footnotes that are referred to, however deep."""
    for inline in inlines:
        if isinstance(inline, Note):
            yield inline.number
        elif isinstance(inline, Strong | Emphasis | Link):
            yield from noted(inline.children)


def headings(blocks: Blocks) -> Iterator[Heading]:
    """Yield the headings, those in `Small` blocks included."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block
        elif isinstance(block, Small):
            yield from headings(block.children)


def texts(blocks: Blocks) -> Iterator[str]:
    """Yield the words of blocks, those of each paragraph, table row or title as one text."""
    for block in blocks:
        match block:
            case Heading(body=body) | Paragraph(body=body):
                yield words(body)
            case List(items=items):
                for item in items:
                    yield from texts(item)
            case Table(header=header, rows=rows, caption=caption):
                yield from filter(None, (words(caption),))
                yield from (" | ".join(words(cell) for cell in row) for row in (header, *rows))
            case Quote(attribution, children):
                yield from texts(children)
                yield from filter(None, (attribution,))
            case Callout(title, children):
                yield from filter(None, (title,))
                yield from texts(children)
            case Small(children):
                yield from texts(children)
            case CodeBlock(content):
                yield content
            case Picture() | Contents() | PageBreak() | Rule():
                pass


def plain_text(document: Document) -> str:
    """Return all words in order, the footnotes last, a blank line between blocks."""
    notes = (words(note) for note in document.notes)
    return "\n\n".join((*texts(document.blocks), *notes))


def _words(inline: Inline) -> str:
    match inline:
        case Text(content) | Code(content):
            return content
        case Break():
            return "\n"
        case Strong(children) | Emphasis(children) | Link(_, children):
            return words(children)
        case Note():
            return ""
