"""Dates and working days. Day 0 is the start; nothing here reads the clock.

"Within n working days" includes the n-th. Months and years run to the corresponding date, and
where there is none to the last day of the month (Dodds v Walker [1981] 1 WLR 1027): three years
from 29 February end on 28 February. Birthdays are another matter: somebody born on 29 February
comes of age on 1 March (fixed by statute in Scotland, Age of Legal Capacity (Scotland) Act 1991
s 6; our inference elsewhere).
"""

import calendar
import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from arpc.errors import ArpcError

GOV_UK_FILE = "bank-holidays.json"
_TABLE = Path(__file__).with_name("bank_holidays.json")
_DIVISION = {
    "england": "england-and-wales",
    "wales": "england-and-wales",
    "scotland": "scotland",
    "northern_ireland": "northern-ireland",
}
ONE_DAY = timedelta(days=1)


class Calendar:
    """The working days of one nation, less the days on which the service itself is closed."""

    def __init__(
        self, nation: str, closing_days: Iterable[date] = (), announced: bytes | None = None
    ) -> None:
        """Make the calendar of a nation.

        Args:
            nation: The nation; one that is not known counts as England.
            closing_days: Days on which the service is closed, besides bank holidays.
            announced: A newer file of GOV.UK, which holds for the years that it covers.

        Raises:
            ArpcError: `announced` is no such file.
        """
        self.nation = nation if nation in _DIVISION else "england"
        division = _DIVISION[self.nation]
        newer = frozenset() if announced is None else _read_announced(announced)[division]
        years = {day.year for day in newer}
        shipped = {day for day in _days(division) if day.year not in years}
        self._closed = newer | shipped | frozenset(closing_days)
        self.last_year: int = max(years | {bank_holiday_table()["about"]["last_year"]})

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is a weekday and neither a bank holiday nor a closing day."""
        return day.weekday() < 5 and day not in self._closed

    def is_provisional(self, day: date) -> bool:
        """Whether `day` lies after the last year whose bank holidays have been announced."""
        return day.year > self.last_year

    def add_working_days(self, start: date, count: int) -> date:
        """Return the `count`-th working day after `start`, which is day 0.

        Raises:
            ValueError: `count` is negative.
        """
        if count < 0:
            raise ValueError("count must not be negative")
        day = start
        while count:
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day

    def subtract_working_days(self, end: date, count: int) -> date:
        """Return the `count`-th working day before `end`, which is day 0.

        Raises:
            ValueError: `count` is negative.
        """
        if count < 0:
            raise ValueError("count must not be negative")
        day = end
        while count:
            day -= ONE_DAY
            count -= self.is_working_day(day)
        return day

    def working_day_from(self, day: date) -> date:
        """Return `day`, or the next working day if it is none."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_day_until(self, day: date) -> date:
        """Return `day`, or the working day before it if it is none."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day


def add_months(start: date, months: int) -> date:
    """Return the corresponding date `months` later, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_years(start: date, years: int) -> date:
    """Return the corresponding date `years` later; 29 February becomes 28 February."""
    return add_months(start, 12 * years)


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody reaches `age`; 29 February becomes 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on `day`; negative before birth."""
    age = day.year - born.year
    return age if birthday(born, age) <= day else age - 1


def age_by(born: date, day: date, today: date) -> str:
    """How old somebody is, or will be where a birthday comes first: "is 9", "will be 10"."""
    now, then = age_on(born, today), age_on(born, day)
    return f"will be {then}" if then > now else f"is {now}"


@cache
def bank_holiday_table() -> dict[str, Any]:
    """The shipped table: `about` says where it comes from, then days by division."""
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


@cache
def _days(division: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, bank_holiday_table()[division]))


@cache
def _read_announced(raw: bytes) -> dict[str, frozenset[date]]:
    """The days of a file of GOV.UK, by division."""
    try:
        data = json.loads(raw.decode("utf-8-sig"))
        found = {
            division: frozenset(date.fromisoformat(e["date"]) for e in data[division]["events"])
            for division in _DIVISION.values()
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        hint = "get it anew from https://www.gov.uk/bank-holidays.json, or take it away"
        raise ArpcError(f"{GOV_UK_FILE} is not the file that GOV.UK publishes", hint) from None
    return found
