"""Each clock: documented, sourced, and shown by small cases whose dates a person can check by hand."""

from datetime import date
from pathlib import Path

import pytest

from arpc import clocks, due, exporting, loading, service
from arpc.provisions import OWNERS, AsOf, Clock, Stage
from arpc.service import Service
from tests.conftest import CASE_ID, EXAMPLES

FOLDER = EXAMPLES / "clocks"
every_clock = pytest.mark.parametrize("clock", clocks.ALL, ids=lambda clock: clock.id)
CASES = sorted(path.parent for path in FOLDER.glob("*/*/today.txt"))


@every_clock
def test_a_clock_says_what_falls_due_how_long_it_runs_and_where_that_comes_from(
    clock: Clock,
) -> None:
    assert clock.title
    assert len(clock.rationale.split()) >= 8
    assert str(clock.source)
    assert clock.owner in OWNERS


@every_clock
def test_a_clock_runs_in_its_nations_and_in_no_other(clock: Clock) -> None:
    nations = {"england", "wales", "scotland", "northern_ireland"}
    assert clock.nations is None or (clock.nations and clock.nations < nations)
    stage = min(clock.stages or Stage)
    runs = {nation for nation in nations if clock.runs_in(stage, nation)}
    assert runs == (clock.nations or nations)
    assert clock.runs_in(stage)


@every_clock
def test_there_is_a_case_where_it_is_due_and_one_where_it_is_settled_paused_or_cancelled(
    clock: Clock,
) -> None:
    outputs = {
        path.read_text() == "nothing\n" for path in FOLDER.glob(f"{clock.id}/*/expected.txt")
    }
    assert outputs == {True, False}


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}: {path.name}")
def test_what_falls_due_and_when(folder: Path, golden) -> None:
    today = date.fromisoformat((folder / "today.txt").read_text().strip())
    [case] = [path for path in folder.iterdir() if path.is_dir()]
    loaded = loading.load(case, case.name)
    assert loaded.findings == ()
    only = [clock for clock in clocks.ALL if clock.id == folder.parent.name]
    found = service.open_service(folder)
    assert found.findings == ()
    items = due.what_is_due(AsOf(loaded.file, today, found.service), only)
    lines = [
        f"{i.due.by:%a} {i.due.by}{'~' * i.provisional}  {i.due.what}  ({i.state}; {i.due.because}){_more(i)}"
        for i in items
    ]
    golden(folder / "expected.txt", "\n".join(lines or ["nothing"]) + "\n")


def _more(item: due.Item) -> str:
    window = f"\n    window {item.due.opens} to {item.due.closes}" if item.due.opens else ""
    note = f"\n    {item.due.note}" if item.due.note else ""
    return window + note + "".join(f"\n    needs {need}" for need in item.due.needs)


def test_there_are_cases_for_each_clock_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {clock.id for clock in clocks.ALL}


def test_ids_of_what_is_due_are_different_and_lasting(as_of) -> None:
    people = {
        "people/P-01.yaml": "name: A\nroles: [man]\n",
        "people/P-02.yaml": "name: B\nroles: [protective_carer]\n",
        "reports/R-01.yaml": "date: 2026-04-29\nstatus: final\ntype: assessment\n",
    }
    first = [item.uid for item in due.what_is_due(as_of(people, date(2026, 5, 1)))]
    later = [item.uid for item in due.what_is_due(as_of(people, date(2026, 6, 1)))]
    assert len(first) == len(set(first))
    assert first == later


def test_the_nation_of_the_case_decides_and_changing_it_moves_the_day(as_of) -> None:
    session = {"sessions/N-001.yaml": "date: 2025-12-31\nwith: child\n"}
    days = {}
    for nation in ("england", "scotland"):
        view = as_of({"case.yaml": f"nation: {nation}\n", **session}, date(2026, 1, 1))
        note = [i for i in due.what_is_due(view) if i.clock.id == "note-to-write"]
        days[nation] = note[0].due.by
    assert days == {"england": date(2026, 1, 2), "scotland": date(2026, 1, 5)}


def test_a_reason_ends_the_nagging_but_is_never_shown() -> None:
    folder = FOLDER / "supervision-to-hold/reason recorded for a missed one" / CASE_ID
    today = date(2026, 4, 20)
    items = due.what_is_due(AsOf(loading.load(folder, CASE_ID).file, today, Service()))
    assert due.within(items, None, overdue=True) == []
    [item] = due.within(items, 90)
    assert item.answered == date(2026, 4, 10) and not item.is_overdue and not item.is_coming
    shown = exporting.due_json(items, today, practice=False)
    assert '"answered": "yes"' in shown
    for output in (shown, exporting.due_csv(items), exporting.due_ics(items, "M", practice=False)):
        assert "supervisor was ill" not in output


def test_what_others_missed_is_information_and_not_counted_as_overdue(as_of) -> None:
    event = "events:\n  - {event: referral_to_council, date: 2026-01-05}\n"
    view = as_of({"case.yaml": f"nation: england\n{event}"})
    found = [i for i in due.what_is_due(view) if i.clock.owner == "council"]
    assert found and not any(item.is_overdue for item in found)
    assert all(item.state.endswith("for information") for item in found)
    assert found == due.within(due.what_is_due(view), None, overdue=True, owner="council")
