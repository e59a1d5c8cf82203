import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random
from unicodedata import normalize

import page
import pypdf
import pypdfium2
import pytest
from document_nasty import NASTY, hard_markdown
from document_sample import FAMILY, MATTER, source

from arpc.document import columns, glyphs
from arpc.document.figures import Figure
from arpc.document.markdown import parse, plain_text
from arpc.document.pdf import to_pdf
from arpc.document.shield import shield
from arpc.errors import ArpcError

PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)


@pytest.fixture(scope="module")
def sample():
    return to_pdf(parse(source()), MATTER, [FAMILY])


@pytest.fixture(scope="module")
def hard():
    """A document that has everything too long: words are numbered, so that each can be missed."""
    document = parse(hard_markdown(Random(5)))
    pdf = to_pdf(document, replace(MATTER, title="t " * 90, author="x" * 300))
    return document, pdf, pages(pdf)


def pages(pdf):
    return [text.extract_text() for text in pypdf.PdfReader(BytesIO(pdf)).pages]


def squeezed(text):
    return re.sub("[\\s\u200b\u200d\u2060]", "", normalize("NFC", text))


def assert_valid(pdf, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf)
    for profile in PROFILES:
        report = page.validate_pdf(path, profile=profile)
        # The validator takes a last byte of compressed data for a line end if it looks like one.
        failures = re.findall(r"^\[(?!PDFA2A-STREAM-LENGTH-001).*", str(report), re.MULTILINE)
        assert not failures


NUMBERED = """\
::: numbered
:::

# What is known

He was asked.

- a bullet
- another

9. the ninth
10. the tenth

> What somebody said.

::: callout To be kept in mind

A callout.

:::
"""


@pytest.mark.parametrize("large", [False, True])
def test_a_paragraphs_number_stands_in_the_margin_whatever_it_is_set_in(large):
    document = parse(NUMBERED)
    [only] = pypdfium2.PdfDocument(to_pdf(document, replace(MATTER, large=large)))
    words = only.get_textpage()
    text = words.get_text_range()
    lefts = [words.get_charbox(n)[0] for n, letter in enumerate(text) if letter == "¶"]
    assert len(lefts) == text.count("¶1.") == 7
    assert max(lefts) - min(lefts) < 0.5  # points
    assert 30 < lefts[0] < 40


def test_a_report_is_accessible_and_archival(sample, tmp_path):
    assert_valid(sample, tmp_path)


def test_a_report_on_which_everything_is_too_long_is_accessible_and_archival(hard, tmp_path):
    assert_valid(hard[1], tmp_path)


@pytest.mark.parametrize("many", [7_000, 60_000])
@pytest.mark.parametrize("sentence", ["Ådne is a brother of 𝒮igrun. ", "without an end "])
def test_what_a_picture_says_is_told_as_far_as_a_pdf_has_room_for_it(many, sentence, tmp_path):
    alt = (sentence * many)[:many].strip()
    pdf = to_pdf(parse(source()), MATTER, [FAMILY._replace(alt=alt)])
    [told] = alternatives(pdf)
    if many == 7_000:
        assert told == alt
        return
    assert_valid(pdf, tmp_path)
    kept, _, rest = told.partition(". Here the description ends")
    assert alt.startswith(kept)
    assert len(kept) > 7_000
    assert rest.endswith("the same document has all of it.")
    assert kept.endswith("𝒮igrun") or "." not in sentence


def alternatives(pdf):
    """The words that stand in for the pictures of a PDF."""
    reader = pypdf.PdfReader(BytesIO(pdf))
    every = map(reader.get_object, range(1, reader.trailer["/Size"]))
    return [each["/Alt"] for each in every if isinstance(each, dict) and "/Alt" in each]


def test_the_same_input_gives_the_same_bytes_in_another_process(sample, tmp_path):
    code = (
        "import sys; from document_sample import *; from arpc.document.markdown import parse;"
        "from arpc.document.pdf import to_pdf;"
        "sys.stdout.buffer.write(to_pdf(parse(source()), MATTER, [FAMILY]))"
    )
    here = Path(__file__).parent
    environment = {
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONPATH": os.pathsep.join((str(here), str(here.parent.parent))),
    }
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, check=True
    )
    assert run.stdout == sample


def test_the_date_in_the_file_is_the_date_of_the_document(sample):
    created = pypdf.PdfReader(BytesIO(sample)).metadata.creation_date
    assert created.date() == MATTER.date


def test_every_word_of_a_report_is_in_its_pdf(sample):
    text = squeezed("".join(pages(sample)))
    for word in plain_text(parse(source())).replace(" | ", " ").split():
        assert word in text
    for value in (MATTER.title, MATTER.subtitle, FAMILY.caption, *dict(MATTER.details).values()):
        assert squeezed(value) in text


def test_no_word_is_lost_however_long_rows_words_and_headers_are(hard):
    document, _, sheets = hard
    text = squeezed("".join(sheets))
    words = re.findall(r"q\d{7}", plain_text(document))
    assert len(words) > 5000
    assert [word for word in words if word not in text] == []
    assert text.count("y") >= 1400
    assert text.count("[U+674E]") == 300


def test_unbroken_strings_are_broken_where_their_line_ends(hard):
    _, _, sheets = hard
    runs = re.findall(r"x{20,}|y{20,}|W{6,}", "\n".join(sheets).replace("\u200b", ""))
    # At 10 points 162 mm hold 92 letters x and 52 letters W.
    assert max(len(run) for run in runs if run[0] != "W") <= 92
    assert max(len(run) for run in runs if run[0] == "W") <= 26


def test_marking_status_version_and_practice_are_on_every_page(sample):
    sheets = pages(sample)
    for number, text in enumerate(sheets, 1):
        assert text.count(MATTER.marking) >= 2
        for words in (MATTER.status, "CP-2026-0142 · Version 3", MATTER.practice):
            assert words in text
        assert f"Page {number} of {len(sheets)}" in text
    assert sheets[0].count(MATTER.marking) == 3
    assert MATTER.valid_until.split(",")[0] in sheets[0]


@pytest.mark.parametrize("status", ["DRAFT", "SUPERSEDED", "OUT OF DATE"])
def test_the_watermark_is_drawn_and_not_written(status, tmp_path):
    document = parse("# a\n\nb")
    marked = to_pdf(document, replace(MATTER, status=status))
    [text] = pages(marked)
    assert text.count(status) == 2  # in the margin and on page 1
    unmarked = to_pdf(document, replace(MATTER, status=status.lower()))
    assert len(marked) > len(unmarked)
    assert_valid(marked, tmp_path)


def test_the_outline_and_the_language_are_there(sample):
    reader = pypdf.PdfReader(BytesIO(sample))
    assert reader.root_object["/Lang"] == "en-GB"
    assert reader.metadata.title == MATTER.title
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    assert titles[:3] == ["Summary", "1 How this assessment was done", "2 History"]


def test_nasty_text_is_printed_literally_and_changes_nothing_else(tmp_path):
    rows = "".join(f"| A{n}A{shield(text)}Z{n}Z | b |\n" for n, text in enumerate(NASTY))
    texts = "".join(
        f"::: quote {shield(text)}\nB{n}B{shield(text)}Y{n}Y[^n{n}]\n:::\n\n"
        f"[^n{n}]: C{n}C{shield(text)}X{n}X\n\n"
        for n, text in enumerate(NASTY)
    )
    everything = " ".join(NASTY).replace("\n", " ")
    matter = replace(MATTER, title=everything, author=everything, reference=everything)
    pdf = to_pdf(
        parse(
            f"# {shield(everything)}\n\n| a | b |\n|---|---|\n{rows}\n\n{texts}\n\n::: figure p\n:::"
        ),
        matter,
        [Figure("p", FAMILY.svg, everything, everything)],
    )
    assert_valid(pdf, tmp_path)
    text = squeezed("".join(pages(pdf)))
    for n, nasty in enumerate(NASTY):
        for start, end in (("A", "Z"), ("B", "Y"), ("C", "X")):
            assert f"{start}{n}{start}{squeezed(nasty)}{end}{n}{end}" in text


def test_a_character_without_a_glyph_does_not_stop_a_report(tmp_path):
    name = "李小龙 محمد 🙂 \ufffd \u0378"
    pdf = to_pdf(
        parse(
            f"# {shield(name)}\n\n**{shield(name)}** `{shield(name)}`\n\n| {shield(name)} |\n|---|\n| a |"
        ),
        replace(MATTER, title=name, author=name, marking=name),
        [Figure("p", FAMILY.svg.replace("Callum", name), name, name)],
    )
    text = squeezed("".join(pages(pdf)))
    assert text.count("[U+674E]") >= 5
    assert "[U+1F642]" in text
    assert pypdf.PdfReader(BytesIO(pdf)).metadata.title == name
    assert_valid(pdf, tmp_path)


def test_direction_marks_that_have_nothing_to_direct_change_no_order():
    pdf = to_pdf(parse(shield("a \u200f[^1] (b) - \u200fc \u061c{d}\u061c \u200ee")), MATTER)
    assert "a[^1](b)-c{d}e" in squeezed("".join(pages(pdf)))


@pytest.mark.xfail(strict=True, reason="Typst 0.15 lets letter and accent each stand for both")
def test_a_letter_whose_accent_is_moved_up_is_copied_once():
    assert squeezed("".join(pages(to_pdf(parse("a \u1ecc\u0300b"), MATTER)))).count("\u1ecc") == 1


def test_every_character_said_to_be_covered_prints(tmp_path):
    covered = [chr(code) for code in sorted(glyphs.coverage()) if code > 0x20]
    text = " ".join(covered)
    assert glyphs.printable(text) == text
    pdf = to_pdf(parse(f"{shield(text)}\n\n*{shield(text)}* **{shield(text)}**"), MATTER)
    assert_valid(pdf, tmp_path)


def test_an_empty_document_is_a_document(tmp_path):
    matter = replace(MATTER, status="", practice="", valid_until="", subtitle="", title="A")
    assert_valid(to_pdf(parse(""), matter), tmp_path)
    odd = "# \n\n- \n\n| | |\n|---|---|\n\n::: callout\n:::\n\n---\n\n```\na\n```\n\n> b"
    assert_valid(to_pdf(parse(odd), replace(matter, date=date(1969, 1, 1))), tmp_path)


def test_a_figure_that_was_not_drawn_stops_the_report():
    with pytest.raises(ArpcError, match="not drawn: family"):
        to_pdf(parse("::: figure family\n:::"), MATTER)


def test_without_typst_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.delitem(sys.modules, "arpc.document.typesetting")  # as if nothing had used it yet
    with pytest.raises(ArpcError, match="needs the packages typst and") as raised:
        to_pdf(parse("a"), MATTER)
    assert "Markdown or HTML" in raised.value.hint


def test_naming_the_outputs_imports_none_of_the_engines():
    code = (
        "import sys, arpc.document.pdf, arpc.document.figures;"
        "assert not {'typst', 'markdown_it', 'jinja2'} & set(sys.modules)"
    )
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_front_matter_and_figures_need_no_cleaning(tmp_path):
    odd = "a\x00b\u202ec\ue000\nd"
    matter = replace(MATTER, title=odd, author=odd, marking=odd, practice=odd, subtitle=odd)
    figure = Figure("p", FAMILY.svg.replace("Callum", "\u202e\ue000"), odd, odd)
    assert_valid(to_pdf(parse("::: figure p\n:::"), matter, [figure]), tmp_path)


def test_column_widths_use_the_room_and_keep_words_whole():
    rows = [["Date", "What"], ["14 November 2026", "long words " * 40], ["x", "accommodation"]]
    first, second = columns.widths(rows, 96)
    assert first + second == pytest.approx(96)
    assert len("November") < first < 25
    seven = [["accommodation"] * 7]
    assert sum(columns.widths(seven, 60)) == pytest.approx(60)


def test_blank_columns_get_the_room_that_is_left():
    name, signature = columns.widths([["Name", "Signature"], ["Ann", ""]], 96)
    assert name < 10
    assert signature > 80


def test_a_cell_is_estimated_by_its_lines():
    assert columns.lines(["a\nb\nc", "d"], [20, 20]) == 3
    assert columns.lines(["word " * 20, "d"], [22.4, 20]) == 5


def test_a_wide_picture_has_a_page_on_its_side(tmp_path):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1500" height="600"></svg>'
    document = parse("# One\n\nBefore.\n\n::: figure family\n:::\n\nAfter.\n")
    pdf = to_pdf(document, MATTER, [Figure("family", svg, "A family.", "The family")])
    assert_valid(pdf, tmp_path)
    boxes = [sheet.mediabox for sheet in pypdf.PdfReader(BytesIO(pdf)).pages]
    assert [box.width > box.height for box in boxes] == [False, True, False]


def test_what_is_said_of_a_table_is_not_left_alone_at_the_foot_of_a_page():
    rows = "".join(f"| N-{number:03d} | {'what was said ' * 9}|\n" for number in range(9))
    table = f"Everything this report cites.\n\nTable: Evidence\n\n| Ref | Text |\n|:--|:--|\n{rows}"
    for count in range(44, 60):
        lead = "\n\n".join(f"Paragraph {number}." for number in range(count))
        found = pages(to_pdf(parse(f"# One\n\n{lead}\n\n## Annex\n\n{table}"), MATTER))
        [page] = [text for text in found if "Everything this report cites." in text]
        assert "N-000" in page and "Annex" in page
