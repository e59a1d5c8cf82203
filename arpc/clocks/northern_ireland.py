"""Clocks of the health and social care trust in Northern Ireland."""

from collections.abc import Iterator
from datetime import timedelta

from arpc.clocks.events import (
    CURRENT,
    day_of,
    follow,
    happened,
    is_off_plan,
    moment_after,
    their_calendar,
)
from arpc.provisions import AsOf, Due, clock
from arpc.sources import NI_REGISTER, NORTHERN_IRELAND

_ONLY = ("northern_ireland",)
_FOUR_WEEKS = timedelta(weeks=4)
_AGAIN = "referral_to_council"
_DISCUSSED = ("strategy_discussion", "initial_conference", _AGAIN)


@clock(NORTHERN_IRELAND.saying("24 hours"), "council", stages=CURRENT, nations=_ONLY)
def strategy_discussion_to_hold(as_of: AsOf) -> Iterator[Due]:
    """The trust in Northern Ireland holds a strategy discussion.

    Twenty-four hours from the referral, whatever day it is.
    """
    for start in happened(as_of, "referral_to_council"):
        by, time = moment_after(start, 24)
        yield from follow(as_of, start, by, "hold a strategy discussion", *_DISCUSSED, note=time)


@clock(NORTHERN_IRELAND.saying("24 hours"), "council", stages=CURRENT, nations=_ONLY)
def child_to_see(as_of: AsOf) -> Iterator[Due]:
    """The trust in Northern Ireland sees the child.

    Twenty-four hours from the referral, whatever day it is.
    """
    for start in happened(as_of, "referral_to_council"):
        by, time = moment_after(start, 24)
        yield from follow(as_of, start, by, "see each child", "child_seen", _AGAIN, note=time)


@clock(
    NORTHERN_IRELAND.saying("10 working days"),
    "council",
    working_days=True,
    stages=CURRENT,
    nations=_ONLY,
)
def initial_assessment_to_complete(as_of: AsOf) -> Iterator[Due]:
    """The trust in Northern Ireland completes the initial assessment.

    Ten working days from the referral, by the bank holidays of Northern Ireland.
    """
    for start in happened(as_of, "referral_to_council"):
        by = their_calendar(as_of).add_working_days(day_of(start), 10)
        what = "complete the initial assessment"
        yield from follow(as_of, start, by, what, "assessment_completed", _AGAIN)


@clock(NI_REGISTER.saying("at least every four weeks"), "council", stages=CURRENT, nations=_ONLY)
def registered_child_to_see(as_of: AsOf) -> Iterator[Due]:
    """The trust in Northern Ireland sees a child on the register again.

    Four weeks after each registered child was last seen, counted from the registration.
    """
    seen = happened(as_of, "child_seen")
    for start in happened(as_of, "registered"):
        for child in as_of.file.children:
            is_on = child.id in start.children or not start.children
            if not is_on or is_off_plan(as_of, child, start):
                continue
            visits = [e for e in seen if child.id in e.children or not e.children]
            last = max([start, *visits], key=day_of)
            by = day_of(last) + _FOUR_WEEKS
            subject = f"{child.id}/{len(visits)}"
            yield Due(by, f"children's services see {child.id}", last.at(), subject, day_of(last))
