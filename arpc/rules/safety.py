"""Concerns: passed on at once, and never lost between a note and the person who can act."""

from collections.abc import Iterator

from arpc.findings import Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Escalation
from arpc.sources import DIFFERENCES, DUTY_TO_REPORT, FACT_SHEET, TALKING

_REPORTABLE = ("disclosure_by_child", "disclosure_by_adult", "admission", "images")


@rule(FACT_SHEET, never=True)
def concern_without_escalation(as_of: AsOf) -> Iterator[Problem]:
    """A session raised a concern that was not passed on.

    Every concern from a session is linked to the escalation that followed, even where it was decided
    not to refer: then the reasons stand there.
    """
    for session in as_of.file.sessions:
        if session.concern in ("", "none") or session.escalation:
            continue
        hint = "report it first; then `arpc add escalation` and name it under `escalation`"
        where = session.at("concern", value=True)
        yield Problem(where, f"the concern is {session.concern}, and no escalation is named", hint)


@rule(FACT_SHEET, never=True)
def harm_learnt_without_escalation(as_of: AsOf) -> Iterator[Problem]:
    """A follow-up learnt of harm, and nobody was told.

    What is heard years later concerns children who live now. The referrer may have known it first;
    then the escalation says so.
    """
    escalations = as_of.file.every(Escalation)
    for followup in as_of.file.followups:
        if followup.harm in ("", "none_known"):
            continue
        since = followup.done or followup.on
        if not any(e.on >= since or followup.id in _sources(e) for e in escalations):
            hint = "report it first; then `arpc add escalation` with `from` naming the follow-up"
            where = followup.at("harm", value=True)
            yield Problem(where, f"{followup.harm}, and no escalation names {followup.id}", hint)


@rule(TALKING.saying("reported the same day"))
def concern_reported_late(as_of: AsOf) -> Iterator[Problem]:
    """A concern was reported later than on the day it became known, or not yet.

    A child at risk cannot wait for the office to open. The emergency duty team takes reports at
    night and at weekends.
    """
    for escalation in as_of.file.escalations:
        if not escalation.aware or escalation.decision == "not_referred":
            continue
        day = escalation.aware.date()
        told = [r.at_time for r in escalation.reported if r.at_time and r.to != "manager"]
        if told and min(told).date() > day:
            late = (min(told).date() - day).days
            where = escalation.at("reported", 0, "at")
            message = f"known on {day}, first reported {late} day{'s' * (late > 1)} later"
            yield Problem(where, message, "say under `why` what delayed it")
        elif not told and as_of.today > day:
            where = escalation.at("aware", value=True)
            yield Problem(where, f"known on {day}, and no report is recorded", "report it now")


@rule(FACT_SHEET.saying("reasons are recorded where a concern is not referred"))
def not_referred_without_agreement(as_of: AsOf) -> Iterator[Problem]:
    """It was decided not to refer a concern, without reasons or without a manager's agreement.

    Not referring may be right. It is never one person's decision, and never without a reason that
    can be read later.
    """
    for escalation in as_of.file.escalations:
        if escalation.decision == "not_referred":
            missing = [
                key for key in ("why", "not_referred_agreed_by") if not escalation.written(key)
            ]
            if missing:
                where = escalation.at("decision", value=True)
                yield Problem(where, f"not referred, and nothing under {' and '.join(missing)}")


@rule(DIFFERENCES.saying("differences are escalated"), Severity.WARNING)
def disagreement_not_taken_further(as_of: AsOf) -> Iterator[Problem]:
    """Professionals disagreed about the decision, and it was not taken to anybody who can settle it.

    Where those who know a child do not agree about safety, the child is between them.
    """
    taken = [e for e in as_of.file.every(Escalation) if e.type == "professional_disagreement"]
    for report in as_of.file.reports:
        found = report.disagreement.casefold()
        if found and not found.startswith(("none", "no disagreement")) and not taken:
            hint = "`arpc add escalation` with `type: professional_disagreement`"
            yield Problem(report.at("disagreement"), "a disagreement, and no escalation", hint)


@rule(
    DUTY_TO_REPORT.saying("whether it is in force, the service says"),
    Severity.WARNING,
)
def duty_to_report_not_considered(as_of: AsOf) -> Iterator[Problem]:
    """A concern may fall under the duty to report, and it is not said whether it does.

    The duty is the practitioner's own. It is met by reporting, and the record shows that somebody
    asked.
    """
    for escalation in as_of.file.escalations if as_of.service.duty_to_report else ():
        if escalation.type in _REPORTABLE and escalation.duty_applies in ("", "not_asked"):
            where = escalation.at("type", value=True)
            yield Problem(where, f"{escalation.type}, and nothing under duty", "write `duty`")


def _sources(escalation: Escalation) -> set[str]:
    return {citation.record for citation in escalation.source}
