"""`arpc issue-report`: through the gate, then freeze what is issued beside its record."""

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import casefile, drafting, kinds, meaning, schema, writer, yamldoc, yamltext
from arpc.casefile import Loaded
from arpc.errors import ArpcError
from arpc.ids import next_id
from arpc.provisions import AsOf
from arpc.records import IssuedReport
from arpc.reporting import assessment, rendering
from arpc.reporting.model import Report
from arpc.service import Service


class Issued(NamedTuple):
    """What was issued: the record, and the frozen files with their digests."""

    record: Path
    files: tuple[tuple[Path, str], ...]


def next_version(loaded: Loaded) -> int:
    """The version that the next issue of the assessment report will have."""
    issued = [r.version or 1 for r in loaded.file.reports if r.type == "assessment"]
    return max(issued, default=0) + 1


def issue(
    folder: Path, shown: str, today: date, service: Service, *, approver: str, author: str
) -> Issued:
    """Freeze the report of a case and write its record; the case must have passed the gate.

    Raises:
        ArpcError: The approver is the author, or something cannot be written; then nothing is issued.
    """
    with writer.locked(folder):
        loaded = casefile.load(folder, shown)
        as_of = AsOf(loaded.file, today, service)
        analysis = loaded.file.analysis
        if analysis is None:
            raise ArpcError(
                "there is nothing to issue", "`arpc validate --for issue` says what is missing"
            )
        if approver in (author, analysis.author):
            raise ArpcError("the approver is the author", "somebody else has to approve it")
        version = next_version(loaded)
        report = assessment.build(as_of, version=version, approver=approver)
        record_id = next_id("R-", _taken(folder), 2)
        forms = rendering.render_all(report, assessment.TEMPLATE, ("md", "pdf"))
        files = [(folder / "reports" / f"{record_id}.{form}", raw) for form, raw in forms.items()]
        digests = [(path, _sha256(raw)) for path, raw in files]
        text = _record(as_of, report, record_id, version, approver, author, digests)
        for path, raw in files:
            if path.exists():
                raise ArpcError(f"{path.name} is there already", "nothing was issued")
            writer.replace(path, raw)
        record = folder / "reports" / f"{record_id}.yaml"
        writer.create(record, text)
        _supersede(loaded, folder, record_id)
    return Issued(record, tuple(digests))


def _record(
    as_of: AsOf,
    report: Report,
    record_id: str,
    version: int,
    approver: str,
    author: str,
    digests: list[tuple[Path, str]],
) -> str:
    kind = kinds.kind("report")
    analysis = as_of.file.analysis
    head = drafting.header(kind, record_id, as_of.file.id, as_of.today, author) | {
        "status": "final"
    }
    lines = [f"{key}: {value}" for key, value in head.items()]
    days = [j.valid_until for j in (analysis.judgements if analysis else ()) if j.valid_until]
    lines += [
        "",
        "type: assessment",
        "audience: referrer",
        f"version: {version}",
        f"analysis: {analysis.id if analysis else ''}",
        f"approved_by: {approver}",
        f"approved_on: {as_of.today}",
        *([f"valid_until: {min(days)}"] if days else []),
        "files:",
    ]
    for path, digest in digests:
        lines += [
            f"  - name: {yamltext.scalar(path.name)}",
            f"    digest: {yamltext.scalar(digest)}",
        ]
    referrer = as_of.file.referral.referrer if as_of.file.referral else ""
    lines += [
        "",
        "issued_to:",
        *([f"  - who: {referrer}"] if referrer else []),
        f"    date: {as_of.today}",
    ]
    if not referrer:
        lines = lines[:-2]
    text = "\n".join(lines) + "\n"
    doc = yamldoc.read(record_id, text.encode("utf-8")).doc
    faults = schema.check(doc, kind) if doc else []
    if doc is None or faults:
        raise ArpcError("the record of the report would not be right", "nothing was issued")
    return yamltext.set_top(
        doc,
        "finished",
        f"\n  by: {approver}\n  date: {as_of.today}\n  digest: {meaning.digest(doc.data)}",
    )


def _supersede(loaded: Loaded, folder: Path, by: str) -> None:
    """Mark the version before as replaced; what it froze stays as it is."""
    for record in loaded.file.reports:
        if isinstance(record, IssuedReport) and record.type == "assessment" and record.is_current:
            path = folder / "reports" / f"{record.id}.yaml"
            text = yamltext.set_top(record.doc, "status", "superseded")
            doc = yamldoc.read(path.name, text.encode("utf-8")).doc
            if doc:
                writer.replace(path, yamltext.set_top(doc, "superseded_by", by))


def _taken(folder: Path) -> list[str]:
    return [
        p.stem
        for p in (folder / "reports").glob("R-*.yaml")
        if re.fullmatch(r"R-[0-9]{2,4}", p.stem)
    ]


def _sha256(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()
