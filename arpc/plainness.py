"""How easily a copy is read by whom it is for: its reading grade and its longest sentences, as advice.

Measured is what somebody wrote for the reader, not tables and headings. The grades and lengths to aim at
are our inference: families found reports long and hard to take in, and adults read with ease what is
written for children of ten to twelve. The grade is the automated readability index (Senter and Smith,
1967), which counts strokes, words and sentences and knows no language but their lengths.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from arpc.audiences import Reader
from arpc.casefile import CaseFile
from arpc.findings import Location

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’')]*\s+|\n\s*\n")
_FEWEST = 5  # sentences, below which a grade says nothing
_ALONE = 2  # words
_NAMED = 3  # of the longest sentences, how many are named


class Aim(NamedTuple):
    """What is easy for a reader."""

    grade: int
    """School grade, as the index counts; five more is an age in years."""
    words: int
    """In a sentence."""


AIMS = {
    "man": Aim(7, 25),
    "carer": Aim(7, 25),
    "up_to_7": Aim(2, 12),
    "8_to_11": Aim(4, 18),
    "12_to_15": Aim(6, 22),
    "16_plus": Aim(7, 25),
    "child": Aim(4, 18),
}
"""By audience, and for a child by the age that the letter is written for."""
PROFESSIONAL = Aim(12, 40)


class Long(NamedTuple):
    """A sentence that is longer than is easy."""

    words: int
    where: Location


class Plain(NamedTuple):
    """How a copy reads."""

    aim: Aim
    grade: float | None
    """None where there is too little to measure."""
    long: tuple[Long, ...]
    """The longest sentences beyond the aim, longest first."""
    too_long: int
    """How many there are altogether."""


def measure(seen: CaseFile, reader: Reader) -> Plain:
    """Return how easily a copy is read, by what its reader sees of the analysis."""
    aim = _aim(seen, reader)
    found = list(_written(seen, reader))
    sentences = [(sentence, where) for text, where in found for sentence in _sentences(text)]
    long = sorted(
        (Long(len(sentence.split()), where) for sentence, where in sentences),
        key=lambda each: (-each.words, each.where),
    )
    beyond = [each for each in long if each.words > aim.words]
    grade = _grade([s for s, _ in sentences]) if len(sentences) >= _FEWEST else None
    return Plain(aim, grade, tuple(beyond[:_NAMED]), len(beyond))


def _aim(seen: CaseFile, reader: Reader) -> Aim:
    letters = seen.analysis.letters if seen.analysis else ()
    band = next((x.band for x in letters if x.child == reader.person), "")
    return AIMS.get(band or reader.audience.name, PROFESSIONAL)


def _written(seen: CaseFile, reader: Reader) -> Iterator[tuple[str, Location]]:
    """What was written for the reader, and where it stands."""
    analysis = seen.analysis
    for_child = reader.audience.name == "child"
    for pointer, text in analysis.prose if analysis else ():
        in_letter = pointer[0] == "letters"
        if in_letter == for_child and (reader.audience.is_family or pointer[0] != "copies"):
            yield text, analysis.doc.locate(pointer, value=True)  # type: ignore[union-attr]


def _sentences(text: str) -> Iterator[str]:
    return (part for part in _SENTENCE.split(text) if part and any(map(str.isalpha, part)))


def _grade(sentences: Sequence[str]) -> float:
    """The automated readability index: strokes in a word, and words in a sentence.

    Two words alone are an answer or a name, and no sentence that makes the others look short.
    """
    words = [word for sentence in sentences for word in sentence.split()]
    whole = sum(len(sentence.split()) > _ALONE for sentence in sentences)
    strokes = sum(map(len, words))
    return round(4.71 * strokes / len(words) + 0.5 * len(words) / max(whole, 1) - 21.43, 1)
