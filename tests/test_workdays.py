"""Working days and dates: the shipped table against other sources, and what calendars do at their edges."""

from datetime import date, timedelta

import govuk_bank_holidays.bank_holidays as govuk
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpc import workdays
from arpc.workdays import Calendar, add_months, add_years, age_on, birthday

NATIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
days = st.dates(date(2012, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize("nation", NATIONS)
def test_the_table_agrees_with_the_holidays_package_on_every_weekday(nation: str) -> None:
    theirs = holidays.country_holidays("GB", subdiv=NATIONS[nation], years=range(2012, 2029))
    ours = Calendar(nation)
    day = date(2012, 1, 1)
    while day.year < 2029:
        if day.weekday() < 5:
            assert ours.is_working_day(day) == (day not in theirs), day
        day += timedelta(days=1)


@pytest.mark.parametrize("division", ["england-and-wales", "scotland", "northern-ireland"])
def test_the_table_agrees_with_gov_uk_but_for_the_one_day_that_copy_lacks(division: str) -> None:
    theirs = {
        h["date"].isoformat()
        for h in govuk.BankHolidays(use_cached_holidays=True).get_holidays(division=division)
    }
    ours = {
        day for day in workdays.bank_holiday_table()[division] if min(theirs) <= day <= max(theirs)
    }
    assert ours - theirs == ({"2026-06-15"} if division == "scotland" else set())
    assert {day for day in theirs - ours if date.fromisoformat(day).weekday() < 5} == set()


def test_the_three_calendars_differ_where_they_should() -> None:
    assert not Calendar("scotland").is_working_day(date(2026, 1, 2))
    assert Calendar("england").is_working_day(date(2026, 1, 2))
    assert not Calendar("northern_ireland").is_working_day(date(2026, 7, 13))
    assert Calendar("wales").is_working_day(date(2026, 7, 13))
    assert not Calendar("england").is_working_day(date(2026, 4, 6))
    assert Calendar("scotland").is_working_day(date(2026, 4, 6))


def test_a_services_own_closing_days_are_no_working_days() -> None:
    calendar = Calendar("england", [date(2026, 12, 24)])
    assert calendar.add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 29)


def test_beyond_the_last_announced_year_dates_are_provisional() -> None:
    calendar = Calendar("england")
    assert not calendar.is_provisional(date(calendar.last_year, 12, 31))
    assert calendar.is_provisional(date(calendar.last_year + 1, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2024-02-29", 36, "2027-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_months_run_to_the_corresponding_date_or_the_last_of_the_month(
    start: str, months: int, expected: str
) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(expected)


def test_a_deadline_on_29_february_falls_on_the_28th_and_a_birthday_on_1_march() -> None:
    assert add_years(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert birthday(date(2012, 2, 29), 18) == date(2030, 3, 1)
    assert age_on(date(2012, 2, 29), date(2030, 2, 28)) == 17


@given(days, st.integers(0, 60))
def test_a_working_day_is_reached_and_more_days_never_come_earlier(start: date, count: int) -> None:
    calendar = Calendar("scotland")
    found = calendar.add_working_days(start, count)
    assert count == 0 or calendar.is_working_day(found)
    assert calendar.add_working_days(start, count + 1) > found


@given(days)
def test_the_working_day_around_a_day_is_the_nearest_on_that_side(day: date) -> None:
    calendar = Calendar("england")
    assert calendar.working_day_until(day) <= day <= calendar.working_day_from(day)


@given(
    st.dates(date(1940, 1, 1), date(2020, 12, 31)), st.dates(date(2020, 12, 31), date(2090, 1, 1))
)
def test_an_age_begins_on_its_birthday(born: date, day: date) -> None:
    age = age_on(born, day)
    assert birthday(born, age) <= day < birthday(born, age + 1)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Calendar("england").add_working_days(date(2026, 3, 4), -1)
