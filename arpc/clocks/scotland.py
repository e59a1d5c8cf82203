"""Clocks of children's services in Scotland; all of them count calendar days."""

from collections.abc import Iterator
from datetime import timedelta

from arpc.clocks.events import CURRENT, day_of, follow, happened
from arpc.provisions import AsOf, Due, clock
from arpc.sources import SCOTLAND
from arpc.workdays import add_months

_ONLY = ("scotland",)


@clock(SCOTLAND.saying("21 calendar days"), "council", stages=CURRENT, nations=_ONLY)
def investigation_report_to_write(as_of: AsOf) -> Iterator[Due]:
    """Children's services in Scotland write the report of the child protection investigation.

    Twenty-one calendar days from the day on which the investigation started.
    """
    for start in happened(as_of, "investigation_started"):
        by = day_of(start) + timedelta(days=21)
        what = "write the report of the investigation"
        yield from follow(as_of, start, by, what, "assessment_completed", "planning_meeting")


@clock(SCOTLAND.saying("28 calendar days"), "council", stages=CURRENT, nations=_ONLY)
def planning_meeting_to_hold(as_of: AsOf) -> Iterator[Due]:
    """Children's services in Scotland hold the child protection planning meeting.

    Twenty-eight calendar days from the day on which the investigation started. A later day is
    allowed where that is safer; then the reasons are recorded.
    """
    for start in happened(as_of, "investigation_started"):
        by = day_of(start) + timedelta(days=28)
        what = "hold the planning meeting"
        yield from follow(as_of, start, by, what, "planning_meeting")


@clock(SCOTLAND.saying("within six months"), "council", stages=CURRENT, nations=_ONLY)
def plan_to_review(as_of: AsOf) -> Iterator[Due]:
    """Children's services in Scotland review the child protection plan.

    Six months from the planning meeting or from the last review, while the child is registered.
    """
    for start in happened(as_of, "planning_meeting", "review_conference"):
        by = add_months(day_of(start), 6)
        settled_by = ("planning_meeting", "review_conference")
        yield from follow(as_of, start, by, "review the plan", *settled_by, on_plan=True)
