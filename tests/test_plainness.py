"""How easily a copy is read, as advice beside what is easy for its reader."""

import re
from pathlib import Path

import pytest

from arpc import audiences, loading, plainness
from tests.conftest import ENGLAND, Run, change

LONG = "You " + "and you " * 20 + "were asked."


def measured(folder: Path, audience: str, person: str = "") -> plainness.Plain:
    file = loading.load(folder, folder.name).file
    reader = audiences.reader_of(file, audience, person)
    return plainness.measure(audiences.view(file, reader).file, reader)


@pytest.mark.parametrize(
    ("audience", "person", "aim"),
    [("referrer", "", (12, 40)), ("man", "", (7, 25)), ("child", "P-03", (4, 18))],
)
def test_each_reader_has_an_aim_and_the_examples_reach_its_grade(
    practice: Path, audience: str, person: str, aim: tuple[int, int]
) -> None:
    plain = measured(practice / "cases" / ENGLAND, audience, person)
    assert plain.aim == aim
    assert plain.grade is not None and plain.grade <= aim[0]


def test_the_grade_is_that_of_the_published_formula(practice: Path) -> None:
    """With her name 76 strokes in 20 words, and four sentences that have more than two of them.

    4.71 * 76 / 20 + 0.5 * 20 / 4 - 21.43 is -1.0.
    """
    folder = practice / "cases" / ENGLAND
    path = folder / "analysis/J-01.yaml"
    before, _, letter = path.read_text("utf-8").partition("    band: 8_to_11\n")
    assert letter.count("\n") == len(re.findall("^    ", letter, re.MULTILINE))
    said = (
        "I came to see you twice. You drew three tall houses. A van came. You showed me. Thank you."
    )
    path.write_text(f"{before}    band: 8_to_11\n    met: {said}\n", "utf-8")
    assert measured(folder, "child", "P-03").grade == -1.0


def test_the_longest_sentences_are_named_by_their_place_and_length(practice: Path) -> None:
    folder = practice / "cases" / ENGLAND
    before = measured(folder, "man")
    change(folder / "analysis/J-01.yaml", "You came to all four meetings.", LONG)
    after = measured(folder, "man")
    assert (after.too_long, after.long[0].words) == (before.too_long + 1, 43)
    lines = (folder / "analysis/J-01.yaml").read_text("utf-8").splitlines()
    assert lines[after.long[0].where.line - 1].strip() == "summary: |"


def test_a_letter_is_measured_by_its_own_words_and_the_age_it_is_for(practice: Path) -> None:
    folder = practice / "cases" / ENGLAND
    change(folder / "analysis/J-01.yaml", "band: 8_to_11", "band: up_to_7")
    plain = measured(folder, "child", "P-03")
    assert plain.aim == plainness.AIMS["up_to_7"]
    assert all(each.where.line > 880 for each in plain.long)


def test_the_advice_is_printed_without_anybodys_words(practice: Path, run: Run) -> None:
    change(practice / f"cases/{ENGLAND}/analysis/J-01.yaml", "You came to all four meetings.", LONG)
    out = run("render-report", ENGLAND, "--audience", "man", "--format", "md").out
    assert "(up to 7 is easy for the man)" in out and "  43 words" in out
    assert "were asked" not in out
