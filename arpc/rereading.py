"""Evidence that moved: what a conclusion cites, as it was when it was cited, or last confirmed.

To cite is not to have read again: only `arpc confirm` says that somebody did.

A fingerprint is taken of what is *meant*: the statement or record without layout, comments and the
order of keys, together with the amendments that bear on it. People only ever type `N-007#S3`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import ledgers, meaning
from arpc.casefile import CaseFile
from arpc.citing import Reference, references
from arpc.records import Analysis, Entry, IssuedReport, Record

CONCLUDING = (Analysis, IssuedReport)
"""The kinds of record whose citations are kept as they were read."""
_FOR_READERS = ("copies", "letters", "turning_points")
"""What is written of an analysis for its readers, often after it was issued: no part of its meaning."""

NOT_MEANT = ("status", "superseded_by", *_FOR_READERS)
"""What of a whole record is left aside when it is cited."""


class Moved(NamedTuple):
    """Something cited that is not what it was when it was cited or last confirmed."""

    reference: Reference
    read: date | None
    """The day on which it was as it is no more."""
    by: str
    fingerprint: str
    """What it meant on that day."""


def evidence_of(record: Record) -> list[Reference]:
    """What a concluding record cites from other records, people and what copies show left aside."""
    return [
        r
        for r in references(record)
        if r.record != record.id and r.target[:2] != "P-" and r.pointer[0] not in _FOR_READERS
    ]


def moved(file: CaseFile, record: Record) -> Iterator[Moved]:
    """Yield every citation in a record of something that changed since it was cited or confirmed.

    Raises:
        IncompleteError: confirmations.yaml is damaged.
    """
    read = {r.cites: r for r in file.readings if r.citing == record.id}
    now = {target: fingerprint(file, target) for target in read}
    for reference in evidence_of(record):
        reading = read.get(reference.target)
        if reading and now[reference.target] not in ("", reading.fingerprint):
            yield Moved(reference, reading.day, reading.by, reading.fingerprint)


def fingerprint(file: CaseFile, target: str) -> str:
    """The fingerprint of what is cited as `target`, "" where there is no such thing."""
    entry = file.places.get(target)
    if entry is None:
        return ""
    return meaning.fingerprint([_said(entry), _amendments(entry)])


def keep(
    folder: Path, file: CaseFile, record: Record, *, by: str, on: date, again: Iterable[str] = ()
) -> list[str]:
    """Write down what a record cites for the first time, and `again` what was read once more.

    What is not cited any more is forgotten. Returns what was written down. The caller holds the lock.
    """
    cited = list(dict.fromkeys(reference.target for reference in evidence_of(record)))
    known = {r.cites for r in file.readings if r.citing == record.id}
    fresh = [t for t in cited if (t not in known or t in {*again}) and fingerprint(file, t)]
    gone = known - {*cited}
    if not fresh and not gone:
        return []
    entries = [
        {
            "in": record.id,
            "cites": target,
            "is": fingerprint(file, target),
            "by": by,
            "date": on.isoformat(),
        }
        for target in fresh
    ]
    old = {*fresh, *gone}
    ledgers.put(
        folder,
        "confirmations",
        entries,
        lambda entry: entry.get("in") == record.id and entry.get("cites") in old,
    )
    return fresh


def _said(entry: Entry) -> object:
    if isinstance(entry, Record):
        return {k: v for k, v in entry.data.items() if k not in NOT_MEANT}
    return entry.data


def _amendments(entry: Entry) -> list[object]:
    """What was added to the record later and bears on the entry."""
    if isinstance(entry, Record):
        return []
    return [a.data for a in entry.record.amendments if not a.about or entry.id in a.about]
