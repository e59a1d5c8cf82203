"""`arpc issue-report`: through the gate, then freeze what is issued beside its record."""

import hashlib
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import drafting, kinds, ledgers, loading, schema, writer, yamltext
from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.loading import Loaded
from arpc.provisions import AsOf
from arpc.records import Analysis, IssuedReport
from arpc.reporting import assessment, rendering
from arpc.service import Service
from arpc.yamldoc import YamlDoc


class Issued(NamedTuple):
    """What was issued: the record, and the frozen files with their digests."""

    record: Path
    files: tuple[tuple[Path, str], ...]


def issue(
    folder: Path, shown: str, today: date, service: Service, *, approver: str, author: str
) -> Issued:
    """Freeze the report of a case and write its record; the case must have passed the gate.

    Raises:
        ArpcError: The approver is the author, or something cannot be written; then nothing is issued.
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
        version = assessment.next_version(loaded.file)
        report = assessment.build(as_of, version=version, approver=approver)
        forms = rendering.render(report, assessment.TEMPLATE, ("md", "pdf"))
        record_id = loading.next_record_id(folder, kinds.kind("report"))
        frozen = {folder / "reports" / f"{record_id}.{form}": raw for form, raw in forms.items()}
        digests = tuple((path, _sha256(raw)) for path, raw in frozen.items())
        head = drafting.header(kinds.kind("report"), record_id, loaded.file.id, today, author)
        written = _record(as_of, analysis, head, version, approver, digests)
        if any(path.exists() for path in frozen):
            raise ArpcError(f"files of {record_id} are there already", "nothing was issued")
        for path, raw in frozen.items():
            writer.replace(path, raw)
        record = folder / "reports" / f"{record_id}.yaml"
        writer.create(record, written.text)
        ledgers.seal(folder, kinds.kind("report"), written.data, by=approver, on=today)
        _supersede(loaded, folder, record_id)
    return Issued(record, digests)


def _record(
    as_of: AsOf,
    analysis: Analysis,
    head: dict[str, str],
    version: int,
    approver: str,
    digests: tuple[tuple[Path, str], ...],
) -> YamlDoc:
    """The record of an issue, final from the start."""
    today = as_of.today.isoformat()
    until = assessment.valid_until(as_of, analysis).isoformat()
    lines = [f"{key}: {value}" for key, value in {**head, "status": "final"}.items()]
    lines += ["", "type: assessment", "audience: referrer", f"version: {version}"]
    lines += [f"analysis: {analysis.id}", f"approved_by: {approver}", f"approved_on: {today}"]
    lines += [f"valid_until: {until}"]
    lines += [f"replaces: {old.id}" for old in _current(as_of.file)]
    lines += ["", "files:"]
    for path, digest in digests:
        lines += [f"  - name: {path.name}", f"    digest: {digest}"]
    if as_of.file.referral and (referrer := as_of.file.referral.referrer):
        lines += ["", "issued_to:", f"  - who: {referrer}", f"    date: {today}"]
    return schema.sound(head["id"], "\n".join(lines) + "\n", kinds.kind("report"))


def _supersede(loaded: Loaded, folder: Path, by: str) -> None:
    """Mark the version before as replaced; what it froze stays as it is."""
    for record in _current(loaded.file):
        text = yamltext.set_top(record.doc, {"status": "superseded", "superseded_by": by})
        writer.replace(folder / "reports" / f"{record.id}.yaml", text)


def _current(file: CaseFile) -> list[IssuedReport]:
    """The issue of the assessment report that holds now, if there is one."""
    return [r for r in file.reports if r.type == "assessment" and r.is_current]


def _sha256(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()
