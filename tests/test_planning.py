"""What falls due for a worker, for a team and in a week, and a calendar that others subscribe to."""

from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest

from arpc import clocks, due
from arpc.due import Item
from arpc.findings import Location
from arpc.provisions import Due
from tests.conftest import ENGLAND, SCOTLAND, TODAY, Run

GOLDEN = Path(__file__).parent / "golden" / "due"


def test_a_week_is_read_in_review(practice: Path, run: Run, golden) -> None:
    golden(GOLDEN / "this-week.txt", run("due", "--week", "this").out)
    golden(GOLDEN / "next-week-of-a-team.txt", run("due", "--week", "next", "--team", "JM").out)


@pytest.mark.parametrize(
    ("words", "cases"),
    [
        (["--worker", "LK"], {ENGLAND}),
        (["--worker", "GA"], {SCOTLAND}),
        (["--mine", "--as", "TB"], {ENGLAND}),
        (["--team", "AS"], {SCOTLAND}),
        (["--team", "JM"], {ENGLAND}),
        (["--team", "JM", "--worker", "RD"], set()),
        ([], {ENGLAND, SCOTLAND}),
    ],
)
def test_what_is_due_is_of_the_cases_of_a_worker_or_of_a_team(
    practice: Path, run: Run, words: list[str], cases: set[str]
) -> None:
    out = run("due", "--within", "800", *words).out
    assert {case for case in (ENGLAND, SCOTLAND) if case in out} == cases


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--worker", "ZZ"], "there is no such member of staff"),
        (["--mine", "--worker", "LK", "--as", "LK"], "one too many"),
        (["--week", "soon"], "the week is not a date"),
        (["-o", "due.txt"], "the file's ending names no format"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    practice: Path, run: Run, words: list[str], said: str
) -> None:
    ran = run("due", *words)
    assert (ran.code, said in ran.err, ran.out) == (2, True, "")


def test_a_week_in_which_nothing_falls_due_says_so(practice: Path, run: Run) -> None:
    ran = run("due", "C-FK", "--week", "2031-01-01")
    assert ran.out == "nothing falls due in the week of 30 December 2030\n"


def item(by: date, opens: date | None = None, closes: date | None = None) -> Item:
    [clock] = [each for each in clocks.ALL if each.id == "meeting-to-hold"]
    made = Due(by, "hold it", Location("R-01.yaml"), "R-01", by, opens, closes)
    return Item("C-1", clock, made, TODAY)


MONDAY = TODAY - timedelta(days=TODAY.weekday())
SUNDAY = MONDAY + timedelta(days=6)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (item(MONDAY), MONDAY),
        (item(SUNDAY), SUNDAY),
        (item(SUNDAY + DAY), None),
        (item(MONDAY - DAY), "overdue"),
        (item(SUNDAY + DAY, opens=SUNDAY, closes=SUNDAY + 9 * DAY), "open"),
        (item(SUNDAY + DAY, opens=SUNDAY + DAY, closes=SUNDAY + 9 * DAY), None),
        (item(MONDAY - 9 * DAY, opens=MONDAY - 10 * DAY, closes=SUNDAY), "open"),
        (item(MONDAY - 9 * DAY, opens=MONDAY - 10 * DAY, closes=MONDAY), "overdue"),
        (item(MONDAY - 9 * DAY, opens=MONDAY - 10 * DAY, closes=MONDAY - DAY), "overdue"),
        (item(SUNDAY, opens=MONDAY, closes=SUNDAY + DAY), SUNDAY),
    ],
)
def test_where_something_stands_in_the_week_of_today(made: Item, place: object) -> None:
    week = due.week_of([made], TODAY, TODAY)
    found: dict[object, bool] = {day: True for day, _ in week.days}
    found |= {"overdue": bool(week.overdue), "open": bool(week.open)}
    assert {name for name, is_there in found.items() if is_there} == {place} - {None}


def test_what_is_overdue_stands_in_the_week_of_today_alone() -> None:
    late = item(MONDAY - DAY)
    for weeks in (-3, 1, 2):
        assert due.week_of([late], TODAY + timedelta(weeks=weeks), TODAY).overdue == ()


def test_a_calendar_in_a_file_is_one_that_is_subscribed_to_and_carries_no_names(
    practice: Path, run: Run
) -> None:
    ran = run("due", "--worker", "LK", "--format", "ics", "-o", "LK.ics")
    assert ran.out == "wrote LK.ics: 6 dates\n"
    text = (practice / "LK.ics").read_text("utf-8")
    calendar = icalendar.Calendar.from_ical(text)
    assert calendar["name"] == calendar["x-wr-calname"] == "PRACTICE arpc LK"
    assert calendar.decoded("refresh-interval") == timedelta(days=1)
    assert len(calendar.walk("VEVENT")) == 6
    for name in ("Ruby", "Osei", "Carly", "Stanworth", "Kassar", "Denise"):
        assert name not in text
    again = run("due", "--worker", "LK", "-o", "LK.ics")
    assert again.out == ran.out and (practice / "LK.ics").read_text("utf-8") == text


def test_a_week_to_come_reminds_of_what_is_overdue(practice: Path, run: Run) -> None:
    words = ["due", "C-FK", "--today", "2026-08-03", "--week"]
    assert "overdue before it" not in run(*words, "this").out
    assert "overdue before it: `arpc due --overdue`" in run(*words, "next").out


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-24", "P-02: is 9"),
        ("2026-06-30", "P-02: will be 10"),  # the birthday
        ("2026-06-01", "P-02: is 9"),  # overdue, and held after today if at all
    ],
)
def test_a_child_will_be_an_age_only_where_a_birthday_comes_first(as_of, day, said) -> None:
    view = as_of(
        {
            "people/P-02.yaml": "name: Ruby\nroles: [child]\nborn: 2016-06-30\n",
            "sessions/N-001.yaml": f"date: 2026-05-20\nwith: child\nwho: [P-02]\nnext: {day}\n",
        }
    )
    [item] = due.what_is_due(view, [clocks.BY_ID["meeting-as-agreed"]])
    assert item.due.needs == (said,)
