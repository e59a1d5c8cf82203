"""Clocks of children's services in England and Wales, and conferences in Northern Ireland too.

They start with what the case lists under `events`, and are shown so that the assessment can be ready
when it is needed. They are not the service's own, and missing one is no fault of its staff.
"""

from collections.abc import Iterator
from datetime import timedelta

from arpc.clocks.events import CURRENT, day_of, follow, happened, planned, subject, their_calendar
from arpc.findings import Location
from arpc.provisions import OPEN, AsOf, Due, Stage, clock
from arpc.records import Event
from arpc.sources import (
    CONFERENCE,
    CONFERENCES,
    COUNCIL_ASSESSMENT,
    COUNCIL_RESPONSE,
    FAMILY_SEES_REPORT,
    WALES,
)
from arpc.workdays import add_months

_ENGLAND_AND_WALES = ("england", "wales")
_WITH_CONFERENCES = ("england", "wales", "northern_ireland")
_SIX_WEEKS = timedelta(weeks=6)


@clock(
    COUNCIL_RESPONSE.saying("one working day"),
    "council",
    working_days=True,
    stages=CURRENT,
    nations=_ENGLAND_AND_WALES,
)
def response_to_decide(as_of: AsOf) -> Iterator[Due]:
    """Children's services decide how they respond to a referral.

    One working day from a referral to them. Settled by their decision, or by an assessment,
    strategy discussion or enquiry that followed.
    """
    for start in happened(as_of, "referral_to_council"):
        by = their_calendar(as_of).add_working_days(day_of(start), 1)
        settled_by = (
            "council_decision",
            "referral_to_council",
            "assessment_completed",
            "section_47_started",
            "strategy_discussion",
            "initial_conference",
        )
        yield from follow(as_of, start, by, "decide how they respond", *settled_by)


@clock(
    COUNCIL_ASSESSMENT.saying("45 working days from the referral; reasons recorded if longer"),
    "council",
    working_days=True,
    stages=CURRENT,
    nations=("england",),
)
def assessment_to_complete(as_of: AsOf) -> Iterator[Due]:
    """Children's services complete their assessment.

    Forty-five working days from a referral to them. A report that is to inform it has to come
    before that day. Settled by the assessment or by an initial conference.
    """
    for start in happened(as_of, "referral_to_council"):
        by = their_calendar(as_of).add_working_days(day_of(start), 45)
        settled_by = ("assessment_completed", "initial_conference", "referral_to_council")
        yield from follow(as_of, start, by, "complete their assessment", *settled_by)


@clock(
    WALES.saying("42 working days from the start of the section 47 enquiries"),
    "council",
    working_days=True,
    stages=CURRENT,
    nations=("wales",),
)
def continuing_assessment_to_complete(as_of: AsOf) -> Iterator[Due]:
    """Children's services in Wales complete the continuing assessment.

    Forty-two working days from the day on which the section 47 enquiries started.
    """
    for start in happened(as_of, "section_47_started"):
        by = their_calendar(as_of).add_working_days(day_of(start), 42)
        what = "complete the continuing assessment"
        yield from follow(as_of, start, by, what, "assessment_completed", "section_47_started")


@clock(
    CONFERENCE.saying(
        "from the strategy discussion at which the enquiries began; the Isle of Man counts from the "
        "last one; not checked for Wales"
    ),
    "council",
    working_days=True,
    stages=CURRENT,
    nations=_ENGLAND_AND_WALES,
)
def initial_conference_to_hold(as_of: AsOf) -> Iterator[Due]:
    """Children's services hold the initial child protection conference, if there is to be one.

    Fifteen working days from the strategy discussion that started the enquiries: the one marked
    `starts: yes`, else the first. Where enquiries end without a conference, record that as the
    reason.
    """
    discussions = happened(as_of, "strategy_discussion")
    marked = [event for event in discussions if event.starts == "yes"]
    for start in marked or discussions[:1]:
        by = their_calendar(as_of).add_working_days(day_of(start), 15)
        which = "marked as the start" if marked else "the first"
        note = f"from the strategy discussion of {start.on}, {which}"
        what = "hold the initial conference"
        yield from follow(as_of, start, by, what, "initial_conference", note=note)


@clock(
    WALES.saying("working days; other texts say 10 days"),
    "council",
    working_days=True,
    stages=CURRENT,
    nations=_ENGLAND_AND_WALES,
)
def core_group_to_hold(as_of: AsOf) -> Iterator[Due]:
    """The core group meets for the first time.

    Ten working days from the initial conference, for every child with a protection plan.
    """
    for start in happened(as_of, "initial_conference"):
        by = their_calendar(as_of).add_working_days(day_of(start), 10)
        what = "hold the first core group"
        yield from follow(as_of, start, by, what, "core_group", on_plan=True)


@clock(
    WALES.saying("monthly, and at most six weeks apart"),
    "council",
    stages=CURRENT,
    nations=("wales",),
)
def core_group_to_repeat(as_of: AsOf) -> Iterator[Due]:
    """The core group in Wales meets again.

    A month after it last met, at the latest six weeks after, while the child has a protection plan.
    """
    for start in happened(as_of, "core_group"):
        by, closes = add_months(day_of(start), 1), day_of(start) + _SIX_WEEKS
        what = "hold the next core group"
        yield from follow(as_of, start, by, what, "core_group", closes=closes, on_plan=True)


@clock(
    CONFERENCES.saying("within three months, then at most every six months"),
    "council",
    stages=CURRENT,
    nations=_WITH_CONFERENCES,
)
def review_conference_to_hold(as_of: AsOf) -> Iterator[Due]:
    """Children's services hold a review conference.

    Three months from the initial conference, then six from the last review, while the child has a
    protection plan.
    """
    for start in happened(as_of, "initial_conference", "review_conference"):
        months = 3 if start.name == "initial_conference" else 6
        by = add_months(day_of(start), months)
        what = "hold a review conference"
        settled_by = ("review_conference", "initial_conference")
        yield from follow(as_of, start, by, what, *settled_by, on_plan=True)


@clock(
    FAMILY_SEES_REPORT.saying("48 hours before an initial, three working days before a review"),
    working_days=True,
    stages=OPEN - {Stage.REFERRAL},
    nations=_WITH_CONFERENCES,
    pauses=True,
)
def family_to_see_report(as_of: AsOf) -> Iterator[Due]:
    """Each adult sees the report before the conference that it is written for.

    Nobody should read for the first time in a room full of people what is thought of them.
    Forty-eight hours before an initial conference and three working days before a review; a service
    sets what holds locally. Settled by a copy or by going through it with them. A case that was not
    taken on yet has no report, and a conference before the day by which the referral needs the
    report is not one that it is written for.
    """
    referral = as_of.file.referral
    needed_by = referral.needed_by if referral else None
    every = planned(as_of, "initial_conference", "review_conference")
    conferences = [e for e in every if not needed_by or needed_by <= day_of(e)]
    for event in conferences:
        yield from _before(as_of, event, event.at(), subject(as_of, event))
    if not conferences and referral and referral.needed_for == "conference":
        named = Event({"event": _kind(as_of), "date": referral.data.get("needed_by")}, referral, ())
        if named.on and named.on > as_of.today:
            yield from _before(as_of, named, referral.at("needed_by"), referral.id)


def _kind(as_of: AsOf) -> str:
    """Which conference a referral means that only says "conference"."""
    return "review_conference" if happened(as_of, "initial_conference") else "initial_conference"


def _before(as_of: AsOf, conference: Event, where: Location, name: str) -> Iterator[Due]:
    policy, day = as_of.service.policy, day_of(conference)
    if conference.name == "review_conference":
        by = as_of.calendar.subtract_working_days(day, policy.family_days_review)
    elif conference.at_time:
        by = (conference.at_time - timedelta(hours=policy.family_hours_initial)).date()
    else:
        by = day - timedelta(hours=policy.family_hours_initial)
    reports = as_of.file.reports
    told = {given.who for r in reports for given in r.feedback if given.day or given.not_done}
    told |= {copy.who for report in reports for copy in report.issued_to}
    adults = [p for p in as_of.file.people if (p.is_man or p.is_carer) and not p.died]
    left = [person.id for person in adults if person.id not in told]
    if left:
        what = f"go through the report with {', '.join(left)}"
        note = f"before the conference on {day}"
        yield Due(by, what, where, name, as_of.file.case.on, note=note)
