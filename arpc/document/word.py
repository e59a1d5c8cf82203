"""A tree as a Word file. The design is `templates/word`; here blocks and inlines get its styles.

Contents are a list of links without page numbers: a field would show none either until Word is
told to update it, and Word asks about that before it shows the text. Quotes and callouts are
paragraphs, not tables of one cell, which a screen reader would announce as tables. Pictures are
PNG: Word would set the words of an SVG in whatever font it has, over the lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import accumulate, pairwise, zip_longest
from typing import NamedTuple

from docx.document import Document
from docx.image.image import Image
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Inches

from arpc.document import columns, drawing, keeping, tree
from arpc.document.figures import Figure, find
from arpc.document.matter import FrontMatter
from arpc.document.ooxml import (
    element,
    empty_document,
    footnotes_part,
    paragraph,
    run,
    saved,
    styled,
)
from arpc.document.shield import clean
from arpc.document.word_inlines import Look, Words, bold, raised
from arpc.document.word_matter import front, set_up

_TEXT_WIDTH = 9184  # twentieths of a point, as all lengths here: 162 mm
_FRAME = 284  # how far quotes and callouts are moved in, as the styles have it
_STEP = 397  # how far each level of a list is moved in, as the numbering has it
_MARK = 57  # and this much more, so that there is room for the mark
_DEEPEST = 8  # the last of the levels that a Word list can have
_TIGHT = 40
_SMALL = 9.0  # points

_STYLE_INDENTS = {"Quote": _FRAME, "QuoteSource": _FRAME, "Callout": _FRAME, "CalloutTitle": _FRAME}


class _Place(NamedTuple):
    """What surrounds a block.

    Args:
        style: The style of its paragraphs.
        left: How far its text is moved in.
        depth: The level of the list that it is in, from 0; -1 outside lists.
        size: The size of its type in points, if not that of the style.
    """

    style: str = "Normal"
    left: int = 0
    depth: int = -1
    size: float | None = None


def word_file(document: tree.Document, matter: FrontMatter, figures: Sequence[Figure]) -> bytes:
    """Return the document as the bytes of a Word file."""
    file = empty_document()
    set_up(file, matter)
    writer = _Writer(file, document, figures)
    body = (*front(matter), *writer.blocks(document.blocks, _Place()))
    for part in body:
        file.element.body.insert_element_before(part, "w:sectPr")
    writer.write_notes()
    return saved(file)


class _Writer:
    def __init__(self, file: Document, document: tree.Document, figures: Sequence[Figure]) -> None:
        self._file = file
        self._document = document
        self._figures = figures
        self._words = Words(file.part)
        self._numbering = file.part.numbering_part.element
        self._lists = 0
        self._starts_page = False  # the next paragraph does

    def blocks(self, blocks: tree.Blocks, place: _Place) -> list[BaseOxmlElement]:
        parts: list[BaseOxmlElement] = []
        for block, following in zip_longest(blocks, blocks[1:]):
            parts += self._block(block, place, keeping.leads_to(block, following))
            if isinstance(block, tree.Quote | tree.Callout) and type(following) is type(block):
                parts.append(_gap())
        return parts

    def write_notes(self) -> None:
        part = footnotes_part(self._file)
        words = Words(part)
        for number, note in enumerate(self._document.notes, 1):
            content = (raised(element("footnoteRef")), run(" "), *words.inlines(note))
            part.element.append(element("footnote", paragraph("FootnoteText", content), id=number))

    def _block(self, block: tree.Block, place: _Place, leads: bool) -> Sequence[BaseOxmlElement]:
        match block:
            case tree.Heading():
                return (self._heading(block),)
            case tree.Paragraph(body, tight):
                words = (*_mark(block), *self._words.inlines(body, Look(place.size)))
                return (self._paragraph(place, words, keep=leads, tight=tight),)
            case tree.List():
                return self._list(block, place)
            case tree.Table():
                return self._table(block, place)
            case tree.Quote():
                return self._quote(block, place)
            case tree.Callout():
                return self._callout(block, place)
            case tree.Small(children):
                return self.blocks(children, place._replace(style="Small", size=_SMALL))
            case tree.Picture(name, number):
                return self._picture(find(self._figures, name), number, place)
            case tree.CodeBlock(content):
                return (self._paragraph(place._replace(style="CodeBlock"), (run(content),)),)
            case tree.Contents():
                return self._contents()
            case tree.PageBreak():
                self._starts_page = True
                return ()
            case tree.Rule():
                return (self._paragraph(place._replace(style="Divider"), ()),)

    def _paragraph(
        self,
        place: _Place,
        content: Iterable[BaseOxmlElement],
        *,
        keep: bool = False,
        tight: bool = False,
        number: int | None = None,
        alignment: str = "left",
    ) -> BaseOxmlElement:
        properties = []
        if keep:
            properties.append(element("keepNext"))
        if self._starts_page:
            properties.append(element("pageBreakBefore"))
            self._starts_page = False
        if number is not None:
            level = min(place.depth, _DEEPEST)
            properties.append(
                element("numPr", element("ilvl", val=level), element("numId", val=number))
            )
        if tight:
            properties.append(element("spacing", after=_TIGHT))
        if number is not None and not _is_plain(place):
            properties.append(element("ind", left=place.left, hanging=_STEP))
        elif number is None and place.left != _STYLE_INDENTS.get(place.style, 0):
            properties.append(element("ind", left=place.left))
        if alignment != "left":
            properties.append(element("jc", val=alignment))
        return paragraph(place.style, content, *properties)

    def _heading(self, heading: tree.Heading) -> BaseOxmlElement:
        words = self._words.inlines(heading.body)
        number = (run(f"{heading.number} "),) if heading.number else ()
        content = self._words.bookmarked(_bookmark(heading), (*number, *words))
        return self._paragraph(_Place(f"Heading{heading.level}"), content)

    def _contents(self) -> Sequence[BaseOxmlElement]:
        entries = [
            paragraph(f"TOC{heading.level}", (_entry(heading),))
            for heading in tree.headings(self._document.blocks)
            if heading.level <= 2
        ]
        return (self._paragraph(_Place("TOCHeading"), (run("Contents"),)), *entries)

    def _list(self, block: tree.List, place: _Place) -> Sequence[BaseOxmlElement]:
        number = self._new_list(block.start, place.depth + 1)
        kind = "ListBullet" if block.start is None else "ListNumber"
        indent = _list_indent(place.depth + 1) if _is_plain(place) else place.left + _STEP
        inner = place._replace(left=indent, depth=place.depth + 1)
        parts = [part for item in block.items for part in self._item(item, inner, kind, number)]
        if place.depth < 0 and parts:
            _loosen(parts[-1])
        return parts

    def _item(
        self, item: tree.Blocks, place: _Place, kind: str, number: int
    ) -> Iterator[BaseOxmlElement]:
        first, further = (
            (place._replace(style=kind), place._replace(style="ListContinue"))
            if _is_plain(place)
            else (place, place)
        )
        opening = tree.Paragraph((), tight=True)
        if item and isinstance(item[0], tree.Paragraph):
            opening, item = item[0], item[1:]
        words = (*_mark(opening), *self._words.inlines(opening.body, Look(place.size)))
        yield self._paragraph(first, words, tight=opening.tight, number=number)
        yield from self.blocks(item, further)

    def _new_list(self, start: int | None, depth: int) -> int:
        self._lists += 1
        level = min(depth, _DEEPEST)
        override = element("lvlOverride", element("startOverride", val=start or 0), ilvl=level)
        self._numbering.append(
            element(
                "num",
                element("abstractNumId", val=0 if start is None else 1),
                *(() if start is None else (override,)),
                numId=self._lists,
            )
        )
        return self._lists

    def _quote(self, block: tree.Quote, place: _Place) -> Sequence[BaseOxmlElement]:
        inner = place._replace(style="Quote", left=place.left + _FRAME)
        parts = self.blocks(block.children, inner)
        if block.attribution:
            words = (run(f"— {block.attribution}"),)
            parts.append(self._paragraph(inner._replace(style="QuoteSource"), words))
        return _kept(parts) if keeping.is_short(block) else parts

    def _callout(self, block: tree.Callout, place: _Place) -> Sequence[BaseOxmlElement]:
        inner = place._replace(style="Callout", left=place.left + _FRAME)
        title = inner._replace(style="CalloutTitle")
        top = (self._paragraph(title, (run(block.title),)),) if block.title else ()
        parts = [*top, *self.blocks(block.children, inner)]
        return _kept(parts) if keeping.is_short(block) else parts

    def _picture(self, figure: Figure, number: int, place: _Place) -> Sequence[BaseOxmlElement]:
        png = drawing.to_png(figure.svg)
        width = Inches(Image.from_blob(png).px_width / drawing.DENSITY)
        inline = self._file.part.new_pic_inline(BytesIO(png), width)
        inline.docPr.set("id", str(number))
        inline.docPr.set("name", f"Figure {number}")
        inline.docPr.set("descr", clean(figure.alt))
        picture = element("r", element("drawing", inline))
        words = (bold(f"Figure {number}. "), run(figure.caption))
        return (
            self._paragraph(place._replace(style="Figure"), (picture,)),
            self._paragraph(place._replace(style="FigureCaption"), words),
        )

    def _table(self, table: tree.Table, place: _Place) -> Sequence[BaseOxmlElement]:
        caption = self._table_caption(table, place)
        rows = [keeping.row_words(row) for row in (table.header, *table.rows)]
        room = columns.PAGE * 10 / columns.type_size(len(table.header))
        shares = [0.32, 0.68] if table.is_facts else columns.widths(rows, room)
        widths = _shared(_TEXT_WIDTH - place.left, shares)
        estimates = [width * room / _TEXT_WIDTH for width in widths]
        header = self._header(table, widths, keeping.is_repeatable(rows[0], estimates))
        first = "TableLabel" if table.is_facts else "TableText"
        styles = (first, *("TableText",) * (len(widths) - 1))
        body = [
            self._row(table, cells, styles, widths, _marks(row, estimates))
            for cells, row in zip(table.rows, rows[1:], strict=True)
        ]
        name = tree.words(table.caption) or tree.words(table.header[0])
        grid = element("tblGrid", *(element("gridCol", w=width) for width in widths))
        properties = _table_properties(sum(widths), place.left, bool(header), name)
        return (*caption, element("tbl", properties, grid, *header, *body), _gap())

    def _table_caption(self, table: tree.Table, place: _Place) -> Sequence[BaseOxmlElement]:
        if not table.number:
            return ()
        words = (bold(f"Table {table.number}. "), *self._words.inlines(table.caption))
        return (self._paragraph(place._replace(style="TableCaption"), words),)

    def _header(
        self, table: tree.Table, widths: Sequence[int], repeats: bool
    ) -> Sequence[BaseOxmlElement]:
        marks = ("cantSplit", "tblHeader") if repeats else ()
        styles = ("TableHeading",) * len(widths)
        if not table.is_facts:
            return (self._row(table, table.header, styles, widths, marks),)
        if not table.header[0]:
            return ()
        title = self._cell(table.header[0], styles[0], _table_size(table), sum(widths), span=2)
        return (element("tr", _row_properties(marks), title),)

    def _row(
        self,
        table: tree.Table,
        row: Sequence[tree.Inlines],
        styles: Sequence[str],
        widths: Sequence[int],
        marks: Sequence[str],
    ) -> BaseOxmlElement:
        cells = (
            self._cell(words, style, _table_size(table), width, alignment)
            for words, style, width, alignment in zip(
                row, styles, widths, table.alignments, strict=True
            )
        )
        return element("tr", _row_properties(marks), *cells)

    def _cell(
        self,
        words: tree.Inlines,
        style: str,
        size: float,
        width: int,
        alignment: str = "left",
        span: int = 1,
    ) -> BaseOxmlElement:
        content = self._words.inlines(words, Look(size))
        properties = element(
            "tcPr", element("tcW", w=width, type="dxa"), element("gridSpan", val=span)
        )
        return element(
            "tc", properties, self._paragraph(_Place(style), content, alignment=alignment)
        )


def _bookmark(heading: tree.Heading) -> str:
    return heading.anchor.replace("-", "_")


def _entry(heading: tree.Heading) -> BaseOxmlElement:
    title = f"{heading.number} {tree.words(heading.body)}".replace("\n", " ").strip()
    return element("hyperlink", run(title), anchor=_bookmark(heading), history=1)


def _mark(paragraph: tree.Paragraph) -> Sequence[BaseOxmlElement]:
    return (styled(f"{paragraph.mark} ", "ParagraphNumber"),) if paragraph.mark else ()


def _gap() -> BaseOxmlElement:
    """Return what stands between two tables or two frames, which Word would join."""
    return paragraph("Gap", ())


def _is_plain(place: _Place) -> bool:
    """Return whether a place is outside quotes and callouts, whose bar each paragraph continues."""
    return place.style not in _STYLE_INDENTS


def _list_indent(depth: int) -> int:
    return _STEP * (depth + 1) + _MARK


def _loosen(last: BaseOxmlElement) -> None:
    """Give the last paragraph of a tight list the room that any paragraph has below it."""
    for spacing in last.findall(f"{qn('w:pPr')}/{qn('w:spacing')}"):
        spacing.getparent().remove(spacing)


def _kept(parts: Sequence[BaseOxmlElement]) -> Sequence[BaseOxmlElement]:
    """Keep paragraphs on one page."""
    for part in parts[:-1]:
        properties = part.find(qn("w:pPr"))
        if properties is not None and properties.find(qn("w:keepNext")) is None:
            properties.insert(1, element("keepNext"))
    return parts


def _marks(row: Sequence[str], room: Sequence[float]) -> Sequence[str]:
    return ("cantSplit",) if keeping.is_short_row(row, room) else ()


def _row_properties(marks: Sequence[str]) -> BaseOxmlElement:
    return element("trPr", *map(element, marks))


def _table_size(table: tree.Table) -> float:
    """Return a table's type size in points; Arial is that much larger than the type of the PDF."""
    return columns.type_size(len(table.header)) - 0.5


def _table_properties(width: int, left: int, has_header: bool, name: str) -> BaseOxmlElement:
    return element(
        "tblPr",
        element("tblStyle", val="ReportTable"),
        element("tblW", w=width, type="dxa"),
        element("tblInd", w=left, type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", firstRow=int(has_header), firstColumn=1, noHBand=1, noVBand=1),
        element("tblCaption", val=clean(name)),
    )


def _shared(width: int, shares: Sequence[float]) -> list[int]:
    """Share a width in whole numbers that add up to it."""
    ends = [round(width * end / sum(shares)) for end in accumulate(shares)]
    return [end - start for start, end in pairwise((0, *ends))]
