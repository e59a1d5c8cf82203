"""Whole invented cases, each a situation that practice knows, with all that is found and due on its days.

A story is a folder: `story.md` says what happens; a case as it was written in the end; `service.yaml`
where the service matters; and for each day that is told, `expected/<day>.txt`. On that day the records
dated later have not been written yet.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from arpc import checking, due, kinds, loading
from arpc.findings import Gate
from arpc.loading import Loaded
from arpc.provisions import AsOf
from arpc.service import open_service

FOLDER = Path(__file__).parent / "stories"
DAYS = sorted(FOLDER.glob("*/expected/*.txt"))
NEAR = 120  # days
DATE = re.compile(rb"^date: ([0-9]{4}-[0-9]{2}-[0-9]{2})", re.MULTILINE)
TITLES = {
    Gate.NOW: "counts now",
    Gate.FINISH: "before drafts are finished",
    Gate.ISSUE: "before a report is issued",
    Gate.CLOSE: "before the case is closed",
}


@pytest.mark.parametrize("path", DAYS, ids=lambda path: f"{path.parts[-3]} on {path.stem}")
def test_what_is_found_and_due_on_a_day(path: Path, golden: Callable[[Path, str], None]) -> None:
    story, day = path.parent.parent, date.fromisoformat(path.stem)
    [case] = [folder for folder in story.iterdir() if folder.name.startswith("C-")]
    service = open_service(story).service
    loaded = as_it_stood(case, day)
    view = AsOf(loaded.file, day, service)
    golden(path, "".join(f"{line}\n" for line in told(loaded, view)))


def as_it_stood(case: Path, day: date) -> Loaded:
    """The case without the records that are dated later."""
    files = {
        path.relative_to(case).as_posix(): path.read_bytes()
        for path in sorted(case.rglob("*.yaml"))
    }
    written = {
        name: raw
        for name, raw in files.items()
        if not (found := DATE.search(raw)) or date.fromisoformat(found[1].decode()) <= day
    }
    for name in (f"{ledger}.yaml" for ledger in kinds.LEDGERS):
        if name in written:
            written[name] = without_later(written[name].decode(), day).encode()
    return loading.load_from(case.name, written.items(), "")


def without_later(ledger: str, day: date) -> str:
    """What arpc had written down by a day."""
    head, *entries = re.split(r"^(?=  - )", ledger, flags=re.MULTILINE)
    dated = ((re.search(r"\bdate: ([0-9-]{10})", entry), entry) for entry in entries)
    return head + "".join(e for found, e in dated if found and date.fromisoformat(found[1]) <= day)


def told(loaded: Loaded, view: AsOf) -> Iterator[str]:
    """Everything that is found, by the gate at which it counts, and all that is due or past."""
    checked = checking.check_case(loaded, view.today, view.service)
    yield f"{view.today:%A} {view.today}, {view.stage.replace('_', ' ')}"
    for gate, title in TITLES.items():
        found = sorted(f for f in set(checked.findings) if f.gate is gate)
        if found:
            yield f"\n{title}:"
        yield from (f"  {f.where}: {f.severity}: {f.message} [{f.rule}]" for f in found)
    if checked.answered:
        yield "\nanswered:"
        yield from (f"  {f.where}: {f.message} [{f.rule}]" for f, _ in checked.answered)
    items = due.within(due.what_is_due(view), NEAR)
    yield "\ndue:" if items else "\nnothing due"
    for item in items:
        yield f"  {item.due.by} {item.due.what} ({item.state}; {item.clock.owner})"
        yield from (f"    needs {need}" for need in item.due.needs)


@pytest.mark.parametrize("story", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_every_story_is_told_and_has_its_days(story: Path) -> None:
    assert len((story / "story.md").read_text("utf-8").split()) >= 30
    assert list((story / "expected").glob("*.txt"))
    [case] = [folder for folder in story.iterdir() if folder.name.startswith("C-")]
    loaded = loading.load(case, "")
    assert not loaded.file.damaged, "a story has no accidental faults of form"
