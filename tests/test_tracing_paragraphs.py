"""From a numbered paragraph of a report to file, line, author, when it happened and when it was written."""

from functools import reduce
from operator import getitem
from pathlib import Path

import pytest

from arpc import audiences, leaks
from arpc.document import markdown, numbering, tree
from arpc.reporting import catalogue, paragraphs
from tests.conftest import ENGLAND, SCOTLAND, Run, change
from tests.test_reports import as_of, every_case, source_of, text_of

GOLDEN = Path(__file__).parent / "golden"
# What a report says of itself, or says in words for a code, e.g. "None." or "not asked".
OWN_WORDS = {
    ENGLAND: "4.1 8.45 8.46 8.47 9.1 11.2 11.3 11.4 11.5 15.1 16.1",
    SCOTLAND: "3.1 3.2 4.1 5.1 9.1 11.1 11.2 11.3 16.1",
}


@every_case
def test_every_paragraph_leads_to_a_record_or_is_the_reports_own(name: str) -> None:
    found = paragraphs.paragraphs(catalogue.make(as_of(name), "assessment"))
    own = [each.number for each in found if not each.printed and not each.cites]
    assert own == OWN_WORDS[name].split()
    assert len(own) < 0.06 * len(found)


@every_case
def test_what_a_paragraph_was_printed_from_stands_in_it(name: str) -> None:
    made = catalogue.make(as_of(name), "assessment")
    blocks = dict(numbering.find(markdown.parse(source_of(made)).blocks))
    for each in paragraphs.paragraphs(made):
        words = squeezed(" ".join(tree.texts(blocks[each.number])))
        for record, pointer in each.printed:
            value = reduce(getitem, pointer, record.data)
            assert any(squeezed(part) in words for part in str(value).split("\n\n"))


def squeezed(text: str) -> str:
    return "".join(text.split())


@every_case
def test_every_footnote_knows_what_it_names(name: str) -> None:
    made = catalogue.make(as_of(name), "assessment")
    places = made.seen.file.places
    notes = {note.label: note for note in made.report.notes}  # type: ignore[attr-defined]
    assert all(cited in places for note in notes.values() for cited in note.cites)
    assert all(note.text.count("#") <= len(note.cites) for note in notes.values())


@pytest.mark.parametrize("wanted", ["¶8.6", "p8.6", "P8.6", "8.6", "¶ 8.6"])
def test_a_paragraph_is_named_as_it_can_be_typed(wanted: str) -> None:
    assert paragraphs.number_in(wanted) == "8.6"


@pytest.mark.parametrize("wanted", ["J-01#J1", "N-004", "8", "8.6.1", "x8.6", ""])
def test_what_is_no_number_of_a_paragraph_is_a_name(wanted: str) -> None:
    assert paragraphs.number_in(wanted) == ""


def test_a_trace_is_read_in_review(practice: Path, run: Run, golden) -> None:
    commands = (
        ["8.6"],  # what a child said
        ["¶9.2"],  # a factor
        ["p1.10"],  # an answer
        ["1.1"],  # the summary, which belongs to no entry
        ["4.1"],  # the template's words
        ["4.2", "--audience", "conference"],
    )
    shown = []
    for words in commands:
        code, out, err = run("trace", ENGLAND, *words)
        assert code == 0, err
        shown.append(f"$ arpc trace {ENGLAND} {' '.join(words)}\n{out}")
    golden(GOLDEN / "trace-paragraphs.txt", "\n".join(shown))


def test_no_words_of_a_record_reach_the_screen(practice: Path, run: Run) -> None:
    assert "it's like both" in text_of(catalogue.make(as_of(ENGLAND), "assessment"))
    out = run("trace", ENGLAND, "8.6").out
    assert "N-004#S2" in out and "both" not in out


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (["8.99"], "there is no paragraph 8.99", "section 8 has paragraphs 8.1 to 8.50"),
        (["4.2"], "there is no paragraph 4.2 in", "section 4 has paragraph 4.1 only"),
        (["40.1"], "there is no paragraph 40.1", "the report has paragraphs 1.1 to 16.1"),
        (
            ["1.1", "--audience", "man"],
            "there is no paragraph 1.1",
            "its paragraphs have no numbers",
        ),
        (["J-01#J1", "--audience", "man"], "the same in every report", "go with a paragraph"),
    ],
)
def test_a_paragraph_that_is_not_there_says_which_are(
    practice: Path, run: Run, words: list[str], said: str, hint: str
) -> None:
    found = run("trace", ENGLAND, *words)
    assert (found.code, said in found.err, hint in found.err) == (2, True, True), found.err


def test_the_number_after_somebodys_words_tells_them_from_the_same_words_elsewhere(
    practice: Path, run: Run
) -> None:
    sessions = practice / f"cases/{ENGLAND}/sessions"
    change(
        sessions / "N-004.yaml",
        "I like it when he comes and I like it when he goes home, it's like both.",
        "Dunno.",
    )
    change(sessions / "N-012.yaml", "And I don't have to know things.", "Dunno.")
    out = run("trace", ENGLAND, "8.6").out
    assert "printed from: 1" in out and "N-004#S2  said by P-03" in out


def test_numbers_of_paragraphs_keep_no_withheld_words_from_being_found() -> None:
    assert leaks.words("¶8.6 One two ¶8.7 three") == ("one", "two", "three")


def test_a_copy_for_the_family_has_no_numbers() -> None:
    view = as_of(SCOTLAND)
    reader = audiences.reader_of(view.file, "carer")
    text = source_of(catalogue.make(view, "assessment", reader=reader))
    assert "¶" not in markdown.to_markdown(markdown.parse(text))
