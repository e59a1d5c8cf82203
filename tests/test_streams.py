"""What a command does and answers when what it says can go nowhere: the work is done all the same."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import ENGLAND, ROOT, change

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="streams are left out with dup2")
SAID = (["--version"], ["--help"], ["validate"], ["due"], ["explain", "--all"], ["status", ENGLAND])
REFERRAL = (
    *("--received", "2026-03-02", "--authority", "Gwyn Council", "--man", "Owen Pryce"),
    *("--child", "Mali Pryce", "--carer", "Sian Pryce"),
)


class Ended:
    """How a command ended, and what came of its two streams."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code = done.returncode
        self.out = (done.stdout or b"").decode()
        self.err = (done.stderr or b"").decode()


def _give(*words: str, before: Callable[[], None], at_once: bool = False, **streams: int) -> Ended:
    """Give a command as a process of its own, in which something is done to its streams first."""
    around = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    around |= {"PYTHONPATH": str(ROOT), "ARPC_STAFF": "LK", "ARPC_TODAY": "2026-06-10"}
    around |= {"PYTHONUNBUFFERED": "1"} if at_once else {}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(
        [sys.executable, "-m", "arpc", *words],
        env=around,
        preexec_fn=before,
        check=False,
        **(pipes | streams),
    )
    return Ended(done)


def _closed(*numbers: int) -> Callable[[], None]:
    def close() -> None:
        for number in numbers:
            with suppress(OSError):
                os.close(number)

    return close


def _nobody_reads(*numbers: int) -> Callable[[], None]:
    def part() -> None:
        reading, writing = os.pipe()
        os.close(reading)
        for number in numbers:
            os.dup2(writing, number)

    return part


def _full(number: int) -> Callable[[], None]:
    return lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), number)


@pytest.mark.parametrize("words", SAID, ids=" ".join)
@pytest.mark.parametrize(
    "without", [(0,), (1,), (2,), (0, 1, 2)], ids=["in", "out", "err", "all three"]
)
def test_a_command_needs_no_stream(
    practice: Path, words: list[str], without: tuple[int, ...]
) -> None:
    ended = _give(*words, before=_closed(*without))
    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    assert "defect" not in ended.err
    assert bool(ended.out) is (1 not in without)


@pytest.mark.parametrize("words", SAID, ids=" ".join)
@pytest.mark.parametrize("at_once", [False, True])
def test_who_reads_no_further_changes_no_answer(
    practice: Path, words: list[str], at_once: bool
) -> None:
    ended = _give(*words, before=_nobody_reads(1), at_once=at_once)
    assert (ended.code, "error" in ended.err) == (0, False)


def test_a_fault_counts_though_nobody_reads_of_it(practice: Path) -> None:
    change(practice / "cases" / ENGLAND / "case.yaml", "nation: england", "nation: atlantis")
    assert _give("validate", before=_nobody_reads(1)).code == 1
    assert _give("validate", "--for", "issue", before=_nobody_reads(1, 2)).code == 1


def test_what_was_begun_is_done_though_nobody_reads_of_it(practice: Path) -> None:
    ended = _give("new-case", *REFERRAL, before=_nobody_reads(1, 2), at_once=True)
    assert ended.code == 0
    [made] = [path for path in (practice / "cases").iterdir() if "Owen Pryce" in _texts(path)]
    told = _give("new-case", *REFERRAL, before=lambda: None)
    [other] = {path for path in (practice / "cases").iterdir() if "Owen Pryce" in _texts(path)} - {
        made
    }
    assert other.name in told.out
    assert {path.name for path in made.rglob("*")} == {path.name for path in other.rglob("*")}


def _texts(case: Path) -> str:
    return "".join(path.read_text("utf-8") for path in case.rglob("*.yaml"))


def test_no_file_takes_the_place_of_a_stream(practice: Path) -> None:
    """What an editor says, or git, would be written into it."""
    program = (
        "import os, stat; from arpc.cli.streams import Streams; Streams();"
        "kinds = [stat.S_ISCHR(os.fstat(n).st_mode) and os.get_inheritable(n) for n in range(3)];"
        "file = os.open('service.yaml', os.O_RDONLY);"
        "os._exit(0 if all(kinds) and file > 2 else 1)"
    )
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=around, preexec_fn=_closed(0, 1, 2), check=False
    )
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("words", SAID, ids=" ".join)
@pytest.mark.parametrize("at_once", [False, True])
def test_what_does_not_fit_where_it_is_to_go_is_told(
    practice: Path, words: list[str], at_once: bool
) -> None:
    ended = _give(*words, before=_full(1), at_once=at_once)
    assert ended.code == 2
    assert "arpc: error: not all of what it says could be printed: No space left" in ended.err
    assert ended.err.count("arpc: error:") == 1


def test_streams_that_somebody_made_are_taken_over(practice: Path) -> None:
    program = (
        "import sys; sys.stdout = open(1, 'w', closefd=False); sys.stderr = open(2, 'w', closefd=False);"
        "from arpc import cli; cli.run()"
    )
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program, "list"], env=around, capture_output=True, check=False
    )
    assert (done.returncode, ENGLAND.encode() in done.stdout) == (0, True), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a disk that is always full")
def test_an_error_is_not_told_twice(practice: Path) -> None:
    ended = _give("status", "C-NOBODY22", before=_full(1))
    assert (ended.code, ended.err.count("arpc: error:")) == (2, 1)
    assert "could be printed" not in ended.err
