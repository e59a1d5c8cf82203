"""One copy of a report to be made: the whole case, what its reader may see of it, and how it is issued."""

from typing import NamedTuple

from arpc import audiences
from arpc.audiences import Left, Reader
from arpc.casefile import CaseFile
from arpc.document.matter import day_words
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.records import Analysis


class Edition(NamedTuple):
    """Which issue of a report it is; not yet one where nobody approved it."""

    version: int
    approver: str = ""
    """Staff code of who approves it."""


class Copy(NamedTuple):
    """What a report for one reader is made of."""

    whole: AsOf
    """The case with everything in it: for counting and checking, never for printing."""
    seen: AsOf
    """The case as the reader may see it."""
    reader: Reader
    edition: Edition
    left: tuple[Left, ...]
    """What the reader does not see."""
    replaced: str = ""
    """What took the place of the analysis that it is made from, and when; "" if nothing did."""

    @property
    def is_draft(self) -> bool:
        """Whether it is not being issued."""
        return not self.edition.approver

    @property
    def shown(self) -> frozenset[str]:
        """What is shown to the reader by name, cited in full."""
        return audiences.shown(self.whole.file, self.reader)

    @property
    def for_whom(self) -> str:
        """Whom the copy is for, in words."""
        person = self.seen.file.person(self.reader.person)
        return (person.name or person.id) if person else self.reader.audience.who


def copy_of(as_of: AsOf, reader: Reader, approver: str = "", *, analysis: str = "") -> Copy:
    """Prepare a copy of a case for a reader.

    Args:
        as_of: The case and the day.
        reader: Whom it is for.
        approver: Staff code of who approves it, when it is being issued.
        analysis: The analysis that it is made from; the one that holds now where none is named.

    Raises:
        ArpcError: There is no such analysis, or the reader may not read it.
    """
    whole, replaced = as_of, ""
    if analysis:
        file, replaced = _made_from(as_of.file, analysis)
        whole = AsOf(file, as_of.today, as_of.service)
    seen, left = audiences.view(whole.file, reader)
    edition = Edition(_version(as_of.file, reader), approver)
    view = AsOf(seen, as_of.today, as_of.service)
    return Copy(whole, view, reader, edition, left, replaced)


def _version(file: CaseFile, reader: Reader) -> int:
    """The assessment's next version; a copy for anybody else is of the version that stands."""
    issued = max((r.version or 1 for r in file.reports if r.is_assessment), default=0)
    return issued + 1 if reader.is_decider else max(issued, 1)


def _made_from(file: CaseFile, wanted: str) -> tuple[CaseFile, str]:
    """The case with one analysis only, as if that one held, and what has replaced it."""
    found = next((a for a in file.of(Analysis) if a.id == wanted), None)
    if found is None:
        hint = "name one of " + (", ".join(a.id for a in file.of(Analysis)) or "none so far")
        raise ArpcError(f"there is no analysis {wanted}", hint)
    if found.is_current:
        return file, ""
    later = file.places.get(str(found.data.get("superseded_by")))
    by = f"{later.id}, of {day_words(later.record.on)}" if later else "a later one"
    data = {**found.data, "status": "final"}
    standing = Analysis(found.doc._replace(data=data), found.kind)
    others = [record for record in file.records if not isinstance(record, Analysis)]
    return file.with_records([*others, standing]), by
