"""What is named among somebody's words: found where it leads nowhere, and nothing else taken for it."""

import time
from pathlib import Path

import pytest

from arpc.provisions import run_rules
from arpc.rules.references import broken_reference_in_prose

STATEMENTS = """\
statements:
  - id: S1
    said: We cook.
    by: P-01
  - id: S4
    said: We play cards.
    by: P-01
"""
OTHERS = {
    "people/P-01.yaml": "roles: [man]\n",
    "sessions/N-002.yaml": f"with: carer\n{STATEMENTS}",
    "documents/D-01.yaml": "title: Log\n",
    "analysis/J-01.yaml": "",
}


def found(as_of, sentence: str, **records: str) -> list[str]:
    """What is said of a sentence in a note that has the statements S1 and S4."""
    note = "".join(f"  {line}\n" for line in sentence.split("\n"))
    session = f"with: man\nwho: [P-01]\nnote: |\n{note}{STATEMENTS}"
    case = as_of({**OTHERS, "sessions/N-001.yaml": session, **records})
    assert not case.file.damaged
    return [finding.message for finding in run_rules([broken_reference_in_prose], case)]


@pytest.mark.parametrize(
    ("sentence", "gone"),
    [
        ("He said so (S9).", "S9"),
        ("He said so (S1 and S9).", "S9"),
        ("He said so (S1, S2, S4).", "S2"),
        ("He said so (see S9).", "S9"),
        ("He said so [S1–S3].", "S3"),
        ("He said so (S1; S2, and\nS4).", "S2"),
        ("It is in #S9 of this note.", "S9"),
        ("He said so (S99).", "S99"),
        ("It was S1 (S1), then (S9), and S9 again.", "S9"),
    ],
)
def test_a_statement_that_is_not_there_is_found(as_of, sentence: str, gone: str) -> None:
    assert found(as_of, sentence) == [f"{gone} does not exist in N-001"]


@pytest.mark.parametrize(
    ("sentence", "gone"),
    [
        ("She says otherwise (N-002#S9).", "N-002#S9"),
        ("She says otherwise, as in N-002#S9 and before.", "N-002#S9"),
        ("As we saw in N-014, he cooks.", "N-014"),
        ("He denies A-03.", "A-03"),
        ("P-07 was there.", "P-07"),
        ("D-12 says so.", "D-12"),
        ("J-01#F3 was too firm.", "J-01#F3"),
        ("See R-01#R9.", "R-01#R9"),
    ],
)
def test_what_is_not_in_the_case_is_found(as_of, sentence: str, gone: str) -> None:
    assert found(as_of, sentence) == [f"{gone} does not exist in this case"]


@pytest.mark.parametrize(
    "sentence",
    [
        "He said so (S1 and S4), as she did (N-002#S4), and it is in D-01 and P-01.",
        "A s47 enquiry; an S47 enquiry; an S.47 enquiry; a section 47 (S47) enquiry.",
        "The council has powers (S17, S20 and S47), and used none (S31).",
        "He is in S3 at Larkfield High, and S6 next year.",
        "The report (S7 report) came late, and the order (Children Act 1989, S8) later.",
        "Detained (S136), then held (S3 of the Act).",
        "He drew an F-16, a T-34 and a B-52; the bundle has it at E-45 and B-07.",
        "His reference is JB-01, AB-12-34, C-045 and N-95; the road is the A-38.",
        "That is another case, C-HB6GD1GT/N-044, or C-HB6GD1GT N-044#S3.",
        "Exhibit N-002-X, room S9, bus S2.",
        "The scan is D-01-2.pdf.",
    ],
)
def test_what_may_mean_something_else_is_left_alone(as_of, sentence: str) -> None:
    assert found(as_of, sentence) == []


def test_a_number_beside_another_record_may_be_of_either(as_of) -> None:
    one = {"sessions/N-002.yaml": STATEMENTS.replace("S4", "S6")}
    assert found(as_of, "Both said so (N-002#S1, S6).", **one) == []
    assert found(as_of, "Both said so (N-002#S1, S4).", **one) == []
    [message] = found(as_of, "Both said so (N-002#S1, S5).", **one)
    assert message == "S5 does not exist in N-002 or N-001"


def test_a_section_of_an_act_is_a_statement_where_there_are_as_many(as_of) -> None:
    many = f"with: man\nnote: |\n  So (S17).\n{STATEMENTS.replace('S4', 'S18')}"
    assert found(as_of, "So.", **{"sessions/N-003.yaml": many}) == ["S17 does not exist in N-003"]


def test_a_record_without_statements_has_no_numbers_of_them(as_of) -> None:
    note = "with: agency\nnote: |\n  She is in her second year (S2) at school.\n"
    assert found(as_of, "So.", **{"sessions/N-003.yaml": note}) == []


def test_the_words_of_others_have_numbers_of_their_own(as_of) -> None:
    paper = "title: Log\nstatements:\n  - id: S1\n    states: Exhibits A-07 and D-09 (S2).\n"
    assert found(as_of, "So.", **{"documents/D-01.yaml": paper}) == []
    seen = "title: Log\nstatements:\n  - id: S1\n    observed: He kept away (S2).\n"
    assert found(as_of, "So.", **{"sessions/N-003.yaml": seen.replace("title: Log\n", "")}) != []


def test_what_is_damaged_or_was_moved_to_its_case_is_not_called_missing(as_of) -> None:
    case = "nation: england\nlead: LK\nmoved_out:\n  - {id: N-005, to: C-HB6GD1GT, date: 2026-03-04, by: LK, why: Misfiled.}\n"
    records = {
        "case.yaml": case,
        "sessions/N-001.yaml": "note: |\n  So (N-004#S3), and so N-005 (N-005#S2).\n",
        "sessions/N-004.yaml": "wiht: man\n",
    }
    [only] = run_rules([broken_reference_in_prose], as_of(records))
    assert only.rule == "not-checked"


def test_each_is_named_once_in_a_text_at_its_own_line_and_column(as_of) -> None:
    note = (
        "note: |\n  It was S9 lessons (S99 is no number, and S9 neither).\n\n"
        "  He said so, at the\n  door (S1,\n  S9), and again (S9).\n"
    )
    case = as_of({"sessions/N-001.yaml": f"{note}thinking: He said it (S9).\n{STATEMENTS}"})
    places = [str(f.where) for f in run_rules([broken_reference_in_prose], case)]
    line = 1 + next(
        n for n, text in enumerate(text_of(case).split("\n")) if text.startswith("  S9)")
    )
    assert [place.partition(".yaml:")[2] for place in places] == [f"{line}:3", f"{line + 1}:23"]


def text_of(case) -> str:
    [session] = case.file.sessions
    return session.doc.text


@pytest.mark.parametrize(
    "piece", ["(S9, ", "(", "S9, ", "S9 and ", "N-004#S9, ", "N-", "#S9 (S8) "]
)
def test_no_text_makes_it_slow(as_of, piece: str) -> None:
    started = time.process_time()
    found(as_of, f"({piece * (100_000 // len(piece))}")
    assert time.process_time() - started < 3


def test_in_quotes_the_place_is_found_too(as_of) -> None:
    session = f"with: man\ntools: 'He''s and \"hers\" (S9)'\n{STATEMENTS}"
    [problem] = run_rules([broken_reference_in_prose], as_of({"sessions/N-001.yaml": session}))
    assert str(problem.where).endswith("N-001.yaml:8:27")


def test_an_answer_lasts_while_the_text_stands_as_it_was(practice: Path, run) -> None:
    note = practice / "cases" / "C-FK6SY95T" / "sessions" / "N-012.yaml"
    text = note.read_text("utf-8")
    note.write_text(text.replace("(S2, S3)", "(S2, S9)"), "utf-8")
    rule = broken_reference_in_prose.id
    at = ("--at", "N-012", "-c", "C-FK", "--reason", "It was S3.", "--agreed-by", "JM")
    assert run("answer", rule, *at, "--as", "LK").code == 0
    assert rule not in run("validate", "C-FK").out
    text = note.read_text("utf-8")
    note.write_text(text.replace("understood: yes", "understood: partly"), "utf-8")
    assert rule not in run("validate", "C-FK").out
    note.write_text(text.replace("(S2, S9)", "(S2, S9, S8)"), "utf-8")
    assert rule in run("validate", "C-FK").out
