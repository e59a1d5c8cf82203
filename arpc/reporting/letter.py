"""A letter to a child: words that a person wrote for this child, and nothing else.

Nothing in it is made from what was written for professionals. The headings are ours, by age.
"""

from collections.abc import Iterator
from dataclasses import replace

from arpc.errors import ArpcError
from arpc.records import Letter
from arpc.reporting import assessment, people
from arpc.reporting.copies import Copy
from arpc.reporting.front import front_matter
from arpc.reporting.model import LetterReport, Pair

TEMPLATE = "letter.md.j2"
_YOUNGER = ("up_to_7", "8_to_11")
_HEADINGS = {
    "met": ("Who I am", "Who met you"),
    "you_said": ("What you told me", "What you told me"),
    "i_said": ("What I told the grown-ups", "What I told the people who decide"),
    "kept": ("What you asked me not to say", "What you asked me to keep to myself"),
    "next": ("What happens now", "What happens now"),
    "tell": ("Who you can tell", "Who you can talk to"),
}
_NEEDED = ("met", "you_said", "i_said", "next", "tell")


def build(copy: Copy) -> LetterReport:
    """Compute the letter to a child.

    Raises:
        ArpcError: Nobody has written one, or, for an issue, part of it is missing.
    """
    child = copy.reader.person
    analysis = assessment.analysis_of(copy.seen)
    letter = next(iter(analysis.letters), None)
    if letter is None:
        where = analysis.id or "the analysis"
        hint = f"write one in {where}, under `letters`; nothing is made from the report itself"
        raise ArpcError(f"no letter is written for {child}", hint)
    missing = [key for key in _needed(copy) if not letter.written(key)]
    if missing and not copy.is_draft:
        raise ArpcError(f"the letter for {child} lacks {', '.join(missing)}", f"in {analysis.id}")
    dear = letter.dear or people.name_of(copy.seen.file, child)
    service = copy.seen.service
    writer = service.staff_member(letter.by or analysis.author)
    matter = front_matter(
        copy,
        f"A letter for {dear}",
        author=writer.code,
        status="DRAFT" if copy.is_draft else "",
        subtitle="",
        marking=f"Private: for {dear}",
    )
    return LetterReport(
        matter=replace(matter, is_letter=True, large=True),
        dear=dear,
        parts=tuple(_parts(letter)),
        name=writer.name,
        service=service.name,
    )


def _needed(copy: Copy) -> tuple[str, ...]:
    """What a letter has to say; also what became of a child's wish that somebody should not be told."""
    asked = any(
        session.not_tell and copy.reader.person in session.who
        for session in copy.whole.file.sessions
    )
    return (*_NEEDED, "kept") if asked else _NEEDED


def _parts(letter: Letter) -> Iterator[Pair]:
    older = letter.band not in _YOUNGER
    for key, headings in _HEADINGS.items():
        if text := getattr(letter, key):
            yield Pair(headings[older], text)
