"""The changes of a whole case, in the order in which a supervisor asks for them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import NamedTuple

from arpc import kinds
from arpc.casefile import CaseFile, IncompleteError
from arpc.differing.comparing import Difference, differences
from arpc.differing.entries import Subject, Way, way
from arpc.differing.heads import arrival, head
from arpc.differing.words import Both, told
from arpc.findings import Location
from arpc.records import Analysis, Answered, Case, Entry, ReadCitation, Record, Seal

_SUBJECTS = {
    "escalation": Subject.SAFETY,
    "basis": Subject.SAFETY,
    "arrangement": Subject.CONTACT,
    "analysis": Subject.THOUGHT,
    "person": Subject.PEOPLE,
    "consent": Subject.PEOPLE,
}
"""What a change to a kind of record is about, where nothing else is said; all others are work done."""
_FIELDS = {
    ("session", "concern"): Subject.SAFETY,
    ("session", "escalation"): Subject.SAFETY,
    ("session", "not_tell"): Subject.SAID,
    ("session", "trusted"): Subject.SAID,
    ("referral", "contact"): Subject.SAFETY,
    ("referral", "safety"): Subject.SAFETY,
    ("referral", "police"): Subject.SAFETY,
    ("referral", "police_checked"): Subject.SAFETY,
    ("referral", "staff_safety"): Subject.SAFETY,
    ("consent", "agreed"): Subject.PEOPLE,
    ("followup", "harm"): Subject.SAFETY,
    ("case", "flags"): Subject.SAFETY,
}
"""Fields that are about something else than their record."""
_ASKED_OF_NEW = (
    ("session", "concern"),
    ("session", "not_tell"),
    ("consent", "agreed"),
    ("followup", "harm"),
    ("case", "flags"),
)
"""What is told even of a record that is new as a whole."""
_HARMLESS = ("none", "none_known")
_ABOUT_THE_FILE = ("id", "case", "date", "author", "status", "superseded_by")
_ORDER = (*("escalation", "arrangement", "person", "basis", "consent"), *kinds.NAMES)


class Change(NamedTuple):
    """One thing that changed."""

    subject: Subject
    text: str
    at: str
    """Where it stands, as it is cited, or as file and line: "N-015#S2", "L-02"."""
    where: Location


def changes(before: CaseFile, after: CaseFile) -> list[Change]:
    """Return everything that differs in meaning between two states of a case, most urgent first."""
    both = Both(before, after)
    found = [*_records(both), *_ledgers(both), *_unreliable(both)]
    order = list(Subject)
    flat = (change._replace(text=" ".join(change.text.split())) for change in found)
    return sorted(flat, key=lambda change: order.index(change.subject))


Key = tuple[str, str]


def _by_file(file: CaseFile) -> dict[Key, Record]:
    return {_key(record.kind.name, record.doc.file): record for record in file.records}


def _key(kind: str, file: str) -> Key:
    return kind, file.rpartition("/")[2]


def _damaged(file: CaseFile) -> dict[Key, str]:
    return {_key(damaged.kind, damaged.file): damaged.file for damaged in file.damaged}


def _records(both: Both) -> Iterator[Change]:
    then, now = _by_file(both.before), _by_file(both.after)
    unknown = {*_damaged(both.before), *_damaged(both.after)}
    every = sorted({**then, **now}.items(), key=_in_order)
    for key, record in every:
        if key in unknown:
            continue
        if key not in then:
            yield from _new(both, record, both.before.analysis)
        elif key not in now:
            yield _gone(both, then[key])
        else:
            yield from _changed(both, then[key], now[key])


def _in_order(item: tuple[Key, Record]) -> tuple[int, str, str]:
    record = item[1]
    return _ORDER.index(record.kind.name), record.on.isoformat(), record.key


def _new(both: Both, record: Record, analysis: Analysis | None) -> Iterator[Change]:
    """A record that is new as a whole, and of what stands in it what a supervisor asks about."""
    state = "" if record.status == "final" else f", {_A.get(record.status, record.status)}"
    yield _of_record(_subject(record), f"{arrival(both, record)}{state}", record)
    if isinstance(record, Analysis) and analysis and record is both.after.analysis:
        yield from _in_place_of(both, analysis, record)
        return
    found = differences({}, record.data)
    for at, entries in _by_entry(found):
        how = way(record.kind.name, str(at[0])) if at else None
        if how and how.in_new:
            yield _of_entry(both, how, record, record, entries)
    for key, parts in groupby(found, lambda d: str(d.pointer[0])):
        field = (record.kind.name, key)
        group = [part for part in parts if part.after not in _HARMLESS]
        if field in _ASKED_OF_NEW and group:
            yield _of_fields(both, _FIELDS[field], record, group)


_A = {"draft": "a draft"}


def _gone(both: Both, record: Record) -> Change:
    moved = _moved_out(both.after)
    where = f"moved to {moved[record.id]}" if record.id in moved else "gone"
    return _of_record(Subject.RECORDS, f"{head(both, record)}: {where}", record)


def _moved_out(file: CaseFile) -> Mapping[str, str]:
    entries = [e for case in file.of(Case) for e in case.data.get("moved_out") or () if e]
    return {str(entry.get("id")): str(entry.get("to") or "another case") for entry in entries}


def _changed(both: Both, before: Record, after: Record) -> Iterator[Change]:
    found = differences(before.data, after.data)
    if before.status != after.status:
        found = [d for d in found if d.pointer not in (("status",), ("superseded_by",))]
        yield _status(both, before, after)
    yield from _told(both, before, after, found)


def _in_place_of(both: Both, before: Analysis, after: Analysis) -> Iterator[Change]:
    """A new analysis, against the one that held before it."""
    found = differences(before.data, after.data, ids_stay=False)
    lasting = [d for d in found if d.pointer[0] not in _ABOUT_THE_FILE and d.pointer[-1] != "id"]
    yield from _told(both, before, after, lasting, against=f", against {before.id}")


def _told(
    both: Both, before: Record, after: Record, found: list[Difference], against: str = ""
) -> Iterator[Change]:
    """Each change once: by its entry, by its field where that is about something else, or with the rest."""
    rest: list[Difference] = []
    apart: dict[Subject, list[Difference]] = {}
    for key, group in _by_entry(found):
        how = way(after.kind.name, str(key[0])) if key else None
        if how:
            yield _of_entry(both, how, before, after, group)
            continue
        for difference in group:
            subject = _FIELDS.get((after.kind.name, str(difference.pointer[0])))
            (apart.setdefault(subject, []) if subject else rest).append(difference)
    for subject, group in apart.items():
        yield _of_fields(both, subject, after, group, against)
    if rest:
        yield _of_fields(both, _subject(after), after, rest, against)


def _by_entry(found: Iterable[Difference]) -> Iterator[tuple[tuple[object, ...], list[Difference]]]:
    """Changes by the entry that they lie in; those of no entry together. What is gone stands apart."""
    for (entry, _), group in groupby(found, lambda d: (d.entry, d.is_entry and d.after is None)):
        yield entry, list(group)


def _of_entry(
    both: Both, how: Way, before: Record, after: Record, group: list[Difference]
) -> Change:
    first = group[0]
    record = before if first.is_entry and first.after is None else after
    data = first.holders[1]
    entry = how.make(data, record, first.entry)
    called = how.called(both, entry)
    if not first.is_entry:
        text = f"{called}: {told(both, record.kind, group, first.entry)}"
    elif record is before and first.after is None:
        text = f"{called}: taken out"
    else:
        text = how.new(both, entry) if how.new else f"{called}: added"
    return Change(how.subject, text, _place(entry, is_gone=record is not after), entry.at())


def _of_fields(
    both: Both, subject: Subject, record: Record, group: list[Difference], against: str = ""
) -> Change:
    text = f"{head(both, record)}{against}: {told(both, record.kind, group)}"
    return Change(subject, text, record.key, _where(record, group[0]))


def _where(record: Record, difference: Difference) -> Location:
    is_there = difference.after is not None
    return record.at(*difference.pointer) if is_there else record.at()


def _of_record(subject: Subject, text: str, record: Record) -> Change:
    return Change(subject, text, record.key, record.at())


def _place(entry: Entry, *, is_gone: bool) -> str:
    if entry.id:
        return entry.citation
    where = entry.at()
    return entry.record.key if is_gone else f"{where.file}:{where.line}"


def _status(both: Both, before: Record, after: Record) -> Change:
    called = head(both, after)
    seal = next((s for s in _seals(both.after) if s.id == after.key), None)
    if after.is_final and before.status == "draft":
        by = f" by {seal.by} on {seal.day}" if seal else ""
        return _of_record(Subject.RECORDS, f"{called}: finished{by}", after)
    replaced = str(after.data.get("superseded_by") or "")
    if after.status == "superseded" and replaced:
        return _of_record(Subject.RECORDS, f"{called}: superseded by {replaced}", after)
    text = f"{called}: status {before.status}, now {after.status}"
    return _of_record(Subject.RECORDS, text, after)


def _subject(record: Record) -> Subject:
    return _SUBJECTS.get(record.kind.name, Subject.DONE)


def _seals(file: CaseFile) -> tuple[Seal, ...]:
    try:
        return file.seals
    except IncompleteError:
        return ()


def _ledgers(both: Both) -> Iterator[Change]:
    """Findings that were answered, what was cited, and what was confirmed."""
    then = {repr(answer.data) for answer in _answers(both.before)}
    for answer in _answers(both.after):
        if repr(answer.data) not in then:
            agreed = f", agreed by {answer.agreed_by}" if answer.agreed_by else ""
            text = f"{answer.rule} answered by {answer.by}{agreed}: {answer.reason}"
            where = answer.at()
            at = answer.place or f"{where.file}:{where.line}"
            yield Change(Subject.RECORDS, text, at, where)
    kept = {(r.citing, r.cites): r for r in _readings(both.before)}
    was = {repr(reading.data) for reading in kept.values()}
    new = [r for r in _readings(both.after) if repr(r.data) not in was]
    for (citing, by, day, again), group in groupby(new, lambda r: _how_read(r, kept)):
        read = list(group)
        cited = ", ".join(dict.fromkeys(r.cites for r in read))
        text = f"{citing} cites, as they were on {day}: {cited}"
        if again:
            text = f"{citing} confirmed by {by} on {day}, for what had changed: {cited}"
        yield Change(Subject.RECORDS, text, citing, read[0].at())


def _how_read(
    reading: ReadCitation, before: Mapping[tuple[str, str], ReadCitation]
) -> tuple[str, str, date | None, bool]:
    """In which record, by whom and when; and whether it was confirmed, which only what changed is.

    Everything else was cited, and nobody says that it was read.
    """
    old = before.get((reading.citing, reading.cites))
    again = old is not None and old.fingerprint != reading.fingerprint
    return reading.citing, reading.by, reading.day, again


def _answers(file: CaseFile) -> tuple[Answered, ...]:
    try:
        return file.answers
    except IncompleteError:
        return ()


def _readings(file: CaseFile) -> tuple[ReadCitation, ...]:
    try:
        return file.readings
    except IncompleteError:
        return ()


def _unreliable(both: Both) -> Iterator[Change]:
    """Records that cannot be compared, because one of their states cannot be relied on."""
    then, now = _damaged(both.before), _damaged(both.after)
    for key, file in {**then, **now}.items():
        when = "now" if key in now else "then"
        text = f"{file} cannot be relied on as it {'is' if when == 'now' else 'was'} {when}"
        yield Change(Subject.RECORDS, f"{text}: not compared", key[1], Location(file))
