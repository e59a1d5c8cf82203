"""Ids: random ones for cases, counted ones for records, and the citations that join them.

A case id is `C-` and eight symbols of Crockford's base 32, the last of which is a check symbol
(Luhn's algorithm over the same 32 symbols), so that any one mistyped symbol is noticed.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CASE = re.compile(r"C-([0-9A-HJKMNP-TV-Z]{7})([0-9A-HJKMNP-TV-Z])\Z")
_CITATION = re.compile(r"(?:([A-Z]-[0-9]{2,4})(?:#([A-Z][0-9]{1,3}))?|([A-Z][0-9]{1,3}))\Z")


class Citation(NamedTuple):
    """A place that a conclusion rests on: a record, a statement or entry in it, or both."""

    record: str
    """Record id, or "" where the entry is in the record that cites it."""
    entry: str
    """Entry id such as "S3", or "" where the whole record is cited."""

    def __str__(self) -> str:
        return "#".join(part for part in self if part)


def new_case_id(choose: Callable[[str], str]) -> str:
    """Return a new case id; `choose` picks one symbol at random (`secrets.choice`)."""
    body = "".join(choose(ALPHABET) for _ in range(7))
    return f"C-{body}{check_symbol(body)}"


def is_case_id(text: str) -> bool:
    """Whether `text` is a case id whose check symbol is right."""
    match = _CASE.match(text)
    return match is not None and check_symbol(match[1]) == match[2]


def check_symbol(body: str) -> str:
    """Return Luhn's check symbol for `body` over Crockford's 32 symbols."""
    total = 0
    for place, symbol in enumerate(reversed(body)):
        value = ALPHABET.index(symbol) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def parse_citation(text: str) -> Citation | None:
    """Read "N-007#S3", "D-002" or, inside a record, "F1"; None if it is none of them."""
    match = _CITATION.match(text)
    if not match:
        return None
    return Citation(match[1] or "", match[2] or match[3] or "")


def next_id(prefix: str, taken: Iterable[str], width: int) -> str:
    """Return the id after the highest of `taken` that starts with `prefix`."""
    numbers = [int(t[len(prefix) :]) for t in taken if t.startswith(prefix)]
    return f"{prefix}{max(numbers, default=0) + 1:0{width}d}"
