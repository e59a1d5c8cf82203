"""A process that is killed, or refused something by the system, at a call to the system of one's choice.

`strace` counts a process's calls and tampers with one of them; where it is not, or must not look into
processes, what needs it is skipped.
"""

import compileall
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

import pytest

from tests.conftest import ROOT

_CALL = re.compile(r"([0-9]+) +(\w+)\((.*)")


class Call(NamedTuple):
    """One of a process's calls to the system: the how-many-th of its name, and what was asked."""

    name: str
    number: int
    asked: str

    def __str__(self) -> str:
        return f"{self.name} {self.number}: {self.asked[:90]}"


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    said: str


@cache
def can_trace() -> bool:
    """Whether processes can be traced here."""
    if not shutil.which("strace"):
        return False
    tried = subprocess.run(
        ["strace", "-f", "-o", "/dev/null", "-e", "trace=openat", "true"], capture_output=True
    )
    return tried.returncode == 0


needs_strace = pytest.mark.skipif(
    not can_trace(), reason="there is no strace here, or it must not look into processes"
)


def calls(
    command: Sequence[str],
    folder: Path,
    around: Mapping[str, str],
    *,
    since: str,
    is_alone: bool = False,
) -> list[Call]:
    """The calls of a command that runs to its end, from the first that names `since`: all that have to do with
    files, folders and descriptors. If `is_alone`, only its own, and not those of what it starts.
    """
    _compile()
    done, log = _run(command, folder, around, "trace=%file,%desc")
    assert done.code == 0, done.said
    counts: Counter[str] = Counter()
    found, begun, first = [], False, ""
    for process, name, asked in _read(log):
        first = first or process
        if is_alone and process != first:
            continue
        counts[name] += 1
        begun = begun or since in asked
        if begun and name != "getcwd":
            found.append(Call(name, counts[name], asked))
    assert found, f"{since} is never named"
    return found


@cache
def _compile() -> None:
    """Let the bytecode of arpc lie there: whatever else runs writes it some day, and then there are fewer calls."""
    compileall.compile_dir(ROOT / "arpc", quiet=2)


def tampered(
    command: Sequence[str], folder: Path, around: Mapping[str, str], call: Call, what: str
) -> Ended:
    """Run a command and tamper with one of its calls: `signal=KILL`, `error=ENOSPC`.

    What it starts meets with the same at its own call of that name and number, if it comes to so many.
    """
    inject = f"inject={call.name}:{what}:when={call.number}"
    ended, log = _run(command, folder, around, f"trace={call.name}", inject)
    assert "INJECTED" in log or "+++ killed by SIGKILL" in log, f"{call} never came"
    return ended


def _run(
    command: Sequence[str], folder: Path, around: Mapping[str, str], *expressions: str
) -> tuple[Ended, str]:
    """Run a command under `strace`; return how it ended, and what was logged."""
    words = [word for each in expressions for word in ("-e", each)]
    with NamedTemporaryFile() as log:
        done = subprocess.run(
            ["strace", "-f", "-o", log.name, *words, *command],
            cwd=folder,
            env={**around, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
        )
        return Ended(done.returncode, done.stdout + done.stderr), log.read().decode(
            errors="replace"
        )


def _read(log: str) -> Iterator[tuple[str, str, str]]:
    for line in log.splitlines():
        if match := _CALL.match(line):
            yield match[1], match[2], match[3]


PYTHON = (sys.executable, "-B", "-P")
