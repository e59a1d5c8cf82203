"""What a Word file says of the document: page 1, the margins, the properties and the language."""

from collections.abc import Iterator
from datetime import datetime, time

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from arpc.document.matter import FrontMatter, in_margin
from arpc.document.ooxml import element, field, paragraph, run, styled, tab
from arpc.document.shield import clean

_PROPERTY = 255  # characters that a property of a file may have
_BELOW_DETAILS = 360  # twentieths of a point


def set_up(file: Document, matter: FrontMatter) -> None:
    """Give the file its page, margins, language and properties."""
    _set_language(file, matter.lang)
    _set_properties(file, matter)
    _set_page(file, matter)


def front(matter: FrontMatter) -> Iterator[BaseOxmlElement]:
    """Yield the paragraphs with which page 1 begins."""
    lines = (
        ("Practice", matter.practice),
        ("Marking", matter.banner),
        ("Title", matter.title),
        ("Subtitle", matter.subtitle),
    )
    yield from (paragraph(style, (run(text),)) for style, text in lines if text)
    *details, last = matter.details
    for label, value in details:
        yield paragraph("Detail", (styled(label, "Label"), tab(), run(value)))
    words = (styled(last[0], "Label"), tab(), run(last[1]))
    yield paragraph("Detail", words, element("spacing", after=_BELOW_DETAILS))


def _set_language(file: Document, language: str) -> None:
    for root in (file.styles.element, file.settings.element):
        for tag in (qn("w:lang"), qn("w:themeFontLang")):
            for found in root.iter(tag):
                found.set(qn("w:val"), language)


def _set_properties(file: Document, matter: FrontMatter) -> None:
    day = datetime.combine(matter.date, time())
    properties = file.core_properties
    properties.title = _property(matter.title)
    properties.subject = _property(matter.subtitle)
    properties.author = properties.last_modified_by = _property(matter.author)
    properties.keywords = _property("; ".join(filter(None, (matter.reference, matter.marking))))
    properties.content_status = _property(matter.status)
    properties.version = _property(matter.version)
    properties.language = matter.lang
    properties.created = properties.modified = day
    properties.revision = 1


def _property(text: str) -> str:
    return clean(text)[:_PROPERTY]


def _set_page(file: Document, matter: FrontMatter) -> None:
    [section] = file.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(37 if matter.practice else 31), Mm(29)
    section.header_distance = section.footer_distance = Mm(11)
    section.gutter = Mm(0)
    for margin, lines in ((section.header, _header(matter)), (section.footer, _footer(matter))):
        margin.is_linked_to_previous = False
        root = margin.part.element
        root[:] = list(lines)


def _header(matter: FrontMatter) -> Iterator[BaseOxmlElement]:
    yield paragraph("MarginMarking", (run(in_margin(matter.marking)),))
    status = styled(matter.status, "Status")
    yield paragraph("Header", (run(in_margin(matter.edition)), tab(), status))
    if matter.practice:
        yield paragraph("MarginPractice", (run(in_margin(matter.practice)),))


def _footer(matter: FrontMatter) -> Iterator[BaseOxmlElement]:
    page = (run("Page "), *field("PAGE", "1"), run(" of "), *field("NUMPAGES", "1"))
    yield paragraph("Footer", (run(in_margin(matter.title)), tab(), *page))
    yield paragraph("MarginMarking", (run(in_margin(matter.marking)),))
