"""HTML: one file that stands alone, for screens of any width, screen readers and paper.

No script and nothing from elsewhere: the content security policy in the file allows its own
style sheet, named by its hash, and pictures held in the file. Text leaves only through
`_escaped`, and through `_css_string` where the style sheet prints the marking on paper.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from arpc import resources
from arpc.document import columns, tree
from arpc.document.figures import Figure, find
from arpc.document.matter import FrontMatter
from arpc.document.shield import clean

_LONG = rf"\S{{{columns.LONGEST_WORD + 1},}}"
_CODE = r"\b[A-Z0-9]{1,4}-[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,2})?\b"  # a record or a date
_LONG_OR_CODE = re.compile(f"({_LONG}|{_CODE})")


def to_html(document: tree.Document, matter: FrontMatter, figures: Iterable[Figure] = ()) -> str:
    """Return the document as one HTML file."""
    writer = _Writer(document, tuple(figures))
    body = writer.blocks(document.blocks)
    sheet = (resources.folder("templates") / "report.css").read_text("utf-8")
    style = "\n" + sheet + "\n".join((*writer.column_rules, *_page_rules(matter))) + "\n"
    large = ' class="large"' if matter.large else ""
    return (
        "<!doctype html>\n"
        f'<html lang="{_escaped(matter.lang)}"{large}>\n'
        f"{_head(matter, style)}"
        "<body>\n"
        '<a class="skip" href="#main">Skip to the text</a>\n'
        f"{_header(matter)}"
        f'<main id="main">\n{body}{writer.endnotes()}</main>\n'
        f'<footer><p class="banner">{_escaped(matter.banner)}</p></footer>\n'
        "</body>\n</html>\n"
    )


class _Writer:
    def __init__(self, document: tree.Document, figures: Sequence[Figure]) -> None:
        self._document = document
        self._figures = figures
        self._references = [0] * len(document.notes)
        self._captionless = 0
        self.column_rules: list[str] = []

    def blocks(self, blocks: tree.Blocks) -> str:
        return "".join(self._block(block) for block in blocks)

    def endnotes(self) -> str:
        if not self._document.notes:
            return ""
        items = "".join(
            f'<li id="note-{number}">{self._inlines(note)}{self._backlinks(number)}</li>\n'
            for number, note in enumerate(self._document.notes, 1)
        )
        return (
            '<section class="notes" role="doc-endnotes" aria-labelledby="notes">\n'
            f'<h2 id="notes">Notes</h2>\n<ol>\n{items}</ol>\n</section>\n'
        )

    def _block(self, block: tree.Block) -> str:
        match block:
            case tree.Heading(level, _, anchor):
                tag = f"h{level + 1}"
                return f'<{tag} id="{anchor}">{self._title(block)}</{tag}>\n'
            case tree.Paragraph(body, tight):
                words = _paragraph_mark(block) + self._inlines(body)
                return words if tight else f"<p>{words}</p>\n"
            case tree.List(start, items):
                tag, first = ("ul", "") if start is None else ("ol", f' start="{start}"')
                inner = "".join(f"<li>{self.blocks(item)}</li>\n" for item in items)
                return f"<{tag}{first}>\n{inner}</{tag}>\n"
            case tree.Table():
                return self._table(block)
            case tree.Quote(attribution, children):
                by = f"<figcaption>— {_escaped(attribution)}</figcaption>\n" if attribution else ""
                quoted = f"<blockquote>\n{self.blocks(children)}</blockquote>\n"
                return f'<figure class="quote">\n{quoted}{by}</figure>\n' if by else quoted
            case tree.Callout(title, children):
                top = f"<p><strong>{_escaped(title)}</strong></p>\n" if title else ""
                return f'<div class="callout" role="note">\n{top}{self.blocks(children)}</div>\n'
            case tree.Small(children):
                return f'<div class="small">\n{self.blocks(children)}</div>\n'
            case tree.Picture(name, number):
                return self._picture(find(self._figures, name), number)
            case tree.CodeBlock(content):
                return f'<pre tabindex="0"><code>{_escaped(content)}</code></pre>\n'
            case tree.Contents():
                return self._contents()
            case tree.PageBreak():
                return '<div class="new-page"></div>\n'
            case tree.Rule():
                return "<hr>\n"

    def _title(self, heading: tree.Heading) -> str:
        number = f'<span class="number">{heading.number}</span> ' if heading.number else ""
        return number + self._inlines(heading.body)

    def _contents(self) -> str:
        chapters: list[tuple[tree.Heading, list[tree.Heading]]] = []
        for heading in tree.headings(self._document.blocks):
            if heading.level == 1:
                chapters.append((heading, []))
            elif heading.level == 2:
                chapters[-1][1].append(heading)
        items = []
        for chapter, sections in chapters:
            inner = "".join(f"<li>{self._entry(section)}</li>\n" for section in sections)
            nested = f"\n<ol>\n{inner}</ol>\n" if inner else ""
            items.append(f"<li>{self._entry(chapter)}{nested}</li>\n")
        return (
            '<nav class="contents" aria-labelledby="contents">\n'
            f'<h2 id="contents">Contents</h2>\n<ol>\n{"".join(items)}</ol>\n</nav>\n'
        )

    def _entry(self, heading: tree.Heading) -> str:
        return f'<a href="#{heading.anchor}">{self._title(heading)}</a>'

    def _picture(self, figure: Figure, number: int) -> str:
        data = b64encode(figure.svg.encode()).decode()
        label = f"Figure {number}"
        return (
            f'<figure>\n<div class="scroll picture" role="group" tabindex="0" aria-label="{label}">'
            f'<img alt="{_escaped(figure.alt)}" src="data:image/svg+xml;base64,{data}"></div>\n'
            f"<figcaption><strong>{label}.</strong> {_escaped(figure.caption)}</figcaption>\n"
            "</figure>\n"
        )

    def _table(self, table: tree.Table) -> str:
        name, caption = self._table_name(table)
        if table.is_facts:
            kind, group = "facts", ""
            top = '<th colspan="2" scope="colgroup">{}</th>'
            titles = [top.format(self._inlines(table.header[0]))] if table.header[0] else []
        else:
            kind, group = f"columns-{len(table.header)}", self._column_group(table, name)
            titles = [
                self._cell(cell, alignment, "col")
                for cell, alignment in zip(table.header, table.alignments, strict=True)
            ]
        head = f"<thead><tr>{''.join(titles)}</tr></thead>\n" if titles else ""
        rows = "".join(f"<tr>{self._row(row, table.alignments)}</tr>\n" for row in table.rows)
        label = _escaped(tree.words(table.caption) or tree.words(table.header[0]) or "Table")
        return (
            f'<div class="scroll" role="group" tabindex="0" aria-label="{label}">\n'
            f'<table id="{name}" class="{kind}">\n{caption}{group}{head}'
            f"<tbody>\n{rows}</tbody>\n</table></div>\n"
        )

    def _table_name(self, table: tree.Table) -> tuple[str, str]:
        """Return the id of a table and its caption element, or ""."""
        if not table.number:
            self._captionless += 1
            return f"table-u{self._captionless}", ""
        words = self._inlines(table.caption)
        number = f"<strong>Table {table.number}.</strong>"
        return f"table-{table.number}", f"<caption>{number} {words}</caption>\n"

    def _column_group(self, table: tree.Table, name: str) -> str:
        rows = [[tree.words(cell) for cell in row] for row in (table.header, *table.rows)]
        widths = columns.widths(rows, columns.PAGE)
        for column, width in enumerate(widths, 1):
            share = 100 * width / sum(widths)
            self.column_rules.append(f"#{name} col:nth-child({column}){{width:{share:.1f}%}}")
        return f"<colgroup>{'<col>' * len(widths)}</colgroup>\n"

    def _row(self, row: Sequence[tree.Inlines], alignments: Sequence[str]) -> str:
        return "".join(
            self._cell(cell, alignment, "" if index else "row")
            for index, (cell, alignment) in enumerate(zip(row, alignments, strict=True))
        )

    def _cell(self, cell: tree.Inlines, alignment: str, heads: str) -> str:
        # A header without words would be announced as nothing.
        tag, scope = ("th", f' scope="{heads}"') if heads and cell else ("td", "")
        return f"<{tag}{scope}{_aligned(alignment)}>{self._inlines(cell)}</{tag}>"

    def _inlines(self, inlines: tree.Inlines) -> str:
        return "".join(self._inline(inline) for inline in inlines)

    def _inline(self, inline: tree.Inline) -> str:
        match inline:
            case tree.Text(content):
                return _text(content)
            case tree.Code(content):
                return f"<code>{_escaped(content)}</code>"
            case tree.Break():
                return "<br>"
            case tree.Strong(children):
                return f"<strong>{self._inlines(children)}</strong>"
            case tree.Emphasis(children):
                return f"<em>{self._inlines(children)}</em>"
            case tree.Link(address, children):
                return f'<a href="{_escaped(address)}">{self._inlines(children)}</a>'
            case tree.Note(number, occurrence):
                self._references[number - 1] = max(self._references[number - 1], occurrence)
                return (
                    f'<sup><a id="reference-{number}-{occurrence}" href="#note-{number}"'
                    f' role="doc-noteref" aria-label="Note {number}">{number}</a></sup>'
                )

    def _backlinks(self, number: int) -> str:
        return "".join(
            f' <a href="#reference-{number}-{occurrence}" role="doc-backlink"'
            f' aria-label="Back to note {number}, reference {occurrence}">↩</a>'
            for occurrence in range(1, self._references[number - 1] + 1)
        )


def _head(matter: FrontMatter, style: str) -> str:
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="author" content="{_escaped(matter.author)}">\n'
        f"<title>{_escaped(matter.title)}</title>\n"
        f"<style>{style}</style>\n</head>\n"
    )


def _header(matter: FrontMatter) -> str:
    practice = f'<p class="practice">{_escaped(matter.practice)}</p>\n' if matter.practice else ""
    subtitle = f'<p class="subtitle">{_escaped(matter.subtitle)}</p>\n' if matter.subtitle else ""
    details = "".join(
        f"<div><dt>{_escaped(label)}</dt><dd>{_escaped(value)}</dd></div>\n"
        for label, value in matter.details
    )
    return (
        f'<header>\n{practice}<p class="banner">{_escaped(matter.banner)}</p>\n'
        f"<h1>{_escaped(matter.title)}</h1>\n{subtitle}<dl>\n{details}</dl>\n</header>\n"
    )


def _page_rules(matter: FrontMatter) -> tuple[str, ...]:
    """Return rules that print the marking and the rest in the margins of every page."""
    top = " · ".join(filter(None, (matter.banner, matter.practice)))
    return (
        f"@page{{@top-center{{content:{_css_string(top)}}}"
        f"@bottom-left{{content:{_css_string(matter.edition)}}}"
        f"@bottom-center{{content:{_css_string(matter.marking)}}}}}",
    )


def _paragraph_mark(paragraph: tree.Paragraph) -> str:
    name = f"p-{paragraph.number.replace('.', '-')}"
    return f'<span class="mark" id="{name}">{paragraph.mark}</span> ' if paragraph.number else ""


def _aligned(alignment: str) -> str:
    return "" if alignment == "left" else f' class="{alignment}"'


def _text(text: str) -> str:
    """Return words with line breaks where a browser would put none, and none within a code."""
    return "".join(map(_part, _LONG_OR_CODE.split(clean(text))))


def _part(text: str) -> str:
    if re.fullmatch(_LONG, text):
        return "<wbr>".join(map(_escaped, columns.pieces(text)))
    if re.fullmatch(_CODE, text):
        return f'<span class="whole">{_escaped(text)}</span>'
    return _escaped(text)


def _escaped(text: str) -> str:
    return escape(clean(text), quote=True)


def _css_string(text: str) -> str:
    safe = (
        c if (c.isascii() and c.isalnum()) or c == " " else f"\\{ord(c):x} " for c in clean(text)
    )
    return f'"{"".join(safe)}"'
