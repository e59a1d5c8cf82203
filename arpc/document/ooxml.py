"""The bricks of a Word file: elements of WordprocessingML, and the package that holds them.

Text leaves only through `run`, as the content of `w:t`, and through attributes that hold no code:
none of it can become a field or an instruction. python-docx carries the package; it has no
footnotes of its own, so their part is made here.
"""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement

from arpc import resources
from arpc.document.shield import clean

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_DESIGN = ("styles", "numbering", "settings")  # parts that stand in templates/word
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name


def element(tag: str, /, *children: BaseOxmlElement, **attributes: object) -> BaseOxmlElement:
    """Return the element `w:tag`; an attribute is in the same namespace unless named `r_…`."""
    named = {
        qn(key.replace("_", ":", 1) if "_" in key else f"w:{key}"): str(value)
        for key, value in attributes.items()
    }
    result = OxmlElement(f"w:{tag}", attrs=named)
    result.extend(children)
    return result


def paragraph(
    style: str, content: Iterable[BaseOxmlElement], *properties: BaseOxmlElement
) -> BaseOxmlElement:
    """Return a paragraph; its properties are given in the order of the schema."""
    return element("p", element("pPr", element("pStyle", val=style), *properties), *content)


def run(text: str, *properties: BaseOxmlElement) -> BaseOxmlElement:
    """Return words; a new line in them is a line break."""
    result = cast(CT_R, element("r"))
    if properties:
        result.append(element("rPr", *properties))
    result.text = clean(text)
    return result


def styled(text: str, style: str) -> BaseOxmlElement:
    """Return words in a character style."""
    return run(text, element("rStyle", val=style))


def tab() -> BaseOxmlElement:
    """Return a move to the next tab stop."""
    return element("r", element("tab"))


def field(
    instruction: str, shown: str, *properties: BaseOxmlElement
) -> tuple[BaseOxmlElement, ...]:
    """Return a field with the words that stand for it until Word computes it."""
    code = element("instrText")
    code.text = f" {instruction} "
    begin, separate, end = (
        element("r", element("fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end")
    )
    return begin, element("r", code), separate, run(shown, *properties), end


def bookmarked(
    number: int, name: str, content: Iterable[BaseOxmlElement]
) -> tuple[BaseOxmlElement, ...]:
    """Return content that links can lead to; `number` is unique, `name` has letters and digits."""
    start = element("bookmarkStart", id=number, name=name)
    return start, *content, element("bookmarkEnd", id=number)


def empty_document() -> Document:
    """Return a document in our design that has no words yet."""
    return docx.Document(_zipped(_base_parts()))


def footnotes_part(document: Document) -> XmlPart:
    """Give the document a part for footnotes; what is appended to its element is printed."""
    part = XmlPart(
        PackURI("/word/footnotes.xml"),
        CONTENT_TYPE.WML_FOOTNOTES,
        parse_xml(_design("footnotes").encode()),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return part


def saved(document: Document) -> bytes:
    """Return the file; the same document gives the same bytes."""
    buffer = BytesIO()
    document.save(buffer)
    with ZipFile(buffer) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return _zipped(parts).getvalue()


def _zipped(parts: dict[str, bytes]) -> BytesIO:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            info = ZipInfo(name, _EARLIEST)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0  # else it tells which kind of machine made the file
            package.writestr(info, content)
    buffer.seek(0)
    return buffer


def _base_parts() -> dict[str, bytes]:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), *zip(_DESIGN, _DESIGN, strict=True))
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for number, name in enumerate(_DESIGN, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}">'
        "<w:body><w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
    }
    result = {name: (_DECLARATION + content).encode() for name, content in parts.items()}
    return result | {f"word/{name}.xml": _design(name).encode() for name in _DESIGN}


def _design(name: str) -> str:
    text = (resources.folder("templates") / "word" / f"{name}.xml").read_text("utf-8")
    return _COMMENT.sub("", text)
