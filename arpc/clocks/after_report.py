"""Clocks that start with an issued report or with a judgement: feedback, decision, validity."""

from collections.abc import Iterator

from arpc.provisions import AsOf, Due, Stage, clock
from arpc.records import Feedback
from arpc.sources import AFTER_REPORT, KNOWN_RISK
from arpc.workdays import add_months

_AFTER = frozenset((Stage.POST_REPORT, Stage.TREATMENT, Stage.FOLLOW_UP))


@clock(
    AFTER_REPORT.saying(
        "going through the report helped; not everyone got it. Length: our inference"
    ),
    working_days=True,
    stages=_AFTER,
)
def feedback_to_give(as_of: AsOf) -> Iterator[Due]:
    """The report is to be gone through with each adult it is about.

    Ten working days from the first issue, with the man and with each carer, or the reason why not.
    """
    issue = as_of.file.first_issue
    if not issue:
        return
    settled = {given.who for given in issue.feedback if _is_settled(given)}
    by = as_of.calendar.add_working_days(issue.on, as_of.service.policy.feedback_days)
    for person in as_of.file.people:
        if (person.is_man or person.is_carer) and person.id not in settled and not person.died:
            what = f"go through the report with {person.id}"
            subject = f"{issue.id}/{person.id}"
            yield Due(by, what, issue.at("date"), subject, issue.on, needs=("a safe place",))


@clock(
    AFTER_REPORT.saying("over half of referrers acted on it. Length: our inference"),
    working_days=True,
    stages=_AFTER,
)
def decision_to_learn(as_of: AsOf) -> Iterator[Due]:
    """The referrer's decision on the recommendations is to be known.

    Twenty working days from the first issue. The service informs, the referrer decides; what was
    decided is the baseline of every follow-up.
    """
    issue = as_of.file.first_issue
    if issue and not issue.decided_on:
        by = as_of.calendar.add_working_days(issue.on, as_of.service.policy.decision_days)
        what = "ask the referrer what was decided"
        yield Due(by, what, issue.at("date"), issue.id, issue.on)


@clock(KNOWN_RISK.saying("assessments are of their time; six months is our inference"))
def judgement_to_review(as_of: AsOf) -> Iterator[Due]:
    """A judgement lapses and has to be looked at again.

    On the day it names, or after six months. A report printed later says so on page 1.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    default = add_months(analysis.on, as_of.service.policy.judgement_months)
    days: dict[object, list[int]] = {}
    for index, judgement in enumerate(analysis.judgements):
        days.setdefault(judgement.valid_until or default, []).append(index)
    for index_list in days.values():
        found = [analysis.judgements[i] for i in index_list]
        names = ", ".join(judgement.id for judgement in found)
        by = found[0].valid_until or default
        subject = f"{analysis.id}/{found[0].id or index_list[0]}"
        where = found[0].at("valid_until")
        what = f"look again at {names} of {analysis.id}"
        yield Due(by, what, where, subject, analysis.on)


def _is_settled(given: Feedback) -> bool:
    return given.day is not None or bool(given.not_done)
