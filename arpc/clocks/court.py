"""Clocks of courts and of the police: shown so that nobody is surprised when an order ends."""

from collections.abc import Iterator
from datetime import date, timedelta

from arpc.clocks.events import CURRENT, day_of, happened, moment_after, subject
from arpc.findings import Location
from arpc.provisions import AsOf, Due, clock
from arpc.sources import (
    COURT_TIMETABLE,
    EMERGENCY_ORDER,
    EXPERT_QUESTIONS,
    INSTRUCTION,
    POLICE_PROTECTION,
)

_ENGLAND_AND_WALES = ("england", "wales")
_WITH_POLICE_PROTECTION = ("england", "wales", "northern_ireland")
_WEEKS_26 = timedelta(weeks=26)
ONE_DAY = timedelta(days=1)


@clock(
    COURT_TIMETABLE.saying(
        "26 weeks beginning with the day of issue, so that it is day 1; extensions of up to 8 weeks"
    ),
    "court",
    stages=CURRENT,
    nations=_ENGLAND_AND_WALES,
)
def proceedings_to_conclude(as_of: AsOf) -> Iterator[Due]:
    """The court concludes care or supervision proceedings.

    Twenty-six weeks of which the day of issue is the first, so the 182nd day; or the day that the
    court set when it extended them. Settled by the final order.
    """
    issued = _issued(as_of)
    if not issued:
        return
    start, where, extended = issued
    if any(day_of(event) >= start for event in happened(as_of, "final_order")):
        return
    by = extended or start + _WEEKS_26 - ONE_DAY
    note = "as the court extended it" if extended else "26 weeks, the day of issue being day 1"
    what = "the court concludes the proceedings"
    yield Due(by, what, where, "court", start, note=note)


@clock(
    INSTRUCTION.saying("the letter of instruction names the day"),
    hard=True,
    stages=CURRENT,
)
def instructed_report_to_file(as_of: AsOf) -> Iterator[Due]:
    """A report that the court gave permission for is to be filed.

    On the day that the order or the letter of instruction names. Only the court can move it.
    """
    for letter in happened(as_of, "letter_of_instruction"):
        served = (day_of(event) for event in happened(as_of, "report_served"))
        issued = (r.on for r in as_of.file.reports if r.audience == "court" and r.status != "draft")
        if letter.due and not any(day >= day_of(letter) for day in (*served, *issued)):
            what = "file the report for the court"
            yield Due(letter.due, what, letter.at(), subject(as_of, letter), day_of(letter))


@clock(
    EXPERT_QUESTIONS.saying("10 days beginning with the day of service"),
    "court",
    stages=CURRENT,
    nations=_ENGLAND_AND_WALES,
)
def questions_to_expect(as_of: AsOf) -> Iterator[Due]:
    """Written questions about a served report may still come.

    Ten days of which the day of service is the first. Shown until then; nothing is to be done
    unless questions come.
    """
    for served in happened(as_of, "report_served"):
        by = day_of(served) + timedelta(days=9)
        if by >= as_of.today:
            what = "last day for written questions on the report"
            yield Due(by, what, served.at(), subject(as_of, served), day_of(served))


@clock(
    POLICE_PROTECTION.saying("up to 72 hours"),
    "police",
    stages=None,
    nations=_WITH_POLICE_PROTECTION,
)
def police_protection_to_end(as_of: AsOf) -> Iterator[Due]:
    """Police protection of a child ends.

    Seventy-two hours after it began at the latest. Shown until then, so that it is asked in time
    what keeps the child safe afterwards.
    """
    for start in happened(as_of, "police_protection"):
        by, time = moment_after(start, 72)
        if by >= as_of.today:
            what = "police protection ends at the latest"
            yield Due(by, what, start.at(), subject(as_of, start), day_of(start), note=time)


@clock(
    EMERGENCY_ORDER.saying("up to 8 days, extended once by up to 7; the order names the day"),
    "council",
    stages=None,
    nations=_WITH_POLICE_PROTECTION,
)
def emergency_order_to_end(as_of: AsOf) -> Iterator[Due]:
    """An emergency protection order ends.

    On the day that it names, else eight days after it was made. Shown until then, so that it is
    asked in time what keeps the child safe afterwards.
    """
    for order in happened(as_of, "emergency_protection_order"):
        latest, time = moment_after(order, 8 * 24)
        by = order.due or latest
        if by >= as_of.today:
            note = "" if order.due else f"{time}; look at the order".removeprefix("; ")
            what = "the emergency protection order ends"
            yield Due(by, what, order.at(), subject(as_of, order), day_of(order), note=note)


def _issued(as_of: AsOf) -> tuple[date, Location, date | None] | None:
    """The day of issue, where it stands, and the day that an extension set."""
    applications = happened(as_of, "court_application")
    if applications:
        last = applications[-1]
        return day_of(last), last.at(), last.due
    issued = as_of.file.case.court_issued
    return (issued, as_of.file.case.at("court", "issued"), None) if issued else None
