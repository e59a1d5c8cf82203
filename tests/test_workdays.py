"""Working days and dates: the shipped table against other sources, and what calendars do at their edges."""

from datetime import date, timedelta
from pathlib import Path

import govuk_bank_holidays.bank_holidays as govuk
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpc import service, workdays
from arpc.errors import ArpcError
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


@given(st.sampled_from(sorted(NATIONS)), days, days, st.integers(0, 60))
def test_a_later_start_never_ends_earlier(nation: str, one: date, other: date, count: int) -> None:
    calendar = Calendar(nation)
    first, second = sorted((one, other))
    assert calendar.add_working_days(first, count) <= calendar.add_working_days(second, count)


@given(st.sampled_from(sorted(NATIONS)), days, st.integers(0, 60))
def test_counting_back_undoes_counting_on(nation: str, start: date, count: int) -> None:
    calendar = Calendar(nation)
    begin = calendar.working_day_from(start)
    assert calendar.subtract_working_days(calendar.add_working_days(begin, count), count) == begin


@given(st.sampled_from(sorted(NATIONS)), days)
def test_the_working_days_around_a_day_are_neighbours(nation: str, day: date) -> None:
    calendar = Calendar(nation)
    after, before = calendar.working_day_from(day), calendar.working_day_until(day)
    if calendar.is_working_day(day):
        assert before == day == after
    else:
        assert calendar.add_working_days(before, 1) == after
        assert calendar.subtract_working_days(after, 1) == before


@given(st.sampled_from(sorted(NATIONS)), days, st.integers(1, 30), st.sets(days, max_size=20))
def test_a_closing_day_is_never_chosen(
    nation: str, start: date, count: int, closed: set[date]
) -> None:
    calendar = Calendar(nation, closed)
    found = (
        calendar.add_working_days(start, count),
        calendar.subtract_working_days(start, count),
        calendar.working_day_from(start),
        calendar.working_day_until(start),
    )
    assert not closed & set(found)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 100))
def test_years_keep_the_day_but_for_29_february(start: date, years: int) -> None:
    found = add_years(start, years)
    is_leap_day = (start.month, start.day) == (2, 29)
    assert (found.year, found.month) == (start.year + years, start.month)
    assert found.day == start.day or (is_leap_day and found.day == 28)


GOV_UK = """{
  "england-and-wales": {"division": "england-and-wales", "events": [
    {"title": "A day", "date": "2026-09-14", "notes": "", "bunting": true},
    {"title": "A day", "date": "2029-01-01", "notes": "", "bunting": true}]},
  "scotland": {"division": "scotland", "events": []},
  "northern-ireland": {"division": "northern-ireland", "events": []}
}"""


def test_a_newer_file_of_gov_uk_holds_for_the_years_that_it_covers() -> None:
    calendar = Calendar("england", announced=GOV_UK.encode())
    assert not calendar.is_working_day(date(2026, 9, 14))
    assert calendar.is_working_day(date(2026, 12, 25))
    assert not calendar.is_working_day(date(2027, 12, 27))
    assert not calendar.is_provisional(date(2029, 6, 1))
    assert Calendar("scotland", announced=GOV_UK.encode()).is_provisional(date(2029, 6, 1))


@pytest.mark.parametrize(
    "broken",
    [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000, GOV_UK.replace("09-14", "09-31").encode()],
)
def test_a_broken_file_of_gov_uk_is_named_and_its_content_is_not(
    tmp_path: Path, broken: bytes
) -> None:
    (tmp_path / "service.yaml").write_text("service: arpc/1\n")
    (tmp_path / "bank-holidays.json").write_bytes(broken)
    opened = service.open_service(tmp_path)
    assert opened.findings == ()
    with pytest.raises(ArpcError, match=r"^bank-holidays.json is not the file that GOV.UK publ"):
        opened.service.calendar("england")


def test_the_table_says_where_it_comes_from() -> None:
    about = workdays.bank_holiday_table()["about"]
    assert set(about) == {"source", "version", "made", "first_year", "last_year"}
    assert date.fromisoformat(about["made"])
