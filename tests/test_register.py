"""The plain register: what moved is said, what cannot be read is kept, and nothing about anybody is in it."""

from datetime import date
from pathlib import Path

import pytest

from arpc import clocks, due, register, service
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from tests.conftest import CASE_ID, EXAMPLES

PEOPLE = {
    "people/P-01.yaml": "name: Neil Stanworth\nroles: [man]\n",
    "people/P-03.yaml": "name: Carly Whitham\nroles: [protective_carer]\n",
}
MEETINGS = [clock for clock in clocks.ALL if clock.id == "meeting-to-hold"]
TODAY = date(2026, 6, 10)


def report(day: str) -> dict[str, str]:
    return {**PEOPLE, "reports/R-01.yaml": f"date: {day}\nstatus: final\ntype: assessment\n"}


def written(root: Path, view: AsOf) -> register.Update:
    items = due.what_is_due(view, MEETINGS)
    return register.write(root, items, {view.file.id: due.unsure(view, MEETINGS)})


def text(root: Path) -> str:
    return (root / register.FILE).read_text(encoding="utf-8")


def test_it_holds_ids_clocks_days_and_owners_and_nothing_else(tmp_path: Path, as_of) -> None:
    update = written(tmp_path, as_of(report("2023-06-15")))
    assert (update.new, update.settled, update.kept, update.total) == (2, 0, 0, 2)
    assert text(tmp_path).splitlines()[2:] == [
        "due:",
        f"  - {CASE_ID} meeting-to-hold meeting_3y 2026-06-15 service",
        f"  - {CASE_ID} meeting-to-hold meeting_5y 2028-06-15 service",
    ]


def test_every_clock_of_the_suite_can_be_written_and_read_again(tmp_path: Path) -> None:
    from arpc import loading

    folder = EXAMPLES / "clocks"
    for today in sorted(folder.glob("*/*/today.txt")):
        day = date.fromisoformat(today.read_text().strip())
        [case] = [path for path in today.parent.iterdir() if path.is_dir()]
        held = service.open_service(today.parent).service
        items = due.what_is_due(AsOf(loading.load(case, case.name).file, day, held))
        register.write(tmp_path, items, {CASE_ID: ()})
        assert {(e.clock, e.subject) for e in register.read(tmp_path)} == {
            (i.clock.id, i.due.subject) for i in items
        }
        assert len({i.uid for i in items}) == len(items)


def test_a_moved_anchor_is_named_with_the_old_day_and_the_new_one(tmp_path: Path, as_of) -> None:
    written(tmp_path, as_of(report("2023-06-15")))
    update = written(tmp_path, as_of(report("2023-09-30")))
    assert [(m.item.due.subject, m.was, m.item.due.by) for m in update.moved] == [
        ("meeting_3y", date(2026, 6, 15), date(2026, 9, 30)),
        ("meeting_5y", date(2028, 6, 15), date(2028, 9, 30)),
    ]
    assert (update.new, update.settled) == (0, 0)


def test_the_same_question_twice_writes_nothing(tmp_path: Path, as_of) -> None:
    written(tmp_path, as_of(report("2023-06-15")))
    before = (tmp_path / register.FILE).stat()
    written(tmp_path, as_of(report("2023-06-15")))
    assert (tmp_path / register.FILE).stat().st_mtime_ns == before.st_mtime_ns


def test_what_is_settled_leaves_the_register(tmp_path: Path, as_of) -> None:
    written(tmp_path, as_of(report("2023-06-15")))
    done = {"followups/F-01.yaml": "point: meeting_3y\ndone: 2026-06-09\n"}
    update = written(tmp_path, as_of({**report("2023-06-15"), **done}))
    assert (update.settled, update.total) == (1, 1)


def test_a_case_whose_folder_is_missing_is_kept_and_still_falls_due(tmp_path: Path, as_of) -> None:
    written(tmp_path, as_of(report("2023-06-15")))
    update = register.write(tmp_path, [], {})
    assert (update.kept, update.settled, update.total) == (2, 0, 2)
    items = register.from_register(register.read(tmp_path), [], {}, MEETINGS, TODAY)
    assert [(i.due.by, i.due.note) for i in items] == [
        (date(2026, 6, 15), "case not readable here: from the register"),
        (date(2028, 6, 15), "case not readable here: from the register"),
    ]
    assert all(item.in_register_only for item in items)


def test_a_record_that_cannot_be_read_keeps_what_rests_on_it(tmp_path: Path, as_of) -> None:
    written(tmp_path, as_of(report("2023-06-15")))
    locked = as_of({**PEOPLE, "reports/R-01.yaml": "\x00locked"})
    assert locked.file.damaged
    assert written(tmp_path, locked).kept == 2


def test_a_damaged_record_that_a_clock_does_not_look_for_keeps_nothing(
    tmp_path: Path, as_of
) -> None:
    written(tmp_path, as_of(report("2023-06-15")))
    done = {"followups/F-01.yaml": "point: meeting_3y\ndone: 2026-06-09\n"}
    view = as_of({**report("2023-06-15"), **done, "documents/D-01.yaml": "title: [\n"})
    assert view.file.damaged
    assert written(tmp_path, view).settled == 1


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"register: arpc/1\ndue:\n  - nonsense\n",
        b"register: arpc/1\ndue:\n  - C-7K3Q9X2F meeting-to-hold meeting_3y 2026-02-30 service\n",
        b"<<<<<<< ours\nregister: arpc/1\n",
    ],
)
def test_a_broken_register_is_named_and_never_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / register.FILE).write_bytes(content)
    with pytest.raises(ArpcError, match=r"register.yaml:\d+:\d+: the register cannot be read"):
        register.write(tmp_path, [], {})
    assert (tmp_path / register.FILE).read_bytes() == content
