"""What a finished file says: its text, and what it says of itself where nobody looks.

Read from the bytes that were written, by other code than wrote them: metadata, alternative text,
bookmarks and pictures included.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_SVG_DATA = "data:image/svg+xml;base64,"
_PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
# What breaks a word that PDF viewers join: PDFium gives these for a hyphen at the end of a line.
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})


def texts(form: str, raw: bytes) -> tuple[str, ...]:
    """Return everything that a file says, of whichever of the formats it is.

    Raises:
        KeyError: There is no such format.
    """
    return tuple(_READERS[form](raw))


def _markdown(raw: bytes) -> Iterator[str]:
    yield raw.decode("utf-8")


def _html(raw: bytes) -> Iterator[str]:
    page = _Page()
    page.feed(raw.decode("utf-8"))
    page.close()
    yield " ".join(page.found)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the words of attributes; a picture is read like a file of its own."""
        for _, value in attrs:
            if value and value.startswith(_SVG_DATA):
                self.found += _xml(b64decode(value.removeprefix(_SVG_DATA)))
            elif value:
                self.found.append(value)

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.found.append(data)


def _docx(raw: bytes) -> Iterator[str]:
    with ZipFile(BytesIO(raw)) as file:
        for name in file.namelist():
            if name.endswith((".xml", ".rels", ".svg")):
                yield from _xml(file.read(name))


def _xml(raw: bytes) -> Iterator[str]:
    """The words of each paragraph together, and those of every attribute."""
    root = ElementTree.fromstring(raw)
    paragraphs = list(root.iter(_PARAGRAPH))
    for part in paragraphs or [root]:
        yield ("" if paragraphs else " ").join(part.itertext())
    yield " ".join(value for element in root.iter() for value in element.attrib.values())


def _pdf(raw: bytes) -> Iterator[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(raw) as pdf:
        pages = []
        for page in pdf:
            words = page.get_textpage()
            pages.append(words.get_text_bounded().translate(_HYPHENS))
            words.close()
            yield from _alternatives(page)
            page.close()
        yield "\n".join(pages)
        yield " ".join(pdf.get_metadata_dict().values())
        yield "\n".join(bookmark.get_title() for bookmark in pdf.get_toc())
    yield from (" ".join(_xml(found.group())) for found in _XMP.finditer(raw))


def _alternatives(page: Any) -> Iterator[str]:
    """The words that stand in for the pictures of a page."""
    import pypdfium2.raw as pdfium

    tree = pdfium.FPDF_StructTree_GetForPage(page)
    try:
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        waiting = [pdfium.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(count)]
        while waiting:
            element = waiting.pop()
            if not element:
                continue
            yield from _alternative(element)
            count = pdfium.FPDF_StructElement_CountChildren(element)
            waiting += (pdfium.FPDF_StructElement_GetChildAtIndex(element, n) for n in range(count))
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _alternative(element: Any) -> Iterator[str]:
    import ctypes

    import pypdfium2.raw as pdfium

    for get in (pdfium.FPDF_StructElement_GetAltText, pdfium.FPDF_StructElement_GetActualText):
        size = get(element, None, 0)
        if size > 2:
            buffer = ctypes.create_string_buffer(size)
            get(element, buffer, size)
            yield buffer.raw[: size - 2].decode("utf-16-le")


_READERS = {"md": _markdown, "html": _html, "pdf": _pdf, "docx": _docx, "svg": _xml}
