"""A tree as Typst code. Text leaves only through `_literal`, as a Typst string in code mode.

The output is calls of the functions in `templates/report.typ` and nothing else: there is no
markup for text to escape into.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from arpc.document import columns, drawing, glyphs, keeping, tree
from arpc.document.figures import Figure, find
from arpc.document.matter import FrontMatter, in_margin
from arpc.document.shield import clean

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})

_LINE = 60  # characters that fit a line of the text, however wide they are
_LARGE_LINE = 44  # the same in large type
_HEADING_LINE = 30

_LONGEST_ALT = 8_000  # characters; PDF/A-2 allows 32,767 bytes for them, of which one may take four
_CUT = (
    " Here the description ends, since a PDF has no room for more of it; as a web page or for Word the same"
    " document has all of it."
)


def typst_source(document: tree.Document, matter: FrontMatter, figures: Iterable[Figure]) -> str:
    """Return what follows `templates/report.typ` in the file that Typst reads."""
    writer = _Writer(document.notes, tuple(figures), _LARGE_LINE if matter.large else _LINE)
    return f"#show: report.with({_matter(matter)})\n#{{\n{writer.blocks(document.blocks)}}}\n"


class _Writer:
    def __init__(self, notes: Sequence[tree.Inlines], figures: Sequence[Figure], line: int) -> None:
        self._notes = notes
        self._figures = figures
        self._line = line

    def blocks(self, blocks: tree.Blocks) -> str:
        code = []
        for block, following in zip_longest(blocks, blocks[1:]):
            leads = keeping.leads_to(block, following)
            code.append(
                f"sticky({{{self._block(block)}}})\n" if leads else f"{self._block(block)}\n"
            )
        return "".join(code)

    def _block(self, block: tree.Block) -> str:
        match block:
            case tree.Heading():
                return self._heading(block)
            case tree.Paragraph(body, tight):
                # Without the break Typst sets a list that follows as part of the paragraph.
                code = self._inlines(body)
                if block.mark:
                    code = f"{{mark({_literal(block.mark)});{code}}}"
                return code if tight else f"par({code});parbreak()"
            case tree.List(start, items, tight):
                kind = "list(" if start is None else f"enum(start:{start},"
                kind += f"tight:{'true' if tight else 'false'},"
                return kind + "".join(f"{self._body(item)}," for item in items) + ")"
            case tree.Table():
                return self._table(block)
            case tree.Quote(attribution, children):
                by = f"attribution:{_string(attribution)}," if attribution else ""
                return _whole(block, f"quote(block:true,{by}{self._body(children)})")
            case tree.Callout(title, children):
                return _whole(block, f"callout({_string(title)},{self._body(children)})")
            case tree.Small(children):
                return f"small({self._body(children)})"
            case tree.Picture(name):
                return self._picture(find(self._figures, name))
            case tree.CodeBlock(content):
                return f"raw(block:true,{_string(content)})"
            case tree.Contents():
                return "contents()"
            case tree.PageBreak():
                return "pagebreak(weak:true)"
            case tree.Rule():
                return "divider()"

    def _body(self, blocks: tree.Blocks) -> str:
        return f"{{{self.blocks(blocks)}}}" if blocks else "[]"

    def _heading(self, heading: tree.Heading) -> str:
        numbering = f"(..)=>{_literal(heading.number)}" if heading.number else "none"
        body = self._inlines(heading.body, _HEADING_LINE)
        return f"heading(level:{heading.level},numbering:{numbering},{body})"

    def _picture(self, figure: Figure) -> str:
        svg = _literal(drawing.prepared(figure.svg))
        wide = "wide-" if drawing.is_wide(figure.svg) else ""
        return f"{wide}picture({svg},alt:{_literal(_short(figure.alt))},caption:{_string(figure.caption)})"

    def _table(self, table: tree.Table) -> str:
        count = len(table.header)
        room = columns.PAGE * 10 / columns.type_size(count)
        rows = [keeping.row_words(row) for row in (table.header, *table.rows)]
        widths = columns.widths(rows, room)
        if table.is_facts:
            widths = [room * 0.32, room * 0.68]
        limits = [columns.longest_unbroken(width) for width in widths]
        arguments = [
            f"caption:{self._inlines(table.caption) if table.number else 'none'}",
            f"clings:{'true' if keeping.is_short_text(table.caption) else 'false'}",
            f"size:{columns.type_size(count)}pt",
            f"columns:({','.join(f'{width:.2f}fr' for width in widths)},)",
            f"aligns:({','.join(table.alignments)},)",
            f"repeat:{_repeat(table, keeping.is_repeatable(rows[0], widths))}",
            f"header:({','.join(self._row(table.header, limits))},)",
        ]
        for cells, row in zip(table.rows, rows[1:], strict=True):
            first, *others = self._row(cells, limits)
            if keeping.is_short_row(row, widths):
                first = f"table.cell(breakable:false,{first})"
            arguments.append(",".join((first, *others)))
        function = "facts" if table.is_facts else "datatable"
        return f"{function}(" + ",\n".join(arguments) + ")"

    def _row(self, cells: Sequence[tree.Inlines], limits: Sequence[int]) -> list[str]:
        return [self._inlines(cell, limit) for cell, limit in zip(cells, limits, strict=True)]

    def _inlines(self, inlines: tree.Inlines, limit: int = 0) -> str:
        limit = limit or self._line
        code = ";".join(filter(None, (self._inline(inline, limit) for inline in inlines)))
        return f"{{{code}}}" if code else "[]"

    def _inline(self, inline: tree.Inline, limit: int) -> str:
        match inline:
            case tree.Text(content):
                return _string(content, limit)
            case tree.Code(content):
                return f"raw({_string(content, limit)})"
            case tree.Break():
                return "linebreak()"
            case tree.Strong(children):
                return f"strong({self._inlines(children, limit)})"
            case tree.Emphasis(children):
                return f"emph({self._inlines(children, limit)})"
            case tree.Link(address, children):
                return f"link({_literal(address)},{self._inlines(children, limit)})"
            case tree.Note(number, 1):
                return f"[#footnote({self._inlines(self._notes[number - 1])})<note-{number}>]"
            case tree.Note(number):
                return f"footnote(<note-{number}>)"


def _matter(matter: FrontMatter) -> str:
    details = "".join(f"({_string(a)},{_string(b, 24)})," for a, b in matter.details)
    language, _, region = matter.lang.partition("-")
    return ",".join(
        (
            # Metadata needs no glyphs, so it has the words as they are.
            f"meta:({_literal(matter.title)},{_literal(matter.subtitle)},"
            f"{_literal(matter.author)},({_literal(matter.reference)},{_literal(matter.marking)},))",
            f"title:{_string(matter.title, _HEADING_LINE)}",
            f"short-title:{_string(in_margin(matter.title))}",
            f"subtitle:{_string(matter.subtitle)}",
            f"marking:{_string(in_margin(matter.marking))}",
            f"banner:{_string(matter.banner)}",
            f"status:{_literal(matter.status)}",
            f"edition:{_string(in_margin(matter.edition))}",
            f"practice:{_string(matter.practice)}",
            f"short-practice:{_string(in_margin(matter.practice))}",
            f"details:({details})",
            f"large:{'true' if matter.large else 'false'}",
            f"lang:{_literal(language)}",
            f"region:{_literal(region) if region else 'none'}",
        )
    )


def _short(alt: str) -> str:
    """What a picture says, if need be as many whole sentences of it as a PDF has room for, and where the rest is."""
    if len(alt) <= _LONGEST_ALT:
        return alt
    beginning = alt[: _LONGEST_ALT - len(_CUT)]
    return f"{beginning.rpartition('. ')[0] or beginning}.{_CUT}"


def _whole(block: tree.Quote | tree.Callout, code: str) -> str:
    return f"whole({code})" if keeping.is_short(block) else code


def _repeat(table: tree.Table, can_repeat: bool) -> str:
    """Return whether a header is printed on every page; "none" if it is to be set as a row."""
    if not can_repeat:
        return "none"
    # What is repeated is an artifact of the page, and those may not hold a link to a footnote.
    return "false" if any(map(tree.has_note, table.header)) else "true"


def _string(text: str, limit: int = _LINE) -> str:
    """Return words to be printed: only characters with a glyph, no string longer than a line."""
    unbroken = re.compile(rf"\S{{{limit + 1},}}")
    return _literal(unbroken.sub(_offer_breaks, glyphs.printable(clean(text))))


def _offer_breaks(match: re.Match[str]) -> str:
    """Put a zero-width space wherever a string may be broken, as Typst would never break it."""
    return "\u200b".join(columns.pieces(match[0]))


def _literal(text: str) -> str:
    return f'"{clean(text).translate(_ESCAPES)}"'
