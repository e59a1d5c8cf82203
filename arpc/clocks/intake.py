"""Clocks from the referral to the first issue: acknowledged, decided, assessed."""

from collections.abc import Iterator
from datetime import date, timedelta

from arpc.provisions import WORKING, AsOf, Due, Stage, clock
from arpc.sources import COUNCIL_RESPONSE, INFERENCE


@clock(
    COUNCIL_RESPONSE.saying("a mirror of the council's own day; a service sets its length"),
    working_days=True,
    stages=frozenset((Stage.REFERRAL,)),
)
def referral_to_acknowledge(as_of: AsOf) -> Iterator[Due]:
    """A referral is to be acknowledged.

    One working day after it came, unless it was decided before. A referrer who hears nothing does
    not know whether anybody has the family in view.
    """
    referral = as_of.file.referral
    if referral and not referral.acknowledged and not as_of.file.case.decision:
        days = as_of.service.policy.acknowledge_days
        by = as_of.calendar.add_working_days(referral.on, days)
        yield Due(by, "acknowledge the referral", referral.at("date"), referral.id, referral.on)


@clock(
    INFERENCE.saying("five working days; a service sets its length"),
    working_days=True,
    stages=frozenset((Stage.REFERRAL, Stage.ASSESSMENT)),
    pauses=True,
)
def referral_to_decide(as_of: AsOf) -> Iterator[Due]:
    """Whether a referral is taken on is to be decided, and the day written down.

    Five working days after it came. A decision to defer it starts them anew, so that what was put
    off is not forgotten.
    """
    case, referral = as_of.file.case, as_of.file.referral
    deferred = case.decision == "defer" and case.decided_on
    if not referral or (case.decision and case.decided_on and not deferred):
        return
    since = case.decided_on if deferred and case.decided_on else referral.on
    by = as_of.calendar.add_working_days(since, as_of.service.policy.decide_days)
    where = case.at("eligibility", "date") if deferred else referral.at("date")
    subject = f"{referral.id}-deferred" if deferred else referral.id
    yield Due(by, "decide whether to take the referral on", where, subject, since)


@clock(
    INFERENCE.saying("no length was published, so that there is none unless the service sets it"),
    working_days=True,
    stages=WORKING,
    pauses=True,
)
def assessment_to_issue(as_of: AsOf) -> Iterator[Due]:
    """The report of the assessment is to be issued.

    So many working days after the referral was accepted as the service sets as its target; none
    where it sets none. Days on which the case was paused do not count.
    """
    days, case = as_of.service.policy.assessment_days, as_of.file.case
    if days is None or case.decision != "accept" or not case.decided_on or as_of.file.first_issue:
        return
    by = as_of.calendar.add_working_days(case.decided_on, days)
    for first, last in sorted(case.pauses):
        if last and case.decided_on <= first <= by:
            stood = _working_days(as_of, first, last)
            by = as_of.calendar.add_working_days(by, stood)
    where = case.at("eligibility", "date")
    yield Due(by, "issue the report of the assessment", where, case.id, case.decided_on)


def _working_days(as_of: AsOf, first: date, last: date) -> int:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(map(as_of.calendar.is_working_day, days))
