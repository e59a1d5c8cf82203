"""An extract for the police or another authority: stated facts with their sources, for a stated purpose.

What goes in is listed under `sharing` in case.yaml, where the purpose and the basis stand too, so that
nothing is handed over that was not logged.
"""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.ids import Citation
from arpc.records import Document, Person, Shared, Statement
from arpc.reporting import added, after, assessment, weighing
from arpc.reporting.copies import Copy
from arpc.reporting.evidence import Evidence, source_of, who_and_how
from arpc.reporting.front import HANDLING, front_matter
from arpc.reporting.model import BLANK, Block, ExtractReport, Pair, Row, day_words, partial_words
from arpc.reporting.people import plain

TITLE = "Extract from the record"
TEMPLATE = "extract.md.j2"
_STATED = ("What", "When", "Said by", "Status", "His position", "Later")


def build(copy: Copy, wanted: str = "") -> ExtractReport:
    """Compute an extract.

    Args:
        copy: What it is made of.
        wanted: Id of the entry under `sharing`, e.g. "X2"; the last with an extract if "".

    Raises:
        ArpcError: There is no such entry, or it cites something that cannot be part of an extract.
    """
    file = copy.seen.file
    shared = _choose(file, wanted)
    cited = [_found(copy, shared, citation) for citation in shared.extract]
    evidence = Evidence(copy.seen)
    bases = {entry.id for entry in cited if entry.record.kind.name == "basis"}
    analysis = assessment.analysis_of(copy.seen)
    blocks = weighing.fact_blocks(copy.seen, analysis, evidence)
    return ExtractReport(
        matter=front_matter(
            copy, TITLE, author=file.case.lead, status="DRAFT" if copy.is_draft else ""
        ),
        cover=tuple(_cover(copy, shared)),
        people=tuple(_person(copy, entry) for entry in cited if isinstance(entry, Person)),
        facts=tuple(_stated(b) for b in blocks if b.title.partition(":")[0] in bases),
        statements=tuple(_statement(copy, e) for e in cited if isinstance(e, Statement)),
        documents=tuple(_document(copy, e) for e in cited if isinstance(e, Document)),
        authors=tuple(after.authors(copy.seen, file.case.lead, copy.edition.approver)),
        notes=tuple(evidence.notes),
    )


def _choose(file: CaseFile, wanted: str) -> Shared:
    found = [entry for entry in file.case.sharing if entry.extract and wanted in ("", entry.id)]
    if not found:
        what = f"there is no extract {wanted}" if wanted else "no extract is listed"
        hint = "list what goes in under `sharing` in case.yaml: `extract: [A-01, N-007#S3]`"
        raise ArpcError(what, hint)
    return found[-1]


def _found(copy: Copy, shared: Shared, citation: Citation) -> Statement | Document | Person:
    entry = copy.seen.file.places.get(str(citation))
    if entry is None:
        there = copy.whole.file.places.get(str(citation))
        what = "may not be read by this reader" if there else "does not exist in this case"
        raise ArpcError(f"{citation} {what}", f"it stands at {shared.at('extract')}")
    is_basis = entry.record.kind.name == "basis" and entry is entry.record
    if not (isinstance(entry, Statement | Document | Person) or is_basis):
        hint = "an extract holds statements, allegations, documents and people"
        raise ArpcError(f"{citation} cannot be part of an extract", hint)
    return entry  # type: ignore[return-value]


def _cover(copy: Copy, shared: Shared) -> Iterator[Pair]:
    service = copy.seen.service
    yield Pair("From", service.name or BLANK)
    yield Pair("To", shared.with_whom or BLANK)
    yield Pair("Purpose", shared.purpose or BLANK)
    yield Pair("Basis for sharing", plain(shared.basis) or BLANK)
    yield Pair("Logged", day_words(shared.day) or BLANK)
    yield Pair("Handling", f"For this purpose only. {HANDLING}")


def _stated(block: Block) -> Block:
    """An allegation without what the assessment makes of it."""
    return Block(block.title, tuple(pair for pair in block.facts if pair.label in _STATED))


def _person(copy: Copy, person: Person) -> Row:
    born = partial_words(person.born_text) if person.born_text else BLANK
    return Row(
        (
            person.name or person.id,
            born,
            added.after(", ".join(map(plain, person.roles)), copy.seen, person),
        )
    )


def _statement(copy: Copy, entry: Statement) -> Row:
    file = copy.seen.file
    text = added.after(entry.text or BLANK, copy.seen, entry)
    return Row((entry.citation, source_of(file, entry.record), who_and_how(file, entry), text))


def _document(copy: Copy, document: Document) -> Row:
    dated = partial_words(document.dated) or BLANK
    return Row(
        (
            document.id,
            document.title or BLANK,
            document.sender or BLANK,
            added.after(dated, copy.seen, document),
        )
    )
