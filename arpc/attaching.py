"""`arpc attach`: a drawing, a letter or a scan, copied beside the record that it belongs to.

The copy is called by the record's id, a number and its ending, never as the original was: people's file
names hold people's names. The record keeps what it is and its digest.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from arpc import loading, plainfiles, records, schema, writer, yamldoc, yamltext
from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.records import Attached, Record


class Original(NamedTuple):
    """A file that is to be kept: its bytes, and the ending that says how to read them."""

    raw: bytes
    ending: str


class Attachment(NamedTuple):
    """What was written when a file was attached."""

    copy: Path
    """The copy, beside the record."""
    record: Path
    digest: str


def attach(folder: Path, record: Record, original: Original, what: str) -> Attachment:
    """Copy a file beside a record, and write down in the record what it is and its digest.

    Args:
        folder: The case folder.
        record: A session or a document, final or not.
        original: The file.
        what: What it is, in a few words.

    Raises:
        ArpcError: The record takes no files, has this one already, or was changed meanwhile; then
            nothing was written.
    """
    if ("attachments",) not in record.kind.fields:
        hint = "attach it to a session or to a document: `arpc add document`"
        raise ArpcError(f"no file is kept beside a {record.kind.title.lower()}", hint)
    digest = digest_of(original)
    path = folder / record.kind.folder / record.doc.file.rpartition("/")[2]
    with writer.locked(folder):
        was = loading.read_bytes(path)
        doc = yamldoc.read(path.name, was).doc
        if doc is None or _besides(doc.data) != _besides(record.data):
            raise ArpcError("the record was changed meanwhile", "run the command again")
        record = records.make(doc, record.kind)  # others may have attached something
        if kept := [
            a for a in _attached(record) if a.digest == digest and (folder / a.path).exists()
        ]:
            hint = f"it is {kept[0].path}; nothing was written"
            raise ArpcError(f"this file is kept beside {record.key} already", hint)
        name = _next_name(path.parent, record, original.ending)
        entry = {"name": name, "digest": digest, "what": what.strip()}
        text = yamltext.append_entry(doc, "attachments", entry)
        schema.sound(path.name, text, record.kind)
        copy = path.with_name(name)
        writer.create(copy, original.raw)
        try:
            writer.replace(path, text, was=was)
        except BaseException:
            writer.remove(copy)
            raise
    return Attachment(copy, path, digest)


def digest_of(original: Original) -> str:
    """The digest by which a file that is kept is known."""
    return f"sha256:{hashlib.sha256(original.raw).hexdigest()}"


def kept_elsewhere(file: CaseFile, record: Record, original: Original) -> list[Attached]:
    """Where the same file is kept beside other records of the case."""
    digest = digest_of(original)
    others = (other for other in file.records if other.key != record.key)
    return [each for other in others for each in _attached(other) if each.digest == digest]


def _besides(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says besides what is attached to it."""
    return {key: value for key, value in data.items() if key != "attachments"}


def _attached(record: Record) -> tuple[Attached, ...]:
    found: tuple[Attached, ...] = getattr(record, "attachments", ())
    return found


def read(source: Path, megabytes: int) -> Original:
    """Read a file that is to be kept, of so many megabytes at the most.

    Raises:
        ArpcError: It is no plain file, is empty or too large, or has an ending that is not kept.
    """
    ending = source.suffix.lower().removeprefix(".")
    if ending not in loading.ENDINGS:
        kept = ", ".join(loading.ENDINGS)
        raise ArpcError("a file of this sort is not kept", f"its name ends in one of {kept}")
    try:
        raw = plainfiles.read(source, megabytes * plainfiles.MEGABYTE)
    except plainfiles.NotPlainError as error:
        hint = "give the file itself; of a folder, one file after the other"
        raise ArpcError(f"this is {error.what}, not a file", hint) from None
    except OSError:
        raise ArpcError("the file cannot be read", "check its name") from None
    if not raw:
        raise ArpcError("the file is empty", "nothing was written")
    if len(raw) > megabytes * plainfiles.MEGABYTE:
        hint = "make it smaller, or set `attached_megabytes` under `policy` in service.yaml"
        raise ArpcError(f"the file is larger than {megabytes} MB", hint)
    return Original(raw, ending)


def _next_name(folder: Path, record: Record, ending: str) -> str:
    """The id, the number after the highest that was ever given, and the ending."""
    entries = record.data.get("attachments") or ()
    names = [path.name for path in folder.iterdir()]
    names += [str(entry.get("name")) for entry in entries if isinstance(entry, dict)]
    form = re.compile(rf"{re.escape(record.id)}-([0-9]{{1,3}})\.")
    numbers = [int(found[1]) for name in names if (found := form.match(name))]
    return f"{record.id}-{max(numbers, default=0) + 1}.{ending}"
