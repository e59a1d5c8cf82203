"""The wording rule: what it finds, what it leaves alone, and that no text makes it slow."""

import time

import pytest

from arpc.provisions import run_rules
from arpc.rules import wording

ALLEGED = "what: |\n  That he touched his niece sexually.\nbasis_status: alleged_nfa_police\n"


def found(as_of, sentence: str, basis: str = ALLEGED) -> int:
    records = {"basis/A-01.yaml": basis, "analysis/J-01.yaml": f"contradictions: |\n  {sentence}\n"}
    return len(list(run_rules([wording.allegation_stated_as_fact], as_of(records))))


@pytest.mark.parametrize(
    "sentence",
    [
        "The abuse took place at night.",
        "His offending shows a pattern.",
        "He abused his niece for two years.",
        "Mr Stanworth assaulted her in 2020.",
        "The victim is now seventeen.",
        "The perpetrator lives nearby.",
        "She disclosed that he came at night.",
    ],
)
def test_an_allegation_written_as_a_fact_is_found(as_of, sentence: str) -> None:
    assert found(as_of, sentence) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The alleged abuse is said to have taken place at night.",
        "If the abuse happened, it happened at night.",
        "She says that he abused her.",
        "The letter speaks of “the abuse”.",
        "He denies that he abused anybody.",
        "We do not know whether he abused her.",
        "He abstained. He offered to move out.",
        "He takes offence at questions.",
    ],
)
def test_what_is_said_as_an_allegation_or_quoted_is_left_alone(as_of, sentence: str) -> None:
    assert found(as_of, sentence) == 0


def test_where_something_was_proved_it_may_be_named(as_of) -> None:
    proved = "what: |\n  A conviction.\nbasis_status: convicted\n"
    assert found(as_of, "His offending shows a pattern.", proved) == 0


@pytest.mark.parametrize("piece", ["“", "‘", '"', "he has ", "a.b.", "!? ", "mr a-", "x "])
def test_no_text_makes_the_rule_slow(as_of, piece: str) -> None:
    started = time.process_time()
    found(as_of, "y " + piece * (500_000 // len(piece)))
    assert time.process_time() - started < 2
