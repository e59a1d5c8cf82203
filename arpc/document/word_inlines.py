"""Inlines as runs of a Word file: words that are bold or small, links, references to footnotes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.xmlchemy import BaseOxmlElement

from arpc.document import tree
from arpc.document.ooxml import bookmarked, element, field, run

_URI = "%/:?#@!$&'()*+,;=-._~"  # what stands in an address as it is


class Look(NamedTuple):
    """How words look, besides their paragraph's style."""

    size: float | None = None
    bold: bool = False
    italic: bool = False
    style: str = ""


_PLAIN = Look()


class Words:
    """Turns inlines into runs of one part of the file, which keeps the addresses of its links."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._bookmarks = 0

    def inlines(self, inlines: tree.Inlines, look: Look = _PLAIN) -> list[BaseOxmlElement]:
        """Return inlines in a look."""
        return [part for inline in inlines for part in self._inline(inline, look)]

    def bookmarked(
        self, name: str, content: Iterable[BaseOxmlElement]
    ) -> Sequence[BaseOxmlElement]:
        """Return content that links can lead to by its name."""
        self._bookmarks += 1
        return bookmarked(self._bookmarks, name, content)

    def _inline(self, inline: tree.Inline, look: Look) -> Sequence[BaseOxmlElement]:
        match inline:
            case tree.Text(content):
                return (run(content, *_looks(look)),)
            case tree.Code(content):
                return (run(content, *_looks(look._replace(style="Code"))),)
            case tree.Break():
                return (element("r", element("br")),)
            case tree.Strong(children):
                return self.inlines(children, look._replace(bold=True))
            case tree.Emphasis(children):
                return self.inlines(children, look._replace(italic=True))
            case tree.Link(address, children):
                words = self.inlines(children, look._replace(style="Hyperlink"))
                return (element("hyperlink", *words, r_id=self._relation(address), history=1),)
            case tree.Note(number, 1):
                reference = element("footnoteReference", id=number)
                return self.bookmarked(f"_Note{number}", (raised(reference),))
            case tree.Note(number):
                style = element("rStyle", val="FootnoteReference")
                return field(f"NOTEREF _Note{number} \\f \\h", str(number), style)

    def _relation(self, address: str) -> str:
        # Word calls a file broken if it holds an address that is not well formed.
        return self._part.relate_to(
            quote(address, safe=_URI), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )


def _looks(look: Look) -> Iterator[BaseOxmlElement]:
    if look.style:
        yield element("rStyle", val=look.style)
    if look.bold:
        yield from (element("b"), element("bCs"))
    if look.italic:
        yield from (element("i"), element("iCs"))
    if look.size:
        half_points = round(look.size * 2)
        yield from (element("sz", val=half_points), element("szCs", val=half_points))


def bold(text: str) -> BaseOxmlElement:
    """Return bold words."""
    return run(text, *_looks(Look(bold=True)))


def raised(mark: BaseOxmlElement) -> BaseOxmlElement:
    """Return the mark of a footnote, in the text or before its own text."""
    return element("r", element("rPr", element("rStyle", val="FootnoteReference")), mark)
