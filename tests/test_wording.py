"""Wording: what the word lists find, what it leaves alone, and that no text makes it slow."""

import json
import time
from pathlib import Path

import pytest

from arpc import service
from arpc.provisions import run_rules
from arpc.rules import child_sessions, wording
from arpc.service import Service, Words
from tests.conftest import ROOT

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


WORD_RULES = (
    wording.allegation_stated_as_fact,
    wording.loaded_term,
    wording.label_without_evidence,
    wording.phrase_without_evidence,
    wording.opinion_as_observation,
    child_sessions.leading_question,
)


def lines_of(name: str) -> list[str]:
    text = (ROOT / "tests" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def rules_raised(as_of, sentence: str, service: Service | None = None) -> set[str]:
    """What the word lists find in a sentence, wherever a sentence of its sort may stand."""
    sort, _, rest = sentence.partition(": ")
    if sort in ("asked", "observed"):
        spoken = "    said: I do not know.\n" if sort == "asked" else ""
        statement = f"statements:\n  - id: S1\n{spoken}    {sort}: {json.dumps(rest)}\n"
        records = {
            "analysis/J-01.yaml": "",
            "sessions/N-001.yaml": f"with: child\nwho: [P-03]\n{statement}",
        }
    else:
        records = {
            "analysis/J-01.yaml": f"contradictions: |\n  {sentence}\n",
            "sessions/N-001.yaml": f"with: man\nnote: |\n  {sentence}\nthinking: |\n  {sentence}\n",
        }
    case = as_of({"basis/A-01.yaml": ALLEGED, **records}, service=service)
    assert not case.file.damaged
    return {finding.rule for finding in run_rules(WORD_RULES, case)}


def test_ordinary_sentences_are_left_alone(as_of) -> None:
    sentences = lines_of("ordinary_sentences.txt")
    assert len(sentences) >= 200
    alarms = {s: found for s in sentences if (found := rules_raised(as_of, s))}
    assert alarms == {}


def test_loaded_sentences_are_found_by_the_rule_that_is_named_for_each(as_of) -> None:
    sentences = lines_of("loaded_sentences.txt")
    assert len(sentences) >= 40
    missed = []
    for line in sentences:
        rule, _, sentence = line.partition(": ")
        sort = {"leading-question": "asked: ", "opinion-as-observation": "observed: "}.get(rule, "")
        if rule not in rules_raised(as_of, sort + sentence):
            missed.append(line)
    assert missed == []


def test_a_service_adds_words_of_its_own(as_of) -> None:
    own = Service(words=Words(loaded=("wrong  un",), labels=("a known family",)))
    sentence = "He is a Wrong Un, of A Known Family."
    assert rules_raised(as_of, sentence) == set()
    assert rules_raised(as_of, sentence, own) == {"loaded-term", "label-without-evidence"}


def test_what_a_service_adds_is_words_and_no_pattern(as_of) -> None:
    own = Service(words=Words(loaded=("^ he", "(?:he|she)? is", "[a-z]+", "odd'un", "nasty")))
    for said in ("She is it.", "Is it he?", "^", "[a-z]", "x"):
        assert rules_raised(as_of, said, own) == set()
    for said in ("An odd’un.", "A nasty fall.", "So ^ he is."):
        assert rules_raised(as_of, said, own) == {"loaded-term"}


def test_words_that_are_too_many_or_too_long_are_refused() -> None:
    words = ["a" * 80, "b" * 81], ["c"] * 1001
    lines = "".join(
        f"  {name}: [{', '.join(each)}]\n"
        for name, each in zip(("loaded", "empty"), words, strict=True)
    )
    opened = service.open_from(Path(), f"service: arpc/1\nwords:\n{lines}".encode(), None)
    assert [(f.rule, f.message) for f in opened.findings] == [
        ("too-long", "expected at most 80 letters in a text here"),
        ("too-long", "expected at most 1,000 entries in a list here"),
    ]
    assert opened.service.words == Words()


def test_no_words_of_a_service_make_the_word_lists_slow(as_of) -> None:
    own = (
        *("a" * n for n in range(1, 80)),
        *(" ".join("a" * n) + " b" for n in range(1, 39)),
        *(f"a a a a a a a a a {n}x" for n in range(800)),
    )
    started = time.process_time()
    rules_raised(as_of, "a " * 75_000 + "a" * 150_000, Service(words=Words(loaded=own)))
    assert time.process_time() - started < 3


def test_a_quotation_is_nobodys_wording_but_the_speakers(as_of) -> None:
    assert rules_raised(as_of, "She called him “a predator, and manipulative”.") == set()


def test_what_is_cited_beside_it_makes_a_phrase_evidence(as_of) -> None:
    assert rules_raised(as_of, "He engaged well: he came to all ten meetings (D-01#S2).") == set()


@pytest.mark.parametrize(
    "piece", ["he did ", "no ", "it a, ", "groom ", "you want it ", "(S1) ", "x. "]
)
def test_no_text_makes_the_word_lists_slow(as_of, piece: str) -> None:
    started = time.process_time()
    rules_raised(as_of, piece * (150_000 // len(piece)))
    rules_raised(as_of, "asked: " + piece * (150_000 // len(piece)))
    assert time.process_time() - started < 3


def test_no_note_makes_the_search_for_copied_passages_slow(as_of) -> None:
    notes = {
        f"sessions/N-{n:03}.yaml": f"date: 2026-03-{n:02}\nnote: |\n  {'So it was. ' * 12_000}\n"
        for n in range(1, 4)
    }
    case = as_of(notes)
    started = time.process_time()
    assert len(list(run_rules([wording.same_passage_in_two_notes], case))) == 2
    assert time.process_time() - started < 2
