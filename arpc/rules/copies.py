"""What copies of a report show, and what a child's letter says.

The audiences are imported where they are needed: most cases that are checked have no copies yet.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from arpc.findings import Severity
from arpc.ids import Citation
from arpc.provisions import AsOf, Problem, rule
from arpc.records import CopyWords, Session, Statement
from arpc.sources import EVALUATION, INFERENCE
from arpc.workdays import age_on

if TYPE_CHECKING:
    from arpc.audiences import Reader

_BANDS = {"up_to_7": (0, 7), "8_to_11": (8, 11), "12_to_15": (12, 15), "16_plus": (16, 150)}


@rule(INFERENCE.saying("what was promised to somebody is kept"))
def shown_though_withheld(as_of: AsOf) -> Iterator[Problem]:
    """A copy is to show something that is marked as not for its reader.

    Somebody was told that it would go no further. If that has changed, the mark is taken off where the
    words stand, by somebody who can say why.
    """
    analysis = as_of.file.analysis
    for words in analysis.copies if analysis else ():
        reader = _reader(as_of, words)
        for index, citation in enumerate(words.shows):
            if reader and _is_withheld(as_of, citation, reader):
                where = words.at("shows", index, value=True)
                hint = "take it out of `shows`, or amend the record that withholds it"
                yield Problem(where, f"{citation} is not for {words.reader}", hint)


@rule(
    EVALUATION.saying("children were less clear how their words would be used; letters are ours"),
    Severity.WARNING,
)
def no_letter_for_child(as_of: AsOf) -> Iterator[Problem]:
    """A child who was spoken to has no letter that says what was passed on and what happens now.

    A child who has spoken waits to hear what came of it. What a grown-up said in a corridor is gone by
    evening; a letter can be read again, and read aloud to a child who cannot read it.
    """
    analysis = as_of.file.analysis
    if not analysis or not as_of.file.first_issue:
        return
    written = {letter.child for letter in analysis.letters}
    for child in as_of.file.children:
        if child.id not in written and any(_spoke(s, child.id) for s in as_of.file.sessions):
            hint = f"write it in {analysis.id}, under `letters`"
            yield Problem(analysis.at("id"), f"no letter for {child.id}", hint)


@rule(INFERENCE.saying("a child is told what became of their wish"), Severity.WARNING)
def letter_silent_on_a_wish(as_of: AsOf) -> Iterator[Problem]:
    """A child asked that somebody should not be told, and the letter does not say what became of that.

    The child will find out, and should find out from us: that it was kept, or that it could not be and
    why.
    """
    analysis = as_of.file.analysis
    for letter in analysis.letters if analysis else ():
        asked = [s for s in as_of.file.sessions if s.not_tell and letter.child in s.who]
        if asked and not letter.kept:
            message = f"{letter.child} asked something of the kind in {asked[-1].id}"
            yield Problem(letter.at("child"), message, "write `kept`")


@rule(INFERENCE.saying("how a child is spoken to goes by age"), Severity.WARNING)
def letter_for_another_age(as_of: AsOf) -> Iterator[Problem]:
    """A letter is written for another age than the child's.

    A letter for a child of seven shames a girl of thirteen, and the other way round says nothing.
    """
    analysis = as_of.file.analysis
    for letter in analysis.letters if analysis else ():
        child = as_of.file.person(letter.child)
        if analysis and child and child.born and letter.band:
            age = age_on(child.born, analysis.on)
            first, last = _BANDS[letter.band]
            if not first <= age <= last:
                where = letter.at("band", value=True)
                message = f"{letter.child} was {age} when the analysis was written"
                yield Problem(where, message, f"`{_band(age)}`, in words for that age")


def _reader(as_of: AsOf, words: CopyWords) -> "Reader | None":
    """The reader whom an entry is for: a person by what they are in the case, or an audience."""
    from arpc.audiences import AUDIENCES, Reader

    if words.reader in AUDIENCES:
        return Reader(AUDIENCES[words.reader])
    person = as_of.file.person(words.reader)
    if person is None:
        return None
    name = "man" if person.is_man else "child" if person.is_child else "carer"
    return Reader(AUDIENCES[name], person.id)


def _is_withheld(as_of: AsOf, citation: Citation, reader: "Reader") -> bool:
    from arpc import audiences

    entry = as_of.file.places.get(str(citation))
    if entry is None:
        return False
    if isinstance(entry, Statement):
        return not audiences.may_read(entry, reader, frozenset({entry.citation}))
    return reader.is_barred(entry.record.not_for)


def _spoke(session: Session, child: str) -> bool:
    return session.sort == "child" and session.took_place and child in session.who


def _band(age: int) -> str:
    return next(name for name, (first, last) in _BANDS.items() if first <= age <= last)
