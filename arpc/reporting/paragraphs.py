"""The numbered paragraphs of a report: what each was printed from, and what it cites.

No builder keeps account of what it prints where: the words of a paragraph are looked for in the
records that its reader may see. What is found nowhere is the report's own: its template, or words
for what a record says by a code.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arpc.citing import references
from arpc.document import markdown, numbering, tree
from arpc.document.numbering import Numbered
from arpc.document.shield import clean
from arpc.errors import ArpcError
from arpc.findings import Location, Pointer
from arpc.provisions import AsOf
from arpc.records import Record, entries_with_ids
from arpc.reporting import rendering
from arpc.reporting.catalogue import Made
from arpc.reporting.model import Note

_NUMBER = re.compile(r"(?:¶|[pP])? ?([0-9]+\.[0-9]+)")
_CITATION = re.compile(r"\b[A-OQ-Z]-[0-9]{2,4}(?:#[A-Z][0-9]{1,3})?\b")  # people are not cited
_LEAST = 3  # fewer words may stand in a paragraph by chance, unless there is nothing beside them
_BLANK_LINE = re.compile(r"\n\s*\n")
_LABEL = re.compile(r"(?:[\w’' ]+: )?")
_MARK = re.compile(r"(?: \(([A-Z][0-9]+)[^()]*\))?")


class Printed(NamedTuple):
    """A text of a record that stands in a paragraph."""

    record: Record
    pointer: Pointer

    @property
    def owner(self) -> str:
        """How the entry or record that holds it is cited."""
        entries = entries_with_ids(self.record)
        found = (entry for entry, place in entries if place == self.pointer[:2])
        return "#".join((self.record.id, *found))

    @property
    def field(self) -> str:
        """Which field it is, as `arpc explain` takes it: "session.statements.said"."""
        steps = (step for step in self.pointer if isinstance(step, str))
        return ".".join((self.record.kind.name, *steps))

    @property
    def where(self) -> Location:
        """Where it stands."""
        return self.record.doc.locate(self.pointer)


class Paragraph(NamedTuple):
    """What is behind a paragraph."""

    number: str
    printed: tuple[Printed, ...]
    cites: tuple[str, ...]
    """What its footnotes and its own words name, each once, in full: "N-004#S3"."""


class _Prose(NamedTuple):
    """A paragraph of a text in a record."""

    words: str
    printed: Printed


def number_in(wanted: str) -> str:
    """Return "4.2" for "¶4.2", "p4.2" and "4.2", and "" for what is no number of a paragraph."""
    found = _NUMBER.fullmatch(wanted)
    return found[1] if found else ""


def find(made: Made, number: str) -> Paragraph:
    """Return what is behind one paragraph.

    Raises:
        ArpcError: The report has no such paragraph.
    """
    document = _document(made)
    every = {each.number: each for each in numbering.find(document.blocks)}
    if number not in every:
        raise ArpcError(f"there is no paragraph {number} in this report", _range(every, number))
    [found] = _read(made, document, (every[number],))
    return found


def paragraphs(made: Made) -> tuple[Paragraph, ...]:
    """Return what is behind each numbered paragraph of a report."""
    document = _document(made)
    return tuple(_read(made, document, numbering.find(document.blocks)))


def _document(made: Made) -> tree.Document:
    return markdown.parse(
        rendering.source(made.report, made.template, own=made.seen.service.templates)
    )


def _range(every: Iterable[str], number: str) -> str:
    numbers = list(every)
    if not numbers:
        return "its paragraphs have no numbers; reports for professionals have them"
    section = number.partition(".")[0]
    there = [each for each in numbers if each.partition(".")[0] == section] or numbers
    what = f"section {section}" if there is not numbers else "the report"
    if len(there) == 1:
        return f"{what} has paragraph {there[0]} only"
    return f"{what} has paragraphs {there[0]} to {there[-1]}"


def _read(made: Made, document: tree.Document, wanted: Iterable[Numbered]) -> Iterator[Paragraph]:
    notes: dict[str, Note] = {note.label: note for note in getattr(made.report, "notes", ())}
    prose = list(_prose(made.seen))
    for each in wanted:
        words = _plain(" ".join(tree.texts(each.blocks)))
        labels = [document.labels[number - 1] for number in _noted(each.blocks)]
        named = [c for c in _CITATION.findall(words) if c in made.seen.file.places]
        cites = [cited for label in labels for cited in notes[label].cites]
        yield Paragraph(
            each.number, tuple(_printed(words, prose)), tuple(dict.fromkeys((*cites, *named)))
        )


def _noted(blocks: tree.Blocks) -> Iterator[int]:
    for block in blocks:
        match block:
            case tree.Paragraph(body):
                yield from tree.noted(body)
            case tree.List(items=items):
                for item in items:
                    yield from _noted(item)
            case tree.Quote(_, children) | tree.Callout(_, children):
                yield from _noted(children)


def _prose(seen: AsOf) -> Iterator[_Prose]:
    for record in seen.file.records:
        ids = {reference.pointer for reference in references(record)}
        for pointer, text in record.prose:
            parts = filter(None, map(_plain, _BLANK_LINE.split(text if pointer not in ids else "")))
            yield from (_Prose(part, Printed(record, pointer)) for part in parts)


def _printed(words: str, prose: Iterable[_Prose]) -> Iterator[Printed]:
    """Yield each text that stands in some words, but for those that are part of a longer one.

    The number in brackets after somebody's words tells them from the same words in other places.
    """
    found = [each for each in prose if each.words in words and _is_enough(each.words, words)]
    mark = _marked(words)
    marked = [each for each in found if each.printed.owner.endswith(f"#{mark}")]
    kept = marked or found
    longer = {each.words for each in kept}
    yield from dict.fromkeys(
        each.printed
        for each in kept
        if not any(each.words in other and each.words != other for other in longer)
    )


def _is_enough(text: str, words: str) -> bool:
    before, _, after = words.partition(text)
    if before[-1:].isalnum() or after[:1].isalnum():
        return False
    alone = _LABEL.fullmatch(before) and _MARK.fullmatch(after)
    return bool(alone) or len(text.split()) >= _LEAST


def _marked(words: str) -> str:
    found = _MARK.match(words, words.rfind(" ("))
    return (found and found[1]) or ""


def _plain(text: str) -> str:
    return " ".join(clean(text).split())
