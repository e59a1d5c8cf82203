"""A kill and an error at every call to the system on the way of a write: the old text or the new, never another.

    python -m pytest tests/test_fault_sweep.py --full

tries every error at every call, and every call of whole commands; without `--full` it is a sample of the errors,
and of the commands' calls. What each function asserts is the promise.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from arpc import disk, practising, starting, writer
from tests import sealed
from tests.conftest import ENGLAND, SCOTLAND, Run
from tests.syscalls import PYTHON, Call, calls, needs_strace, tampered

pytestmark = needs_strace
ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EDQUOT")
"""Full disk, failing disk, read-only, not permitted, no room left for this user."""
BEGIN = "/from-here-on"
OLD, NEW = b"note: old\n", b"note: new\n" * 2000

PROGRAM = """
import os, sys
from pathlib import Path
from arpc import writer
from arpc.errors import ArpcError

case, path = Path("case"), Path("case") / sys.argv[2]
with writer.locked(case):
    pass  # what is imported is imported by now
os.access("{begin}", os.F_OK)
try:
    with writer.locked(case):
        if sys.argv[1] == "create":
            writer.create(path, {new!r})
        elif sys.argv[1] == "replace":
            writer.replace(path, {new!r}, was={old!r})
        else:
            writer.remove(path, was={old!r})
except ArpcError as error:
    print(f"arpc: error: {{error}}; {{error.hint}}")
    os._exit(2)
os._exit(0)
"""


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where the system offers such a place: so many runs are not to wait for a disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


class Way(NamedTuple):
    """A way of writing: what it is called, what stands in the file before, and what after."""

    name: str
    file: str
    before: bytes | None
    after: bytes | None


WAYS = (
    Way("create", "sessions/N-001.yaml", None, NEW),
    Way("replace", "N-001.yaml", OLD, NEW),
    Way("remove", "N-001.yaml", OLD, None),
)


def laid_out(quick: Path, way: Way) -> Path:
    """A case folder as it is before a write; the folder in which it lies."""
    place = quick / "place"
    shutil.rmtree(place, ignore_errors=True)
    (place / "case").mkdir(parents=True)
    if way.before is not None:
        (place / "case" / way.file).write_bytes(way.before)
    return place


def swept(quick: Path, way: Way) -> tuple[list[str], list[Call]]:
    """The command that writes in one way, and its calls from where it begins to write."""
    program = PROGRAM.format(begin=BEGIN, new=NEW, old=OLD)
    command = [*PYTHON, "-c", program, way.name, way.file]
    return command, calls(command, laid_out(quick, way), os.environ, since=BEGIN)[1:]


def left_over(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if disk.LEFT_OVER.fullmatch(path.name)]


def others(folder: Path, file: str) -> list[str]:
    """Files that are neither the one that is written, nor the lock, nor left over."""
    known = {folder / file, folder / writer.LOCK, *left_over(folder)}
    return [path.name for path in folder.rglob("*") if path.is_file() and path not in known]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_kill_at_any_call_leaves_the_old_text_or_the_new_and_at_most_one_left_over(
    quick: Path, way: Way
) -> None:
    command, found = swept(quick, way)
    assert len(found) > 15
    for call in found:
        place = laid_out(quick, way)
        tampered(command, place, os.environ, call, "signal=KILL")
        case = place / "case"
        assert writer.read(case / way.file) in (way.before, way.after), call
        assert len(left_over(case)) <= 1, call
        for each in left_over(case):
            assert NEW.startswith(each.read_bytes()), call
        assert others(case, way.file) == [], call
        with writer.locked(case):  # and nobody waits for who is gone
            pass


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_an_error_at_any_call_is_told_and_leaves_the_old_text_and_nothing_else(
    quick: Path, way: Way, request: pytest.FixtureRequest
) -> None:
    command, found = swept(quick, way)
    is_full = request.config.getoption("--full")
    for number, call in enumerate(found):
        for error in ERRORS if is_full else (ERRORS[number % len(ERRORS)],):
            place = laid_out(quick, way)
            ended = tampered(command, place, os.environ, call, f"error={error}")
            stands = writer.read(place / "case" / way.file)
            at = f"{error} at {call}: {ended}"
            assert "Traceback" not in ended.said, at
            assert ended.code in (0, 2), at
            if ended.code == 0 or "is changed, but the disk does not confirm it" in ended.said:
                assert stands == way.after, at
            else:
                assert ended.said.startswith("arpc: error: ") and stands == way.before, at
            if call.name not in ("unlink", "unlinkat"):
                assert left_over(place / "case") == [], at
            assert "note:" not in ended.said, at


COMMANDS = {
    "add": ["add", "session", "with=child", "who=P-03"],
    "finish": ["finish", "P-10", "P-11"],
    "amend": ["amend", "N-004", "--what", "She said it twice.", "--why", "Left out."],
    "link": ["link", SCOTLAND, "--how", "same_man", "--why", "Born the same day."],
    "move": [
        *("move", "K-04", "--to", SCOTLAND, "--why", "Filed in the wrong case."),
        *("--id", "P-02=P-02", "--id", "P-04=P-03"),
    ],
    "undo": ["undo"],
}
CHANGES = ("openat", "write", "fsync", "rename", "link", "unlink", "mkdir", "flock")
"""The calls between which what is on the disk may differ."""


@pytest.fixture
def case(quick: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """The English case of a practice folder, in which we stand, with two people to be finished."""
    practising.copy(quick / "practice")
    folder = quick / "practice/cases" / ENGLAND
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ARPC_STAFF", "LK")
    # A command makes the same calls each time, and none to keep what it worked out on the way.
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    monkeypatch.setenv("XDG_STATE_HOME", os.devnull)
    for name in ("Asha Rao", "Ben Rao"):
        assert run("add", "person", f"name={name}", "roles=professional").code == 0
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """What stands in a folder, but for locks, memories and what is left over."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def trials(
    case: Path, words: list[str], *, every: int, since: str = writer.LOCK
) -> Iterator[tuple[Call, Callable[[str], None]]]:
    """The calls by which a command changes something, each with a way to tamper with it on a fresh copy."""
    cases, kept = case.parent, case.parent.parent.parent / "kept"
    shutil.copytree(cases, kept)
    command = [*PYTHON, "-m", "arpc", *words]

    def afresh() -> None:
        # The folder in which we stand stays.
        for folder in cases.iterdir():
            for each in folder.iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
            if (kept / folder.name).exists():
                shutil.copytree(kept / folder.name, folder, dirs_exist_ok=True)
            else:
                folder.rmdir()

    def tamper(what: str) -> None:
        afresh()
        ended = tampered(command, case, os.environ, call, what)
        assert "Traceback" not in ended.said and "a defect in arpc" not in ended.said, ended.said

    found = calls(command, case, os.environ, since=since)
    ours = [each for each in found if each.name in CHANGES and _is_ours(each, cases)]
    for call in ours[::every]:
        yield call, tamper
    afresh()


def _is_ours(call: Call, cases: Path) -> bool:
    """Whether a call is about a file of a case, not about a module that is imported late."""
    return call.name != "openat" or str(cases) in call.asked


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_stopped_anywhere_is_undone_like_one_that_was_not(
    case: Path, run: Run, name: str, request: pytest.FixtureRequest
) -> None:
    if name == "undo":
        assert run("finish", "P-10", "P-11").code == 0
    before = everything(case.parent)
    every = 1 if request.config.getoption("--full") else 41
    for call, tamper in trials(case, COMMANDS[name], every=every):
        for what in ("signal=KILL", "error=ENOSPC"):
            tamper(what)
            assert len(left_over(case.parent)) <= (call.name == "unlink" or what == "signal=KILL")
            if everything(case.parent) == before:
                continue  # it was stopped before it changed anything
            undone = run("undo", *(["--back"] if name == "undo" else []))
            assert undone.code == 0, f"{what} at {call}: {undone.err}"
            assert everything(case.parent) == before, f"{what} at {call}"


def made(cases: Path, before: set[str]) -> set[str]:
    """The files of cases that were not there before, by their paths below their case; none that is left over."""
    found = (path for path in cases.rglob("*") if path.is_file() and path.name[0] != ".")
    files = (path.relative_to(cases) for path in found)
    new = (path for path in files if path.parts[0] not in before and path.parts[0][0] != ".")
    return {"/".join(path.parts[1:]) for path in new}


def half_made(cases: Path) -> list[Path]:
    """Cases that were not made to their end."""
    return [path for path in left_over(cases) if path.parent == cases]


def test_a_case_is_made_whole_or_not_at_all_and_what_is_left_of_it_is_taken_away(
    case: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    words = ["new-case", "--man", "Neil Marsh", "--child", "Ada Rao", "--carer", "Ben Rao"]
    cases, before = case.parent, {path.name for path in case.parent.iterdir()}
    assert run(*words).code == 0
    whole = made(cases, before)
    assert {"case.yaml", "referral.yaml", "people/P-03.yaml"} <= whole
    for folder in {path.name for path in cases.iterdir()} - before:
        shutil.rmtree(cases / folder)
    every = 1 if request.config.getoption("--full") else 31
    for call, tamper in trials(case, words, every=every, since=".tmp"):
        for what in ("signal=KILL", "error=ENOSPC"):
            tamper(what)
            assert made(cases, before) in (set(), whole), f"{what} at {call}"
            half, lone = half_made(cases), left_over(cases)
            assert len(half or lone) <= 1, f"{what} at {call}"
            assert not half or what == "signal=KILL", f"{what} at {call}"
            told = run("recover").out
            assert not half or "a case that was not made to its end" in told
            assert left_over(cases) == [], f"{what} at {call}"


def test_a_sign_off_that_was_stopped_is_told_by_every_check_and_undone(
    quick: Path, monkeypatch: pytest.MonkeyPatch, run: Run, request: pytest.FixtureRequest
) -> None:
    home = Path(os.environ["HOME"])
    folder = sealed.practice(quick / "practice", home)
    case = folder / "cases" / ENGLAND
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    monkeypatch.setenv("XDG_STATE_HOME", os.devnull)
    before = everything(case.parent)
    words = ["sign", "N-002", "-c", ENGLAND, "--as", "LK", "--key", str(sealed.key(home, "LK"))]
    is_full = request.config.getoption("--full")
    ways = ("signal=KILL", "error=ENOSPC") if is_full else ("signal=KILL",)
    halves = 0
    for call, tamper in trials(case, words, every=1 if is_full else 11):
        for what in ways:
            tamper(what)
            new = {*everything(case.parent)} - {*before}
            if len(new) == 1:
                halves += 1
                assert "has no signature" in run("verify", "-c", ENGLAND).out
                assert "[signed-in-part]" in run("validate", ENGLAND).out
            if new:
                assert run("undo", ENGLAND).code == 0, f"{what} at {call}"
            assert everything(case.parent) == before, f"{what} at {call}"
    assert halves


WROTE = tuple(
    f"{who} wrote {what}." for who in ("Leila", "Tom") for what in ("one", "two", "three")
)
"""What each of two people wrote apart: two notes under the ids of the other's, and more in a final record."""


@pytest.fixture
def apart(quick: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """Two clones of a service, and a server on which one has saved already, as a save of the other finds them."""
    top = quick / "apart"
    monkeypatch.setenv("ARPC_STAFF", "LK")
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    monkeypatch.setenv("XDG_STATE_HOME", os.devnull)
    starting.demo(top / "leila")
    sealed.git(top, "init", "-q", "--bare", "-b", "main", "server.git")
    sealed.git(top / "leila", "remote", "add", "origin", "../server.git")
    sealed.git(top / "leila", "push", "-q", "origin", "HEAD:main")
    sealed.git(top, "clone", "-q", "server.git", "tom")
    sealed.git(top / "tom", "remote", "set-url", "origin", "../server.git")
    for clone, wrote in (("leila", WROTE[:3]), ("tom", WROTE[3:])):
        monkeypatch.chdir(top / clone)
        for where in wrote[:2]:
            run("add", "session", "with=child", f"where={where}", "-c", ENGLAND)
        run("amend", "N-004", "-c", ENGLAND, "--what", wrote[2], "--why", "Left out.")
    assert run("save").code == 0
    return top


def test_a_save_that_is_stopped_anywhere_is_put_right_by_the_next(
    apart: Path, monkeypatch: pytest.MonkeyPatch, run: Run, request: pytest.FixtureRequest
) -> None:
    is_full = request.config.getoption("--full")
    kept, place = apart.with_name("kept"), apart / "leila"
    shutil.copytree(apart, kept)
    save = [*PYTHON, "-m", "arpc", "save"]
    found = calls(save, place, os.environ, since=writer.LOCK, is_alone=True)
    ours = [
        c for c in found if c.name in CHANGES and any(w in c.asked for w in ("cases/", "/arpc/"))
    ]
    assert len(ours) > 20
    for call in ours[:: 1 if is_full else len(ours) // 4]:
        for what in ("signal=KILL", "error=ENOSPC") if is_full else ("signal=KILL",):
            shutil.rmtree(apart)
            shutil.copytree(kept, apart)
            tampered(save, place, os.environ, call, what)
            for lock in (place / ".git").rglob("*.lock"):  # as a git that was killed leaves it
                if lock.name != writer.LOCK:
                    lock.unlink()
            for clone in ("leila", "leila", "tom"):
                monkeypatch.chdir(apart / clone)
                assert run("save").code == 0, f"{what} at {call}"
            for clone in ("leila", "tom"):
                monkeypatch.chdir(apart / clone)
                texts = [path.read_text("utf-8") for path in Path("cases").rglob("*.yaml")]
                times = [sum(text.count(words) for text in texts) for words in WROTE]
                assert times == [1] * len(WROTE), f"{what} at {call}"
                assert "error" not in run("validate", ENGLAND).out, f"{what} at {call}"
                assert sealed.git(Path(), "status", "--porcelain") == "", f"{what} at {call}"
