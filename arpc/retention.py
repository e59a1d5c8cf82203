"""How long a closed case is kept before somebody reviews whether it still is, and what forbids its end.

Schedules differ: 35 years from closure, 75 from a birth, 100; an inquiry may hold everything. So the service
says what holds for it, by class and with the source, and the longest of what applies counts. Without a word from
the service or the case there is no end: that is our inference from the recommendation of the Independent
Inquiry into Child Sexual Abuse that such records be kept for 75 years, with reviews.
"""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc.findings import Pointer
from arpc.provisions import AsOf
from arpc.workdays import add_years

SHREDDED = "shredded"
"""The folder with the certificates of cases that have come to their end."""


class Review(NamedTuple):
    """When it is to be reviewed whether a case is still kept."""

    case: str
    on: date | None
    """None where no day can be told."""
    by: Pointer
    """The field of the case record that the day comes from."""
    since: date
    """When the case was closed."""
    kept_as: str
    """The class; "" where the case names none."""
    source: str
    """Whose schedule says so; "" where the case's own word counts."""
    held: tuple[str, ...]
    """What forbids that it is destroyed; a hold of the case's own is named as such, without its words."""
    unknown: str
    """Why no day can be told, where one should be."""


def review(as_of: AsOf) -> Review | None:
    """When it is to be reviewed whether a case is still kept; None while it is not closed."""
    case, service = as_of.file.case, as_of.service
    if not case.closed:
        return None
    days: list[tuple[date, Pointer, str]] = []
    unknown = ""
    if case.retention_review:
        days.append((case.retention_review, ("closure", "review"), ""))
    if keeping := service.retention.get(case.retention):
        start = _start(as_of, keeping.counted_from)
        if start:
            by = ("closure", "retention")
            days.append((add_years(start, keeping.years), by, keeping.source))
        else:
            unknown = f"{keeping.counted_from.replace('_', ' ')}: the day is not known"
    elif service.retention:
        unknown = "its class is not in service.yaml under `retention`"
    elif service.policy.retention_years and not case.retention_review:
        day = add_years(case.closed, service.policy.retention_years)
        days.append((day, ("closure", "date"), ""))
    latest = max(days, key=lambda each: each[0], default=None)
    return Review(
        as_of.file.id,
        latest[0] if latest and not unknown else None,
        latest[1] if latest else ("closure", "date"),
        case.closed,
        case.retention,
        latest[2] if latest else "",
        _held(as_of),
        unknown,
    )


def shredded(root: Path) -> list[str]:
    """The cases of a service of which a certificate says that they have come to their end."""
    return sorted(path.stem for path in (root / SHREDDED).glob("C-*.txt"))


def _start(as_of: AsOf, counted_from: str) -> date | None:
    """The day that years are counted from; None where somebody's birth is not known."""
    if counted_from == "man_born":
        return as_of.file.man.born if as_of.file.man else None
    if counted_from == "youngest_child_born":
        born = [child.born for child in as_of.file.children]
        return max((day for day in born if day), default=None) if all(born) else None
    return as_of.file.case.closed


def _held(as_of: AsOf) -> tuple[str, ...]:
    held = [
        hold.why for hold in as_of.service.holds if not hold.cases or as_of.file.id in hold.cases
    ]
    if as_of.file.case.retention_hold:
        held.append("the case's own hold: `closure.hold` in its record")
    return tuple(held)
