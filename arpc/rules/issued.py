"""Issued reports: what was frozen is as it was, and is still the newest word on the case."""

from collections.abc import Iterator

from arpc.findings import Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, IssuedReport, Record
from arpc.rules.when import AFTER_ISSUE
from arpc.sources import INFERENCE, KNOWN_RISK


@rule(INFERENCE, never=True)
def issued_file_changed(as_of: AsOf) -> Iterator[Problem]:
    """A file of an issued report is not what was issued, or is gone.

    What a conference or a court has read is what the case has to hold. A correction is a new version.
    """
    for report in as_of.file.reports:
        for file in report.files:
            now = as_of.file.digest_of(f"reports/{file.name}") if file.name else None
            if now is not None and file.digest and now != file.digest:
                found = "has changed since it was issued" if now else "is gone"
                hint = "bring back what was issued; `arpc issue-report` makes a new version"
                yield Problem(file.at("name", value=True), f"a file of {report.id} {found}", hint)


@rule(
    KNOWN_RISK.saying("assessments are of their time; that new records ask for a look is ours"),
    Severity.WARNING,
    stages=AFTER_ISSUE,
)
def report_knows_less_than_the_case(as_of: AsOf) -> Iterator[Problem]:
    """Something is known that the newest analysis and the report did not know of.

    A concern, a new allegation or a meeting came later. Whoever holds the report relies on an opinion
    that was formed without it.
    """
    issued = [r for r in as_of.file.every(IssuedReport) if r.is_assessment and r.is_current]
    known = max([r.on for r in issued] + [a.on for a in as_of.file.every(Analysis)], default=None)
    if not issued or known is None:
        return
    newer: list[Record] = [
        *(session for session in as_of.file.sessions if session.is_assessing),
        *as_of.file.escalations,
        *as_of.file.bases,
    ]
    later = sorted(record.id for record in newer if known < record.on <= as_of.today)
    if later:
        hint = "look whether the opinion still holds: a new analysis, or a note in supervision"
        where = issued[-1].at("date", value=True)
        message = f"{', '.join(later)} came after the opinion of {known}"
        yield Problem(where, message, hint)
