"""Changes to what is final or misfiled: added to, moved, renumbered, always with a trace."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import kinds, ledgers, loading, meaning, plainfiles, schema, writer, yamldoc, yamltext
from arpc.casefile import CaseFile
from arpc.citing import references
from arpc.errors import ArpcError
from arpc.findings import Pointer
from arpc.records import Attached, Record, Seal, entries_with_ids
from arpc.yamldoc import YamlDoc


class Added(NamedTuple):
    """Something added to a record that is final."""

    what: str
    why: str
    about: tuple[str, ...]
    """The entries it bears on, e.g. ("S3",); () is the whole record."""
    by: str
    on: date


class Renumbered(NamedTuple):
    """What a record's new id changed."""

    old: str
    new: str
    path: Path
    changed: tuple[str, ...]
    """Files whose citations were changed."""
    left: tuple[str, ...]
    """Citations that could mean either record, or that stand in a final one, as file:line."""


class MovedRecord(NamedTuple):
    """A record that was misfiled, where it lies now, and who cites it where it lay."""

    old: str
    path: Path
    still_cited: tuple[str, ...]


def amend(folder: Path, record: Record, added: Added) -> None:
    """Add to a record that is final.

    What others have added since it was read stays.

    Raises:
        ArpcError: It is no final record, was changed since it was finished, or has no such entry.
    """
    with writer.locked(folder):
        file = loading.load(folder, "").file
        record = _again(folder, file, record)
        seal = _sound_seal(file, record)
        entries = {entry for entry, _ in entries_with_ids(record)}
        if unknown := [entry for entry in added.about if entry not in entries]:
            hint = f"entries here: {', '.join(sorted(entries)) or 'none'}"
            raise ArpcError(f"{record.key} has no entry {unknown[0]}", hint)
        path = folder / _name(folder, record)
        raw = loading.unchanged(path, record.doc)
        text = yamltext.append_entry(record.doc, "amendments", _amendment(added))
        doc = schema.sound(path.name, text, record.kind)
        writer.replace(path, text, was=raw)
        ledgers.seal(folder, record.kind, doc.data, by=seal.by, on=seal.day or added.on)


def renumber(folder: Path, file: CaseFile, record: Record) -> Renumbered:
    """Give an unfinished record the next id of its kind, and change what surely means it.

    A citation surely means it if no other record has its id, or if only this record has the entry.
    Final records are never changed.

    Raises:
        ArpcError: It is final, or the one record of its kind.
    """
    if record.status != "draft" or not record.kind.folder:
        raise ArpcError(f"{record.key} cannot be renumbered", "only a draft can")
    old_path = folder / _name(folder, record)
    with writer.locked(folder):
        new = loading.next_record_id(folder, record.kind)
        twins = [r for r in file.records if r.id == record.id and r is not record]
        shared = {entry for twin in twins for entry, _ in entries_with_ids(twin)}
        changes: dict[str, str] = {}
        left = []
        for each in file.records:
            if each is record:
                continue
            ids = [r for r in references(each) if r.record == record.id and r.text[1:2] == "-"]
            sure = [r for r in ids if not twins or _only_here(r.target, record, shared)]
            if each.status == "draft" and sure:
                targets = {r.text: r.text.replace(record.id, new, 1) for r in sure}
                changes[_name(folder, each)] = yamltext.replace_scalars(
                    each.doc, [r.pointer for r in sure], targets
                )
            left += [
                str(each.at(*r.pointer, value=True))
                for r in ids
                if each.status != "draft" or r not in sure
            ]
        own = yamltext.set_top(_rewritten(record, {}, new), {"id": new})
        path = old_path.with_name(f"{new}.yaml")
        schema.sound(path.name, own, record.kind)
        was = {
            name: loading.unchanged(folder / name, each.doc)
            for each in file.records
            if (name := _name(folder, each)) in changes or each is record
        }
        moved = _copy_attached(record, new, old_path.parent, path.parent)
        writer.create(path, own)
        for name, text in changes.items():
            writer.replace(folder / name, text, was=was[name])
        writer.remove(old_path, was=was[_name(folder, record)])
        named = {name for twin in twins for name in _attached(twin)}
        _remove(each for each in moved if each.name not in named)
    return Renumbered(record.id, new, path, tuple(changes), tuple(left))


def move(
    folder: Path,
    file: CaseFile,
    record: Record,
    target: Path,
    *,
    ids: Mapping[str, str],
    why: str,
    by: str,
    on: date,
) -> MovedRecord:
    """Move a misfiled record to another case, with a trace on both sides.

    Args:
        folder: The case it lies in.
        file: That case.
        record: The record.
        target: The folder of the case it belongs to.
        ids: What each id that it cites is called there, e.g. {"P-03": "P-02"}.
        why: Why it is moved.
        by: Who moves it.
        on: The day.

    Raises:
        ArpcError: An id is not translated, or the record cannot be moved; then nothing was changed.
    """
    if not record.kind.folder:
        raise ArpcError(f"a case's {record.kind.name} record cannot be moved")
    cited = {r.record for r in references(record)} - {record.id}
    if missing := sorted(cited - {*ids}):
        hint = f"say what they are there, e.g. `--id {missing[0]}={missing[0]}`"
        raise ArpcError(f"it names {', '.join(missing)}, which mean others there", hint)
    there = loading.load(target, "").file
    if unknown := sorted({*ids.values()} - {r.id for r in there.records}):
        raise ArpcError(
            f"{unknown[0]} does not exist there", "`arpc status` shows who is who there"
        )
    with writer.locked(folder, target):
        new = loading.next_record_id(target, record.kind)
        trace = {"from": file.id, "id": record.id, "date": on.isoformat(), "by": by, "why": why}
        text = _translated(record, ids, new, there.id, trace)
        path = target / record.kind.folder / f"{new}.yaml"
        doc = schema.sound(path.name, text, record.kind)
        case_path = folder / loading.CASE
        entry = {"id": record.id, "to": there.id, "date": on.isoformat(), "by": by, "why": why}
        case_text = yamltext.append_entry(file.case.doc, "moved_out", entry)
        schema.sound(case_path.name, case_text, kinds.kind("case"))
        old_path = folder / _name(folder, record)
        was = loading.unchanged(old_path, record.doc)
        case_was = loading.unchanged(case_path, file.case.doc)
        moved = _copy_attached(record, new, folder / record.kind.folder, path.parent)
        writer.create(path, text)
        if seal := next((s for s in file.seals if s.id == record.key), None):
            ledgers.seal(target, record.kind, doc.data, by=seal.by, on=seal.day or on)
        writer.replace(case_path, case_text, was=case_was)
        writer.remove(old_path, was=was)
        _remove(moved)
    still = [
        str(each.at(*r.pointer, value=True))
        for each in file.records
        for r in references(each)
        if r.record == record.id and each is not record
    ]
    return MovedRecord(record.id, path, tuple(still))


def _amendment(added: Added) -> dict[str, str | list[str]]:
    entry: dict[str, str | list[str]] = {"date": added.on.isoformat(), "by": added.by}
    if added.about:
        entry["about"] = list(added.about)
    return {**entry, "what": added.what, "why": added.why}


def _again(folder: Path, file: CaseFile, record: Record) -> Record:
    """A record as it stands now."""
    for each in file.records:
        if (each.key, _name(folder, each)) == (record.key, _name(folder, record)):
            return each
    raise ArpcError(f"{record.key} was changed meanwhile", "run the command again")


def _sound_seal(file: CaseFile, record: Record) -> Seal:
    """The seal of a final record that is what it was when it was sealed."""
    seal = next((seal for seal in file.seals if seal.id == record.key), None)
    if not record.is_final or seal is None:
        raise ArpcError(f"{record.key} is not final", f"change it with `arpc edit {record.key}`")
    if meaning.changed_fields(seal.fields, record.data, record.kind):
        hint = "`arpc validate` names what changed; put that back first"
        raise ArpcError(f"{record.key} was changed after it was finished", hint)
    return seal


def _name(folder: Path, record: Record) -> str:
    """The record's file below the case folder."""
    file = record.doc.file.rpartition("/")[2]
    return f"{record.kind.folder}/{file}" if record.kind.folder else file


def _only_here(target: str, record: Record, shared: Iterable[str]) -> bool:
    entry = target.partition("#")[2]
    own = {found for found, _ in entries_with_ids(record)}
    return entry in own and entry not in {*shared}


def _translated(
    record: Record, ids: Mapping[str, str], new: str, case: str, trace: Mapping[str, str]
) -> str:
    """The record's text with its ids as they are in another case."""
    block = "".join(f"\n  {key}: {yamltext.value_of(item)}" for key, item in trace.items())
    doc = _rewritten(record, ids, new)
    return yamltext.set_top(doc, {"id": new, "case": case, "moved": block})


def _rewritten(record: Record, ids: Mapping[str, str], new: str) -> YamlDoc:
    """The record with the ids that it cites changed by `ids`, and its files called by its new id."""
    found = [r for r in references(record) if r.record in ids and r.record != record.id]
    words = {r.text: r.text.replace(r.record, ids[r.record], 1) for r in found}
    files = _attached(record)
    names = {name: _renamed(record, name, new) for name in files}
    pointers = [*(r.pointer for r in found), *files.values()]
    text = yamltext.replace_scalars(record.doc, pointers, {**words, **names})
    doc = yamldoc.read(record.doc.file, text.encode("utf-8")).doc
    if doc is None:
        raise ArpcError("the change would have damaged the record", "nothing was changed")
    return doc


def _attached(record: Record) -> dict[str, Pointer]:
    """The names of the files that lie beside a record, and where it names them."""
    files: tuple[Attached, ...] = getattr(record, "attachments", ())
    return {file.name: (*file.pointer, "name") for file in files if file.name}


def _renamed(record: Record, name: str, new: str) -> str:
    return name.replace(record.id, new, 1) if name.startswith(f"{record.id}-") else name


def _copy_attached(record: Record, new: str, here: Path, there: Path) -> list[Path]:
    """Copy the files of a record to where it goes, under its new id; return what can be taken away."""
    done = []
    for name in _attached(record):
        target = there / _renamed(record, name, new)
        try:
            raw = plainfiles.read_whole(here / name)
        except OSError:
            raise ArpcError(f"{name} is gone", "bring it back first; nothing was changed") from None
        writer.create(target, raw)
        done.append(here / name)
    return done


def _remove(files: Iterable[Path]) -> None:
    for path in files:
        writer.remove(path)
