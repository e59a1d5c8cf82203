"""Today notes on which later day what was asked of it would have been answered otherwise."""

import pickle
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arpc import checking, due, loading
from arpc.provisions import AsOf
from arpc.service import Service
from arpc.turning import Today, Turn
from arpc.workdays import add_months, age_on
from tests.conftest import ENGLAND, EXAMPLES, SCOTLAND

TODAY = date(2026, 6, 10)
DAYS = st.dates(date(2019, 1, 1), date(2034, 12, 31))
ASKED: list[Callable[[date, date], object]] = [
    lambda today, day: today < day,
    lambda today, day: today <= day,
    lambda today, day: day < today,
    lambda today, day: day >= today,
    lambda today, day: today == day,
    lambda today, day: day != today,
    lambda today, day: today - timedelta(days=30) > day,
    lambda today, day: day - timedelta(days=7) <= today + timedelta(days=7),
    lambda today, day: max(today, day) == day,
    lambda today, day: age_on(day, today),
    lambda today, day: today.year - day.year,
    lambda today, day: (day - today).days,
    lambda today, day: (today - day).days,
    lambda today, day: today.isoformat(),
    lambda today, day: f"{today:%d %B}",
    lambda today, day: add_months(today, 3),
    lambda today, day: today.weekday(),
    lambda today, day: today in {day},
    lambda today, day: today.replace(day=1),
    lambda today, day: (today.month, today.day),
    lambda today, day: today - (today - timedelta(days=7)),
    lambda today, day: today + timedelta(days=7) - day,
    lambda today, day: timedelta(days=1) + today >= day,
    lambda today, day: (today - timedelta(days=400)).year,
    lambda today, day: (today.isoweekday(), tuple(today.isocalendar())),
    lambda today, day: (today.ctime(), today.timetuple()),
    lambda today, day: today.strftime("%B"),
    lambda today, day: str(today),
    lambda today, day: repr(today).partition("(")[2] and today.isoformat(),
    lambda today, day: {day: "a day"}.get(today),
    lambda today, day: pickle.loads(pickle.dumps(today)),
    lambda today, day: today == "no day at all",
]


@given(asked=st.sampled_from(ASKED), today=DAYS, day=DAYS, ahead=st.integers(0, 3000))
@settings(max_examples=600, deadline=None)
def test_until_an_answer_turns_it_is_the_same_on_every_day(
    asked: Callable[[date, date], object], today: date, day: date, ahead: int
) -> None:
    turn = Turn(today)
    answer = asked(Today.of(turn), day)
    assert answer == asked(today, day)
    later = min(today + timedelta(days=ahead), turn.until - timedelta(days=1))
    assert asked(later, day) == answer


@pytest.mark.parametrize(
    ("asked", "day", "until"),
    [
        (lambda today: today < date(2026, 7, 1), "before it comes", date(2026, 7, 1)),
        (lambda today: today <= TODAY, "on the day itself", date(2026, 6, 11)),
        (lambda today: today > date(2020, 1, 1), "long past", date.max),
        (lambda today: today - timedelta(30) >= TODAY, "a month after it", date(2026, 7, 10)),
        (lambda today: age_on(date(2015, 9, 3), today), "at a birthday", date(2026, 9, 3)),
        (lambda today: (date(2030, 1, 1) - today).days, "a count of days", date(2026, 6, 11)),
        (lambda today: (today - date(2020, 1, 1)).days, "a count of days", date(2026, 6, 11)),
        (lambda today: today - (today - timedelta(7)), "days of one's own making", date.max),
        (lambda today: (today + timedelta(300)).year, "a year to come", date(2027, 3, 7)),
        (lambda today: today < today + timedelta(7), "a day that moves on too", date.max),
        (lambda today: today == "no day at all", "no day at all", date.max),
        (lambda today: (date.max - TODAY + today).year, "the last year of all", date.max),
    ],
)
def test_an_answer_turns_no_sooner_than_it_has_to(
    asked: Callable[[date], object], day: str, until: date
) -> None:
    turn = Turn(TODAY)
    asked(Today.of(turn))
    assert turn.until == until, day


def test_of_two_answers_the_one_that_turns_first_counts() -> None:
    turn = Turn(TODAY)
    today = Today.of(turn)
    assert today < date(2026, 8, 1) < today + timedelta(days=100)
    assert turn.until == date(2026, 8, 1)


def _said(case: Path, today: date) -> tuple[object, ...]:
    """All that is said of a case on a day."""
    loaded = loading.load(case, case.name)
    checked = checking.check_case(loaded, today, Service())
    coming = due.what_is_due(AsOf(loaded.file, today, Service()))
    return sorted(checked.findings), [item._replace(today=TODAY) for item in coming]


@pytest.mark.parametrize("case", [ENGLAND, SCOTLAND])
@given(today=st.dates(date(2025, 1, 1), date(2033, 12, 31)), ahead=st.integers(0, 400))
@settings(max_examples=10, deadline=None)
def test_what_is_said_of_a_case_is_the_same_until_the_day_it_names(
    case: str, today: date, ahead: int
) -> None:
    folder = EXAMPLES / "cases" / case
    turn = Turn(today)
    then = _said(folder, Today.of(turn))
    assert then == _said(folder, today)
    later = min(today + timedelta(days=ahead), turn.until - timedelta(days=1))
    assert then == _said(folder, later)


SHOWN = sorted(
    p.parent for kind in ("rules", "clocks") for p in EXAMPLES.glob(f"{kind}/**/case.yaml")
)


def test_the_same_holds_for_what_shows_each_rule_and_clock() -> None:
    days = 0
    for case in SHOWN[::11]:
        turn = Turn(TODAY)
        then = _said(case, Today.of(turn))
        last = min(turn.until, TODAY + timedelta(days=4000)) - timedelta(days=1)
        assert then == _said(case, last), case
        days += (last - TODAY).days
    # Nothing is worked out anew each day but where somebody is told how many days there are.
    assert days / len(SHOWN[::11]) > 30
