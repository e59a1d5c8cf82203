"""What is written is kept in real git, told in ids alone; and a practice folder that has a history."""

import os
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from filelock import FileLock

from arpc import bounds, gitfaults, gitrepo, gitrun, history, starting, writer
from arpc.errors import ArpcError
from arpc.records import Session
from tests.conftest import ENGLAND, ROOT, SCOTLAND, Run, change
from tests.sealed import commit_by_hand, folders_without_end
from tests.syscalls import PYTHON, needs_strace
from tests.test_history import git

NOTHING = "all that is written here is saved\n"
PRACTICE = "practice folder: invented people; today is 2026-06-10\n"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `arpc demo` makes, in which we stand as Leila Kassar."""
    starting.demo(tmp_path / "practice")
    monkeypatch.chdir(tmp_path / "practice")
    monkeypatch.setenv("ARPC_STAFF", "LK")
    return tmp_path / "practice"


def test_drafts_changes_and_what_is_gone_are_kept_and_named_by_their_ids(
    demo: Path, run: Run
) -> None:
    run("add", "session", "with=child", "who=P-03", "-c", "C-FK")
    case = demo / "cases" / ENGLAND
    change(case / "people/P-02.yaml", "name: Carly Whitham", "name: Carly Ann Whitham")
    (demo / "cases" / SCOTLAND / "followups/F-04.yaml").unlink()
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    ran = run("save")
    assert ran.code == 0
    assert ran.out.splitlines()[:-1] == [
        f"  {ENGLAND}: P-02 changed; N-015 new",
        f"  {SCOTLAND}: F-04 gone",
        "  service: service.yaml changed",
    ]
    assert f"~1 -- cases/{SCOTLAND}/followups/F-04.yaml` brings it back" in ran.err
    shown = git(demo, "show", "--no-patch", "--format=%s|%b|%an|%ae|%cs")
    assert shown.endswith("|Leila Kassar|leila.kassar@example.org|2026-06-10")
    assert "Carly" not in git(demo, "log", "--all", "--format=%B")
    assert git(demo, "status", "--porcelain") == ""
    assert run("save").out == NOTHING


def test_what_stands_in_the_history_is_what_is_read_of_the_day(demo: Path, run: Run) -> None:
    run("add", "person", "name=Nana Osei", "-c", "C-FK")
    run("save")
    assert run("diff", "C-FK", "--since", "2026-06-10").out.endswith(
        f"nothing has changed in {ENGLAND} since 2026-06-10\n"
    )
    assert "Nana Osei" in run("diff", "C-FK", "--since", "yesterday").out


def test_what_has_no_place_here_is_named_and_left_out(demo: Path, run: Run) -> None:
    letter = f"cases/{ENGLAND}/documents/Ruby Osei letter.pdf"
    names = (
        letter,
        "notes.txt",
        "people/P-10.yml",
        "sessions/N-Ruby.yaml",
        "documents/D-01-Ruby.pdf",
    )
    for name in (n if n in (letter, "notes.txt") else f"cases/{ENGLAND}/{n}" for n in names):
        (demo / name).write_text("x")
    kept = demo / "cases" / ENGLAND / "documents/D-01-1.pdf"
    kept.write_text("x")
    ran = run("save")
    assert ran.out.startswith(f"  {ENGLAND}: D-01-1.pdf new\n")
    assert ran.err.count("note: left out, since nothing of that name belongs here: ") == 5
    assert letter in ran.err
    assert len(git(demo, "ls-files", "--others").splitlines()) == 5
    assert run("save").out == "all else that is written here is saved\n"


@pytest.mark.parametrize("where", ["the computer's", "the clone's", "the service's"])
def test_a_record_that_git_is_told_to_ignore_is_kept_all_the_same(
    demo: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    rules = {
        "the computer's": tmp_path / "config" / "git" / "ignore",
        "the clone's": demo / ".git" / "info" / "exclude",
        "the service's": demo / ".gitignore",
    }[where]
    rules.parent.mkdir(parents=True, exist_ok=True)
    with rules.open("a") as stream:
        stream.write("\n*.pdf\nsessions/\n.vscode/\n*.typ\n")
    (demo / ".vscode" / "launch.json").write_text("{}")
    (demo / "templates").mkdir(exist_ok=True)
    (demo / "templates" / "own.typ").write_text("x")
    run("add", "session", "with=child", "who=P-03", "-c", "C-FK")
    (demo / "cases" / ENGLAND / "documents" / "D-01-1.pdf").write_text("x")
    (demo / "cases" / ENGLAND / "out").mkdir()
    (demo / "cases" / ENGLAND / "out" / "draft.pdf").write_text("x")
    assert "not saved yet: D-01-1.pdf, N-015 new: `arpc save`\n" in run("status", "C-FK").out
    ran = run("save")
    assert (ran.code, ran.err) == (0, PRACTICE)
    assert ran.out.startswith(f"  {ENGLAND}: D-01-1.pdf, N-015 new\n")
    kept = git(demo, "ls-files").splitlines()
    assert {f"cases/{ENGLAND}/documents/D-01-1.pdf", f"cases/{ENGLAND}/sessions/N-015.yaml"} <= {
        *kept
    }
    assert not [name for name in kept if "launch" in name or "own.typ" in name or "/out/" in name]
    assert run("save").out == NOTHING


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_is_told_not_to_look_at_is_named_and_never_called_saved(
    demo: Path, run: Run, mark: str
) -> None:
    record = f"cases/{ENGLAND}/people/P-02.yaml"
    git(demo, "update-index", mark, record)
    change(demo / record, "name: Carly Whitham", "name: Carly Ann Whitham")
    ran = run("save")
    assert ran.code == 2
    assert f"arpc: error: git is told not to look at {record}\n" in ran.err
    assert f"git is told not to look at {record}" in run("status", "C-FK").err
    [remedy] = re.findall(r"`git (.*?)`", ran.err)
    git(demo, *remedy.split())
    assert run("save").out.startswith(f"  {ENGLAND}: P-02 changed\n")


def test_what_is_left_out_of_the_work_tree_on_purpose_is_not_looked_for(
    demo: Path, run: Run
) -> None:
    git(demo, "sparse-checkout", "set", "--no-cone", "/*", f"!/cases/{SCOTLAND}/")
    assert not (demo / "cases" / SCOTLAND).exists()
    assert run("save").out == NOTHING
    assert f"cases/{SCOTLAND}/case.yaml" in git(demo, "ls-files")


def test_a_case_that_is_a_repository_of_its_own_is_named(demo: Path, run: Run) -> None:
    made = demo / "cases" / "C-7QK2M4TX"
    made.mkdir()
    (made / "case.yaml").write_text("x")
    git(made, "init", "-q")
    ran = run("save")
    assert "it is a git repository of its own: cases/C-7QK2M4TX/; take away its .git\n" in ran.err
    assert ran.out == "all else that is written here is saved\n"


def test_what_the_user_staged_besides_is_not_taken_along(demo: Path, run: Run) -> None:
    (demo / "notes.txt").write_text("x")
    git(demo, "add", "notes.txt")
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    run("save")
    assert git(demo, "show", "--name-only", "--format=") == "service.yaml"
    assert git(demo, "diff", "--cached", "--name-only") == "notes.txt"


def test_an_editors_git_is_waited_for(
    demo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = demo / ".git" / "index.lock"
    monkeypatch.setattr(time, "sleep", lambda _: lock.unlink(missing_ok=True))  # it ends meanwhile
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    lock.touch()
    assert run("save").code == 0
    assert git(demo, "status", "--porcelain") == ""


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_what_is_to_be_deleted_after_a_crash_is_named(
    demo: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    git(demo, "branch", "-M", "main")
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    (demo / ".git" / name).touch()
    ran = run("save")
    assert (ran.code, "git is at work here already" in ran.err) == (2, True)
    assert f"after a crash, delete .git/{name}\n" in ran.err


@pytest.mark.parametrize("left", [None, b"", bytes(41), b"1" * 40 + b"\n"])
def test_a_history_whose_end_a_power_cut_took_is_not_begun_anew(
    demo: Path, run: Run, left: bytes | None
) -> None:
    git(demo, "branch", "-M", "main")
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    branch = demo / ".git/refs/heads/main"
    branch.unlink() if left is None else branch.write_bytes(left)
    ran = run("save")
    assert (ran.code, "git's history here is damaged" in ran.err) == (2, True), ran.err
    assert not branch.exists() if left is None else branch.read_bytes() == left
    assert "note_days: 2" in (demo / "service.yaml").read_text()


@pytest.mark.parametrize(
    ("key", "value", "said", "do"),
    [
        ("core.bare", "true", "for one without files", "git config core.bare false"),
        ("core.repositoryFormatVersion", "9", "in a way that git here does not know", "newest git"),
        ("extensions.unheardOf", "1", "in a way that git here does not know", "newest git"),
        ("core.compression", "much", "a setting of git cannot be read", "git status"),
    ],
)
def test_a_setting_that_keeps_git_from_saving_is_told(
    demo: Path, run: Run, key: str, value: str, said: str, do: str
) -> None:
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    git(demo, "config", "core.repositoryFormatVersion", "1")
    git(demo, "config", key, value)
    ran = run("save")
    assert (ran.code, said in ran.err, do in ran.err) == (2, True, True), ran.err


def test_a_day_that_git_does_not_know_is_told(demo: Path, run: Run) -> None:
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    ran = run("save", "--today", "1900-01-01")
    assert (ran.code, "git keeps no commit of such a day" in ran.err) == (2, True), ran.err


def test_records_are_never_saved_in_another_repository(
    demo: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git tells its hooks and aliases which repository they are about, and so do some people's shells."""
    other = tmp_path / "dotfiles"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "objects"))
    monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
    assert run("save").code == 0
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.delenv(name)
    assert git(demo, "show", "--name-only", "--format=") == "service.yaml"
    assert not list((other / ".git/objects").glob("??"))


@pytest.fixture
def in_tables(demo: Path, run: Run) -> Path:
    """The practice folder as newer versions of git keep one: its branches in tables, under longer names."""
    shutil.rmtree(demo / ".git")
    words = ["git", "init", "-q", "--ref-format=reftable", "--object-format=sha256", str(demo)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("this git knows no tables of branches")
    assert run("save").code == 0
    return demo


def test_a_service_is_kept_as_well_in_tables(in_tables: Path, run: Run) -> None:
    change(in_tables / "service.yaml", "note_days: 3", "note_days: 2")
    assert run("save").code == 0
    assert git(in_tables, "show", "--name-only", "--format=") == "service.yaml"
    ran = run("history", ENGLAND)
    assert (ran.code, "N-004" in ran.out) == (0, True)


@pytest.mark.parametrize("names", ["sha1", "sha256"])
def test_what_is_staged_before_anything_is_saved_is_known(demo: Path, names: str) -> None:
    shutil.rmtree(demo / ".git")
    git(demo, "init", "-q", f"--object-format={names}")
    git(demo, "add", "service.yaml")
    assert gitrepo.staged_files(demo) == ["service.yaml"]


def test_a_lock_on_tables_is_named(
    in_tables: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    change(in_tables / "service.yaml", "note_days: 3", "note_days: 2")
    (in_tables / ".git/reftable/tables.list.lock").touch()
    ran = run("save")
    assert (ran.code, "git is at work here already" in ran.err) == (2, True)
    assert "delete .git/reftable/tables.list.lock" in ran.err


@pytest.mark.parametrize("left", [None, b"", bytes(60)])
@pytest.mark.parametrize("which", ["tables.list", "*.ref"])
def test_tables_that_a_power_cut_took_are_not_begun_anew(
    in_tables: Path, run: Run, which: str, left: bytes | None
) -> None:
    change(in_tables / "service.yaml", "note_days: 3", "note_days: 2")
    for path in (in_tables / ".git/reftable").glob(which):
        path.unlink() if left is None else path.write_bytes(left)
    ran = run("save")
    assert (ran.code, "git's history here is damaged" in ran.err) == (2, True), ran.err


def test_git_speaks_english_to_us_whatever_the_computer_speaks(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "de:fr")
    told = gitrun.text(demo, "-c", "alias.told=!printenv LANGUAGE", "told")
    assert told.strip() == "en"


def test_a_file_that_an_editor_is_writing_is_asked_for_again() -> None:
    said = b"error: short read while indexing cases/C-FK6SY95T/case.yaml\nerror: unable to index\n"
    assert gitfaults.is_disturbed(said)
    found = gitfaults.reason(said)
    assert found and str(found) == "a file is being written by another program"


def test_a_file_that_is_again_as_it_was_before_git_came_to_it_is_saved_already(demo: Path) -> None:
    before = git(demo, "rev-parse", "HEAD")
    at = datetime(2026, 6, 10, 12, tzinfo=UTC)
    made = gitrepo.commit(demo, ["service.yaml"], "service: changed", ("LK", "lk@x.org"), at)
    assert made.id == before == git(demo, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    "files",
    ['{"../precious": ""}', '{"../precious": "%s"}', '{".git/config": "%s"}', "[]", "{", ""],
)
def test_what_a_folder_says_of_a_save_that_was_stopped_leads_nowhere_else(
    demo: Path, run: Run, files: str
) -> None:
    """A folder that somebody sent may say anything of what is to be put back."""
    precious = demo.parent / "precious"
    precious.write_text("precious\n")
    digest = sha256(precious.read_bytes()).hexdigest()
    told = files % digest if "%s" in files else files
    note = demo / ".git/arpc/saving"
    note.parent.mkdir(exist_ok=True)
    head = git(demo, "rev-parse", "HEAD")
    note.write_text(f'{{"at": "{head}", "theirs": "", "files": {told}}}')
    assert run("save").code == 0
    assert precious.read_text() == "precious\n" and not note.exists()


def test_no_command_saves_while_another_does(
    demo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_PATIENCE", 0.1)
    with FileLock(demo / ".git" / writer.LOCK):
        ran = run("save")
    assert (ran.code, "another command is saving here" in ran.err) == (2, True)


@needs_strace
@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        ("write", "ENOSPC", "git has no room left to write"),
        ("openat", "ENOSPC", "git has no room left to write"),
        ("openat", "EDQUOT", "git has no room left to write"),
        ("openat", "EROFS", "git may not write here"),
        ("openat", "EACCES", "git may not read or write here"),
        ("openat", "EEXIST", "git is at work here already"),
        ("fsync", "EIO", "the disk fails under git"),
    ],
)
def test_why_git_cannot_write_is_told(demo: Path, call: str, error: str, said: str) -> None:
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    lock = demo / ".git" / "index.lock"
    inject = ("-e", f"inject={call}:error={error}", "-P", str(lock), "-o", os.devnull)
    around = {**os.environ, "PYTHONPATH": str(ROOT), "ARPC_TODAY": "2026-06-10"}
    done = subprocess.run(
        ["strace", "-f", *inject, *PYTHON, "-m", "arpc", "save"],
        env=around,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, f"arpc: error: {said}\n" in done.stderr) == (2, True), done.stderr
    assert not lock.exists()
    assert git(demo, "status", "--porcelain") == "M service.yaml"


@needs_strace
def test_a_disk_that_is_full_when_all_but_the_last_word_is_written(demo: Path) -> None:
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    before = git(demo, "rev-parse", "HEAD")
    branch = git(demo, "rev-parse", "--symbolic-full-name", "HEAD")
    lock = demo / ".git" / f"{branch}.lock"
    inject = ("-e", "inject=write:error=ENOSPC", "-P", str(lock), "-o", os.devnull)
    around = {**os.environ, "PYTHONPATH": str(ROOT), "ARPC_TODAY": "2026-06-10"}
    words = ["strace", "-f", *inject, *PYTHON, "-m", "arpc", "save"]
    done = subprocess.run(words, env=around, capture_output=True, text=True, check=False)
    assert (done.returncode, "arpc: error: git could not write\n" in done.stderr) == (2, True)
    assert git(demo, "rev-parse", "HEAD") == before and not lock.exists()


@needs_strace
def test_what_is_saved_in_a_clone_is_on_the_disk(demo: Path, tmp_path: Path) -> None:
    """Of itself git leaves what it has just made to the system, and a power cut leaves empty files."""
    clone, log = tmp_path / "clone", tmp_path / "log"
    git(tmp_path, "clone", "-q", str(demo), str(clone))
    change(clone / "service.yaml", "note_days: 3", "note_days: 2")
    traced = ("strace", "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", str(log))
    around = {**os.environ, "PYTHONPATH": str(ROOT), "ARPC_TODAY": "2026-06-10"}
    save = (*PYTHON, "-m", "arpc", "save", "--offline")
    subprocess.run((*traced, *save), env=around, cwd=clone, check=True, capture_output=True)
    flushed = log.read_text("utf-8", "replace")
    assert flushed.count("/.git/objects/") == 3  # the file, its folder, and the commit
    assert "/.git/refs/heads/main.lock" in flushed


MEASURED = """
import os, sys
if os.fork():
    sys.exit(f"{os.wait3(0)[2].ru_maxrss // 1024} MB")
from arpc import cli
cli.run()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing bounds a process's memory")
@pytest.mark.parametrize(
    "words", [("save",), ("history", "C-FK"), ("validate", "--staged")], ids=" ".join
)
def test_a_history_without_end_is_given_up_soon(demo: Path, words: tuple[str, ...]) -> None:
    commit_by_hand(demo, "040000", folders_without_end(demo), f"cases/{ENGLAND}/sessions")
    around = {**os.environ, "PYTHONPATH": str(ROOT), "ARPC_TODAY": "2026-06-10"}
    done = subprocess.run(
        [*PYTHON, "-c", MEASURED, *words], env=around, cwd=demo, capture_output=True, text=True
    )
    assert "git's history here holds more than can be listed" in done.stderr
    assert int(done.stderr.splitlines()[-1].removesuffix(" MB")) < 200


def test_where_no_memory_is_bounded_a_history_is_counted_before_it_is_listed(
    demo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "HOLD", False)
    commit_by_hand(demo, "040000", folders_without_end(demo), f"cases/{ENGLAND}/sessions")
    ran = run("save")
    assert (ran.code, "more than can be listed" in ran.err) == (2, True), ran.err
    assert run("validate").code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing bounds a process's memory")
def test_a_long_history_that_has_an_end_gets_more_memory(
    demo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gitrun, "_FOR_A_LIST", bounds.MEGABYTE)  # too little even for the examples
    assert run("history", "C-FK").code == 0


def test_git_that_takes_too_long_is_told_to_end_and_leaves_no_lock(demo: Path) -> None:
    (demo / ".gitattributes").write_text("*.md filter=slow\n")
    (demo / "slow.md").write_text("a text that takes long\n")
    slow = ("-c", "filter.slow.clean=sleep 5; cat", "add", "slow.md")
    with pytest.raises(ArpcError, match="git did not answer"):
        gitrun.ask(demo, *slow, seconds=1)
    assert not (demo / ".git/index.lock").exists()


def test_what_is_staged_and_gone_or_staged_as_gone_and_there_is_saved_as_it_is(
    demo: Path, run: Run
) -> None:
    """As an editor's buttons leave it, or a save that failed after git had taken the files in."""
    new, kept = (demo / f"cases/{ENGLAND}/sessions" / name for name in ("N-015.yaml", "N-001.yaml"))
    new.write_bytes(kept.read_bytes())
    git(demo, "add", str(new))
    new.unlink()
    ran = run("save")
    assert (ran.code, ran.err) == (0, "practice folder: invented people; today is 2026-06-10\n")
    git(demo, "rm", "-q", "--cached", str(kept))
    assert run("save").code == 0
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    git(demo, "rm", "-q", "--cached", str(kept))
    ran = run("save")
    assert "  C-FK6SY95T: N-001 changed" in ran.out and "service: service.yaml changed" in ran.out
    assert git(demo, "show", "--name-only", "--format=") == "service.yaml"
    assert git(demo, "status", "--porcelain") == ""


def test_a_record_that_git_was_told_to_move_or_remove_is_saved_so(demo: Path, run: Run) -> None:
    sessions = f"cases/{ENGLAND}/sessions"
    git(demo, "mv", f"{sessions}/N-001.yaml", f"{sessions}/N-020.yaml")
    git(demo, "rm", "-q", f"{sessions}/N-002.yaml")
    assert "N-001, N-002 gone; N-020 new" in run("save").out
    assert git(demo, "status", "--porcelain") == ""


def test_a_folder_in_the_place_of_a_record_stops_no_other(demo: Path, run: Run) -> None:
    record = demo / f"cases/{ENGLAND}/sessions/N-001.yaml"
    record.unlink()
    record.mkdir()
    (record / "notes.yaml").write_text("x")
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    ran = run("save")
    assert ran.code == 0 and "left out, since nothing of that name belongs here" in ran.err
    assert git(demo, "show", "--name-only", "--format=") == "service.yaml"
    assert git(demo, "ls-files", str(record)) == f"cases/{ENGLAND}/sessions/N-001.yaml"


def test_what_is_larger_than_any_record_is_not_read_out_of_the_history(
    demo: Path, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "large").write_bytes(b"x" * (5 << 20))
    made = git(demo, "hash-object", "-w", str(tmp_path / "large"))
    commit_by_hand(demo, "100644", made, f"cases/{ENGLAND}/sessions/N-001.yaml")
    ran = run("history", "C-FK", "N-001")
    assert ran.out.splitlines()[1] == "  N-001: changed, and not to be read before or after"


def test_more_than_the_memory_may_hold_is_not_read_at_once(
    demo: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gitrepo, "_AT_ONCE", 1000)  # of two gigabytes
    ran = run("show", "C-FK", "--as-known-on", "2026-06-10")
    assert (ran.code, "git keeps more of this than can be read at once" in ran.err) == (2, True)


def test_a_history_in_which_nothing_was_saved_yet_says_so(practice: Path, run: Run) -> None:
    git(practice, "init", "-q")
    ran = run("history", "C-FK")
    assert (ran.code, ran.out) == (0, f"nothing of {ENGLAND} was saved\n")


def test_a_folder_of_somebody_elses_is_told_as_one() -> None:
    """What git 2.39 says where it stands on a share."""
    said = b"fatal: detected dubious ownership in repository at '/srv/harbour'\nTo add an exception"
    found = gitfaults.reason(said)
    assert found and str(found).startswith("this folder belongs to somebody else")


def test_what_another_computer_says_is_no_reason_that_lies_here() -> None:
    said = b"remote: fatal: write error: No space left on device\n! [remote rejected]\n"
    assert gitfaults.reason(said) is None
    assert gitfaults.reason(b"git@host.example: Permission denied (publickey).\n") is None


def test_nothing_is_kept_while_two_versions_wait_for_a_decision(demo: Path, run: Run) -> None:
    other = git(demo, "rev-parse", "HEAD")
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    run("save")
    git(demo, "checkout", "-q", "-b", "other", other)
    change(demo / "service.yaml", "note_days: 3", "note_days: 4")
    run("save")
    with pytest.raises(subprocess.CalledProcessError):
        git(demo, "merge", "-q", "main")
    ran = run("save")
    assert ran.code == 2
    assert "there are two versions of service.yaml" in ran.err
    assert git(demo, "diff", "--name-only", "--diff-filter=U") == "service.yaml"
    git(demo, "checkout", "-q", "--ours", "service.yaml")
    git(demo, "add", "service.yaml")
    run("add", "session", "with=child", "who=P-03", "-c", "C-FK")
    assert run("save").code == 0
    assert len(git(demo, "log", "-1", "--format=%P").split()) == 2
    assert git(demo, "status", "--porcelain") == ""


def test_a_folder_that_would_run_programs_is_refused(demo: Path, run: Run) -> None:
    git(demo, "config", "filter.evil.clean", "touch ran")
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    ran = run("save")
    assert (ran.code, "git settings run programs: filter.evil.clean" in ran.err) == (2, True)


def test_hooks_signatures_and_templates_of_this_computer_stand_in_no_ones_way(
    demo: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (demo / ".git/hooks").mkdir(exist_ok=True)
    hook = demo / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    own = tmp_path / "gitconfig"
    own.write_text("[commit]\n\tgpgsign = true\n\ttemplate = /nowhere\n[user]\n\tname = Else\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    change(demo / "service.yaml", "note_days: 3", "note_days: 2")
    assert run("save").code == 0
    assert git(demo, "log", "-1", "--format=%an") == "Leila Kassar"


@pytest.mark.parametrize(
    "settings",
    [
        "[core]\n\tignoreStat = true\n",
        "[core]\n\tautocrlf = input\n\tsafecrlf = true\n",
        "[i18n]\n\tcommitEncoding = ISO-8859-1\n\tlogOutputEncoding = ISO-8859-1\n",
        "[status]\n\tshowUntrackedFiles = no\n\tbranch = true\n\tshort = true\n",
        "[color]\n\tui = always\n[column]\n\tui = always\n[core]\n\tquotePath = true\n",
    ],
)
def test_however_git_is_set_up_on_a_computer_all_is_saved_and_told_alike(
    demo: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    own = tmp_path / "gitconfig"
    own.write_text(settings)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    change(demo / "service.yaml", "Leila Kassar", "Leïla Kassar")
    record = demo / "cases" / ENGLAND / "people" / "P-02.yaml"
    record.write_bytes(record.read_bytes().replace(b"\n", b"\r\n") + b"# seen\r\n")
    run("add", "session", "with=child", "who=P-03", "-c", "C-FK")
    saved = [f"  {ENGLAND}: P-02 changed; N-015 new", "  service: service.yaml changed"]
    assert run("save").out.splitlines()[:-1] == saved
    change(demo / "cases" / ENGLAND / "sessions" / "N-015.yaml", "with: child", "with: man")
    assert run("save").out.startswith(f"  {ENGLAND}: N-015 changed\n")
    assert "Leïla Kassar" in run("history", "C-FK").out
    assert run("save").out == NOTHING


def test_without_a_repository_and_outside_a_service_it_says_what_to_do(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran = run("save", "--as", "LK")
    assert (ran.code, "this folder is no git repository" in ran.err) == (2, True)
    monkeypatch.chdir(tmp_path)
    ran = run("save", "--as", "LK")
    assert (ran.code, "no service folder here" in ran.err) == (2, True)


def test_a_case_says_what_of_it_is_not_saved_yet(demo: Path, run: Run) -> None:
    assert "not saved" not in run("status", "C-FK").out
    run("add", "session", "with=child", "who=P-03", "-c", "C-FK")
    assert "not saved yet: N-015 new: `arpc save`\n" in run("status", "C-FK").out
    assert "not saved" not in run("status", "C-HB").out
    past = run("status", "C-FK", "--as-known-on", "2026-06-04").out
    assert "not saved" not in past


def test_a_practice_folder_has_the_history_that_it_would_have(demo: Path) -> None:
    assert git(demo, "status", "--porcelain") == ""
    known = history.known_on(demo, date(2026, 3, 3), ENGLAND)
    sessions = [r for r in known.loaded.file.records if isinstance(r, Session)]
    assert max(s.on for s in sessions) <= date(2026, 3, 3)
    assert [s.id for s in sessions][-1] == "N-006"
    final = {seal.id for seal in known.loaded.file.seals}
    assert {s.id for s in sessions} <= final and "N-008" not in final
    assert gitrepo.changed(demo) == []
