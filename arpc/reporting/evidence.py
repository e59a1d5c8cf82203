"""Citations as footnotes, and the index of everything that was cited."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from arpc.casefile import CaseFile
from arpc.ids import Citation
from arpc.provisions import AsOf
from arpc.records import (
    Analysis,
    Document,
    Entry,
    Followup,
    Record,
    Referral,
    Session,
    Statement,
)
from arpc.reporting import added
from arpc.reporting.model import BLANK, Cited, Note, Row, day_words, partial_words

_FORMS = {
    "said": "exact words",
    "told": "as told, in the practitioner's words",
    "observed": "observed",
    "states": "document",
    "admitted": "admitted",
    "found": "finding of a court",
    "opinion": "professional opinion",
}
_SORTS = {
    "man": "session with the man",
    "carer": "session with a carer",
    "child": "session with a child",
    "supporter": "session with a relative or friend",
    "observation": "observation",
    "joint": "joint session",
    "feedback": "feedback",
    "home_visit": "home visit",
    "agency": "call or meeting with an agency",
}


def sort_words(session: Session) -> str:
    """What kind of session it was, in words."""
    return _SORTS.get(session.sort, "session")


class Evidence:
    """Collects what a report cites while it is built: one footnote a conclusion."""

    def __init__(self, as_of: AsOf) -> None:
        self.as_of = as_of
        self.file = as_of.file
        self.notes: list[Note] = []
        self._cited: dict[str, Entry] = {}
        self.printed: set[str] = set()
        """Statements whose words stand in the body of the report, so that the index need not repeat them."""

    def cite(self, text: str, citations: Iterable[Citation], by: Record) -> Cited:
        """Return `text` with the footnote for what it rests on."""
        return Cited(text, self.note(citations, by))

    def note(self, citations: Iterable[Citation], by: Record) -> str:
        """Return the label of a new footnote that names what is cited; "" for nothing.

        What comes from one record stands together, with that record named once.
        """
        sources: dict[str, list[str]] = {}
        cites: list[str] = []
        for citation in citations:
            source, name, cited = self._name(citation, by)
            sources.setdefault(source, []).append(name)
            cites += cited
        if not sources:
            return ""
        label = f"e{len(self.notes) + 1}"
        parts = (
            f"{', '.join(names)}{f' ({source})' if source else ''}"
            for source, names in sources.items()
        )
        self.notes.append(Note(label, f"{'; '.join(parts)}.", tuple(cites)))
        return label

    def index(self) -> tuple[Row, ...]:
        """Everything cited, by record and statement: id, source, and its words.

        What stands in the body already is named in one row for each record.
        """
        rows: list[Row] = []
        for _, group in groupby(sorted(self._cited, key=_order), self._row_of):
            citations = list(group)
            entry = self._cited[citations[0]]
            rows += self._added(entry.record, before=rows)
            if isinstance(entry, Statement) and citations[0] in self.printed:
                named = ", ".join([citations[0], *(c.partition("#")[2] for c in citations[1:])])
                source = source_of(self.file, entry.record)
                rows.append(Row((named, source, "", "in the body of this report")))
            elif isinstance(entry, Statement):
                source, who = source_of(self.file, entry.record), who_and_how(self.file, entry)
                text = added.after(entry.text, self.as_of, entry)
                rows.append(Row((citations[0], source, who, text)))
            elif isinstance(entry, Record) and not isinstance(entry, Analysis):
                rows.append(
                    Row((citations[0], source_of(self.file, entry), "the whole record", ""))
                )
        return tuple(rows)

    def _added(self, record: Record, before: list[Row]) -> Iterator[Row]:
        """What was added about a whole record, once, above what is cited of it."""
        if any(row.cells[0].startswith(record.id) for row in before):
            return
        for line in added.lines(self.as_of, record):
            yield Row((record.id, source_of(self.file, record), "added later", line))

    def _row_of(self, citation: str) -> str:
        """What makes two citations stand in one row of the index."""
        return citation.partition("#")[0] if citation in self.printed else citation

    def _name(self, citation: Citation, by: Record) -> tuple[str, str, tuple[str, ...]]:
        """The source, the name and the citation in full of one thing, () for what is not there.

        An entry of the analysis itself has no source.
        """
        entry = self.file.cited(citation, by)
        if entry is None:
            return "not found", str(citation), ()
        if entry.record is by and not isinstance(entry, Statement):
            return "", citation.entry, (entry.citation,)
        self._cited.setdefault(entry.citation, entry)
        return source_of(self.file, entry.record), entry.citation, (entry.citation,)


def source_of(file: CaseFile, record: Record) -> str:
    """What a record is and of when, in a few words."""
    if isinstance(record, Session):
        return f"{sort_words(record)}, {day_words(record.on)}"
    if isinstance(record, Document):
        dated = partial_words(record.dated)
        return f"{record.title or 'document'}{f', {dated}' if dated else ''}"
    if isinstance(record, Referral):
        return f"referral, {day_words(record.on)}"
    if isinstance(record, Followup):
        return f"follow-up, {day_words(record.on)}"
    return f"{record.kind.title.lower()}, {day_words(record.on)}"


def who_and_how(file: CaseFile, statement: Statement) -> str:
    """Who said or showed it, and what kind of evidence it is."""
    person = file.person(statement.speaker)
    who = f"{person.name or person.id}, " if person else ""
    hand = ", second hand" if statement.heard == "second_hand" else ""
    return f"{who}{_FORMS.get(statement.form, BLANK)}{hand}"


def _order(citation: str) -> tuple[str, int, str, int]:
    record, _, entry = citation.partition("#")
    return (
        record[:1],
        int(record[2:]) if record[2:].isdigit() else 0,
        entry[:1],
        int(entry[1:] or 0),
    )
