"""The four formats say the same: block by block, word by word, in the same order."""

import re
from random import Random

import pytest
from document_nasty import NASTY, hard_markdown
from document_sample import FAMILY, MATTER, source
from document_words import (
    compared,
    docx_says,
    html_says,
    markdown_says,
    pdf_says,
    printed,
    said,
    said_in_markdown,
    said_without_labels,
    squeezed,
)

from arpc.document import numbering, tree
from arpc.document.docx import to_docx
from arpc.document.html import to_html
from arpc.document.markdown import parse, plain_text, to_markdown
from arpc.document.pdf import to_pdf
from arpc.document.shield import shield


def nasty_markdown():
    """Every nasty text in every kind of block."""
    blocks = ["::: numbered\n:::", "::: contents\n:::"]
    for number, text in enumerate(NASTY):
        s = shield(text)
        blocks.append(
            f"# {s}\n\n{s} **{s}** *{s}*[^n{number}] again[^n{number}]\n\n[^n{number}]: {s}\n\n"
            f"::: quote {s}\n{s}\n\n- {s}\n- b\n:::\n\n::: callout {s}\n{s}\n:::\n\n"
            f"Table: {s}\n\n| {s} | b |\n|---|---|\n| {s} | {s} |\n\n1. {s}\n\n   {s}\n\n"
            f"::: facts\n| {s} | |\n|---|---|\n| {s} | {s} |\n:::\n\n::: small\n{s}\n:::"
        )
    return "\n\n".join(blocks)


MARKDOWN = {
    "an assessment": source(),
    "texts that look like markup": nasty_markdown(),
    "numbered paragraphs": f"::: numbered\n:::\n\n{source()}",
    "everything too long": hard_markdown(Random(5)),
}


@pytest.fixture(scope="module", params=MARKDOWN.values(), ids=MARKDOWN)
def markdown(request):
    return request.param


@pytest.fixture(scope="module")
def document(markdown):
    return parse(markdown)


def test_what_is_said_is_the_plain_text(document):
    """But for the bars between cells."""
    words = "".join(said_without_labels(document, [FAMILY]))
    assert squeezed(words).replace("|", "") == squeezed(plain_text(document)).replace("|", "")


def test_html_says_it(document):
    html = to_html(document, MATTER, [FAMILY])
    assert compared(html_says(html)) == compared(said(document, [FAMILY]))


def test_docx_says_it(document):
    file = to_docx(document, MATTER, [FAMILY])
    assert compared(docx_says(file)) == compared(said(document, [FAMILY]))


def test_markdown_read_again_says_it(markdown, document):
    text = to_markdown(parse(markdown), figures=[FAMILY])
    assert compared(markdown_says(text)) == compared(said_in_markdown(document, [FAMILY]))


def test_pdf_says_it(document):
    """By the tags, so in the order in which it is read aloud; footnotes are the last of all."""
    pdf = to_pdf(document, MATTER, [FAMILY])
    assert compared(pdf_says(pdf, MATTER), printed) == compared(said(document, [FAMILY]), printed)


def test_a_footnote_has_the_same_number_in_every_format(document):
    numbers = range(1, len(document.notes) + 1)
    expected = [tree.words(note) for note in document.notes]
    html = to_html(document, MATTER, [FAMILY])
    assert re.findall(r'<li id="note-(\d+)">', html) == [*map(str, numbers)]
    notes = [
        words for kind, words in docx_says(to_docx(document, MATTER, [FAMILY])) if kind == "note"
    ]
    assert [*map(squeezed, notes)] == [*map(squeezed, expected)]


NUMBERED = """\
::: numbered
:::

Before the first section.

# One

A.

**A title**

B: **bold.** *More*

::: quote Ann
C.

The same.
:::

## Below

- D
- E

  | no |
  |----|
  | no |

::: callout Mind
F.
:::

> - none

# Annex {.unnumbered}

No number.

# Two

::: small
**G**[^n]
:::

[^n]: H.
"""
NUMBERS = ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1"]


def test_what_stands_by_itself_in_a_numbered_section_has_a_number():
    document = parse(NUMBERED)
    found = {
        number: " ".join(tree.texts(blocks)) for number, blocks in numbering.find(document.blocks)
    }
    assert [*found] == NUMBERS
    assert found["1.3"] == "C. The same." and found["1.5"] == "E no no" and found["2.1"] == "G"


def test_nothing_has_a_number_where_the_template_does_not_ask_for_it():
    assert [*numbering.find(parse(NUMBERED.removeprefix("::: numbered\n:::")).blocks)] == []


def test_a_paragraph_has_the_same_number_in_every_format():
    document = parse(NUMBERED)
    html = to_html(document, MATTER)
    assert re.findall(r'id="p-(\d+)-(\d+)">', html) == [tuple(n.split(".")) for n in NUMBERS]
    told = {
        "html": html_says(html),
        "docx": docx_says(to_docx(document, MATTER)),
        "pdf": pdf_says(to_pdf(document, MATTER), MATTER),
        "md": markdown_says(to_markdown(parse(NUMBERED))),
    }
    for form, units in told.items():
        marks = [re.match(r"\s*¶(\d+\.\d+)", words) for _, words in units]
        assert [mark[1] for mark in marks if mark] == NUMBERS, form
