"""Ten thousand texts, each in one place of a template, come out of all four formats unchanged.

What is compared, and how closely:

- the tree, DOCX and HTML: every character;
- Markdown, read again by a plain viewer: all but white space, which Markdown collapses;
- PDF: all but white space, by the tags and the Unicode tables of the fonts, in the order in which
  they are read; decomposed (NFD), since a font has one glyph for a letter with its accent; a
  character without a glyph as `[U+674E]`, so letters that are written from the right are compared
  as code points; nothing for what is never drawn. An accented letter that is repeated counts once
  (`document_words.printed`).

The expected texts are made here by the rules in the docstrings of `paras` and `oneline`, after
`clean`: white space collapses, blank lines part paragraphs.
"""

import re
import unicodedata
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from document_nasty import FRAGMENTS, NASTY
from document_sample import MATTER
from document_words import (
    compared,
    docx_says,
    docx_shape,
    html_says,
    html_shape,
    markdown_says,
    markdown_shape,
    pdf_says,
    pdf_shape,
    printed,
    said,
    said_in_markdown,
    trimmed,
)

from arpc.document.docx import to_docx
from arpc.document.html import to_html
from arpc.document.markdown import parse, to_markdown
from arpc.document.pdf import to_pdf
from arpc.document.shield import clean
from arpc.document.templating import render
from arpc.document.tree import Document

PLACES = (
    *("heading", "paragraphs", "literal", "before", "strong", "stressed", "note", "item", "after"),
    *("numbered", "by", "said", "title", "warning", "caption", "column", "cell", "right"),
)
STRINGS = 10_000
DOCUMENTS = 8

SCRIPTS = [
    *(
        "محمد بن علي",
        "(مرحبا)",
        "שָׁרָה כהן",
        "\u200f",
        "\u061c",
        "١٢٣",
        "नमस्ते",
        "क्ष",
        "ਸੁਖਦੀਪ",
        "李小龙",
        "한글",
    ),
    *(
        "ไทย",
        "e\u0301\u0323",
        "\u0301",
        "o\u0308\u0304" * 3,
        "Z\u0351\u036b\u0343",
        "\ufb01\ufb03",
        "ǆ",
    ),
    *(
        "👩\u200d👧\ufe0f",
        "🏴\U000e0067\U000e007f",
        "🙂",
        "\U0001f1ec\U0001f1e7",
        "☐✓",
        "½⅓",
        "\u212b",
        "Ⅷ",
    ),
    *("\u0378", "\U000e0fff", "\ue000", "\U000f0041", "\U0010ffff", "\ufffe", "\ud800", "\x1b[0m"),
    *(
        "\u00ad",
        "\u2011",
        "\u202f",
        "\u2009",
        "\u3000",
        "\u200b",
        "\u2060",
        "\ufeff",
        "\u180e",
        "\u034f",
    ),
    *("x" * 120, "W" * 90, "https://example.org/" + "a/" * 60, "-" * 80, "_" * 50, "|" * 30),
]
SYNTAX = [
    *(
        "#let x = 1;",
        "#panic()",
        "$ x^2 $",
        "@ref",
        "<label>",
        "#[",
        "]",
        "\\u{41}",
        "/*",
        "*/",
        "//",
    ),
    *("\\begin{document}", "\\input{/etc/passwd}", "%", "~", "\\\\", "{\\rtf1"),
    *("{{ x }}", "{% endfor %}", "{# c #}", "{%- raw -%}", "{{ self.__class__ }}", "${x}", "%s"),
    *("</w:t></w:r>", "<w:br/>", "]]>", "<!--", "--!>", "<?xml?>", "&#x202e;", "&lt;", "&amp;amp;"),
    *(
        "=HYPERLINK(1)",
        "{ PAGE }",
        "MERGEFIELD x",
        "DDEAUTO c:\\\\",
        "_x000D_",
        "</style>",
        "<svg>",
    ),
    *(
        "[^n1]",
        "[^n1]: x",
        "Table: x",
        "::: quote",
        ":::",
        "# x {.unnumbered}",
        "| --- |",
        "***",
        "![](x)",
    ),
    *("\r\n", "\r", "\x0b", "\x0c", "\u0085", "\u2028", "\u2029", "\n\n", "\n \t\n", "\n"),
]


def is_visible(text):
    return any(unicodedata.category(c) not in ("Cf", "Cc", "Zs", "Mn", "Me") for c in clean(text))


def fuzzed(random):
    """Yield texts without end; all can be seen, since a block without words is left out."""
    letters = [*map(chr, chain(range(0x20, 0x500), range(0x2000, 0x2100)))]
    while True:
        count = random.randint(1, 9)
        kinds = random.choices(
            (FRAGMENTS, NASTY, SCRIPTS, SYNTAX, letters), (5, 2, 3, 4, 3), k=count
        )
        text = "".join(random.choice(kind) for kind in kinds)
        if all(map(is_visible, paragraphs(text) or [""])):
            yield text


def collapsed(text):
    return re.sub("[ \t\n]+", " ", clean(text)).strip(" ")


def paragraphs(text):
    """Return what `paras` makes of a text; of a part that holds only what is dropped, nothing."""
    parts = map(collapsed, re.split(r"\n[ \t]*\n", clean(text)))
    return [part for part in parts if part.strip()]


def literally(text):
    return clean(text.replace("\t", " "))


def expected(values):
    """Return what DOCX, HTML and PDF are to say of the filled template."""
    for number, v in enumerate(values, 1):
        line = {place: collapsed(text) for place, text in v.items()}
        yield "heading", f"{number} {line['heading']}"
        yield from (("text", part) for part in paragraphs(v["paragraphs"]))
        yield "text", literally(v["literal"])
        yield "text", f"{line['before']} {line['strong']} {line['stressed']}"
        yield "text", line["item"]
        yield "text", f"x {line['after']}"
        yield "text", line["numbered"]
        yield from (("text", part) for part in paragraphs(v["said"]))
        yield "text", "— " + line["by"].replace("\n", " ")
        yield "text", line["title"].replace("\n", " ")
        yield "text", line["warning"]
        yield "text", f"Table {number}. {line['caption']}"
        cells = (line["column"], "b", line["cell"], literally(v["right"]))
        yield from (("cell", cell) for cell in cells)
    yield from (("note", collapsed(v["note"])) for v in values)


def plain(values):
    """Return values that say "word" wherever these say something."""
    return [
        {
            place: "\n\n".join(["word"] * len(paragraphs(text)))
            if place in ("paragraphs", "said")
            else "word"
            for place, text in v.items()
        }
        for v in values
    ]


def filled(values):
    return render([Path(__file__).parent], "fuzzed.md.j2", values=values)


class Case(NamedTuple):
    """Values, the document that the template makes of them, and the one that it makes of "word"."""

    values: list[dict[str, str]]
    source: str
    document: Document
    plain_source: str
    plain_document: Document


@pytest.fixture(scope="module", params=range(DOCUMENTS))
def case(request):
    texts = fuzzed(Random(request.param))
    count = -(-STRINGS // (DOCUMENTS * len(PLACES)))
    values = [dict(zip(PLACES, texts, strict=False)) for _ in range(count)]
    source, plain_source = filled(values), filled(plain(values))
    return Case(values, source, parse(source), plain_source, parse(plain_source))


def test_ten_thousand_texts_are_tried(case):
    assert len(case.values) * len(PLACES) * DOCUMENTS >= STRINGS
    assert all(len(v) == len(PLACES) for v in case.values)


def test_the_tree_holds_every_text_unchanged(case):
    assert compared(said(case.document), trimmed) == compared(expected(case.values), trimmed)


def test_no_text_changes_the_structure_of_the_tree(case):
    assert shape(case.document.blocks) == shape(case.plain_document.blocks)


@pytest.mark.one_in(2)
def test_docx_holds_every_text_unchanged_and_the_same_styles(case):
    file = to_docx(case.document, MATTER)
    assert compared(docx_says(file), trimmed) == compared(expected(case.values), trimmed)
    assert docx_shape(file) == docx_shape(to_docx(case.plain_document, MATTER))


def test_html_holds_every_text_unchanged_and_the_same_elements(case):
    html = to_html(case.document, MATTER)
    assert compared(html_says(html), trimmed) == compared(expected(case.values), trimmed)
    assert html_shape(html) == html_shape(to_html(case.plain_document, MATTER))


def test_markdown_is_read_again_as_the_same_texts_and_the_same_elements(case):
    markdown = to_markdown(case.document)
    assert compared(markdown_says(markdown)) == compared(said_in_markdown(case.document))
    assert markdown_shape(markdown) == markdown_shape(to_markdown(case.plain_document))


@pytest.mark.one_in(8)  # a PDF takes seconds to be read again
def test_pdf_holds_every_text_and_the_same_tags(case):
    pdf = to_pdf(case.document, MATTER)
    assert compared(pdf_says(pdf, MATTER), printed) == compared(expected(case.values), printed)
    assert pdf_shape(pdf) == pdf_shape(to_pdf(case.plain_document, MATTER))


def shape(blocks):
    """Return the nesting of blocks without their words."""
    found = []
    for block in blocks:
        inner = getattr(block, "items", None) or (getattr(block, "children", ()),)
        found.append((type(block).__name__, [shape(blocks) for blocks in inner]))
    return found
