"""What was worked out of a case before counts only as long as it would be worked out the same."""

import marshal
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arpc import loading, practising, recall, service, surveying, yamldoc
from arpc.loading import Folder
from arpc.surveying import Memory, Policy
from tests.conftest import ENGLAND, ROOT, SCOTLAND, TODAY, Run, change

PARTS = ("found", "coming")
NOTE = "sessions/N-001.yaml"


class Desk(NamedTuple):
    """A practice folder, and a computer that remembers what it worked out in it."""

    folder: Path
    memory: Memory

    def says(
        self, *, today: date = TODAY, cached: bool = True, case: str = ENGLAND
    ) -> tuple[object, ...]:
        """What a command would be told of a case."""
        opened = service.open_service(self.folder)
        policy = Policy(opened.service, today)
        memory = self.memory if cached else None
        place = Folder(self.folder / "cases" / case, f"cases/{case}")
        found, coming = surveying.ready(PARTS, policy, self.folder, memory)(str(place.path))
        return surveying.found(found, place), surveying.coming(coming, place, today)

    def agrees(self, today: date = TODAY) -> None:
        """See that it makes no difference whether anything is remembered."""
        assert self.says(today=today) == self.says(today=today, cached=False)

    def read_anew(self, today: date = TODAY) -> bool:
        """Whether a case is worked out anew, and not recalled."""
        before = self.rows()
        self.says(today=today)
        return self.rows() != before

    def database(self) -> Path:
        """Where what is worked out of the folder is remembered."""
        [path] = self.memory.folder.glob("*.sqlite3")
        return path

    def rows(self, case: str = ENGLAND) -> dict[str, bytes]:
        """What is remembered of a case, by part."""
        return {
            part: said for (name, part), said in remembered(self.database()).items() if name == case
        }

    def say(self, rows: Mapping[str, object], case: str = ENGLAND) -> None:
        """Put something in the place of what is remembered."""
        with closing(sqlite3.connect(self.database())) as opened, opened:
            put = "UPDATE known SET said = ? WHERE name = ? AND part = ?"
            opened.executemany(put, [(said, case, part) for part, said in rows.items()])

    def path(self, name: str = NOTE) -> Path:
        """A file of the case."""
        return self.folder / "cases" / ENGLAND / name


def desk_at(place: Path) -> Desk:
    folder = place / "practice"
    practising.copy(folder)
    return Desk(folder, Memory(place / "cache", place / "state"))


def remembered(database: Path) -> dict[tuple[str, str], bytes]:
    """What is remembered, by case and part."""
    with closing(sqlite3.connect(database)) as opened:
        return {
            (name, part): said
            for name, part, said in opened.execute("SELECT name, part, said FROM known")
        }


def kept_at_home() -> list[Path]:
    """The files in which anything is remembered for whoever types the commands."""
    return [*Path(os.environ["HOME"]).rglob("*.sqlite3")]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_at(tmp_path)


@pytest.fixture
def settled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One whose files nobody touched for a while before it looked, so that their stamps say enough."""
    monkeypatch.setattr(recall, "_GRAIN", -(10**18))
    desk.says()
    return desk


def test_what_nobody_changed_is_recalled_and_says_the_same(desk: Desk) -> None:
    first = desk.says()
    assert desk.says() == first == desk.says(cached=False)


def _edit(desk: Desk) -> None:
    change(desk.path(), "note: |\n", "note: |\n  He came late.\n")


def _edit_in_the_same_length(desk: Desk) -> None:
    path = desk.path()
    raw = path.read_bytes()
    place = raw.index(b"status: ") + len(b"status: ")
    path.write_bytes(raw[:place] + raw[place : place + 1].swapcase() + raw[place + 1 :])


def _edit_and_put_the_time_back(desk: Desk) -> None:
    path = desk.path()
    before = path.stat()
    _edit_in_the_same_length(desk)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _swap_two_files(desk: Desk) -> None:
    one, other = desk.path(), desk.path("sessions/N-002.yaml")
    aside = desk.path("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def _lose_a_file(desk: Desk) -> None:
    desk.path().unlink()


def _misplace_a_file(desk: Desk) -> None:
    desk.path().rename(desk.path("people/P-77.yaml"))


def _put_a_link_in_its_place(desk: Desk) -> None:
    path = desk.path()
    path.rename(desk.folder / "elsewhere.yaml")
    path.symlink_to(desk.folder / "elsewhere.yaml")


def _add_a_file(desk: Desk) -> None:
    (desk.path("sessions/N-001.yml")).write_text("session: arpc/1\n")


def _add_a_file_beside_the_case_record(desk: Desk) -> None:
    (desk.path("N-001.yaml")).write_text("session: arpc/1\n")


def _add_a_folder(desk: Desk) -> None:
    (desk.path("notes")).mkdir()
    (desk.path("notes/N-001.yaml")).write_text("session: arpc/1\n")


def _lose_the_case_record(desk: Desk) -> None:
    desk.path("case.yaml").unlink()


def _seal_it(desk: Desk) -> None:
    for path in (desk.folder / "cases" / ENGLAND).rglob("*.yaml"):
        path.write_text("arpc-sealed: 1\n")


def _ask_for_more(desk: Desk) -> None:
    change(
        desk.folder / "service.yaml",
        "policy:\n",
        "policy:\n  child_sessions: 9\n  man_sessions: 9\n",
    )


def _hold_to_a_rule_more_strictly(desk: Desk) -> None:
    rules = "rules:\n  - {rule: needed-to-close, gate: now}\n"
    change(desk.folder / "service.yaml", "policy:\n", f"{rules}policy:\n")


CHANGES = [
    *(_edit, _edit_in_the_same_length, _edit_and_put_the_time_back, _swap_two_files, _lose_a_file),
    *(_misplace_a_file, _put_a_link_in_its_place, _lose_the_case_record, _seal_it),
    *(_add_a_file, _add_a_file_beside_the_case_record, _add_a_folder),
    *(_ask_for_more, _hold_to_a_rule_more_strictly),
]


@pytest.mark.parametrize("changed", CHANGES, ids=lambda changed: changed.__name__)
@pytest.mark.parametrize("desks", ["desk", "settled"])
def test_what_is_changed_is_seen(
    changed: Callable[[Desk], None], desks: str, request: pytest.FixtureRequest
) -> None:
    desk: Desk = request.getfixturevalue(desks)
    before = desk.says()
    changed(desk)
    now = desk.says(cached=False)
    assert now != before, "a change that makes no difference shows nothing"
    assert desk.says() == now
    assert desk.says() == now


def test_what_is_changed_twice_between_two_steps_of_the_clock_is_seen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = recall._GRAIN // 2

    def coarse(each: os.stat_result) -> tuple[int, int, int]:
        return each.st_size, each.st_mtime_ns // step * step, each.st_ctime_ns // step * step

    monkeypatch.setattr(recall, "_HOW_IT_STANDS", coarse)
    for _ in range(2):
        desk.says()
        _edit_in_the_same_length(desk)
        desk.agrees()


def test_a_file_that_was_only_touched_is_not_worked_out_anew(settled: Desk) -> None:
    first = _understood(settled)
    settled.path().touch()
    settled.agrees()
    now = _understood(settled)
    assert {*now} == {"words", *PARTS}
    assert {part: said[4:] for part, said in now.items()} == {
        part: said[4:] for part, said in first.items()
    }
    assert len({said[:4] for said in now.values()}) == 1, "the new stamps are kept with every part"
    assert {said[1] for said in now.values()}.isdisjoint(said[1] for said in first.values())


def test_new_stamps_are_not_kept_with_what_was_worked_out_of_other_files(settled: Desk) -> None:
    policy = Policy(service.open_service(settled.folder).service, TODAY)
    only = surveying.ready(("found",), policy, settled.folder, settled.memory)
    place = str(settled.folder / "cases" / ENGLAND)
    _, coming = settled.says()
    _lose_the_case_record(settled)
    assert settled.says(cached=False)[1] != coming
    only(place)
    settled.path().touch()
    only(place)
    assert settled.path().stat().st_mtime_ns in _understood(settled)["found"][1]
    settled.agrees()


def test_what_nobody_touched_is_recalled_and_nothing_else_is_looked_into(settled: Desk) -> None:
    policy = Policy(service.open_service(settled.folder).service, TODAY)
    recalled = surveying.recalled(PARTS, policy, settled.folder, settled.memory)
    places = [str(settled.folder / "cases" / case) for case in (ENGLAND, SCOTLAND)]
    ready = surveying.ready(PARTS, policy, settled.folder, None)
    assert [recalled(place) for place in places] == [ready(places[0]), None]
    settled.path().touch()
    before = settled.rows()
    assert recalled(places[0]) is None
    assert settled.rows() == before


def test_it_makes_no_difference_which_case_is_worked_out_first(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "_GRAIN", -(10**18))
    for case in (ENGLAND, SCOTLAND):
        (practice / "cases" / case / NOTE).write_text("session: arpc/1\n")
    told = {run(*words).err for words in (("due",), ("due", "--no-cache"))}
    (practice / "cases" / min(ENGLAND, SCOTLAND) / NOTE).touch()
    told.add(run("due").err)
    [once] = told
    assert once.count("cannot be relied on") == 2


def test_another_day_is_asked_only_from_the_day_on_which_something_turns(settled: Desk) -> None:
    [until] = {said[6] for said in _understood(settled).values()}
    assert until > TODAY.toordinal()
    assert not settled.read_anew(date.fromordinal(until - 1))
    assert settled.read_anew(date.fromordinal(until))
    assert settled.read_anew(date.fromordinal(TODAY.toordinal() - 1)), "a day before it was asked"


def _understood(desk: Desk) -> dict[str, tuple[Any, ...]]:
    """What is remembered of a case, by part: four things of how its files stood, and four of the part."""
    return {part: marshal.loads(said[32:]) for part, said in desk.rows().items()}


@given(st.data())
@settings(max_examples=6, deadline=None)
def test_cached_and_uncached_always_agree(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    desk = desk_at(tmp_path_factory.mktemp("desk"))
    desk.says()
    for _ in range(data.draw(st.integers(1, 4))):
        step = data.draw(st.sampled_from([*CHANGES, _forge, _forget_the_key, _touch]))
        with suppress(
            OSError, ValueError, AssertionError
        ):  # what there is no more cannot be changed
            step(desk)
        desk.agrees(data.draw(st.sampled_from([TODAY, date(2026, 6, 11), date(2029, 2, 28)])))


def _touch(desk: Desk) -> None:
    desk.path().touch()


def _forget_the_key(desk: Desk) -> None:
    desk.says()
    (desk.memory.keys / "recall.key").write_bytes(os.urandom(32))


def _forge(desk: Desk) -> None:
    """Say of one case what was found in another."""
    desk.says()
    desk.says(case=SCOTLAND)
    desk.say(desk.rows(SCOTLAND))


SPOILT: dict[str, Callable[[bytes], object]] = {
    **{
        f"byte {at}": lambda raw, at=at: raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        for at in (0, 31, 32, 40)
    },  # type: ignore[misc]
    "cut off": lambda raw: raw[:-7],
    "empty": lambda _: b"",
    "longer": lambda raw: raw + b"x",
    "nothing": lambda _: None,
    "a text": lambda _: "x",
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_row_that_is_damaged_is_as_good_as_none(part: str, spoilt: str, settled: Desk) -> None:
    settled.say({part: SPOILT[spoilt](settled.rows()[part])})
    settled.agrees()
    assert not settled.read_anew()


def test_a_case_is_passed_over_only_where_it_cannot_hold_a_word(settled: Desk) -> None:
    # By a few keys in a hundred all that a word is known by falls together with other words.
    (settled.memory.keys / "recall.key").write_bytes(bytes(32))
    settled.says()
    opened = service.open_service(settled.folder)
    policy = Policy(opened.service, TODAY)

    def passed_over(word: bytes) -> int:
        asked = surveying.sifted([word], policy, settled.folder, settled.memory)
        return asked(str(settled.folder / "cases" / ENGLAND))

    assert passed_over(b"periwinkle") > 30
    assert passed_over(b"chair") == 0
    change(settled.path(), "note: |\n", "note: |\n  Periwinkle.\n")
    assert passed_over(b"periwinkle") == passed_over(b"xylophone") == 0, "nobody has looked since"
    settled.says()
    assert passed_over(b"periwinkle") == 0 < passed_over(b"xylophone")


def test_one_part_is_not_taken_for_another(settled: Desk) -> None:
    rows = settled.rows()
    settled.say({"found": rows["coming"], "coming": rows["found"]})
    settled.agrees()


def _is_no_database(path: Path) -> None:
    path.write_bytes(b"no database\n" * 1000)


def _is_empty(path: Path) -> None:
    path.write_bytes(b"")


def _is_cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def _is_spoilt(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[100:200] = bytes(100)
    path.write_bytes(raw)


def _is_for_something_else(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("CREATE TABLE known (film TEXT)")


DAMAGE = [_is_no_database, _is_empty, _is_cut_off, _is_spoilt, _is_for_something_else]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_database_that_is_damaged_is_begun_anew(
    damage: Callable[[Path], None], desk: Desk
) -> None:
    desk.says()
    desk.says(case=SCOTLAND)
    damage(desk.database())
    desk.agrees()
    desk.agrees()
    assert {*desk.rows()} == {"words", *PARTS}


def test_while_another_holds_the_database_all_is_worked_out_anew(
    settled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "_PATIENCE", 0.0)
    settled.says()
    with closing(sqlite3.connect(settled.database(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        settled.agrees()
    assert not settled.read_anew()


def test_what_was_found_elsewhere_is_not_believed(desk: Desk, tmp_path: Path) -> None:
    other = desk_at(tmp_path / "other")
    _edit_in_the_same_length(other)
    other.says()
    desk.says()
    desk.say(other.rows())
    desk.agrees()
    _forge(desk)
    desk.agrees()


@pytest.mark.parametrize("place", ["folder", "keys"])
def test_where_nothing_can_be_kept_all_is_worked_out_anew(place: str, desk: Desk) -> None:
    getattr(desk.memory, place).write_text("a file where the folder would be\n")
    desk.agrees()
    assert not any(desk.folder.rglob("*.tmp"))


def test_a_folder_in_the_place_of_the_database_is_left_alone(desk: Desk) -> None:
    desk.says()
    path = desk.database()
    path.unlink()
    (path / "theirs").mkdir(parents=True)
    desk.agrees()
    assert [*path.iterdir()] == [path / "theirs"]


def test_nothing_that_is_kept_holds_a_name_or_a_word_of_a_record(desk: Desk) -> None:
    for case in (ENGLAND, SCOTLAND):
        desk.says(case=case)
        kept = b"".join(desk.rows(case).values()).decode("utf-8", "replace")
        loaded = loading.load(desk.folder / "cases" / case, case)
        names = {
            part
            for p in loaded.file.people
            for n in (p.name, p.alias, *p.known_as)
            for part in n.split()
        }
        assert not {name for name in names if len(name) > 3 and name in kept}
        texts = {text for record in loaded.file.records for _, text in record.prose}
        pieces = {" ".join(text.split())[:30] for text in texts if len(text) >= 30}
        assert len(pieces) > 200
        assert not {piece for piece in pieces if piece in kept}


def test_two_commands_at_once_say_the_same(practice: Path) -> None:
    command = [sys.executable, "-m", "arpc", "validate"]
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=around, cwd=practice)
        for _ in range(4)
    ]
    said = {process.communicate()[0] for process in running}
    alone = subprocess.run(
        [*command, "--no-cache"], stdout=subprocess.PIPE, env=around, check=False
    )
    assert said == {alone.stdout}


def test_without_the_cache_nothing_is_kept(practice: Path, run: Run) -> None:
    home = Path(os.environ["HOME"])
    for command in ("validate", "due", "due-followups", "list"):
        assert run(command, "--no-cache").out
        assert not [*home.rglob("*recall*"), *kept_at_home()]
    run("list")
    assert kept_at_home()


def test_a_case_that_is_gone_is_forgotten(practice: Path, run: Run) -> None:
    run("validate")
    shutil.rmtree(practice / "cases" / SCOTLAND)
    run("validate")
    [database] = kept_at_home()
    assert {case for case, _ in remembered(database)} == {ENGLAND}
    assert SCOTLAND.encode() not in database.read_bytes()


def test_folders_in_which_nobody_works_any_more_are_forgotten_when_another_is_begun(
    tmp_path: Path,
) -> None:
    memory, keys, day = tmp_path / "memory", tmp_path / "keys", 86_400
    kept = []
    for name, days in {"left": 181, "in use": 179}.items():
        recall.Recall(memory, keys, tmp_path / name)
        [path] = {*memory.iterdir()}.difference(kept)
        kept.append(path)
        now = int(path.stat().st_mtime)
        os.utime(path, (now, now - days * day))
    recall.Recall(memory, keys, tmp_path / "new")
    left, in_use = kept
    assert (left.exists(), in_use.exists(), len([*memory.iterdir()])) == (False, True, 2)


def test_paths_are_told_from_where_one_stands(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(practice / "cases" / ENGLAND / NOTE, "status: final", "status: draft")
    case = practice / "cases" / ENGLAND
    for place, start in {
        practice: f"cases/{ENGLAND}/",
        practice / "cases": f"{ENGLAND}/",
        case: "",
        case / "sessions": f"{case}/",
    }.items():
        monkeypatch.chdir(place)
        for form in ("text", "json"):
            told = run("validate", ENGLAND, "--for", "close", "--format", form)
            assert f"{start}sessions/N-001.yaml" in told.out
            assert f"/{start}sessions/N-001.yaml" not in told.out
            assert told == run(
                "validate", ENGLAND, "--for", "close", "--format", form, "--no-cache"
            )


def test_what_a_service_asks_for_counts_for_a_file_by_itself(practice: Path, run: Run) -> None:
    run("edit", "N-001", "-c", ENGLAND)
    first = run("validate", f"cases/{ENGLAND}/case.yaml")
    rules = "rules:\n  - {rule: needed-to-close, gate: now}\n"
    change(practice / "service.yaml", "policy:\n", f"{rules}policy:\n")
    assert run("validate", f"cases/{ENGLAND}/case.yaml").code == 1 > first.code


def test_the_reasons_of_answers_are_read_where_they_stand(practice: Path, run: Run) -> None:
    run("validate")
    told = run("validate", "--answered")
    assert told == run("validate", "--answered", "--no-cache")
    [database] = kept_at_home()
    kept = database.read_bytes()
    answers = [*practice.rglob("answers.yaml")]
    for path in answers:
        doc = yamldoc.read("answers.yaml", path.read_bytes()).doc
        assert doc
        for entry in doc.data["given"]:
            assert entry["reason"].encode() not in kept
            assert " ".join(entry["reason"].split())[:20] in " ".join(told.out.split())


def test_who_has_no_home_is_answered_all_the_same(practice: Path) -> None:
    around = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT")}
    nobody = "import pathlib; pathlib.Path.home = lambda: (_ for _ in ()).throw(RuntimeError())"
    program = (
        f"import sys; {nobody}; sys.path.insert(0, {str(ROOT)!r}); from arpc import cli; cli.run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "list"], env=around, capture_output=True, check=False
    )
    assert (done.returncode, ENGLAND.encode() in done.stdout) == (0, True), done.stderr


def test_a_python_without_a_database_remembers_nothing_and_answers_the_same(
    practice: Path, run: Run
) -> None:
    program = (
        f"import sys; sys.modules['_sqlite3'] = None; sys.path.insert(0, {str(ROOT)!r});"
        "from arpc import cli; cli.run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "list"], capture_output=True, text=True, check=False
    )
    told = run("list")
    assert (done.returncode, done.stdout, done.stderr) == told


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name")
@pytest.mark.parametrize("name", [b"C-\xff", b"C-\\udcff", b"C-\\\\"])
def test_a_folder_whose_name_is_no_text_is_remembered_by_a_name_of_its_own(
    desk: Desk, name: bytes
) -> None:
    case = os.fsdecode(name)
    (desk.folder / "cases" / ENGLAND).rename(desk.folder / "cases" / case)
    said = desk.says(case=case)
    assert said == desk.says(case=case) == desk.says(case=case, cached=False)
    memory = recall.Recall(*desk.memory, desk.folder)
    with closing(sqlite3.connect(desk.database())) as opened:
        kept = {row[0] for row in opened.execute("SELECT name FROM known")}
    assert len(kept) == 1
    memory.forget_others([case])
    assert desk.database().exists() and memory.parts(*kept)
    memory.forget([case])
    assert not memory.parts(*kept)
