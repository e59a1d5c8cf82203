"""Starting, editing and finishing records: the only changes that arpc makes to them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from arpc import (
    carrying,
    drafting,
    kinds,
    ledgers,
    loading,
    meaning,
    plainfiles,
    rereading,
    schema,
    writer,
    yamldoc,
    yamltext,
)
from arpc.errors import ArpcError
from arpc.findings import Finding, Severity
from arpc.kinds import Kind
from arpc.records import Record
from arpc.yamldoc import MAX_BYTES, YamlDoc


class Edited(NamedTuple):
    """What was done to a record after somebody edited it."""

    new_ids: tuple[str, ...]
    stamped: bool
    filled_in: tuple[str, ...]
    """Fields of a final record that were empty when it was finished and are sealed now."""
    findings: tuple[Finding, ...]
    """Faults of the file itself; where there are errors, nothing was changed."""


def record_path(folder: Path, wanted: str) -> Path:
    """The file of a record in a case, by its id or the beginning of one.

    Raises:
        ArpcError: There is no such record, or more than one; or it is no plain file that can be read.
    """
    path = _named(folder, wanted)
    try:
        plainfiles.read_whole(path, MAX_BYTES)
    except FileNotFoundError:
        pass  # what is to be done with it decides what that means
    except OSError as error:
        hint = "`arpc validate` says more of it; nothing was written"
        raise ArpcError(f"{path.name} cannot be used: {error.strerror}", hint) from None
    return path


def _named(folder: Path, wanted: str) -> Path:
    wanted_id = wanted.upper() if "-" in wanted else wanted
    names = {"case": "case.yaml", "referral": "referral.yaml", "Q-01": "referral.yaml"}
    if wanted in names or wanted_id in names:
        return folder / (names.get(wanted) or names[wanted_id])
    kind = kinds.kind_of_id(f"{wanted_id:-<2}")
    files = sorted((folder / kind.folder).glob(f"{wanted_id}*.yaml")) if kind else []
    exact = [path for path in files if path.stem == wanted_id]
    found = exact or files
    if len(found) == 1:
        return found[0]
    if found:
        raise ArpcError(f"{len(found)} records begin like that", "type more of the id")
    raise ArpcError("no such record in this case", "`arpc status` lists what there is")


def add(
    folder: Path,
    kind: Kind,
    given: Sequence[str],
    *,
    case_id: str,
    day: date,
    author: str,
    earlier: Record | None = None,
    below: str = "",
) -> Path:
    """Write the next record of a kind as a commented draft; return its path.

    Args:
        folder: The case folder.
        kind: Which kind.
        given: What is known already, as `field=value`.
        case_id: The case's id.
        day: The record's date.
        author: Staff code of who writes it.
        earlier: The record that it is begun from, where it is not begun from nothing.
        below: A comment to stand at its end.

    Raises:
        ArpcError: A value does not fit, or the one record of its kind is there already.
    """
    with writer.locked(folder):
        values = drafting.parse_values(kind, given)
        path = _next_path(folder, kind)
        record_id = path.stem if kind.folder else f"{kind.prefix}01"
        head = drafting.header(kind, record_id, case_id, day, author)
        if "id" in values or "case" in values:
            raise ArpcError("ids are given by arpc", "leave id and case out")
        text = drafting.draft(kind, {**head, **values})
        if earlier:
            drafted = schema.sound(path.name, text, kind)
            text = carrying.begun_from(earlier, drafted)
        text += below
        schema.sound(path.name, text, kind)
        writer.create(path, text)
    return path


def add_statements(path: Path, statements: Iterable[Mapping[str, str]]) -> None:
    """Write statements below those that a draft has."""
    with writer.locked(_case_folder(path)):
        for statement in statements:
            raw = loading.read_bytes(path)
            doc = _reread(path, raw.decode("utf-8"))
            writer.replace(path, yamltext.append_entry(doc, "statements", statement), was=raw)


def settle(path: Path, *, now: datetime) -> Edited:
    """After an edit: number new entries and stamp the time of writing.

    A file with errors is left exactly as it is.
    """
    with writer.locked(_case_folder(path)):
        raw = loading.read_bytes(path)
        doc, kind, findings = _read(path, raw)
        if doc is None or kind is None or _has_errors(findings):
            return Edited((), stamped=False, filled_in=(), findings=tuple(findings))
        text, new_ids = yamltext.number_entries(doc, kind.numbered)
        stamped = _wants_stamp(kind, doc)
        if stamped:
            doc = _reread(path, text)
            text = yamltext.set_top(doc, {"written": now.strftime("%Y-%m-%d %H:%M")})
        if text.encode("utf-8") != raw:
            writer.replace(path, text, was=raw)
        _keep_readings(path, on=now.date())
        filled_in = _seal_what_was_filled_in(path, doc, kind)
    return Edited(tuple(new_ids), stamped, filled_in, tuple(findings))


def finish(path: Path, *, checked: bytes, by: str, on: date) -> None:
    """Make a record final: its status, who finished it and when, and the digest of its meaning.

    Args:
        path: The record.
        checked: What stood in it when it was found to have all that it needs.
        by: Who finishes it.
        on: The day.

    Raises:
        ArpcError: It is final already, cannot be read, or was changed after it was checked.
    """
    with writer.locked(_case_folder(path)):
        raw = loading.read_bytes(path)
        if raw != checked:
            hint = f"look at it, then `arpc finish {path.stem}` again"
            raise ArpcError(f"{path.name} was changed while it was checked", hint)
        doc, kind, findings = _read(path, raw)
        if doc is None or kind is None or _has_errors(findings):
            raise ArpcError("the record has errors", f"`arpc validate {path.name}` names them")
        if doc.data["status"] != "draft":
            raise ArpcError(f"the record is {doc.data['status']} already")
        writer.replace(path, yamltext.set_top(doc, {"status": "final"}), was=raw)
        _keep_readings(path, on=on)
        ledgers.seal(_case_folder(path), kind, doc.data, by=by, on=on)


def _seal_what_was_filled_in(path: Path, doc: YamlDoc, kind: Kind) -> tuple[str, ...]:
    """Let the seal of a final record hold what was empty when it was finished and is written now."""
    if doc.data["status"] != "final":
        return ()
    folder = _case_folder(path)
    seals = {seal.id: seal for seal in loading.load(folder, "").file.seals}
    seal = seals.get("case" if kind.name == "case" else str(doc.data["id"]))
    if seal is None or meaning.changed_fields(seal.fields, doc.data, kind):
        return ()
    filled_in = meaning.filled_in(seal.fields, doc.data, kind)
    if filled_in and seal.day:
        ledgers.seal(folder, kind, doc.data, by=seal.by, on=seal.day)
    return tuple(filled_in)


def _keep_readings(path: Path, *, on: date) -> None:
    """Write down what a conclusion cites for the first time, as it is now."""
    folder = _case_folder(path)
    if path.parent.name not in ("analysis", "reports"):
        return
    file = loading.load(folder, "").file
    for record in file.records:
        if record.doc.file.endswith(path.name) and isinstance(record, rereading.CONCLUDING):
            rereading.keep(folder, file, record, by=record.author, on=on)


def _next_path(folder: Path, kind: Kind) -> Path:
    if not kind.folder:
        path = folder / kind.files
        if path.exists():
            raise ArpcError(
                f"a case has one {kind.title.lower()}", f"`arpc edit {kind.name}` opens it"
            )
        return path
    return folder / kind.folder / f"{loading.next_record_id(folder, kind)}.yaml"


def _read(path: Path, raw: bytes) -> tuple[YamlDoc | None, Kind | None, list[Finding]]:
    reading = yamldoc.read(path.name, raw)
    folder = _case_folder(path)
    kind = kinds.kind_of_file(path.absolute().relative_to(folder.absolute()).as_posix())
    findings = list(reading.findings)
    if reading.doc and kind:
        findings += schema.check(reading.doc, kind)
    return reading.doc, kind, findings


def _reread(path: Path, text: str) -> YamlDoc:
    doc = yamldoc.read(path.name, text.encode("utf-8")).doc
    if doc is None:
        raise ArpcError("the change would have damaged the record", "nothing was written")
    return doc


def _wants_stamp(kind: Kind, doc: YamlDoc) -> bool:
    note: object = doc.data.get("note")
    written = isinstance(note, str) and bool(note.strip())
    return kind.name == "session" and written and not doc.data.get("written")


def _has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _case_folder(path: Path) -> Path:
    """The case folder that holds a record."""
    return path.parent if path.name in ("case.yaml", "referral.yaml") else path.parent.parent
