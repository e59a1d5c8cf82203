import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from document_nasty import NASTY
from document_sample import FAMILY, MATTER, source
from docx.image.image import Image
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from arpc.document import tree
from arpc.document.docx import to_docx
from arpc.document.figures import Figure
from arpc.document.markdown import parse
from arpc.document.shield import clean, shield
from arpc.errors import ArpcError

SAMPLE = to_docx(parse(source()), MATTER, [FAMILY])


@pytest.fixture(scope="module")
def word():
    return docx.Document(BytesIO(SAMPLE))


def made(markdown, matter=MATTER, figures=()):
    return docx.Document(BytesIO(to_docx(parse(markdown), matter, figures)))


def xml(file, name):
    return parse_xml(ZipFile(BytesIO(file)).read(name))


def body(document):
    return document.element.body


def squeezed(text):
    return re.sub(r"\s", "", text)


def texts(document, style):
    return [p.text for p in document.paragraphs if p.style.name == style]


def test_the_same_input_gives_the_same_bytes_in_another_process(tmp_path):
    code = (
        "import sys; from document_sample import *; from arpc.document.markdown import parse;"
        "from arpc.document.docx import to_docx;"
        "sys.stdout.buffer.write(to_docx(parse(source()), MATTER, [FAMILY]))"
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
    assert run.stdout == SAMPLE


def test_the_file_says_nothing_of_the_machine_or_the_hour_that_made_it():
    for part in ZipFile(BytesIO(SAMPLE)).infolist():
        assert part.date_time == (1980, 1, 1, 0, 0, 0)
        assert (part.create_system, part.extra, part.comment) == (0, b"", b"")


def test_the_properties_of_the_file_are_those_of_the_matter(word):
    properties = word.core_properties
    assert (properties.title, properties.subject) == (MATTER.title, MATTER.subtitle)
    assert properties.author == properties.last_modified_by == MATTER.author
    day = datetime(2026, 11, 22, tzinfo=UTC)
    assert properties.created == day
    assert properties.modified == day
    assert (properties.revision, properties.language) == (1, "en-GB")


def test_a_property_is_cut_where_the_format_ends_it_and_page_1_has_the_whole():
    title = "t " * 200
    document = made("a", replace(MATTER, title=title, author=title, subtitle=title))
    assert document.core_properties.title == title[:255]
    assert texts(document, "Title") == [title]


def test_headings_are_headings_with_the_numbers_of_the_other_formats(word):
    found = [
        (p.style.name, p.text) for p in word.paragraphs if re.match("Heading [123]", p.style.name)
    ]
    assert found == [
        (f"Heading {h.level}", f"{h.number} {tree.words(h.body)}".strip())
        for h in tree.headings(parse(source()).blocks)
    ]
    levels = [int(name[-1]) for name, _ in found]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_page_1_begins_with_who_may_read_the_document_and_what_it_is(word):
    assert [(p.style.name, p.text) for p in word.paragraphs[:9]] == [
        ("Practice", MATTER.practice),
        ("Marking", MATTER.banner),
        ("Title", MATTER.title),
        ("Subtitle", MATTER.subtitle),
        *(("Detail", f"{label}\t{value}") for label, value in MATTER.details),
    ]


def test_every_page_says_who_may_read_it_what_it_is_and_where_it_ends(word):
    [section] = word.sections
    assert [p.text for p in section.header.paragraphs] == [
        MATTER.marking,
        f"CP-2026-0142 · Version 3\t{MATTER.status}",
        MATTER.practice,
    ]
    assert [p.text for p in section.footer.paragraphs] == [
        f"{MATTER.title}\tPage 1 of 1",
        MATTER.marking,
    ]
    codes = [code.text for code in section.footer.part.element.iter(qn("w:instrText"))]
    assert codes == [" PAGE ", " NUMPAGES "]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_the_language_is_that_of_the_matter(word):
    [language] = word.styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "en-GB"
    [language] = made("a", replace(MATTER, lang="cy")).styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "cy"


def test_word_opens_the_file_in_its_present_mode_and_asks_nothing(word):
    [mode] = word.settings.element.iter(qn("w:compatSetting"))
    assert (mode.get(qn("w:name")), mode.get(qn("w:val"))) == ("compatibilityMode", "15")
    assert not list(word.settings.element.iter(qn("w:updateFields")))


def test_every_style_that_is_used_is_in_the_design(word):
    defined = {style.get(qn("w:styleId")) for style in word.styles.element.iter(qn("w:style"))}
    names = [name for name in ZipFile(BytesIO(SAMPLE)).namelist() if name.startswith("word/")]
    for name in (name for name in names if name.endswith(".xml")):
        for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next"):
            used = {e.get(qn("w:val")) for e in xml(SAMPLE, name).iter(qn(f"w:{tag}"))}
            assert used <= defined, name


def test_tables_repeat_their_header_and_keep_short_rows_whole(word):
    people = word.tables[1]
    assert [cell.text for cell in people.rows[0].cells] == ["Date", "Person", "Relation", "How"]
    for table in word.tables:
        first, *rows = (row._tr for row in table.rows)
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rows)
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    long = made(f"| a | b |\n|---|---|\n| {'word ' * 600} | b |").tables[0]
    assert long.rows[1]._tr.trPr.find(qn("w:cantSplit")) is None


def test_columns_are_as_wide_in_the_grid_as_in_the_cells_and_fill_the_page(word):
    for table in word.tables:
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.iter(qn("w:gridCol"))]
        assert sum(grid) == 9184
        cells = [int(cell.get(qn("w:w"))) for cell in table.rows[-1]._tr.iter(qn("w:tcW"))]
        assert cells == grid


def test_captions_stand_above_tables_and_below_figures(word):
    parts = list(body(word))
    for above, part in pairwise(parts):
        if part.tag == qn("w:tbl") and above.tag == qn("w:p") and above.style == "TableCaption":
            assert re.match(r"Table \d\. ", above.text)
    assert texts(word, "Table Caption")[0] == "Table 1. People spoken to"
    assert texts(word, "Figure Caption") == [f"Figure 1. {FAMILY.caption}"]
    assert texts(made("Table: A\n\n| a |\n|---|\n| b |"), "Table Caption") == ["Table 1. A"]


def test_facts_have_one_title_over_both_columns_or_none(word):
    [title] = word.tables[0].rows[0]._tr.tc_lst
    assert (title.grid_span, title.p_lst[0].text) == (2, "The man this assessment is about")
    untitled = made("::: facts\n| | |\n|---|---|\n| a | b |\n:::").tables[0]
    assert [[cell.text for cell in row.cells] for row in untitled.rows] == [["a", "b"]]


def test_a_picture_has_its_words_and_fits_the_page(word):
    [properties] = body(word).iter(qn("wp:docPr"))
    assert properties.get("descr") == FAMILY.alt
    [shape] = word.inline_shapes
    assert 120 < shape.width.mm <= 162
    [name] = [n for n in ZipFile(BytesIO(SAMPLE)).namelist() if n.startswith("word/media/")]
    picture = Image.from_blob(ZipFile(BytesIO(SAMPLE)).read(name))
    assert picture.content_type == "image/png"
    wide = Figure("w", FAMILY.svg.replace('width="640"', 'width="4000"'), "a", "b")
    [shape] = made("::: figure w\n:::", MATTER, [wide]).inline_shapes
    assert shape.width.mm == pytest.approx(162, abs=0.2)


def test_pictures_have_numbers_of_their_own():
    second = FAMILY._replace(name="second", svg=FAMILY.svg.replace("Callum", "Kofi"))
    figures = "::: figure family\n:::\n\n::: figure second\n:::"
    found = body(made(figures, MATTER, [FAMILY, second])).iter(qn("wp:docPr"))
    assert [(p.get("id"), p.get("name")) for p in found] == [("1", "Figure 1"), ("2", "Figure 2")]


def test_footnotes_are_footnotes_each_with_one_reference():
    notes = xml(SAMPLE, "word/footnotes.xml")
    printed = [note for note in notes if note.get(qn("w:type")) is None]
    numbers = [int(note.get(qn("w:id"))) for note in printed]
    assert numbers == list(range(1, len(parse(source()).notes) + 1))
    for note, words in zip(printed, parse(source()).notes, strict=True):
        assert "".join(t.text for t in note.iter(qn("w:t"))) == " " + tree.words(words)
    document = xml(SAMPLE, "word/document.xml")
    references = [int(r.get(qn("w:id"))) for r in document.iter(qn("w:footnoteReference"))]
    assert references == numbers


def test_the_lines_above_footnotes_which_the_settings_name_are_there_without_footnotes():
    file = to_docx(parse("a"), MATTER)
    named, there = (
        [note.get(qn("w:id")) for note in xml(file, f"word/{part}.xml").iter(qn("w:footnote"))]
        for part in ("settings", "footnotes")
    )
    assert named == there == ["-1", "0"]


def test_a_footnote_referred_to_again_is_a_cross_reference_to_the_first():
    document = body(made("a[^x] b[^x]\n\n[^x]: one"))
    [code] = [code.text for code in document.iter(qn("w:instrText"))]
    assert code == r" NOTEREF _Note1 \f \h "
    assert "_Note1" in {mark.get(qn("w:name")) for mark in document.iter(qn("w:bookmarkStart"))}


def test_a_footnote_may_hold_links_and_lines():
    file = to_docx(parse("a[^x]\n\n[^x]: [one](https://a.example)\n\n    two"), MATTER)
    [_, _, note] = xml(file, "word/footnotes.xml")
    assert len(list(note.iter(qn("w:br")))) == 1
    relations = ZipFile(BytesIO(file)).read("word/_rels/footnotes.xml.rels").decode()
    assert 'Target="https://a.example"' in relations


def test_an_address_that_is_not_well_formed_is_made_so_as_word_would_refuse_the_file():
    file = to_docx(parse(f"[a]({shield('http://a.example/[b]?c=<d>&e')})"), MATTER)
    relations = ZipFile(BytesIO(file)).read("word/_rels/document.xml.rels").decode()
    assert 'Target="http://a.example/%5Bb%5D?c=%3Cd%3E&amp;e"' in relations


def test_contents_lead_to_the_headings(word):
    entries = [p for p in word.paragraphs if p.style.name.startswith("toc ")]
    marks = {m.get(qn("w:name")) for m in body(word).iter(qn("w:bookmarkStart"))}
    anchors = [link.get(qn("w:anchor")) for p in entries for link in p._p.iter(qn("w:hyperlink"))]
    assert len(anchors) == len(entries) == 16
    assert set(anchors) <= marks
    assert entries[2].text == "1.1 Who was spoken to and when"


def test_lists_are_numbered_by_word_and_each_starts_at_its_own_number():
    document = made("- a\n\n  3. b\n  4. c\n\nd\n\n1. e\n\n   f\n2. g")
    found = []
    for item in document.paragraphs:
        if item._p.pPr.numPr is not None:
            level, number = item._p.pPr.numPr.ilvl.val, item._p.pPr.numPr.numId.val
            found.append((item.style.name, level, number, item.text))
    assert found == [
        ("List Bullet", 0, 1, "a"),
        *(("List Number", 1, 2, "b"), ("List Number", 1, 2, "c")),
        *(("List Number", 0, 3, "e"), ("List Number", 0, 3, "g")),
    ]
    assert texts(document, "List Continue") == ["f"]
    starts = document.part.numbering_part.element.iter(qn("w:startOverride"))
    assert [start.get(qn("w:val")) for start in starts] == ["3", "1"]


def test_lists_deeper_than_word_allows_stay_lists():
    document = made("\n".join("  " * depth + f"- {depth}" for depth in range(10)))
    levels = [p._p.pPr.numPr.ilvl.val for p in document.paragraphs if p._p.pPr.numPr is not None]
    assert levels == [*range(9), 8]


def test_quotes_and_callouts_are_paragraphs_in_styles(word):
    assert texts(word, "Quote Source")[0].startswith("— Callum, aged 11")
    assert texts(word, "Quote")[0] == "I like it when Dad comes. I want to see him more."
    assert texts(word, "Callout Title") == ["Conclusion in brief"]


def test_blocks_that_word_would_join_stay_apart():
    quote, table = "::: quote A\na\n:::\n\n", "| a |\n|---|\n| b |\n\n"
    styles = [p.style.name for p in made(quote * 2).paragraphs[-5:]]
    assert styles == ["Quote", "Quote Source", "Gap", "Quote", "Quote Source"]
    tags = [part.tag.rpartition("}")[2] for part in body(made(table * 2))]
    assert tags[-5:] == ["tbl", "p", "tbl", "p", "sectPr"]


def test_a_quote_that_holds_a_table_in_a_list_is_a_quote():
    document = made("::: quote A\n- a\n\n  | b |\n  |---|\n  | c |\n:::")
    assert len(document.tables) == 1


def test_a_new_page_begins_with_what_follows_be_it_text_or_a_table():
    pagebreak = "::: pagebreak\n:::\n\n"
    broken = qn("w:pageBreakBefore")
    after = made(f"a\n\n{pagebreak}b\n\n{pagebreak}| c |\n|---|\n| d |\n\n{pagebreak}")
    found = [p.text for p in body(after).iter(qn("w:p")) if list(p.iter(broken))]
    assert found == ["b", "c"]


def test_small_type_code_and_rules_are_there():
    document = made("::: small\na\n\n- b\n:::\n\n`c`\n\n---\n\n```\nd\n  e\n```")
    assert texts(document, "Small") == ["a"]
    [item] = [p for p in document.paragraphs if p.style.name == "List Bullet"]
    assert item.runs[0].font.size.pt == 9
    assert texts(document, "Code Block") == ["d\n  e"]
    assert len(texts(document, "Divider")) == 1
    [code] = [r for p in document.paragraphs for r in p.runs if r.style.name == "Code"]
    assert code.text == "c"


def test_strong_and_stressed_words_are_bold_and_italic():
    runs = made("a **b *c***").paragraphs[-1].runs
    assert [(run.text, run.bold, run.italic) for run in runs] == [
        *(("a ", None, None), ("b ", True, None), ("c", True, True)),
    ]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_literal_and_changes_no_element(text):
    def filled(value):
        s = shield(value)
        names = ("title", "subtitle", "marking", "author", "practice", "reference", "status")
        matter = replace(MATTER, **dict.fromkeys(names, value))
        markdown = (
            f"# a {s}\n\nb {s}[^x]\n\n[^x]: c {s}\n\n::: quote {s}\n{s}\n:::\n\n::: callout {s}\nd\n"
            f":::\n\nTable: {s}\n\n| e{s} | f |\n|---|---|\n| g{s} | h |\n\n- {s}\n\n::: contents\n:::"
        )
        file = ZipFile(BytesIO(to_docx(parse(markdown), matter)))
        parts = [
            n for n in file.namelist() if re.match(r"word/(document|footnotes|header|foot)", n)
        ]
        elements = [e for name in sorted(parts) for e in parse_xml(file.read(name)).iter()]
        words = "".join(e.text or "" for e in elements if e.tag == qn("w:t"))
        codes = [e.text for e in elements if e.tag == qn("w:instrText")]
        return squeezed(words), codes, [e.tag for e in elements]

    words, codes, elements = filled(f"A{text}Z")
    plain_words, plain_codes, plain_elements = filled("w")
    assert words.count(squeezed(f"A{text}Z")) == plain_words.count("w")
    assert (codes, elements) == (plain_codes, plain_elements)


def test_front_matter_and_figures_need_no_cleaning():
    odd = "a\x00b\u202ec\ue000\nd\ud800"
    matter = replace(MATTER, title=odd, author=odd, marking=odd, practice=odd, subtitle=odd)
    figure = Figure("p", FAMILY.svg.replace("Callum", "\u202e\ue000"), odd, odd)
    document = made("::: figure p\n:::", matter, [figure])
    assert texts(document, "Title") == [clean(odd)]
    assert document.core_properties.author == clean(odd)


def test_an_empty_document_is_a_document():
    matter = replace(MATTER, status="", practice="", valid_until="", subtitle="", title="A")
    assert texts(made("", matter), "Title") == ["A"]
    odd = "# \n\n- \n\n| | |\n|---|---|\n\n::: callout\n:::\n\n::: quote\n:::\n\n1. > a\n\n> b"
    assert texts(made(odd, matter), "Heading 1") == ["1 –"]


def test_a_figure_that_was_not_drawn_stops_the_report():
    with pytest.raises(ArpcError, match="not drawn: family"):
        to_docx(parse("::: figure family\n:::"), MATTER)


def test_without_python_docx_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    for name in ("word", "word_inlines", "word_matter", "ooxml"):
        monkeypatch.delitem(sys.modules, f"arpc.document.{name}")
    with pytest.raises(ArpcError, match="needs the packages python-docx, typst and") as raised:
        to_docx(parse("a"), MATTER)
    assert "arpc[docx]" in raised.value.hint


def test_naming_the_output_imports_no_engine():
    code = "import sys, arpc.document.docx; assert not {'docx', 'typst', 'lxml'} & set(sys.modules)"
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
