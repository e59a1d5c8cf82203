"""Many write to one case at once: each succeeds, and nothing is lost.

    python -m pytest tests/test_race.py

Each is a process of its own that runs the command line, and all are started together.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from arpc import disk, loading, starting
from tests.conftest import ENGLAND, ROOT, SCOTLAND, Ran, Run

MANY = 50


def at_once(folder: Path, commands: Sequence[Sequence[str]]) -> list[Ran]:
    """Run commands, all at the same time; what each answered."""
    around = {**os.environ, "PYTHONPATH": str(ROOT), "ARPC_STAFF": "LK"}
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "arpc", *words],
            cwd=folder,
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        for words in commands
    ]
    said = [each.communicate() for each in started]
    return [Ran(each.returncode, *words) for each, words in zip(started, said, strict=True)]


def all_well(ran: Sequence[Ran]) -> None:
    assert [each.err for each in ran if each.code] == []


def left_over(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if disk.LEFT_OVER.fullmatch(path.name)]


@pytest.fixture
def case(practice: Path) -> Path:
    return practice / "cases" / ENGLAND


def test_fifty_notes_that_are_added_at_once_are_all_there(case: Path) -> None:
    were = {path.name for path in (case / "sessions").glob("*.yaml")}
    rooms = [f"room {number}" for number in range(MANY)]
    all_well(at_once(case, [["add", "session", "with=child", f"where={room}"] for room in rooms]))
    sessions = loading.load(case, "").file.sessions
    new = [each for each in sessions if f"{each.id}.yaml" not in were]
    assert sorted(each.data["where"] for each in new) == sorted(rooms)
    numbers = sorted(int(each.id.removeprefix("N-")) for each in sessions)
    assert numbers == [*range(1, len(numbers) + 1)]
    assert left_over(case) == []


def test_amendments_that_are_made_at_once_to_one_record_all_stand(case: Path) -> None:
    added = [f"It was the {number}th." for number in range(12)]
    all_well(at_once(case, [["amend", "N-004", "--what", a, "--why", "Left out."] for a in added]))
    [record] = [each for each in loading.load(case, "").file.sessions if each.id == "N-004"]
    assert sorted(each.data["what"] for each in record.amendments) == sorted(added)
    done = subprocess.run(
        [sys.executable, "-m", "arpc", "validate", "N-004"],
        cwd=case,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout  # what is sealed is what stands there


def test_drawings_that_are_attached_at_once_to_one_record_are_all_named_in_it(case: Path) -> None:
    names = [f"{number}.png" for number in range(8)]
    for name in names:
        (case.parent / name).write_bytes(name.encode())
    all_well(
        at_once(
            case,
            [
                ["attach", f"../{name}", "--to", "N-004", "--what", f"Drawing {name}"]
                for name in names
            ],
        )
    )
    [record] = [each for each in loading.load(case, "").file.sessions if each.id == "N-004"]
    kept = {each.path: (case / each.path).read_bytes().decode() for each in record.attachments}
    assert sorted(kept.values()) == names


def test_records_that_are_finished_at_once_are_all_sealed(
    case: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case)
    made = [
        run("add", "person", f"name=Asha Rao {number}", "roles=professional", "--as", "LK").out
        for number in range(8)
    ]
    ids = [match[1] for out in made if (match := re.search(r"people/(P-\d+)\.yaml", out))]
    all_well(at_once(case, [["finish", each] for each in ids]))
    sealed = [seal.id for seal in loading.load(case, "").file.seals]
    assert {*ids} <= {*sealed} and len(sealed) == len({*sealed})


def test_two_who_link_the_same_cases_from_either_side_do_not_wait_for_each_other(
    practice: Path,
) -> None:
    why = ("--how", "same_man", "--why", "Born the same day.")
    ran = at_once(
        practice,
        [["link", SCOTLAND, "-c", ENGLAND, *why], ["link", ENGLAND, "-c", SCOTLAND, *why]],
    )
    assert 0 in [each.code for each in ran]
    refused = [each.err for each in ran if each.code]
    assert all("are linked already" in each or "changed meanwhile" in each for each in refused)
    for name in (ENGLAND, SCOTLAND):
        assert len(loading.load(practice / "cases" / name, "").file.case.data["links"]) == 1


def test_the_register_that_is_written_by_several_at_once_is_whole(practice: Path) -> None:
    all_well(at_once(practice, [["due", "--register"]] * 6))
    assert (practice / "register.yaml").is_file()
    assert left_over(practice) == []


def test_notes_are_added_and_saved_at_once_and_all_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    starting.demo(folder)
    rooms = [f"room {number}" for number in range(8)]
    add = ("add", "session", "-c", "C-FK", "with=child")
    all_well(at_once(folder, [w for room in rooms for w in ([*add, f"where={room}"], ["save"])]))
    all_well(at_once(folder, [["save"]]))
    kept = subprocess.run(
        ["git", "grep", "-h", "^where: room ", "HEAD"], cwd=folder, capture_output=True, text=True
    )
    assert sorted(kept.stdout.splitlines()) == [f"where: {room}" for room in rooms]
    state = ["git", "status", "--porcelain"]
    assert subprocess.run(state, cwd=folder, capture_output=True).stdout == b""
