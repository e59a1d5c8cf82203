"""What git starts, asked as git asks it: by words, pipes and files, in a clone; and what git is told."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from arpc import entry
from arpc.errors import ArpcError
from arpc.resources import package
from arpc.sealing import here, plumbing, unread, wiring
from arpc.sealing.form import Key
from tests.conftest import ENGLAND, SCOTLAND
from tests.sealed import OTHER_SECRET, SECRET, git, put, unlock, wire
from tests.test_filter import HELLO, OFFERED, RECORD, RUBY, WELCOME, answer, asked, lines

KEY = Key(ENGLAND, 1, SECRET)
NEWER = Key(ENGLAND, 2, OTHER_SECRET)
PATH = RECORD.decode()
NOTHING = "0" * 40


class Answer(NamedTuple):
    """What git is answered."""

    code: int
    out: bytes
    said: list[str]
    """What the user reads, a line each, without the name that stands before it."""


Ask = Callable[..., Answer]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """Asks as git does, which says what it has to say through a pipe."""

    def call(*words: str, said: bytes = b"") -> Answer:
        source, sink = os.pipe()
        os.write(sink, said)
        os.close(sink)
        with os.fdopen(source, "r", encoding="utf-8") as incoming:
            monkeypatch.setattr(sys, "stdin", incoming)
            code = entry.main([*words])
        out, told = capsysbinary.readouterr()
        shown = told.decode().splitlines()
        assert all(line.startswith("arpc: ") for line in shown)
        return Answer(code, out, [line.removeprefix("arpc: ") for line in shown])

    return call


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a sealed service in which one case is unlocked, and in which we stand."""
    folder = tmp_path / "clone"
    folder.mkdir()
    wire(folder, {ENGLAND: {1: SECRET}})
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a service of which it was said here that it is kept plain."""
    folder = tmp_path / "plain"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    here.keep_plain(folder / ".git")
    monkeypatch.chdir(folder)
    return folder


def commit(folder: Path, name: str, raw: bytes, mode: str = "100644") -> str:
    """Commit bytes as they are, past every filter and hook; the commit."""
    put(folder, name, raw, mode)
    git(folder, "commit", "-q", "--no-verify", "-m", "x")
    return git(folder, "rev-parse", "HEAD").strip()


class TestSealingAndOpening:
    def test_one_process_for_all_files_of_a_command(self, clone: Path, ask: Ask) -> None:
        said = HELLO + OFFERED + asked(b"clean", RECORD, RUBY)
        said += asked(b"smudge", RECORD, KEY.seal(RUBY))
        assert ask("process", said=said) == (0, WELCOME + answer(KEY.seal(RUBY)) + answer(RUBY), [])

    def test_who_does_not_speak_as_git_does_is_told(self, clone: Path, ask: Ask) -> None:
        found = ask("process", said=lines(b"hello"))
        assert found == (1, b"", ["this is no git of version 2.11 or later"])

    def test_one_process_for_one_file(self, clone: Path, ask: Ask) -> None:
        assert ask("clean", PATH, said=RUBY) == (0, KEY.seal(RUBY), [])
        assert ask("smudge", PATH, said=KEY.seal(RUBY)) == (0, RUBY, [])

    def test_a_file_that_is_refused_is_told_and_nothing_of_it_is_given_back(
        self, clone: Path, ask: Ask
    ) -> None:
        path = f"cases/{SCOTLAND}/case.yaml"
        why = f"{path}: {SCOTLAND} is locked here, and plain text is never stored; "
        assert ask("clean", path, said=RUBY) == (1, b"", [f"{why}`arpc unlock {SCOTLAND}`"])

    def test_what_is_kept_plain_stays_plain_and_is_no_matter_for_surprise(
        self, plain: Path, ask: Ask
    ) -> None:
        assert ask("clean", PATH, said=RUBY) == (0, RUBY, [])
        assert ask("smudge", PATH, said=RUBY) == (0, RUBY, [])

    def test_where_nothing_was_said_nothing_plain_is_taken_in(
        self, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git(tmp_path, "init", "-q")
        monkeypatch.chdir(tmp_path)
        found = ask("clean", PATH, said=RUBY)
        assert (found.code, found.out) == (1, b"")
        assert "or `arpc install --plain` where nothing is sealed" in found.said[0]
        monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git"))
        monkeypatch.chdir("/")
        assert ask("clean", PATH, said=RUBY).code == 1

    def test_outside_of_a_repository_nothing_is_taken_in_either(
        self, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert ask("clean", PATH, said=RUBY)[:2] == (1, b"")


class TestMerging:
    BASE = b"person: arpc/1\nid: P-03\nname: Ruby Osei\nborn: 2017-05\nroles: [child]\n"
    OURS = BASE.replace(b"Osei\n", b"Osei-Marsh\n")
    THEIRS = BASE.replace(b"[child]", b"[child, witness]")
    OTHER = BASE.replace(b"Osei\n", b"Marsh\n")

    @pytest.fixture
    def merge(self, tmp_path: Path, ask: Ask) -> Callable[..., Answer]:
        """Has three versions of a file merged; the answer's bytes are what then lies where git looks for it."""

        def call(*versions: bytes, path: str = PATH) -> Answer:
            files = [tmp_path / name for name in ("base", "ours", "theirs")]
            for file, raw in zip(files, versions, strict=True):
                file.write_bytes(raw)
            found = ask("merge", *map(str, files), path)
            assert found.out == b""
            return found._replace(out=files[1].read_bytes())

        return call

    def test_both_sides_are_brought_together_and_sealed_again_and_wait_to_be_read(
        self, clone: Path, merge: Callable[..., Answer]
    ) -> None:
        found = merge(*map(KEY.seal, (self.BASE, self.OURS, self.THEIRS)))
        both = self.OURS.replace(b"[child]", b"[child, witness]")
        assert found == (0, KEY.seal(both), [])
        assert unread.unread(clone / ".git") == [PATH]

    def test_a_conflict_is_sealed_too_and_told_without_a_word_of_the_record(
        self, clone: Path, merge: Callable[..., Answer]
    ) -> None:
        found = merge(*map(KEY.seal, (self.BASE, self.OURS, self.OTHER)))
        assert found.code == 1
        assert found.said == [f"{PATH}: both sides changed name: decide in the file"]
        assert b"Osei-Marsh" in KEY.open(found.out)
        assert b"name: Ruby Marsh" in KEY.open(found.out)
        assert unread.unread(clone / ".git") == [PATH]

    def test_it_is_sealed_under_the_newest_key_whatever_the_versions_were_under(
        self, clone: Path, merge: Callable[..., Answer]
    ) -> None:
        unlock(clone, {ENGLAND: {1: SECRET, 2: OTHER_SECRET}})
        found = merge(KEY.seal(self.BASE), NEWER.seal(self.OURS), KEY.seal(self.THEIRS))
        assert found.code == 0
        assert NEWER.open(found.out).startswith(self.OURS[:40])

    def test_a_record_that_both_began_has_nothing_before_it(
        self, clone: Path, merge: Callable[..., Answer]
    ) -> None:
        found = merge(b"", KEY.seal(self.BASE), KEY.seal(self.BASE))
        assert found == (0, KEY.seal(self.BASE), [])

    def test_what_is_locked_or_damaged_is_left_as_ours_and_waits_for_somebody_who_can_open_it(
        self, clone: Path, merge: Callable[..., Answer]
    ) -> None:
        locked = Key(SCOTLAND, 1, OTHER_SECRET).seal(self.BASE)
        path = f"cases/{SCOTLAND}/people/P-03.yaml"
        who = f"somebody who works on {SCOTLAND} has to merge it"
        said = [f"{path}: both sides changed a locked file; {who}"]
        assert merge(locked, locked, locked, path=path) == (1, locked, said)
        plain_in_a_locked_case = merge(self.BASE, self.OURS, self.THEIRS, path=path)
        assert plain_in_a_locked_case == (1, self.OURS, said)
        ours = KEY.seal(self.OURS)
        altered = ours.replace(b"A", b"B")
        found = merge(KEY.seal(self.BASE), ours, altered)
        why = "this locked file was altered: it is not what was sealed"
        assert found == (1, ours, [f"{PATH}: {why}"])
        assert unread.unread(clone / ".git") == []

    def test_what_came_in_plain_is_merged_into_something_sealed(
        self, clone: Path, merge: Callable[..., Answer]
    ) -> None:
        found = merge(self.BASE, KEY.seal(self.OURS), self.THEIRS)
        assert found.code == 0
        assert b"Osei-Marsh" in KEY.open(found.out)

    def test_in_a_service_that_is_kept_plain_it_stays_plain_and_sealed_text_is_no_text(
        self, plain: Path, merge: Callable[..., Answer]
    ) -> None:
        both = self.OURS.replace(b"[child]", b"[child, witness]")
        assert merge(self.BASE, self.OURS, self.THEIRS) == (0, both, [])
        assert merge(self.BASE, self.OURS, self.OTHER).code == 1
        sealed = KEY.seal(self.THEIRS)
        assert merge(self.BASE, self.OURS, sealed)[:2] == (1, self.OURS)

    def test_outside_of_a_repository_nothing_is_noted(
        self, tmp_path: Path, merge: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert merge(self.BASE, self.OURS, self.THEIRS).code == 1


class TestHooks:
    def test_a_commit_is_looked_through_the_first_one_too(self, clone: Path, ask: Ask) -> None:
        (clone / "notes about Ruby.txt").write_text("x")
        git(clone, "add", "-A")
        found = ask("hook", "pre-commit")
        assert (found.code, found.out) == (1, b"")
        assert found.said == [
            "refused: notes about Ruby.txt: "
            "nothing of that name belongs here, and git never forgets a name",
            "nothing was stored or sent; `arpc explain security` says why, and what to do",
        ]
        git(clone, "rm", "-q", "--cached", "notes about Ruby.txt")
        assert ask("hook", "pre-commit") == (0, b"", [])

    def test_only_what_a_commit_changes_is_looked_through(self, clone: Path, ask: Ask) -> None:
        commit(clone, "notes about Ruby.txt", b"x")
        (clone / "service.yaml").write_text("service: arpc/1\n")
        git(clone, "add", "service.yaml")
        assert ask("hook", "pre-commit").code == 0
        git(clone, "rm", "-q", "--cached", "notes about Ruby.txt")
        assert ask("hook", "pre-commit").code == 0

    @pytest.mark.parametrize(("count", "said"), [(20, 20), (21, 21), (25, 21)])
    def test_of_many_refusals_twenty_are_told_and_the_rest_counted(
        self, clone: Path, ask: Ask, count: int, said: int
    ) -> None:
        for number in range(count):
            (clone / f"note {number:02}.txt").write_text("x")
        git(clone, "add", "-A")
        refused = [line for line in ask("hook", "pre-commit").said if line.startswith("refused")]
        assert len(refused) == said
        assert refused[19].startswith("refused: note 19.txt: ")
        assert refused[20:] == ([f"refused: and {count - 20} more"] if count > 20 else [])

    def test_what_another_repository_would_bring_in_is_refused(self, clone: Path, ask: Ask) -> None:
        tip = commit(clone, "service.yaml", b"service: arpc/1\n")
        git(clone, "update-index", "--add", "--cacheinfo", f"160000,{tip},cases/{ENGLAND}/sub")
        said = f"refused: cases/{ENGLAND}/sub: it is another repository"
        assert ask("hook", "pre-commit").said[0] == said

    def test_a_file_that_is_empty_is_not_sealed_and_no_fault(self, clone: Path, ask: Ask) -> None:
        (clone / "cases" / ENGLAND / "documents").mkdir(parents=True)
        (clone / "cases" / ENGLAND / "documents" / "D-01.txt").touch()
        git(clone, "add", "-A")
        assert ask("hook", "pre-commit").code == 0

    def test_a_push_sends_what_the_other_side_has_not_and_only_that_is_looked_through(
        self, clone: Path, ask: Ask
    ) -> None:
        known = commit(clone, "notes about Ruby.txt", b"x")
        tip = commit(clone, PATH, KEY.seal(RUBY))
        moved = f"refs/heads/main {tip} refs/heads/main {known}\n".encode()
        assert ask("hook", "pre-push", "origin", "url", said=moved) == (0, b"", [])
        anew = f"refs/heads/main {tip} refs/heads/main {NOTHING}\n".encode()
        assert "notes about Ruby.txt" in ask("hook", "pre-push", "origin", "url", said=anew).said[0]
        git(clone, "update-ref", "refs/remotes/origin/main", known)
        assert ask("hook", "pre-push", "origin", "url", said=anew).code == 0
        assert ask("hook", "pre-push", "other", "url", said=anew).code == 1
        unknown = f"refs/heads/main {tip} refs/heads/main {'1' * 40}\n".encode()
        assert ask("hook", "pre-push", "origin", "url", said=unknown).code == 0

    def test_a_push_may_delete_a_branch_and_send_no_other_ref(self, clone: Path, ask: Ask) -> None:
        tip = commit(clone, "service.yaml", b"service: arpc/1\n")
        noted = commit(clone, "notes about Ruby.txt", b"x")
        said = (
            f"(delete) {NOTHING} refs/heads/old {tip}\n"
            f"refs/notes/x {noted} refs/notes/x {NOTHING}\n"
            f"refs/tags/v1 {tip} refs/tags/v1 {NOTHING}\n"
        ).encode()
        found = ask("hook", "pre-push", "origin", "url", said=said)
        assert found.code == 1
        assert found.said[0] == "refused: refs/notes/x: only branches and tags are sent"
        assert len(found.said) == 2

    def test_a_server_needs_no_key_to_tell_sealed_from_plain(self, clone: Path, ask: Ask) -> None:
        tip = git(clone, "commit-tree", "-m", "x", _tree(clone, KEY.seal(RUBY))).strip()
        bad = git(clone, "commit-tree", "-m", "x", "-p", tip, _tree(clone, RUBY)).strip()
        other = git(clone, "commit-tree", "-m", "y", _tree(clone, NEWER.seal(RUBY))).strip()
        server = clone.parent / "server.git"
        git(clone.parent, "clone", "-q", "--bare", str(clone), str(server))
        # What is pushed lies there already when the server is asked, and no branch has it yet.
        git(server, "update-ref", "refs/heads/main", tip)
        os.chdir(server)

        def pushed(old: str, new: str, ref: str = "refs/heads/main") -> list[str]:
            found = ask("hook", "pre-receive", said=f"{old} {new} {ref}\n".encode())
            assert bool(found.code) == bool(found.said)
            return found.said[:-1]

        assert pushed(NOTHING, tip, "refs/tags/v1") == []
        assert pushed(tip, bad) == [f"refused: {PATH}: it is PLAIN TEXT"]
        assert pushed(tip, other) == [
            "refused: refs/heads/main: history is added to, and never rewritten"
        ]
        assert pushed(tip, NOTHING) == [
            "refused: refs/heads/main: a branch is not deleted: git is the record"
        ]
        assert pushed(NOTHING, bad, "refs/notes/x") == [
            "refused: refs/notes/x: only branches and tags are kept here"
        ]

    def test_a_message_is_looked_through_for_names_of_the_cases_that_are_open(
        self, clone: Path, ask: Ask
    ) -> None:
        record = clone / PATH
        record.parent.mkdir(parents=True)
        record.write_bytes(RUBY + b"known_as: Rubes # at home\n")
        (record.parent / "P-04.yaml").mkdir()  # what is no file says nothing
        message = clone / "message"
        for words, code in (("met Rubes", 1), ("RUBY came", 1), ("P-03 new", 0), ("at home", 0)):
            message.write_text(words)
            assert ask("hook", "commit-msg", "message").code == code, words
        message.write_bytes(b"Caf\xe9 Osei")  # not UTF-8, which git takes
        why = f"it names somebody of {ENGLAND}, and is never sealed"
        assert ask("hook", "commit-msg", "message").said[0] == f"refused: the message: {why}"

    def test_where_nothing_is_sealed_nothing_is_refused(
        self, tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert ask("hook", "pre-commit") == (0, b"", [])
        git(tmp_path, "init", "-q")
        (tmp_path / "notes about Ruby.txt").write_text("x")
        git(tmp_path, "add", "-A")
        assert ask("hook", "pre-commit") == (0, b"", [])


def _tree(folder: Path, raw: bytes) -> str:
    """A tree with one record, as some program makes it."""
    commit(folder, PATH, raw)
    return git(folder, "rev-parse", "HEAD^{tree}").strip()


class TestWhatGoesWrong:
    def test_it_is_told_in_a_line_with_what_helps(self, clone: Path, ask: Ask) -> None:
        ring = here.ring_folder(clone / ".git", os.environ)
        assert ring
        ring.chmod(0o777)
        said = [f"the folder for this session's keys is not yours alone; {ring}"]
        assert ask("clean", PATH, said=RUBY) == (1, b"", said)

    def test_a_defect_is_named_without_a_word_of_a_record_unless_somebody_looks_for_it(
        self, clone: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        why = "a defect in arpc (FileNotFoundError), so nothing is stored; tell whoever keeps it"
        assert ask("hook", "commit-msg", "not-there") == (1, b"", [why])
        monkeypatch.setenv("ARPC_DEBUG", "1")
        with pytest.raises(FileNotFoundError):
            ask("hook", "commit-msg", "not-there")

    @pytest.mark.parametrize(
        ("error", "why"),
        [
            (MemoryError("Ruby"), "there is not enough memory"),
            (
                OSError(24, "Too many open files"),
                "a file cannot be read or written (Too many open files)",
            ),
        ],
    )
    def test_what_the_computer_cannot_do_is_no_defect(
        self, ask: Ask, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
    ) -> None:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(here, "git_folder", fail)
        assert ask("hook", "pre-commit") == (1, b"", [f"{why}, so nothing is stored"])

    def test_a_name_of_a_file_says_nothing_to_a_terminal(self, clone: Path, ask: Ask) -> None:
        [said] = ask("clean", "cases/a\x1b[2J\nb", said=RUBY).said
        assert said == "cases/a?[2J?b: it lies in no case folder, so there is no key for it"

    @pytest.mark.skipif(sys.platform == "win32", reason="nobody is stopped by a signal there")
    def test_who_stops_it_is_told_that_it_stopped(self, clone: Path) -> None:
        started = subprocess.Popen(
            shlex.split(wiring.command("process")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Tests that run in the background of a shell are told to ignore it, and so would this be.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        with started:
            assert started.stdin and started.stdout and started.stderr
            started.stdin.write(HELLO)
            started.stdin.flush()
            assert started.stdout.read(4) == WELCOME[:4]  # it has begun, and waits
            started.send_signal(signal.SIGINT)
            assert started.stderr.read() == b"arpc: stopped\n"
        assert started.returncode == 1

    def test_git_that_fails_is_told(self, clone: Path, ask: Ask) -> None:
        moved = f"refs/heads/main {'1' * 40} refs/heads/main {NOTHING}\n".encode()
        found = ask("hook", "pre-push", "origin", "url", said=moved)
        assert found == (1, b"", ["git does not have all of the files; `git fsck` says which"])

    def test_an_object_that_git_has_lost_is_told(self, clone: Path) -> None:
        kept = git(clone, "hash-object", "-w", "--stdin", said="x").strip()
        found = plumbing.contents([kept, "1" * 40])
        assert next(found) == (kept, b"x")
        with pytest.raises(ArpcError, match="git does not have all of the files"):
            next(found)


def test_a_library_cannot_stand_in_for_what_python_brings_itself(clone: Path) -> None:
    libraries = clone.parent / "libraries"
    libraries.mkdir()
    (libraries / "subprocess.py").write_text("raise SystemExit('taken from the libraries')\n")
    python, *options, program, folders, _ = shlex.split(wiring.command())
    words = [python, *options, program, f"{libraries}{os.pathsep}{folders}", "--"]
    done = subprocess.run([*words, "hook", "pre-commit"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(program) == package() / "entry.py"
