"""`arpc due`: what falls due in a case, soonest first."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from arpc import clocks
from arpc.casefile import IncompleteError
from arpc.provisions import AsOf, Clock, Due


class Item(NamedTuple):
    """One thing that falls due, with the clock and the case it comes from."""

    case: str
    clock: Clock
    due: Due
    today: date
    provisional: bool
    """Whether bank holidays for that date have not been announced yet."""

    @property
    def days_left(self) -> int:
        """Days until it is due; negative when it is overdue."""
        return (self.due.by - self.today).days

    @property
    def is_overdue(self) -> bool:
        """Whether its day, or the last day of its window, has passed."""
        return self.today > self.due.by

    @property
    def state(self) -> str:
        """How long there is, or how long it is overdue, and whether its window is open now."""
        days = abs(self.days_left)
        span = f"{days} day{'s' * (days != 1)}"
        when = f"overdue by {span}" if self.is_overdue else f"in {span}" if days else "today"
        is_open = self.due.opens and self.due.opens <= self.today <= (
            self.due.closes or self.due.by
        )
        return f"{when}, open" if is_open else when

    @property
    def uid(self) -> str:
        """A name for this one thing that never changes and says nothing about anybody."""
        return f"{self.case}.{self.clock.id}.{self.due.subject}".replace("/", ".")


def what_is_due(as_of: AsOf, only: Iterable[Clock] = clocks.ALL) -> list[Item]:
    """Return everything that falls due in a case, soonest first."""
    return sorted(_items(as_of, only), key=lambda item: (item.due.by, item.case, item.uid))


def within(items: Iterable[Item], days: int | None, *, overdue: bool = False) -> list[Item]:
    """Those that are overdue, whose window is open, or that fall due within `days`; None is all."""
    return [
        item
        for item in items
        if (item.is_overdue if overdue else days is None or _is_near(item, days))
    ]


def _is_near(item: Item, days: int) -> bool:
    opens = item.due.opens or item.due.by
    return item.days_left <= days or opens <= item.today


def _items(as_of: AsOf, only: Iterable[Clock]) -> Iterator[Item]:
    for each in only:
        if not each.runs_in(as_of.stage):
            continue
        try:
            for due in each.run(as_of):
                provisional = each.working_days and as_of.calendar.is_provisional(due.by)
                yield Item(as_of.file.id, each, due, as_of.today, provisional)
        except IncompleteError:
            continue  # `arpc validate` names the damaged record
