"""The last thing that a command wrote in a case is taken back, and brought back; nothing is lost by it."""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from arpc import practising, undoing, writer
from arpc.cli import commands
from arpc.errors import ArpcError
from arpc.sealing.form import Key
from tests.conftest import ENGLAND, SCOTLAND, Run
from tests.test_attach import everything


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The English case of a practice folder, in which we stand."""
    practising.copy(tmp_path / "practice")
    folder = tmp_path / "practice/cases" / ENGLAND
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ARPC_STAFF", "LK")
    return folder


def write(case: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str) -> None:
    """Let `arpc edit` open an editor that adds a line at the end of a file."""
    script = case.parent.parent / "editor.sh"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "{line}" >> "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))


WRITES = {
    "add": ["add", "session", "with=child", "who=P-03"],
    "amend": ["amend", "N-004", "--what", "She said it twice.", "--why", "Left out."],
    "attach": ["attach", "drawing.png", "--to", "N-004", "--what", "Three houses"],
    "answer": [
        *("answer", "supervision-to-hold", "--reason", "JM was ill.", "--agreed-by", "AS"),
        *("--today", "2026-07-08"),
    ],
    "move": [
        *("move", "K-04", "--to", SCOTLAND, "--why", "Filed in the wrong case."),
        *("--id", "P-02=P-02", "--id", "P-04=P-03"),
    ],
    "link": ["link", SCOTLAND, "--how", "same_man", "--why", "Born the same day."],
    "finish": ["finish", "V-07", "--as", "JM"],
}


@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
def test_what_was_written_is_taken_back_to_the_letter_and_brought_back(
    case: Path, run: Run, words: list[str]
) -> None:
    cases = case.parent
    (case / "drawing.png").write_bytes(b"a hen")
    if words[0] == "finish":
        text = (case / "supervision/V-06.yaml").read_text()
        text = text.replace("id: V-06", "id: V-07").replace("status: final", "status: draft")
        (case / "supervision/V-07.yaml").write_text(text)
    before = everything(cases)
    done = run(*words)
    assert done.code == 0, done.err
    after = everything(cases)
    changed = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    told = {
        line.partition(" ")[2] for line in done.out.splitlines() if line[:4] in ("wrot", "remo")
    }
    here = f"{case.as_posix()}/"
    assert told == {path.as_posix().removeprefix(here) for path in changed}
    assert "to undo: `arpc undo`\n" in done.out
    undone = run("undo")
    assert undone.code == 0, undone.err
    assert everything(cases) == before
    assert "to bring it back: `arpc undo --back`\n" in undone.out
    assert "was undone already" in run("undo").err
    assert everything(cases) == before
    assert run("undo", "--back").out.startswith("brought back `arpc ")
    assert everything(cases) == after
    assert run("undo", "--back").code == 2
    assert run("undo").code == 0
    assert everything(cases) == before


def test_what_was_typed_in_the_editor_is_taken_back_too(
    case: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "supervision")
    before = everything(case)
    write(case, monkeypatch, "V-07", "# a thought")
    assert "wrote supervision/V-07.yaml\nto undo: `arpc undo`\n" in run("edit", "V-07").out
    assert everything(case) != before
    assert run("undo").code == 0
    assert everything(case) == before


def test_where_nothing_was_written_nothing_is_told_and_nothing_kept(
    case: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "supervision")
    monkeypatch.setenv("EDITOR", "true")
    assert "wrote" not in run("edit", "V-07").out
    assert run("undo").out.startswith("undid `arpc add supervision` of 2026-06-10")


def test_a_file_that_was_changed_since_is_left_alone(case: Path, run: Run) -> None:
    run("add", "supervision")
    (case / "supervision/V-07.yaml").open("a").write("# mine\n")
    before = everything(case)
    ran = run("undo")
    assert (ran.code, everything(case)) == (2, before)
    assert "supervision/V-07.yaml was changed since `arpc add supervision`" in ran.err


def test_what_was_saved_is_history(case: Path, run: Run) -> None:
    root = case.parent.parent
    git = ["git", "-C", str(root), "-c", "user.name=LK", "-c", "user.email=lk@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    run("amend", "N-004", "--what", "She said it twice.", "--why", "Left out.")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "amended"], check=True)
    ran = run("undo")
    assert ran.code == 2
    assert "was saved since `arpc amend N-004`" in ran.err


def test_undoing_back_to_what_is_committed_can_itself_be_undone(case: Path, run: Run) -> None:
    root = case.parent.parent
    git = ["git", "-C", str(root), "-c", "user.name=LK", "-c", "user.email=lk@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "before"], check=True)
    run("amend", "N-004", "--what", "She said it twice.", "--why", "Left out.")
    after = everything(case)
    assert run("undo").code == 0
    assert run("undo", "--back").code == 0
    assert everything(case) == after


@pytest.mark.parametrize(
    "name",
    ["/etc/hosts", "../../service.yaml", "../C-1/case.yaml", "../../../x", "a/b/c", "sessions/.x"],
)
def test_a_file_that_somebody_sent_cannot_lead_out_of_the_cases(
    case: Path, run: Run, name: str
) -> None:
    kept = {"command": "add x", "at": "", "is_undoing": False, "is_done": True}
    kept |= {"files": [[name, "", [""]]], "earlier": None}
    (case / undoing.FILE).write_text(json.dumps(kept))
    ran = run("undo")
    assert (ran.code, "names files outside the cases" in ran.err) == (2, True)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": [[1]]}', '{"files": [["a", "*", ""]]}'])
def test_a_damaged_memory_is_said_and_nothing_is_changed(case: Path, run: Run, text: str) -> None:
    (case / undoing.FILE).write_text(text)
    before = everything(case)
    ran = run("undo")
    assert (ran.code, everything(case)) == (2, before)
    assert "cannot be relied on" in ran.err


def test_nothing_to_undo(case: Path, run: Run) -> None:
    assert "there is nothing to undo in this case" in run("undo").err


READING = {
    *("validate", "explain", "due", "due-followups", "show", "find", "list", "status", "diff"),
    *("history", "timeline", "genogram", "trace", "alike", "render-report", "verify"),
}
"""Commands that change no record; `undo` is how the others are undone."""
WHOLE_FOLDERS = {"demo", "init", "new-case"}
HISTORY = {"save"}
SEALS = set(commands.GROUPS["Keep"])
"""Commands about keys, signatures and the end of a case; each says itself how it is undone, if it can be."""


def test_every_command_that_writes_in_a_case_can_be_undone() -> None:
    named = {name for names in commands.GROUPS.values() for name in names}
    others = {"edit", "confirm", "renumber", "issue-report", "undo"}
    others |= {"sign", "return"}  # in tests/test_signing.py
    assert named == READING | WHOLE_FOLDERS | HISTORY | SEALS | WRITES.keys() | others


def test_several_are_finished_at_once_and_what_lacks_something_holds_up_no_other(
    case: Path, run: Run
) -> None:
    run("add", "person", "name=Asha Rao", "roles=professional")
    run("add", "supervision")
    before = everything(case)
    ran = run("finish", "P-10", "V-07", "--as", "JM")
    assert ran.code == 1
    assert "P-10 is final" in ran.out and "V-07 was not finished" in ran.out
    assert run("undo").code == 0
    assert everything(case) == before


NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


def killed(case: Path, command: str, *names: str, is_undoing: bool = False) -> None:
    """Leave what a command leaves that is killed after it has changed the first of some records."""
    with undoing.keeping(case, command, NOON, is_undoing=is_undoing):
        for name in names[1:]:
            writer.announce(case / name, b"what it would have written\n")
        writer.replace(case / names[0], "what it has written\n")
        memory = (case / undoing.FILE).read_bytes()
    (case / undoing.FILE).write_bytes(memory)


def test_a_command_that_was_killed_half_way_is_undone(case: Path, run: Run) -> None:
    before = everything(case)
    killed(case, "finish V-06", "supervision/V-06.yaml", "finished.yaml")
    assert everything(case) != before
    assert run("undo").out.startswith("undid `arpc finish V-06`")
    assert everything(case) == before


def test_what_is_committed_and_was_not_changed_yet_is_not_in_the_way(case: Path, run: Run) -> None:
    root = case.parent.parent
    git = ["git", "-C", str(root), "-c", "user.name=LK", "-c", "user.email=lk@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "before"], check=True)
    before = everything(case)
    killed(case, "finish V-06", "supervision/V-06.yaml", "finished.yaml")
    assert run("undo").code == 0
    assert everything(case) == before


def test_one_that_was_killed_before_it_changed_anything_leaves_the_last_to_be_undone(
    case: Path, run: Run
) -> None:
    assert run("add", "supervision").code == 0
    with undoing.keeping(case, "finish V-06", NOON):
        writer.announce(case / "supervision/V-06.yaml", b"what it would have written\n")
        memory = (case / undoing.FILE).read_bytes()
    (case / undoing.FILE).write_bytes(memory)
    assert run("undo").out.startswith("undid `arpc add supervision`")


def test_one_that_was_killed_before_it_changed_anything_is_nothing_to_undo(
    case: Path, run: Run
) -> None:
    with undoing.keeping(case, "finish V-06", NOON):
        writer.announce(case / "supervision/V-06.yaml", b"what it would have written\n")
        memory = (case / undoing.FILE).read_bytes()
    (case / undoing.FILE).write_bytes(memory)
    assert "there is nothing to undo" in run("undo").err


def test_what_was_typed_before_the_terminal_was_closed_is_taken_back(case: Path, run: Run) -> None:
    before = everything(case)
    path = case / "supervision/V-06.yaml"
    with undoing.keeping(case, "edit V-06", NOON):
        writer.announce(path)
        memory = (case / undoing.FILE).read_bytes()
        path.write_text("# typed\n")
        writer.replace(path, "# typed\n# numbered\n")
        later = (case / undoing.FILE).read_bytes()
    for kept in (memory, later):
        (case / undoing.FILE).write_bytes(kept)
        assert run("undo").code == 0
        assert everything(case) == before
        assert run("undo", "--back").code == 0
        assert path.read_text() == "# typed\n# numbered\n"


def test_an_undo_that_was_killed_half_way_is_brought_back_first(case: Path, run: Run) -> None:
    before = everything(case)
    killed(case, "undo of finish V-06", "supervision/V-06.yaml", "finished.yaml", is_undoing=True)
    assert "was being undone, and that was stopped half-way" in run("undo").err
    assert run("undo", "--back").out.startswith("brought back `arpc finish V-06`")
    assert everything(case) == before


def test_a_command_that_fails_before_it_changes_anything_leaves_the_memory_as_it_was(
    case: Path, run: Run
) -> None:
    def fail() -> None:
        with undoing.keeping(case, "add session", NOON):
            writer.create(case / "sessions/N-004.yaml", "session: arpc/1\n")

    with pytest.raises(ArpcError, match="such a file already"):
        fail()
    assert not (case / undoing.FILE).exists()
    run("add", "supervision")
    memory = (case / undoing.FILE).read_bytes()
    with pytest.raises(ArpcError, match="such a file already"):
        fail()
    assert (case / undoing.FILE).read_bytes() == memory


def test_a_command_that_fails_half_way_is_undone(case: Path, run: Run) -> None:
    before = everything(case)
    with pytest.raises(ArpcError), undoing.keeping(case, "move N-004", NOON):
        writer.remove(case / "sessions/N-005.yaml")
        writer.create(case / "sessions/N-004.yaml", "session: arpc/1\n")
    assert run("undo").code == 0
    assert everything(case) == before


def test_of_two_commands_at_once_the_one_that_ends_last_is_undone(case: Path, run: Run) -> None:
    with undoing.keeping(case, "edit V-06", NOON):
        writer.announce(case / "supervision/V-06.yaml")
        (case / "supervision/V-06.yaml").write_text("# typed\n")
        with undoing.keeping(case, "edit V-05", NOON):
            writer.announce(case / "supervision/V-05.yaml")
            (case / "supervision/V-05.yaml").write_text("# typed\n")
    assert run("undo").out.startswith("undid `arpc edit V-06`")


def test_what_another_command_is_in_the_middle_of_stays_kept(case: Path, run: Run) -> None:
    with undoing.keeping(case, "edit V-06", NOON):
        writer.announce(case / "supervision/V-06.yaml")
        (case / "supervision/V-06.yaml").write_text("# typed\n")
        killed(case, "finish V-05", "supervision/V-05.yaml", "finished.yaml")
    assert run("undo").out.startswith("undid `arpc finish V-05`")


def test_a_damaged_memory_gives_way(case: Path, run: Run) -> None:
    with undoing.keeping(case, "edit V-06", NOON):
        writer.announce(case / "supervision/V-06.yaml")
        (case / "supervision/V-06.yaml").write_text("# typed\n")
        (case / undoing.FILE).write_text("{")
    assert run("undo").out.startswith("undid `arpc edit V-06`")


def test_what_git_keeps_locked_cannot_be_compared(case: Path, run: Run) -> None:
    root = case.parent.parent
    git = ["git", "-C", str(root), "-c", "user.name=LK", "-c", "user.email=lk@example.org"]
    run("amend", "N-004", "--what", "She said it twice.", "--why", "Left out.")
    path = case / "sessions/N-004.yaml"
    text = path.read_bytes()
    path.write_bytes(Key(case.name, 1, bytes(32)).seal(text))
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "locked"], check=True)
    path.write_bytes(text)
    assert "what git has of this case is locked" in run("undo").err


def test_what_another_command_wrote_meanwhile_is_not_undone_with_it(case: Path, run: Run) -> None:
    with undoing.keeping(case, "finish V-06", NOON):
        writer.replace(case / "supervision/V-06.yaml", "ours\n")
        (case / "supervision/V-06.yaml").write_text("theirs\n")
    assert "V-06.yaml was changed since `arpc finish V-06`" in run("undo").err
    assert (case / "supervision/V-06.yaml").read_text() == "theirs\n"


def test_a_disk_that_is_full_at_the_last_moment_leaves_what_was_kept_on_the_way(
    case: Path, run: Run
) -> None:
    before = everything(case)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.MonkeyPatch.context() as patched,
        undoing.keeping(case, "finish V-05", NOON) as changes,
    ):
        writer.replace(case / "supervision/V-05.yaml", "ours\n")
        patched.setattr(os, "fsync", full)
    assert [change.name for change in changes] == ["supervision/V-05.yaml"]
    assert run("undo").out.startswith("undid `arpc finish V-05`")
    assert everything(case) == before


def test_a_command_that_writes_nothing_leaves_nothing(case: Path) -> None:
    with undoing.keeping(case, "finish V-06", NOON) as changes:
        pass
    assert changes == []
    assert not (case / undoing.FILE).exists()
