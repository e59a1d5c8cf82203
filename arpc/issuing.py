"""`arpc issue-report`: through the gate, then freeze what is issued beside its record."""

import hashlib
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import copying, drafting, kinds, ledgers, loading, schema, signing, writer, yamltext
from arpc.audiences import REFERRER, Reader
from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.loading import Loaded
from arpc.provisions import AsOf
from arpc.records import Analysis, IssuedReport
from arpc.reporting import assessment
from arpc.reporting.copies import Edition
from arpc.sealed import Seat
from arpc.service import Service
from arpc.yamldoc import YamlDoc


class Issued(NamedTuple):
    """What was issued: the record, and the frozen files with their digests."""

    record: Path
    files: tuple[tuple[Path, str], ...]


def issue(
    folder: Path,
    shown: str,
    today: date,
    service: Service,
    *,
    reader: Reader = REFERRER,
    approver: str,
    author: str,
    sealed_at: Seat | None = None,
) -> Issued:
    """Freeze the report of a case for a reader and write its record; the case has passed the gate.

    Where the service is sealed, in the clone `sealed_at`, its practitioner and the approver have signed the
    analysis.

    Raises:
        ArpcError: The approver is the author, a signature is wanting, or something cannot be written; then
            nothing is issued.
    """
    with writer.locked(folder):
        loaded = loading.load(folder, shown)
        as_of = AsOf(loaded.file, today, service)
        analysis = loaded.file.analysis
        if analysis is None:
            hint = "`arpc validate --for issue` says what is missing"
            raise ArpcError("there is nothing to issue", hint)
        if approver in (author, analysis.author):
            raise ArpcError("the approver is the author", "somebody else has to approve it")
        if sealed_at:
            signing.check_approved(
                signing.bench(sealed_at, folder, loaded, service), analysis, approver
            )
        if not reader.is_decider and not loaded.file.first_issue:
            hint = "issue the report first; then the copies of it"
            raise ArpcError("there is nothing yet to make a copy of", hint)
        copied = copying.copy(
            as_of, "assessment", reader=reader, approver=approver, forms=("md", "pdf")
        )
        record_id = loading.next_record_id(folder, kinds.kind("report"))
        frozen = {
            folder / "reports" / f"{record_id}.{form}": raw for form, raw in copied.forms.items()
        }
        digests = tuple((path, _sha256(raw)) for path, raw in frozen.items())
        head = drafting.header(kinds.kind("report"), record_id, loaded.file.id, today, author)
        written = _record(as_of, analysis, head, copied.made.edition, reader, digests)
        if any(path.exists() for path in frozen):
            raise ArpcError(f"files of {record_id} are there already", "nothing was issued")
        for path, raw in frozen.items():
            writer.create(path, raw)
        record = folder / "reports" / f"{record_id}.yaml"
        writer.create(record, written.text)
        ledgers.seal(folder, kinds.kind("report"), written.data, by=approver, on=today)
        _supersede(loaded, folder, reader, record_id)
    return Issued(record, digests)


def _record(
    as_of: AsOf,
    analysis: Analysis,
    head: dict[str, str],
    edition: Edition,
    reader: Reader,
    digests: tuple[tuple[Path, str], ...],
) -> YamlDoc:
    """The record of an issue, final from the start."""
    today = as_of.today.isoformat()
    until = assessment.valid_until(as_of).isoformat()
    lines = [f"{key}: {value}" for key, value in {**head, "status": "final"}.items()]
    lines += ["", "type: assessment", f"audience: {reader.audience.name}"]
    lines += [f"for: {reader.person}"] if reader.person else []
    lines += [f"version: {edition.version}", f"analysis: {analysis.id}"]
    lines += [f"approved_by: {edition.approver}", f"approved_on: {today}", f"valid_until: {until}"]
    lines += [f"replaces: {old.id}" for old in _current(as_of.file, reader)]
    lines += ["", "files:"]
    for path, digest in digests:
        lines += [f"  - name: {path.name}", f"    digest: {digest}"]
    if receiver := _receiver(as_of.file, reader):
        lines += ["", "issued_to:", f"  - who: {receiver}", f"    date: {today}"]
    return schema.sound(head["id"], "\n".join(lines) + "\n", kinds.kind("report"))


def _receiver(file: CaseFile, reader: Reader) -> str:
    """Id of the person who gets it, where that is known."""
    if reader.audience.name == "referrer":
        return file.referral.referrer if file.referral else ""
    return reader.person


def _supersede(loaded: Loaded, folder: Path, reader: Reader, by: str) -> None:
    """Mark the version before as replaced; what it froze stays as it is."""
    for record in _current(loaded.file, reader):
        text = yamltext.set_top(record.doc, {"status": "superseded", "superseded_by": by})
        path = folder / "reports" / f"{record.id}.yaml"
        writer.replace(path, text, was=loading.unchanged(path, record.doc))


def _current(file: CaseFile, reader: Reader) -> list[IssuedReport]:
    """The issue for a reader that holds now, if there is one."""
    return [
        report
        for report in file.reports
        if report.type == "assessment"
        and report.is_current
        and (report.audience or "referrer", report.reader) == (reader.audience.name, reader.person)
    ]


def _sha256(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()
