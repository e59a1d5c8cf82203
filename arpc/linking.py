"""Linking two cases, and carrying history over as a copy that names its source."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import drafting, kinds, loading, schema, writer, yamltext
from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.records import Basis, Case, Person, Record

_HISTORY = {
    "person": (
        *("known_as", "born", "sex", "ethnicity", "religion", "languages", "needs"),
        *("registration", "background"),
    ),
    "basis": (
        "what",
        "basis_status",
        "first_told",
        "first_told_on",
        "happened",
        "child_age",
        "note",
    ),
}
"""What of a record is carried over: what names nobody and cites nothing of the other case."""


class Link(NamedTuple):
    """Why two cases belong together."""

    how: str
    why: str
    by: str
    on: date


def link(folder: Path, file: CaseFile, other: Path, other_file: CaseFile, made: Link) -> None:
    """Write the link into both cases.

    Raises:
        ArpcError: They are linked already, or a value does not fit; then nothing was written.
    """
    if any(entry.get("case") == other_file.id for entry in file.case.data.get("links") or ()):
        raise ArpcError(f"{file.id} and {other_file.id} are linked already")
    texts = {
        here / loading.CASE: (of.case.doc, _linked(of, to, made))
        for here, of, to in ((folder, file, other_file), (other, other_file, file))
    }
    with writer.locked(folder, other):
        was = {path: loading.unchanged(path, doc) for path, (doc, _) in texts.items()}
        for path, (_, text) in texts.items():
            writer.replace(path, text, was=was[path])


def history(source: CaseFile, wanted: Iterable[str]) -> list[Record]:
    """The records of another case that can be carried over: the man and what a case rests on.

    Raises:
        ArpcError: There is no such record, or it is another person's.
    """
    found: list[Record] = []
    for each in wanted:
        record = source.places.get(each)
        if not (isinstance(record, Basis) or (isinstance(record, Person) and record.is_man)):
            hint = "the man, or a basis such as A-01, can be carried over"
            raise ArpcError(f"{each} cannot be carried over from {source.id}", hint)
        found.append(record)
    return found


def carry_over(
    folder: Path, file: CaseFile, source: CaseFile, records: Sequence[Record], *, by: str, on: date
) -> list[str]:
    """Copy records of `history` from another case; return the ids of the drafts written on here.

    A basis becomes a new draft. Of the man, what the draft here does not say yet is filled in. What
    cites or names others in the other case stays there: it would mean somebody else here.

    Raises:
        ArpcError: There is no draft of the man here.
    """
    with writer.locked(folder):
        written = []
        for record in records:
            trace = {"from": source.id, "id": record.id, "date": on.isoformat()}
            block = "".join(f"\n  {key}: {item}" for key, item in trace.items())
            if isinstance(record, Person):
                written.append(_fill_in(folder, file, record, block))
            else:
                written.append(_copy(folder, file, record, block, by=by, on=on))
    return written


def _linked(file: CaseFile, to: CaseFile, made: Link) -> str:
    entry = {
        "case": to.id,
        "how": made.how,
        "date": made.on.isoformat(),
        "by": made.by,
        "why": made.why,
    }
    text = yamltext.append_entry(file.case.doc, "links", entry)
    schema.sound(loading.CASE, text, kinds.kind("case"))
    return text


def _fill_in(folder: Path, file: CaseFile, theirs: Person, trace: str) -> str:
    """Fill in what the draft of the man does not say yet."""
    ours = file.man
    if ours is None or ours.status != "draft":
        raise ArpcError("this case has no draft of the man", "`arpc add person roles=man`")
    values = {
        key: _value(theirs, key)
        for key in _HISTORY["person"]
        if theirs.written(key) and not ours.written(key)
    }
    text = yamltext.set_top(ours.doc, {**values, "copied": trace})
    schema.sound(f"{ours.id}.yaml", text, ours.kind)
    path = folder / "people" / f"{ours.id}.yaml"
    writer.replace(path, text, was=loading.unchanged(path, ours.doc))
    return ours.id


def _copy(folder: Path, file: CaseFile, theirs: Record, trace: str, *, by: str, on: date) -> str:
    """A new draft with what can be carried over."""
    record_id = loading.next_record_id(folder, theirs.kind)
    values = {key: theirs.data[key] for key in _HISTORY["basis"] if theirs.written(key)}
    head = drafting.header(theirs.kind, record_id, file.id, on, by)
    text = drafting.draft(theirs.kind, {**head, **values})
    doc = schema.sound(record_id, text, theirs.kind)
    text = yamltext.set_top(doc, {"copied": trace})
    schema.sound(record_id, text, theirs.kind)
    writer.create(folder / theirs.kind.folder / f"{record_id}.yaml", text)
    return record_id


def _value(record: Record, key: str) -> str:
    found = record.data[key]
    if isinstance(found, list):
        return yamltext.flow(map(str, found))
    lines = str(found).strip().splitlines()
    field = record.kind.fields[(key,)]
    if field.is_block:
        return "|\n" + "\n".join(f"  {line}".rstrip() for line in lines)
    return drafting.written(field, lines[0])


def links_of(file: CaseFile) -> Iterable[tuple[str, str]]:
    """The cases that a case is linked to, and how; nothing where its own record is lost."""
    return [
        (str(entry.get("case")), str(entry.get("how")))
        for case in file.of(Case)
        for entry in case.data.get("links") or ()
    ]
