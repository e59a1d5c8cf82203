"""Clocks that start with an issued report, a judgement or the closure."""

from collections.abc import Iterator
from datetime import timedelta

from arpc import retention
from arpc.provisions import AsOf, Due, Stage, clock
from arpc.records import Feedback, IssuedReport
from arpc.sources import AFTER_REPORT, INFERENCE, KNOWN_RISK, RECORDS_KEPT
from arpc.workdays import add_months

_ASKED_FOR = timedelta(days=90)
_AFTER = frozenset((Stage.POST_REPORT, Stage.TREATMENT, Stage.FOLLOW_UP))


@clock(
    AFTER_REPORT.saying(
        "going through the report helped; not everyone got it. Length: our inference"
    ),
    working_days=True,
    stages=_AFTER,
    pauses=True,
)
def feedback_to_give(as_of: AsOf) -> Iterator[Due]:
    """The report is to be gone through with each adult it is about.

    Ten working days from the first issue, with the man and with each carer, or the reason why not.
    To have gone through a corrected version counts as well.
    """
    issue = as_of.file.first_issue
    if not issue:
        return
    settled = {given.who for r in _assessments(as_of) for given in r.feedback if _is_settled(given)}
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
    pauses=True,
)
def decision_to_learn(as_of: AsOf) -> Iterator[Due]:
    """The referrer's decision on the recommendations is to be known.

    Twenty working days from the first issue. The service informs, the referrer decides; what was
    decided is the baseline of every follow-up. It may be written of the first version or of a corrected
    one.
    """
    issue = as_of.file.first_issue
    if issue and not any(report.decided_on for report in _assessments(as_of)):
        by = as_of.calendar.add_working_days(issue.on, as_of.service.policy.decision_days)
        what = "ask the referrer what was decided"
        yield Due(by, what, issue.at("date"), issue.id, issue.on)


@clock(KNOWN_RISK.saying("assessments are of their time; six months is our inference"))
def judgement_to_review(as_of: AsOf) -> Iterator[Due]:
    """A judgement lapses and has to be looked at again.

    On the day it names, or after six months. A report printed later says so on page 1. A follow-up
    from that day on settles it by saying that no new assessment is needed; one that says that it is
    needed makes it due at once.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    asked = [(f.done, f.reassess) for f in as_of.file.followups if f.done and f.reassess]
    since = [each for each in asked if each[0] >= analysis.on]
    last, needed = max(since, default=(analysis.on, ""))
    default = add_months(analysis.on, as_of.service.policy.judgement_months)
    days: dict[object, list[int]] = {}
    for index, judgement in enumerate(analysis.judgements):
        days.setdefault(judgement.valid_until or default, []).append(index)
    for index_list in days.values():
        found = [analysis.judgements[i] for i in index_list]
        names = ", ".join(judgement.id for judgement in found)
        by = found[0].valid_until or default
        settled = any(day >= by and word == "no" for day, word in since)
        if needed == "yes":
            by = last if settled else min(by, last)
        elif settled:
            continue
        subject = f"{analysis.id}/{found[0].id or index_list[0]}"
        where = found[0].at("valid_until")
        what = f"look again at {names} of {analysis.id}"
        yield Due(by, what, where, subject, analysis.on)


@clock(
    INFERENCE.saying("the day is the one recommended"),
    "council",
    stages=_AFTER,
)
def recommendation_to_follow_up(as_of: AsOf) -> Iterator[Due]:
    """What was recommended is due to have been done.

    On the day that the recommendation names. It is for others to do; the service asks whether it
    was done. Settled by a follow-up from that day on, or by a decision that rejected it; after
    ninety days it is left to the next follow-up, which asks after all of them.
    """
    issue, analysis = as_of.file.first_issue, as_of.file.analysis
    if not issue or not analysis:
        return
    rejected = {name for report in as_of.file.reports for name in report.rejected}
    asked = [f.done for f in as_of.file.followups if f.done]
    for number, each in enumerate(analysis.recommendations, 1):
        name = each.id or str(number)
        if not each.by or name in rejected or any(day >= each.by for day in asked):
            continue
        if as_of.today > each.by + _ASKED_FOR:
            continue
        what = f"others carry out {name} of {analysis.id}; ask whether it was done"
        yield Due(each.by, what, each.at("by"), f"{analysis.id}/{name}", issue.on)


@clock(
    RECORDS_KEPT.saying("35 years were challenged there; there is no length unless one is set"),
    "controller",
    stages=frozenset((Stage.CLOSED,)),
)
def retention_to_review(as_of: AsOf) -> Iterator[Due]:
    """Whether the records are still kept is to be decided by a person.

    So many years after the closure, or a birth, as the service's class of retention says, and on no earlier
    day than the closure names; where nothing says, never. Nothing is destroyed of itself.
    """
    review = retention.review(as_of)
    if review and review.on:
        what = "decide whether the records are still kept"
        yield Due(review.on, what, as_of.file.case.at(*review.by), "closure", review.since)


def _assessments(as_of: AsOf) -> list[IssuedReport]:
    """The report of the assessment as it was first issued, and what was issued in its place."""
    return [r for r in as_of.file.reports if r.type == "assessment" and r.status != "draft"]


def _is_settled(given: Feedback) -> bool:
    return given.day is not None or bool(given.not_done)
