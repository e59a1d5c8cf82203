"""Fifty ways in which a copy might give away what its reader may not see; each stops the copy.

Isla Moncrieff is a girl whom the Scottish case could have named and whom nobody outside may know.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from arpc import audiences, copying, leaks, loading
from arpc.document import docx, finished, html, markdown, pdf
from arpc.document.figures import Figure
from arpc.document.matter import FrontMatter
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.reporting import catalogue
from arpc.service import open_service
from tests.conftest import ENGLAND, EXAMPLES, SCOTLAND, TODAY, Run, change

ISLA = """\
person: arpc/1
id: P-09
case: C-HB6GD1GT
date: 2023-01-10
author: RD
status: draft
name: Isla Moncrieff
known_as: [Izzy]
alias: Young person M
roles: [complainant]
born: 2011-04-05
contact: |
  Her mother's mobile, 07700 900123, or rowan.tree@example.org. Letters to KA9 4QZ.
not_for: [referrer, conference, man, carer, child]
"""
ANALYSIS = "analysis/J-02.yaml"
SUMMARY = "This analysis replaces that of June 2023."
FACTOR = "Mrs Rennie stops him, tells Eilidh the truth,"
SIGN = "he stops going to the shed"
HOW = "With Eilidh reading the draft."
WHO = "Catriona Bain, social worker\n"
ACTION = "Somebody is assessed to share the middle chair with Kirsty Rennie."
CONDITIONS = "As in the agreement of July 2023,"
ANSWER = "Yes, on the same terms."
FOR_HIM = "You finished ten meetings of treatment,"
FOR_HER = "We looked again at what we said in June 2023,"
LETTER = "It is Rhona again."


class Planted(NamedTuple):
    """What is written where, for whom it is printed, and what is then named."""

    reader: str
    at: str
    text: str
    given_away: str


NAME, BIRTH, REACHED = "the name of P-09", "the date of birth of P-09", "how somebody is reached"
PLANTED = (
    # a name, however it is written
    Planted("conference", SUMMARY, "Isla Moncrieff", NAME),
    Planted("conference", SUMMARY, "Isla", NAME),
    Planted("conference", SUMMARY, "ISLA", NAME),
    Planted("conference", SUMMARY, "isla", NAME),
    Planted("conference", SUMMARY, "Moncrieff", NAME),
    Planted("conference", SUMMARY, "Miss Moncrieff", NAME),
    Planted("conference", SUMMARY, "Isla's", NAME),
    Planted("conference", SUMMARY, "Isla\u2019s", NAME),
    Planted("conference", SUMMARY, "the Moncrieffs", NAME),
    Planted("conference", SUMMARY, "Ísla", NAME),
    Planted("conference", SUMMARY, "\uff29\uff33\uff2c\uff21", NAME),
    Planted("conference", SUMMARY, "Is\u00adla", NAME),
    Planted("conference", SUMMARY, "Is\u200bla", NAME),
    Planted("conference", SUMMARY, "Isla\n  Moncrieff", NAME),
    Planted("conference", SUMMARY, "(Isla)", NAME),
    Planted("conference", SUMMARY, "**Isla**", NAME),
    Planted("conference", SUMMARY, "Izzy", NAME),
    Planted("conference", SUMMARY, "Izzy's friend", NAME),
    # wherever it stands
    Planted("conference", FACTOR, "Isla", NAME),
    Planted("conference", SIGN, "Isla", NAME),
    Planted("conference", HOW, "Isla", NAME),
    Planted("conference", WHO, "Isla, with ", NAME),
    Planted("conference", ACTION, "Isla", NAME),
    Planted("conference", CONDITIONS, "Isla", NAME),
    Planted("referrer", ANSWER, "Isla", NAME),
    Planted("man", FOR_HIM, "Isla", NAME),
    Planted("carer", FOR_HER, "Izzy", NAME),
    Planted("child", LETTER, "Isla", NAME),
    # when she was born
    Planted("conference", SUMMARY, "5 April 2011", BIRTH),
    Planted("conference", SUMMARY, "5th of April 2011", BIRTH),
    Planted("conference", SUMMARY, "April 5, 2011", BIRTH),
    Planted("conference", SUMMARY, "5 Apr 2011", BIRTH),
    Planted("conference", HOW, "05/04/2011", BIRTH),
    Planted("conference", HOW, "5.4.2011", BIRTH),
    Planted("conference", HOW, "05/04/11", BIRTH),
    Planted("conference", ACTION, "2011-04-05", BIRTH),
    Planted("man", FOR_HIM, "3 September 2012", "the date of birth of P-03"),
    # how she is reached
    Planted("referrer", SUMMARY, "07700 900123", REACHED),
    Planted("referrer", SUMMARY, "07700900123", REACHED),
    Planted("referrer", SUMMARY, "07700 900 123", REACHED),
    Planted("referrer", SUMMARY, "(07700) 900-123", REACHED),
    Planted("referrer", HOW, "rowan.tree@example.org", REACHED),
    Planted("referrer", HOW, "ka9 4qz", REACHED),
    # where the family lives
    Planted("referrer", SUMMARY, "4 Kirkgate", "an address"),
    Planted("man", FOR_HIM, "4, KIRKGATE", "an address"),
    # what somebody said who was promised that it goes no further
    Planted("man", FOR_HIM, "A lady moved seats, and he saw, and he went out.", "N-011#S2"),
    Planted("man", FOR_HIM, "She felt sorry: “I felt sorry for the lady.”", "N-011#S2"),
    Planted("carer", FOR_HER, "a lady\n  moved seats and\n  he saw", "N-011#S2"),
    Planted("man", FOR_HIM, "It's normal with auntie Kirsty – in the middle", "N-011#S1"),
    Planted("carer", FOR_HER, "By the girl to her mother", "who told of A-01"),
)


@pytest.fixture
def scotland(practice: Path) -> Path:
    """The Scottish case with Isla in it, and with an address for the house."""
    folder = practice / "cases" / SCOTLAND
    (folder / "people/P-09.yaml").write_text(ISLA, "utf-8")
    home = next(
        p for p in sorted(folder.glob("arrangements/*.yaml")) if "household" in p.read_text()
    )
    lines = [
        line for line in home.read_text("utf-8").splitlines() if not line.startswith("address")
    ]
    home.write_text("\n".join([*lines, "address: 4 Kirkgate, Craigellen", ""]), "utf-8")
    return folder


def view(folder: Path) -> AsOf:
    return AsOf(loading.load(folder, folder.name).file, TODAY, open_service(folder.parent).service)


def found(folder: Path, audience: str, form: str = "md") -> str:
    """What stops a copy: "" if nothing does."""
    as_of = view(folder)
    reader = audiences.reader_of(as_of.file, audience)
    try:
        copying.copy(as_of, "assessment", reader=reader, forms=(form,))
    except ArpcError as error:
        return f"{error}\n{error.hint}"
    return ""


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p.reader}: {p.text!r}")
def test_what_gives_somebody_away_stops_the_copy(scotland: Path, planted: Planted) -> None:
    text = f"{planted.text}{planted.at}" if planted.at == WHO else f"{planted.at} {planted.text}."
    indented = text.replace("\n  ", "\n      ")
    change(scotland / ANALYSIS, planted.at, indented)
    stopped = found(scotland, planted.reader)
    assert planted.given_away in stopped
    assert ANALYSIS in stopped.partition("\n")[2], "the place of the words is not named"


def test_there_are_fifty_of_them_and_none_stops_the_case_as_it_is(scotland: Path) -> None:
    assert len(PLANTED) == 50
    assert [
        found(scotland, each) for each in ("referrer", "conference", "man", "carer", "child")
    ] == [""] * 5


@pytest.mark.parametrize("form", ["md", "html", "pdf", "docx"])
def test_every_format_is_read_again_from_its_bytes(scotland: Path, form: str) -> None:
    change(scotland / ANALYSIS, SUMMARY, f"{SUMMARY} Isla Moncrieff came later.")
    assert NAME in found(scotland, "conference", form)


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
@pytest.mark.parametrize(
    "place", ["title", "subtitle", "author", "marking", "alt", "picture", "heading"]
)
def test_what_a_file_says_where_nobody_looks_is_read_too(form: str, place: str) -> None:
    matter = FrontMatter("A", "B", "C-1", "D", "", date(2026, 6, 10), "E", "1")
    if place in ("title", "subtitle", "author", "marking"):
        matter = replace(matter, **{place: "Moncrieff"})
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text x="2" y="14">'
        f"{'Moncrieff' if place == 'picture' else 'x'}</text></svg>"
    )
    drawn = [Figure("family", svg, "Moncrieff" if place == "alt" else "x", "The family")]
    head = "Moncrieff" if place == "heading" else "x"
    document = markdown.parse(f"# {head}\n\n::: figure family\n:::\n")
    writers = {
        "html": lambda: html.to_html(document, matter, drawn).encode(),
        "pdf": lambda: pdf.to_pdf(document, matter, drawn),
        "docx": lambda: docx.to_docx(document, matter, drawn),
    }
    said = finished.texts(form, writers[form]())
    if (form, place) == ("docx", "picture"):  # an image there; its drawing is read by itself
        said = finished.texts("svg", svg.encode())
    assert any("Moncrieff" in text for text in said)


@pytest.mark.parametrize("name", ["李明", "Jo", "محمد", "สมชาย", "Nguyễn Thị Hương", "O'Neill"])
@pytest.mark.parametrize("form", ["md", "pdf"])
def test_names_in_any_script_and_of_any_length_are_found(
    scotland: Path, name: str, form: str
) -> None:
    change(scotland / "people/P-09.yaml", "name: Isla Moncrieff", f'name: "{name}"')
    assert found(scotland, "conference", form) == ""
    change(scotland / ANALYSIS, SUMMARY, f"{SUMMARY} It was {name} who came.")
    assert NAME in found(scotland, "conference", form)


def test_words_in_a_script_without_spaces_are_words_all_the_same(scotland: Path) -> None:
    change(
        scotland / "sessions/N-011.yaml",
        "A lady moved seats, and he saw",
        "有一位女士换了座位他看见了",
    )
    change(scotland / ANALYSIS, FOR_HIM, f"{FOR_HIM} 女士换了座位.")
    assert "N-011#S2" in found(scotland, "man")


def test_a_home_called_by_a_name_is_found_in_the_text_alternative_of_the_genogram(
    scotland: Path,
) -> None:
    home = next(
        p for p in sorted(scotland.glob("arrangements/*.yaml")) if "household" in p.read_text()
    )
    lines = [line for line in home.read_text("utf-8").splitlines() if not line.startswith("name:")]
    home.write_text("\n".join([*lines, "name: Isla Moncrieff's flat", ""]), "utf-8")
    assert NAME in found(scotland, "referrer")


def test_a_file_name_gives_somebody_away_too(scotland: Path, run: Run) -> None:
    answer = run("render-report", SCOTLAND, "--audience", "conference", "-o", "for-isla.md")
    assert (answer.code, NAME in answer.err) == (2, True)
    assert not (scotland.parent.parent / "for-isla.md").exists()


@pytest.mark.parametrize(
    ("name", "gives_away"),
    [
        ("Isla Moncrieff", {"isla", "islas", "moncrieff", "moncrieffs", "isla moncrieff"}),
        ("Ada Li", {"ada", "adas", "ada li"}),  # two letters alone are any word's
        ("Bo", {"bo", "bos"}),  # but not where they are all that there is
        ("Isla Young", {"isla", "islas", "isla young"}),  # she is called "Young person M"
    ],
)
def test_a_name_is_hunted_for_whole_and_in_parts(
    scotland: Path, name: str, gives_away: set[str]
) -> None:
    person = scotland / "people/P-09.yaml"
    change(person, "name: Isla Moncrieff\nknown_as: [Izzy]", f"name: {name}")
    as_of = view(scotland)
    sought = leaks.secrets(as_of, audiences.reader_of(as_of.file, "conference"))
    assert {" ".join(run) for s in sought if s.what == NAME for run in s.runs} == gives_away


def test_an_ordinary_word_in_a_name_takes_one_recorded_answer(scotland: Path) -> None:
    person = scotland / "people/P-09.yaml"
    change(person, "Isla Moncrieff", "Grace May Younger")
    change(scotland / ANALYSIS, SUMMARY, f"{SUMMARY} It was by the grace of God, in May.")
    stopped = found(scotland, "conference")
    assert NAME in stopped and "`ordinary`" in stopped
    change(person, "roles:", "ordinary: [Grace, May]\nroles:")
    assert found(scotland, "conference") == ""
    change(scotland / ANALYSIS, "by the grace of God", "by Grace May Younger")
    assert NAME in found(scotland, "conference")


def test_a_name_that_the_reader_may_know_from_somebody_else_gives_nobody_away(
    scotland: Path,
) -> None:
    change(scotland / "people/P-09.yaml", "Isla Moncrieff", "Isla Rennie")
    assert found(scotland, "conference") == ""


def test_neither_do_the_names_of_those_who_work_there_nor_of_the_places_that_everybody_writes_to(
    scotland: Path,
) -> None:
    ours = open_service(scotland.parent.parent).service
    places = (ours.name, ours.address, view(scotland).file.case.authority)
    for text in filter(None, (ours.staff[0].name, *places)):
        word = max(leaks.words(text), key=len)
        change(scotland / "people/P-09.yaml", "name: Isla Moncrieff", f"name: Isla {word}")
        as_of = AsOf(view(scotland).file, TODAY, ours)
        found = leaks.secrets(as_of, audiences.reader_of(as_of.file, "conference"))
        runs = {run for each in found if each.what == "the name of P-09" for run in each.runs}
        assert leaks.words("Isla") in runs
        assert leaks.words(word) not in runs, word
        change(scotland / "people/P-09.yaml", f"name: Isla {word}", "name: Isla Moncrieff")


def test_of_much_that_is_given_away_the_first_is_named_and_the_rest_counted(scotland: Path) -> None:
    one = f"{SUMMARY} It was Moncrieff who rang."
    change(scotland / ANALYSIS, SUMMARY, one)
    assert "more" not in found(scotland, "conference").splitlines()[0]
    change(scotland / ANALYSIS, one, f"{one} From 07700 900123.")
    assert ", and 1 more" in found(scotland, "conference").splitlines()[0]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        *((1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (9, "9th"), (10, "10th"), (11, "11th")),
        *((12, "12th"), (13, "13th"), (20, "20th"), (21, "21st"), (22, "22nd"), (23, "23rd")),
        *((24, "24th"), (30, "30th"), (31, "31st")),
    ],
)
def test_a_date_is_known_however_it_is_written(day: int, written: str) -> None:
    ways = {" ".join(run) for run in leaks._ways_to_write(day, 1, 2003)}
    assert ways == {
        *(f"{each} {month} 2003" for each in (str(day), f"{day:02}", written) for month in JANUARY),
        *(f"{month} {each} 2003" for each in (str(day), f"{day:02}", written) for month in JANUARY),
        f"{written} of january 2003",
        *(f"{day} 1 {year}" for year in ("2003", "03")),
        *(f"{day:02} 01 {year}" for year in ("2003", "03")),
        f"2003 1 {day}",
        f"2003 01 {day:02}",
    }


JANUARY = ("january", "jan")


def test_what_the_reader_said_in_the_same_words_gives_nothing_away(practice: Path) -> None:
    folder = practice / "cases" / ENGLAND
    change(
        folder / "analysis/J-01.yaml", "You came to all four meetings.", "You came; Chloe did not."
    )
    assert found(folder, "man") == ""  # his own words in N-010 are about her, by name


def test_nobody_of_the_family_is_named_to_the_supervisor(practice: Path) -> None:
    as_of = view(practice / "cases" / ENGLAND)
    sought = leaks.secrets(as_of, audiences.reader_of(as_of.file, "supervisor"))
    named = {secret.what for secret in sought if secret.what.startswith("the name of")}
    assert named == {f"the name of {person.id}" for person in as_of.file.people}
    assert found(practice / "cases" / ENGLAND, "supervisor") == ""


def every_copy() -> list[tuple[str, str, audiences.Reader]]:
    """Every copy of both example cases."""
    found = []
    for name in (ENGLAND, SCOTLAND):
        file = loading.load(EXAMPLES / "cases" / name, name).file
        for kind, makers in catalogue.KINDS.items():
            found += [(name, kind, r) for r in audiences.readers(file) if r.audience.name in makers]
    return found


@pytest.mark.parametrize(
    ("name", "kind", "reader"),
    every_copy(),
    ids=lambda value: value if isinstance(value, str) else f"{value.audience.name}{value.person}",
)
def test_the_examples_raise_no_alarm(name: str, kind: str, reader: audiences.Reader) -> None:
    as_of = AsOf(
        loading.load(EXAMPLES / "cases" / name, name).file, TODAY, open_service(EXAMPLES).service
    )
    try:
        copying.copy(as_of, kind, reader=reader, forms=("md", "html"))
    except ArpcError as error:
        assert str(error).startswith(("there is no", "no letter", "no extract"))


AMENDED = """
amendments:
  - date: 2026-06-05
    by: LK
    what: He touched her there, she said, before she slept.
    why: Left out.
    about: [S3]
"""


def test_what_was_added_about_what_is_withheld_is_hunted_for_and_what_anybody_may_read_is_not(
    practice: Path,
) -> None:
    path = practice / "cases" / ENGLAND / "sessions/N-002.yaml"
    path.write_text(path.read_text("utf-8") + AMENDED, "utf-8")
    for reader, is_secret in (("man", True), ("supervisor", False)):
        file = loading.load(practice / "cases" / ENGLAND, "").file
        as_of = AsOf(file, TODAY, open_service(practice).service)
        found = leaks.secrets(as_of, audiences.reader_of(file, reader))
        added = [secret for secret in found if secret.what.startswith("what was added to N-002")]
        assert bool(added) is is_secret
        for secret in added:
            assert leaks.words("touched her there, she said") in secret.runs


def test_who_told_is_hunted_for_where_it_is_told_in_words(scotland: Path) -> None:
    court = "The sheriff court's extract of conviction"
    lady = "The lady who keeps the shop on the corner"
    change(scotland / "basis/A-01.yaml", court, lady)
    change(scotland / ANALYSIS, FOR_HER, f"{FOR_HER} The lady who keeps the shop said so.")
    stopped = found(scotland, "carer")
    assert "who told of A-01, " in stopped
    assert "basis/A-01.yaml:" in stopped


def test_the_first_places_of_the_words_are_named_and_the_rest_counted(scotland: Path) -> None:
    for place in (SUMMARY, FACTOR, SIGN, HOW, ACTION):
        change(scotland / ANALYSIS, place, f"{place} Isla.")
    hint = found(scotland, "conference").splitlines()[1]
    assert hint.count(f"{ANALYSIS}:") == 3
    assert " and 2 other places; a part of a name" in hint


def test_a_secret_is_named_by_where_it_stands(scotland: Path) -> None:
    as_of = view(scotland)
    sought = leaks.secrets(as_of, audiences.reader_of(as_of.file, "referrer"))
    places = {secret.what: secret.where for secret in sought}
    for what, value in ((NAME, "Isla Moncrieff"), (BIRTH, "2011-04-05"), ("an address", "4 Kirk")):
        _, line, column = str(places[what]).rsplit(":", 2)
        text = Path(scotland.parent, places[what].file).read_text("utf-8").splitlines()
        assert text[int(line) - 1][int(column) - 1 :].startswith(value)


def test_three_words_are_enough_to_know_them_by_and_two_or_any_are_not(practice: Path) -> None:
    path = practice / "cases" / ENGLAND / "sessions/N-002.yaml"
    for words, count in (
        ("Quillfeather came twice.", 1),
        ("Quillfeather came.", 0),
        ("Then she was with him.", 0),  # five words that anybody may say
    ):
        change(path, "id: S3\n    told: ", f"id: S3\n    told: {words}\n    asked: ")
        file = loading.load(practice / "cases" / ENGLAND, "").file
        found = leaks.secrets(
            AsOf(file, TODAY, open_service(practice).service), audiences.reader_of(file, "man")
        )
        runs = {run for secret in found for run in secret.runs}
        assert (leaks.words(words) in runs) == bool(count)
        change(path, f"told: {words}\n    asked: ", "told: ")
