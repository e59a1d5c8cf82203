"""Each clock: documented, sourced, and shown by small cases whose dates a person can check by hand."""

from datetime import date
from pathlib import Path

import pytest

from arpc import casefile, clocks, due
from arpc.provisions import AsOf, Clock
from arpc.service import Service

FOLDER = Path(__file__).parent / "clocks"
every_clock = pytest.mark.parametrize("clock", clocks.ALL, ids=lambda clock: clock.id)
CASES = sorted(path.parent for path in FOLDER.glob("*/*/today.txt"))


@every_clock
def test_a_clock_says_what_falls_due_how_long_it_runs_and_where_that_comes_from(
    clock: Clock,
) -> None:
    assert clock.title
    assert len(clock.rationale.split()) >= 8
    assert str(clock.source)
    assert clock.owner in ("service", "council", "court")


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}: {path.name}")
def test_what_falls_due_and_when(folder: Path, golden) -> None:
    today = date.fromisoformat((folder / "today.txt").read_text().strip())
    [case] = [path for path in folder.iterdir() if path.is_dir()]
    loaded = casefile.load(case, case.name)
    assert loaded.findings == ()
    only = [clock for clock in clocks.ALL if clock.id == folder.parent.name]
    items = due.what_is_due(AsOf(loaded.file, today, Service()), only)
    lines = [
        f"{i.due.by:%a} {i.due.by}  {i.due.what}  ({i.state}; {i.due.because}){_more(i)}"
        for i in items
    ]
    golden(folder / "expected.txt", "\n".join(lines or ["nothing"]) + "\n")


def _more(item: due.Item) -> str:
    window = f"\n    window {item.due.opens} to {item.due.closes}" if item.due.opens else ""
    return window + "".join(f"\n    needs {need}" for need in item.due.needs)


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
