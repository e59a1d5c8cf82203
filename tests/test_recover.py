"""What a stopped writer left behind is named, and offered back; never printed, never committed, never lost."""

import os
from io import StringIO
from pathlib import Path

import pytest

from arpc import leftovers, starting
from arpc.cli import workspace
from arpc.errors import ArpcError
from tests import sealed
from tests.conftest import SCOTLAND, Run, change
from tests.syscalls import PYTHON, Call, needs_strace, tampered

RECORD = f"cases/{SCOTLAND}/followups/F-04.yaml"
SECRET = "She would rather not say."


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `arpc demo` makes, in which we stand."""
    starting.demo(tmp_path / "practice")
    monkeypatch.chdir(tmp_path / "practice")
    monkeypatch.setenv("ARPC_STAFF", "RD")
    return tmp_path / "practice"


def leave(kept: Path, text: str, record: str = RECORD, *, seconds: int = 10) -> Path:
    """A left-over of a record, so many seconds younger than it."""
    path = kept / record
    left = path.with_name(f".{path.name}.1f2e3d4c.tmp")
    left.write_text(text, "utf-8")
    now = path.stat().st_mtime if path.exists() else 1_780_000_000
    os.utime(left, (now + seconds, now + seconds))
    return left


def written(kept: Path) -> str:
    """The record, with a sentence more."""
    return (kept / RECORD).read_text("utf-8") + f"  {SECRET}\n"


def test_nothing_left_behind_is_said(kept: Path, run: Run) -> None:
    assert run("recover").out == "nothing was left behind\n"


def test_what_nobody_could_miss_is_taken_away_at_once(kept: Path, run: Run) -> None:
    left = leave(kept, (kept / RECORD).read_text("utf-8"))
    memory = kept / "cases" / SCOTLAND / "..arpc.undo.1f2e3d4c.tmp"
    memory.write_text("{")
    ran = run("recover")
    assert ran.code == 0
    assert "F-04.yaml.1f2e3d4c.tmp: the same as what stands there" in ran.out
    assert not left.exists() and not memory.exists()


def test_a_whole_text_is_named_by_what_it_is_and_never_by_what_it_says(
    kept: Path, run: Run
) -> None:
    left = leave(kept, written(kept))
    out = " ".join(run("recover").out.split())
    assert f"{left.stat().st_size} bytes" in out
    assert "a whole text, newer than what stands there; differs in note" in out
    assert "of F-04" in out and "arpc recover --keep NAME" in out
    assert SECRET not in out
    assert left.exists()


def test_one_that_is_older_is_told_so(kept: Path, run: Run) -> None:
    leave(kept, written(kept), seconds=-10)
    assert "older than what stands there" in " ".join(run("recover").out.split())


@pytest.mark.parametrize(
    "name", ["F-04", ".F-04.yaml.1f2e3d4c.tmp", "followups/.F-04.yaml.1f2e3d4c.tmp"]
)
def test_it_is_taken_back_and_that_is_undone(kept: Path, run: Run, name: str) -> None:
    before, text = (kept / RECORD).read_bytes(), written(kept)
    left = leave(kept, text)
    ran = run("recover", "--keep", name)
    assert ran.code == 0, ran.err
    assert f"wrote {RECORD}\nto undo: `arpc undo {SCOTLAND}`\n" in ran.out
    assert (kept / RECORD).read_text("utf-8") == text and not left.exists()
    assert run("undo", SCOTLAND).code == 0
    assert (kept / RECORD).read_bytes() == before
    assert run("undo", SCOTLAND, "--back").code == 0
    assert (kept / RECORD).read_text("utf-8") == text


def test_one_whose_record_is_not_there_becomes_it(kept: Path, run: Run) -> None:
    text = (kept / RECORD).read_text("utf-8").replace("id: F-04", "id: F-05")
    leave(kept, text, RECORD.replace("F-04", "F-05"))
    assert "no such file is there" in " ".join(run("recover", "C-HB").out.split())
    assert run("recover", "C-HB", "--keep", "F-05").code == 0
    assert (kept / RECORD.replace("F-04", "F-05")).read_text("utf-8") == text


def test_one_that_breaks_off_is_not_taken_for_the_record(kept: Path, run: Run) -> None:
    before = (kept / RECORD).read_bytes()
    left = leave(kept, written(kept)[:-20] + '\nnext: "')
    assert "no whole text" in run("recover").out
    ran = run("recover", "--keep", "F-04")
    assert ran.code == 2 and SECRET not in ran.err
    assert (kept / RECORD).read_bytes() == before and left.exists()
    assert run("recover", "--drop", "F-04").code == 0
    assert not left.exists()


def test_what_does_not_keep_to_the_schema_is_not_taken_back(kept: Path, run: Run) -> None:
    before = (kept / RECORD).read_bytes()
    leave(kept, written(kept) + "colour: red\n")
    ran = run("recover", "--keep", "F-04")
    assert ran.code == 2 and "unknown key colour" in ran.err
    assert (kept / RECORD).read_bytes() == before


def test_one_that_is_no_record_cannot_be_kept(kept: Path, run: Run) -> None:
    left = kept / ".register.yaml.1f2e3d4c.tmp"
    left.write_text("register: arpc/1\n")
    ran = run("recover", "--keep", "register")
    assert (ran.code, "belongs to no record" in ran.err) == (2, True)
    assert run("recover", "--drop", "register").code == 0
    assert not left.exists()


def test_a_name_that_is_not_there_or_stands_twice_is_said_with_those_that_are(
    kept: Path, run: Run
) -> None:
    leave(kept, written(kept))
    second = kept / RECORD.replace("F-04.yaml", ".F-04.yaml.00000000.tmp")
    second.write_text(written(kept))
    assert "no such left-over" in run("recover", "--keep", "F-09").err
    twice = run("recover", "--keep", "F-04").err
    assert "2 left-overs are called like that" in twice and ".F-04.yaml.00000000.tmp" in twice


def test_a_left_over_is_never_saved_not_even_under_ignore_rules_of_an_older_arpc(
    kept: Path, run: Run
) -> None:
    (kept / ".gitignore").write_text("out/\n.arpc.lock\n")
    leave(kept, written(kept))
    change(kept / RECORD, "status: draft", "status: draft # still")
    assert run("save", "--offline", "--as", "RD").code == 0
    assert ".tmp" not in run("history", "C-HB").out
    assert ".tmp" not in sealed.git(kept, "ls-files")


KILLED = """
from pathlib import Path
from arpc import writer

path = Path({path!r})
with writer.locked(path.parent.parent):
    writer.replace(path, path.read_text("utf-8") + {more!r})
"""


@needs_strace
def test_what_a_killed_writer_had_on_the_disk_comes_back_to_the_last_letter(
    kept: Path, run: Run
) -> None:
    before, text = (kept / RECORD).read_text("utf-8"), written(kept)
    program = KILLED.format(path=str(kept / RECORD), more=f"  {SECRET}\n")
    rename = Call("rename", 1, "")
    assert tampered([*PYTHON, "-c", program], kept, os.environ, rename, "signal=KILL").code != 0
    assert (kept / RECORD).read_text("utf-8") == before
    assert run("doctor").code == 1
    assert run("recover", "--keep", "F-04").code == 0
    assert (kept / RECORD).read_text("utf-8") == text
    assert run("recover").out == "nothing was left behind\n"


def test_a_writer_that_is_at_work_just_now_keeps_its_file(kept: Path, run: Run) -> None:
    left = leave(kept, (kept / RECORD).read_text("utf-8"))
    [found] = leftovers.find(kept)
    left.write_text(written(kept))
    with pytest.raises(ArpcError, match="changed meanwhile"):
        leftovers.drop(found)
    left.unlink()
    leftovers.drop(found)  # they have given it its name by now


@pytest.mark.parametrize("answer", ["keep", "k", "drop", "d", "leave", ""])
def test_on_a_terminal_each_is_asked_about(
    kept: Path, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    before, text = (kept / RECORD).read_text("utf-8"), written(kept)
    left = leave(kept, text)
    monkeypatch.setattr(workspace, "is_interactive", lambda: True)
    monkeypatch.setattr("sys.stdin", StringIO(f"{answer}\n"))
    assert run("recover").code == 0
    assert left.exists() == (answer in ("leave", ""))
    assert (kept / RECORD).read_text("utf-8") == (text if answer[:1] == "k" else before)


def test_nothing_plain_is_written_into_a_case_that_is_locked(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = sealed.practice(tmp_path / "practice", Path(os.environ["HOME"]))
    monkeypatch.chdir(shut)
    text = (shut / RECORD).read_text("utf-8") + f"  {SECRET}\n"
    assert run("lock").code == 0
    locked = (shut / RECORD).read_bytes()
    left = leave(shut, text)
    ran = run("recover", "--keep", "F-04")
    assert ran.code == 2 and "is locked here" in ran.err
    assert (shut / RECORD).read_bytes() == locked and left.exists()


def test_beside_what_is_signed_of_access_a_left_over_is_dropped_and_no_lock_is_laid(
    kept: Path, run: Run
) -> None:
    folder = kept / "access" / SCOTLAND
    folder.mkdir(parents=True)
    (folder / ".0002.txt.1f2e3d4c.tmp").write_text("number: 2\n")
    assert run("recover", "--drop", "0002").code == 0
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_that_is_called_like_a_left_over_holds_nobody_up(kept: Path, run: Run) -> None:
    left = (kept / RECORD).with_name(".F-04.yaml.1f2e3d4c.tmp")
    os.mkfifo(left)
    assert "no whole text" in run("recover").out
    assert run("recover", "--keep", "F-04").code == 2
    assert run("recover", "--drop", "F-04").code == 0


def test_an_entry_of_the_access_log_that_nobody_signed_is_taken_away_unless_git_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    folder = sealed.practice(tmp_path / "practice", Path(os.environ["HOME"]))
    monkeypatch.chdir(folder)
    kept = sorted((folder / "access" / "people").glob("*.txt"))[-1]
    signature = kept.with_name(f"{kept.name}.sig")
    stopped = kept.with_name("0004.txt")
    stopped.write_bytes(kept.read_bytes())
    listed = run("access", "list", SCOTLAND)
    assert (listed.code, "0004.txt has no signature" in listed.err) == (2, True)
    assert "arpc recover" in listed.err
    assert "0004.txt: an entry that nobody signed" in run("recover").out
    assert not stopped.exists()
    assert run("access", "list", SCOTLAND).code == 0
    signature.unlink()  # git has both, and brings them back
    assert run("recover").out == "nothing was left behind\n"
    assert kept.exists()
