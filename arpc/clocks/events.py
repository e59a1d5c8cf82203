"""What clocks of others share: what has happened, and what has to follow it.

A day in the future is a plan: it settles nothing, and is named beside what it would settle.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from arpc.provisions import WORKING, AsOf, Due, Stage
from arpc.records import Event, Person
from arpc.workdays import Calendar

CURRENT = WORKING | {Stage.POST_REPORT}
"""While the case is worked; a case in its third year does not ask after core groups."""

_PROTECTIVE = ("child_protection_plan", "child_protection_register")


def happened(as_of: AsOf, *names: str) -> list[Event]:
    """The events of these names up to today, oldest first."""
    return [event for event, day in _dated(as_of, *names) if day <= as_of.today]


def planned(as_of: AsOf, *names: str) -> list[Event]:
    """The events of these names that are to come, soonest first."""
    return [event for event, day in _dated(as_of, *names) if day > as_of.today]


def day_of(event: Event) -> date:
    """The day of an event that `happened` or is `planned`."""
    assert event.on is not None
    return event.on


def their_calendar(as_of: AsOf) -> Calendar:
    """The working days of everybody else; one on which only the service is closed is one of them."""
    return Calendar(as_of.nation, announced=as_of.service.bank_holidays)


def moment_after(event: Event, hours: int) -> tuple[date, str]:
    """The day that so many hours after an event fall on, and the time where one is written."""
    if event.at_time:
        end: datetime = event.at_time + timedelta(hours=hours)
        return end.date(), f"by {end:%H:%M}"
    return day_of(event) + timedelta(hours=hours), ""


def follow(
    as_of: AsOf,
    start: Event,
    by: date,
    what: str,
    *settled_by: str,
    note: str = "",
    closes: date | None = None,
    on_plan: bool = False,
) -> Iterator[Due]:
    """Yield what has to follow an event, unless it has for every child.

    Args:
        as_of: The case.
        start: What it follows.
        by: The day.
        what: What children's services do.
        settled_by: The events that settle it.
        note: A word on which event that is.
        closes: The last day, where `by` is only the first.
        on_plan: Whether it ends with a child's protection plan.
    """
    concerned = set(start.children or (child.id for child in as_of.file.children)) or {""}
    left = set(concerned)
    for event in happened(as_of, *settled_by):
        later = day_of(event) > day_of(start)
        if later or (day_of(event) == day_of(start) and event.name != start.name):
            left -= set(event.children) or left
    if on_plan:
        left -= {child.id for child in as_of.file.children if is_off_plan(as_of, child, start)}
    if not left:
        return
    coming = planned(as_of, *settled_by)
    notes = [
        note,
        f"still for {', '.join(sorted(left))}" if left != concerned else "",
        f"planned for {coming[0].on}" if coming else "",
    ]
    yield Due(
        by,
        f"children's services {what}",
        start.at(),
        subject(as_of, start),
        day_of(start),
        opens=by if closes else None,
        closes=closes,
        note="; ".join(filter(None, notes)),
    )


def subject(as_of: AsOf, event: Event) -> str:
    """What an event is called even when its day is put right: its name and which of them it is."""
    places = [each.pointer for each, _ in _dated(as_of, event.name)]
    return f"{event.name}/{places.index(event.pointer) + 1}"


def _dated(as_of: AsOf, *names: str) -> list[tuple[Event, date]]:
    found = [(e, e.on) for e in as_of.file.case.events if e.name in names and e.on is not None]
    return sorted(found, key=lambda pair: (pair[1], pair[0].pointer))


def is_off_plan(as_of: AsOf, child: Person, start: Event) -> bool:
    """Whether what is written of a child since `start` says that there is no protection plan."""
    since = day_of(start)
    running = [p for p in child.plans if not p.until or p.until > as_of.today]
    if any(plan.status in _PROTECTIVE for plan in running):
        return False
    return any(
        plan.until is not None and plan.until >= since
        if plan.status in _PROTECTIVE
        else plan.since is not None and plan.since >= since
        for plan in child.plans
    )
