"""Many cases are looked at on all cores, in order, with a word on how far it is, and are left when told to."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from arpc import cores, practising
from arpc.ids import new_case_id
from tests.conftest import ENGLAND, ROOT, Run

MANY = 200
if sys.platform != "win32":
    import pty


def slow(step: float) -> Callable[[int], tuple[int, int]]:
    """Work that takes a while, and says which process did it."""

    def work(number: int) -> tuple[int, int]:
        end = time.monotonic() + step
        while time.monotonic() < end:
            pass
        return number * number, os.getpid()

    return work


def failing() -> Callable[[int], int]:
    """Work that cannot be done on one of the things."""

    def work(number: int) -> int:
        end = time.monotonic() + 0.01
        while time.monotonic() < end:
            pass
        if number == 70:
            raise OSError(5, "Input/output error", "N-070.yaml")
        return number

    return work


def test_results_come_in_order_whoever_works_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_cores", lambda: 3)
    found = list(cores.each(slow, (0.01,), range(120)))
    assert [square for square, _ in found] == [number * number for number in range(120)]
    workers = {process for _, process in found}
    assert os.getpid() in workers and len(workers) > 2


def test_what_is_little_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_cores", lambda: 3)
    assert {process for _, process in cores.each(slow, (0.0,), range(500))} == {os.getpid()}
    assert list(cores.each(slow, (0.0,), [])) == []


def test_what_stops_one_of_them_is_told_as_if_it_were_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cores, "_cores", lambda: 2)
    with pytest.raises(OSError, match="Input/output error") as stopped:
        list(cores.each(failing, (), range(200)))
    assert stopped.value.filename == "N-070.yaml"


def lost(parent: int) -> Callable[[int], int]:
    """Work at which the system takes a process of ours away."""

    def work(number: int) -> int:
        end = time.monotonic() + 0.01
        while time.monotonic() < end:
            pass
        if number == 70 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        return number

    return work


def test_what_a_process_leaves_undone_is_done_by_the_one_that_called_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cores, "_cores", lambda: 2)
    assert list(cores.each(lost, (os.getpid(),), range(120))) == [*range(120)]


@pytest.mark.skipif(sys.platform != "linux", reason="a process begins otherwise there")
@pytest.mark.parametrize("given", [0, 1, 2])
def test_who_gets_too_few_processes_works_alone(
    monkeypatch: pytest.MonkeyPatch, given: int
) -> None:
    begin, begun = os.fork, []

    def fork() -> int:
        if len(begun) == given:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        begun.append(0)
        return begin()

    monkeypatch.setattr(cores, "_cores", lambda: 3)
    monkeypatch.setattr(os, "fork", fork)
    found = list(cores.each(slow, (0.01,), range(40)))
    assert {process for _, process in found} == {os.getpid()}
    assert [square for square, _ in found] == [number * number for number in range(40)]
    for child in multiprocessing.active_children():
        child.join(10)
    assert (len(begun), multiprocessing.active_children()) == (given, [])


@pytest.mark.skipif(sys.platform == "win32", reason="who is left behind holds no pipe open there")
def test_whoever_is_killed_leaves_no_process_behind() -> None:
    program = (
        "import os\nfrom arpc import cores\nfrom tests.test_cores import slow\n"
        "cores._cores = lambda: 3\n"
        "for _, by in cores.each(slow, (0.01,), range(10_000)):\n"
        "    print(by != os.getpid(), flush=True)\n"
    )
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", program]
    with subprocess.Popen(words, env=around, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        while process.stdout.readline() == "False\n":  # until others are at work
            pass
        process.kill()
        process.stdout.read()  # it ends when nobody is left who might write to it
    assert process.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service folder with so many cases that somebody wonders how far it is."""
    folder = tmp_path_factory.mktemp("many") / "large"
    practising.copy(folder)
    files = {
        path.relative_to(folder / "cases" / ENGLAND): path.read_bytes()
        for path in (folder / "cases" / ENGLAND).rglob("*.yaml")
    }
    for number in range(MANY):
        symbols = iter(f"{number:07d}")
        case = new_case_id(lambda _, symbols=symbols: next(symbols))  # type: ignore[misc]
        for name, raw in files.items():
            path = folder / "cases" / case / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw.replace(ENGLAND.encode(), case.encode()))
    return folder


@pytest.fixture
def large(many: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, in which we stand."""
    monkeypatch.chdir(many)
    return many


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal there")
@pytest.mark.parametrize(
    ("command", "plain", "presses"),
    [("validate", False, 1), ("validate", True, 1), ("due", False, 1), ("due", False, 9)],
)
def test_who_waits_is_told_how_far_it_is_and_ctrl_c_stops_all_of_it(
    large: Path, command: str, plain: bool, presses: int
) -> None:
    terminal, theirs = pty.openpty()
    around = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
        **({"ARPC_PLAIN": "1"} if plain else {}),
    }
    before = {path: path.read_bytes() for path in large.rglob("*") if path.is_file()}
    with (large.parent / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "arpc", command, "--no-cache"],
            stdout=out,
            stderr=theirs,
            env=around,
            start_new_session=True,
        )
    os.close(theirs)
    told = b""
    while b"looked at" not in told:
        told += os.read(terminal, 1000)
    for _ in range(presses):
        os.killpg(process.pid, signal.SIGINT)
    while more := _read(terminal):  # until nobody of them is left to write
        told += more
    assert process.wait() == 2
    assert (large.parent / "out.txt").read_bytes() == b""
    text = told.decode()
    assert re.search(r"looked at [0-9]+ of 202 cases", text)
    assert text.rstrip().endswith("stopped; nothing more was done")
    assert "Traceback" not in text
    assert ("\x1b" in text) is not plain
    assert before == {path: path.read_bytes() for path in large.rglob("*") if path.is_file()}


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:  # what Linux says where the other end is closed
        return b""


def test_cases_are_checked_the_same_on_one_core_and_on_many(
    large: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = sorted(path.name for path in (large / "cases").iterdir())[:40]
    shared = run("validate", "--no-cache", *cases)
    monkeypatch.setattr(cores, "_cores", lambda: 1)
    assert shared == run("validate", "--no-cache", *cases)
    assert "40 cases checked" in shared.out
