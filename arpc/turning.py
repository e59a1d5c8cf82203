"""Today, and the next day on which what was said of it would be another.

Rules and clocks ask of today whether a date has passed, and more rarely how many days there are. `Today` is
a date like any other that notes, with every question, from which later day on the answer differs. So what
was found in a case holds until that day, whoever writes the rules, and need not be worked out again before.
"""

from datetime import date, timedelta
from typing import Any, SupportsIndex, overload

_NEVER = date.max.toordinal()


class Turn:
    """The next day on which anything that was asked of today turns."""

    def __init__(self, today: date) -> None:
        self.today = date(today.year, today.month, today.day)
        self._day = self.today.toordinal()
        self._next = _NEVER

    @property
    def until(self) -> date:
        """The first day on which an answer differs; `date.max` where none ever will."""
        return date.fromordinal(self._next)

    def at(self, day: int) -> None:
        """Note that something differs from a day on, given by its ordinal, if that is still to come."""
        if self._day < day < self._next:
            self._next = day

    def daily(self) -> None:
        """Note that something differs every day."""
        self._next = min(self._next, self._day + 1)


class Today(date):
    """A day that moves on with today, and notes in its `Turn` what was asked of it.

    Compared with a date it turns when it comes to that date, and when it has passed it; its year turns
    at the end of the year. Whatever else is asked, such as how many days there are to a date, is taken to
    turn every day.
    """

    turn: Turn
    shift: int
    """By how many days it lies after today."""

    @classmethod
    def of(cls, turn: Turn, shift: int = 0) -> "Today":
        """The day that lies `shift` days after the today of a `Turn`."""
        made = cls.fromordinal(turn.today.toordinal() + shift)
        made.turn, made.shift = turn, shift
        return made

    def _ordinal(self) -> int:
        return super().toordinal()

    def _meet(self, other: object) -> None:
        if isinstance(other, Today):
            return  # it moves on as well
        if isinstance(other, date):
            day = other.toordinal() - self.shift
            self.turn.at(day)
            self.turn.at(day + 1)

    def __lt__(self, other: date) -> bool:
        self._meet(other)
        return super().__lt__(other)

    def __le__(self, other: date) -> bool:
        self._meet(other)
        return super().__le__(other)

    def __gt__(self, other: date) -> bool:
        self._meet(other)
        return super().__gt__(other)

    def __ge__(self, other: date) -> bool:
        self._meet(other)
        return super().__ge__(other)

    def __eq__(self, other: object) -> bool:
        self._meet(other)
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        self._meet(other)
        return super().__ne__(other)

    def __hash__(self) -> int:
        self.turn.daily()
        return super().__hash__()

    def __add__(self, span: timedelta) -> "Today":
        return Today.of(self.turn, self.shift + span.days)

    __radd__ = __add__

    @overload  # type: ignore[override]
    def __sub__(self, other: timedelta) -> "Today": ...
    @overload
    def __sub__(self, other: date) -> timedelta: ...
    def __sub__(self, other: date | timedelta) -> "Today | timedelta":
        if isinstance(other, timedelta):
            return Today.of(self.turn, self.shift - other.days)
        if not isinstance(other, Today):
            self.turn.daily()
        return timedelta(self._ordinal() - date.toordinal(other))

    def __rsub__(self, other: date) -> timedelta:
        self.turn.daily()
        return timedelta(other.toordinal() - self._ordinal())

    @property
    def year(self) -> int:
        """The year, which turns on 1 January."""
        found = self._plain().year
        if found < date.max.year:
            self.turn.at(date(found + 1, 1, 1).toordinal() - self.shift)
        return found

    @property
    def month(self) -> int:
        """The month, taken to turn every day."""
        return self._as_it_is_today().month

    @property
    def day(self) -> int:
        """The day of the month."""
        return self._as_it_is_today().day

    def replace(self, *arguments: SupportsIndex, **named: SupportsIndex) -> Any:
        """Another day, made of this one."""
        return self._as_it_is_today().replace(*arguments, **named)

    def toordinal(self) -> int:
        """How many days there are from the first day of the calendar."""
        self.turn.daily()
        return self._ordinal()

    def weekday(self) -> int:
        """The day of the week, 0 for Monday."""
        return self._as_it_is_today().weekday()

    def isoweekday(self) -> int:
        """The day of the week, 1 for Monday."""
        return self._as_it_is_today().isoweekday()

    def isocalendar(self) -> Any:
        """The year, week and day of the ISO calendar."""
        return self._as_it_is_today().isocalendar()

    def timetuple(self) -> Any:
        """What the time module makes of it."""
        return self._as_it_is_today().timetuple()

    def isoformat(self) -> str:
        """As it is written in a record."""
        return self._as_it_is_today().isoformat()

    def ctime(self) -> str:
        """As C writes it."""
        return self._as_it_is_today().ctime()

    def strftime(self, form: str) -> str:
        """As a form asks for it."""
        return self._as_it_is_today().strftime(form)

    def __format__(self, form: str) -> str:
        return format(self._as_it_is_today(), form)

    def __str__(self) -> str:
        return self.isoformat()

    def __repr__(self) -> str:
        return f"Today({self.isoformat()})"

    def __reduce__(self) -> Any:
        return date.fromordinal, (self.toordinal(),)

    def _as_it_is_today(self) -> date:
        self.turn.daily()
        return self._plain()

    def _plain(self) -> date:
        return date.fromordinal(self._ordinal())
