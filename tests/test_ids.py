"""Ids say nothing about anybody, and a slip in one is noticed."""

import random

from hypothesis import given
from hypothesis import strategies as st

from arpc import ids

symbols = st.sampled_from(ids.ALPHABET)
bodies = st.text(symbols, min_size=7, max_size=7)


@given(bodies)
def test_an_id_with_its_check_symbol_is_an_id(body: str) -> None:
    assert ids.is_case_id(f"C-{body}{ids.check_symbol(body)}")


@given(bodies, st.integers(0, 7), symbols)
def test_any_one_mistyped_symbol_is_noticed(body: str, place: int, symbol: str) -> None:
    right = f"{body}{ids.check_symbol(body)}"
    wrong = right[:place] + symbol + right[place + 1 :]
    assert ids.is_case_id(f"C-{wrong}") == (wrong == right)


def test_new_ids_are_ids() -> None:
    chance = random.Random(1)
    assert all(ids.is_case_id(ids.new_case_id(chance.choice)) for _ in range(100))


def test_a_final_newline_or_other_digits_make_no_id() -> None:
    assert not ids.is_case_id("C-7K3Q9X2F\n")
    assert not ids.is_case_id("C-7K3Q9X２F")
    assert ids.parse_citation("N-007#S3\n") is None


def test_citations_are_read() -> None:
    assert ids.parse_citation("N-007#S3") == ("N-007", "S3")
    assert ids.parse_citation("D-002") == ("D-002", "")
    assert ids.parse_citation("F1") == ("", "F1")
    assert str(ids.Citation("N-007", "S3")) == "N-007#S3"
    assert ids.parse_citation("n-7") is None


def test_the_next_id_follows_the_highest_and_grows_past_its_width() -> None:
    assert ids.next_id("N-", [], 3) == "N-001"
    assert ids.next_id("N-", ["N-001", "N-007", "P-09"], 3) == "N-008"
    assert ids.next_id("P-", ["P-99"], 2) == "P-100"
