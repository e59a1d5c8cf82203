"""What a reader of each format is told: its blocks in order, each as a kind and its words.

The kinds are "heading", "text", "cell" and "note". Contents lists, the marks of lists and of
footnotes, and what stands above the text on page 1 are left out; footnotes come last. Every reader
uses the structure that the format offers: styles, elements, tags.
"""

import re
from html.parser import HTMLParser
from io import BytesIO
from typing import NamedTuple
from unicodedata import normalize
from zipfile import ZipFile

import pikepdf
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from arpc.document import glyphs, tree

_UNSEEN = re.compile("[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe0e\ufe0f]")
_ACCENTED = re.compile(
    "(.[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+)\\1+"
)


def squeezed(text):
    """Return text without white space, which lines and cells are free to change."""
    return re.sub(r"\s", "", text)


def printed(text):
    """Return text as it can be found in a PDF: decomposed, `[U+674E]` for what the fonts lack.

    A letter with accents that is repeated counts once: where an accent is moved up or down, Typst
    sets it apart and lets both it and its letter stand for the whole.
    """
    text = _UNSEEN.sub("", normalize("NFD", glyphs.printable(text)))
    return _ACCENTED.sub(r"\1", text)


class Said(NamedTuple):
    """The words of a block, and what a format says before them."""

    kind: str
    words: str
    label: str = ""
    label_in_markdown: str = ""


def said(document, figures=()):
    """Return what DOCX, HTML and PDF say of a document: numbers and labels, too."""
    return [(block.kind, block.label + block.words) for block in _all(document, figures)]


def said_in_markdown(document, figures=()):
    """Return what Markdown says: pictures in words, no numbers but those of paragraphs and footnotes."""
    return [
        (block.kind, block.label_in_markdown + block.words) for block in _all(document, figures)
    ]


def said_without_labels(document, figures=()):
    """Return the words of all blocks."""
    return [block.words for block in _all(document, figures)]


def trimmed(text):
    """Return text without the spaces and line ends at its edges, where formats have their own."""
    return text.strip(" \n")


def compared(found, by=squeezed):
    """Return what is compared: blocks that say something, `by` the white space of the format."""
    return [(kind, by(words)) for kind, words in found if by(words)]


def _all(document, figures):
    yield from _said(document.blocks, {figure.name: figure for figure in figures})
    yield from (Said("note", tree.words(note)) for note in document.notes)


def _said(blocks, figures):
    for block in blocks:
        match block:
            case tree.Heading(_, number, _, body):
                yield Said("heading", tree.words(body), f"{number} " if number else "")
            case tree.Paragraph(body):
                mark = f"{block.mark} " if block.number else ""
                yield Said("text", tree.words(body), mark, mark)
            case tree.List(items=items):
                for item in items:
                    yield from _said(item, figures)
            case tree.Table(header, rows, _, caption, number):
                if number:
                    yield Said("text", tree.words(caption), f"Table {number}. ", "Table: ")
                for row in (header, *rows):
                    yield from (Said("cell", tree.words(cell)) for cell in row)
            case tree.Quote(attribution, children):
                yield from _said(children, figures)
                if attribution:
                    yield Said("text", attribution, "— ", "— ")
            case tree.Callout(title, children):
                yield Said("text", title)
                yield from _said(children, figures)
            case tree.Small(children):
                yield from _said(children, figures)
            case tree.CodeBlock(content):
                yield Said("text", content)
            case tree.Picture(name, number):
                yield _picture(figures[name], number)
            case tree.Contents():
                yield Said("heading", "", "Contents")


def _picture(figure, number):
    in_markdown = f"Figure: {figure.caption.rstrip('.')}. {figure.alt}"
    return Said("text", "", f"Figure {number}. {figure.caption}", in_markdown)


# DOCX

_PAGE_1 = {"Practice", "Marking", "Title", "Subtitle", "Detail"}
_KINDS = {
    "Heading1": "heading",
    "Heading2": "heading",
    "Heading3": "heading",
    "TOCHeading": "heading",
    "TableText": "cell",
    "TableHeading": "cell",
    "TableLabel": "cell",
    "FootnoteText": "note",
}


def docx_says(file):
    """Read a Word file; a cross-reference to a footnote is a mark, not a word."""
    package = ZipFile(BytesIO(file))
    parts = [parse_xml(package.read("word/document.xml"))]
    if "word/footnotes.xml" in package.namelist():
        parts.append(parse_xml(package.read("word/footnotes.xml")))
    found = [
        (paragraph.style or "Normal", _docx_words(paragraph))
        for part in parts
        for paragraph in part.iter(qn("w:p"))
    ]
    return [
        (_KINDS.get(style, "text"), words)
        for style, words in found
        if style not in _PAGE_1 and not re.fullmatch(r"TOC\d", style)
    ]


def docx_shape(file):
    """Return the styles of all paragraphs, in order."""
    part = parse_xml(ZipFile(BytesIO(file)).read("word/document.xml"))
    return [paragraph.style for paragraph in part.iter(qn("w:p"))]


def _docx_words(paragraph):
    words, in_field = [], False
    for element in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"), qn("w:fldChar")):
        if element.tag == qn("w:fldChar"):
            in_field = element.get(qn("w:fldCharType")) != "end"
        elif not in_field:
            words.append(element.text or "" if element.tag == qn("w:t") else "\n")
    return "".join(words)


# HTML

_BLOCKS = {"h2", "h3", "h4", "p", "li", "td", "th", "caption", "figcaption", "pre", "dt", "dd"}
_VOID = {"meta", "br", "hr", "img", "col"}
_HTML_KINDS = {"h2": "heading", "h3": "heading", "h4": "heading", "td": "cell", "th": "cell"}


class _Page(HTMLParser):
    """Collects the words of blocks; what stands directly in a list item is a block too."""

    def __init__(self, html):
        super().__init__()
        self.blocks, self.tags, self._open = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "br":
            self.handle_data("\n")
            return
        self.tags.append(tag)
        if tag not in _VOID:
            self._open.append((tag, dict(attrs)))
        if tag in _BLOCKS | {"ul", "ol", "div", "section", "table", "blockquote"}:
            self.blocks.append((self._kind(), self._is_read(), []))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in _BLOCKS | {"ul", "ol", "div", "section", "table", "blockquote"}:
            self.blocks.append((self._kind(), self._is_read(), []))

    def handle_data(self, data):
        if self.blocks and self._is_read():
            self.blocks[-1][2].append(data)

    def says(self):
        return [(kind, "".join(words)) for kind, is_read, words in self.blocks if is_read]

    def _kind(self):
        tags = [tag for tag, _ in self._open]
        if any("notes" in a.get("class", "") for _, a in self._open):
            return "note"
        found = [_HTML_KINDS[tag] for tag in tags if tag in _HTML_KINDS]
        return found[-1] if found else "text"

    def _is_read(self):
        tags = [tag for tag, _ in self._open]
        if {"style", "head", "header", "footer", "sup"} & set(tags) or tags[-1:] == ["section"]:
            return False
        if any(
            "skip" in a.get("class", "")
            or "doc-backlink" in a.get("role", "")
            or "footnote-backref" in a.get("class", "")
            or a.get("id") == "notes"
            for _, a in self._open
        ):
            return False
        return not ("nav" in tags and "ol" in tags)


def html_says(html):
    """Read an HTML file of ours."""
    return _Page(html).says()


def html_shape(html):
    """Return the elements that hold the blocks, in order."""
    return [tag for tag in _Page(html).tags if tag not in ("strong", "em", "code", "wbr")]


# Markdown

_VIEWER = MarkdownIt("gfm-like", {"linkify": False, "html": True}).use(footnote_plugin)
_EMPHASIS = ("strong", "em", "code", "sup", "a")


def markdown_says(markdown):
    """Read Markdown as a plain viewer does: as the HTML that it makes of it."""
    page = _VIEWER.render(markdown).replace("<h1", "<h2").replace("</h1", "</h2")
    return _Page(f"<p></p>{page}").says()


def markdown_shape(markdown):
    """Return the elements that a plain viewer makes, in order."""
    return [tag for tag in _Page(_VIEWER.render(markdown)).tags if tag not in _EMPHASIS]


# PDF

_CONTAINERS = {"Document", "Div", "L", "LI", "LBody", "BlockQuote", "Table", "THead", "TBody", "TR"}
_HEADINGS = {"H1", "H2", "H3"}
_CODES = re.compile(rb"<([0-9A-Fa-f]+)>")


class _Mark(NamedTuple):
    """A stretch of a page: the number that its tag knows it by, and words that replace it."""

    number: int | None
    words: str
    is_replaced: bool

    @classmethod
    def of(cls, operands, around):
        properties = operands[1] if len(operands) > 1 else {}
        if not isinstance(properties, pikepdf.Dictionary):
            properties = {}
        if "/MCID" in properties:
            return cls(int(properties["/MCID"]), "", False)
        number = around[-1].number if around else None
        if "/ActualText" in properties:
            return cls(number, str(properties["/ActualText"]), True)
        return cls(number if operands[0] != "/Artifact" else None, "", False)


class _Tagged:
    """The tags of a PDF and, page by page, the words that each of them marks."""

    def __init__(self, file):
        self._pdf = pikepdf.open(BytesIO(file))
        self._fonts = {}
        self._words = {page.objgen: self._marked(page) for page in self._pdf.pages}
        self.units, self.notes, self.tags = [], [], []
        self._buffer = []
        self._walk(self._pdf.Root.StructTreeRoot.K, None)
        self._flush("text")

    def _walk(self, node, page):
        for kid in _kids(node):
            if isinstance(kid, int):
                self._buffer.append(self._words[page][kid])
                continue
            tag = str(kid.get("/S", ""))[1:]
            page_of_kid = kid.Pg.objgen if "/Pg" in kid else page
            if "/MCID" in kid:  # a block that goes on on another page
                self._buffer.append(self._words[page_of_kid][int(kid.MCID)])
                continue
            if not tag or tag in ("TOC", "Figure", "Lbl"):
                continue
            self.tags.append(tag)
            if tag == "Note":
                self._aside(kid, page_of_kid)
            elif tag in _CONTAINERS:
                self._flush("text")
                self._walk(kid.get("/K"), page_of_kid)
                self._flush("text")
            elif tag in _HEADINGS or tag in ("P", "Title", "Caption", "TD", "TH"):
                self._block(kid, page_of_kid, tag)
            else:
                self._walk(kid.get("/K"), page_of_kid)

    def _block(self, node, page, tag):
        if tag == "P" and self._inside_cell:
            self._walk(node.get("/K"), page)
            return
        self._flush("text")
        self._inside_cell, before = tag in ("TD", "TH"), self._inside_cell
        self._walk(node.get("/K"), page)
        self._inside_cell = before
        kind = "heading" if tag in _HEADINGS else "cell" if tag in ("TD", "TH") else "text"
        self._flush(kind)

    _inside_cell = False

    def _aside(self, node, page):
        kept, self._buffer = self._buffer, []
        self._walk(node.get("/K"), page)
        self.notes.append(("note", "".join(self._buffer)))
        self._buffer = kept

    def _flush(self, kind):
        if self._buffer:
            self.units.append((kind, "".join(self._buffer)))
        self._buffer = []

    def _marked(self, page):
        """Return the words of a page by their mark; `ActualText` stands for what is drawn."""
        words, marks, font = {}, [], {}
        fonts = page.Resources.get("/Font", {})
        for instruction in pikepdf.parse_content_stream(page, "BDC BMC EMC Tf Tj TJ"):
            operator, operands = str(instruction.operator), instruction.operands
            if operator in ("BDC", "BMC"):
                mark = _Mark.of(operands, marks)
                marks.append(mark)
                if mark.number is not None:
                    words.setdefault(mark.number, []).append(mark.words)
            elif operator == "EMC":
                marks.pop()
            elif operator == "Tf":
                font = self._font(fonts[str(operands[0])])
            elif marks and marks[-1].number is not None and not marks[-1].is_replaced:
                shown = operands[0] if operator == "TJ" else operands
                codes = b"".join(bytes(s) for s in shown if isinstance(s, pikepdf.String))
                pairs = zip(codes[::2], codes[1::2], strict=True)
                words[marks[-1].number] += [font[high << 8 | low] for high, low in pairs]
        return {number: "".join(parts) for number, parts in words.items()}

    def _font(self, font):
        if font.objgen not in self._fonts:
            self._fonts[font.objgen] = _unicode_map(font.ToUnicode.read_bytes())
        return self._fonts[font.objgen]


def pdf_says(file, matter):
    """Read a PDF by its tags, in the order of its structure."""
    tagged = _Tagged(file)
    above = [*(text for text in (matter.practice, matter.banner, matter.title) if text)]
    above += [text for text in (matter.subtitle,) if text]
    above += [text for detail in matter.details for text in detail]
    units = tagged.units
    assert [printed(words) for _, words in units[: len(above)]] == [*map(printed, above)]
    return [*units[len(above) :], *tagged.notes]


def pdf_shape(file):
    """Return the tags that hold the blocks, in order.

    Not `Div` and `Caption`, since Typst tags a table with a caption otherwise if a page ends in it.
    """
    passed_over = {"Span", "Em", "Strong", "Link", "Code", "Reference", "Div", "Caption"}
    return [tag for tag in _Tagged(file).tags if tag not in passed_over]


def _kids(node):
    if node is None:
        return []
    return list(node) if isinstance(node, pikepdf.Array) else [node]


def _unicode_map(cmap):
    """Return the words of each glyph by the font's ToUnicode table."""
    result = {}
    for kind, body in re.findall(rb"beginbf(char|range)(.*?)endbf", cmap, re.DOTALL):
        codes = _CODES.findall(body)
        assert kind == b"char", "the readers know tables of single characters only"
        for code, text in zip(codes[::2], codes[1::2], strict=True):
            result[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return result
