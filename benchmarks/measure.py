"""What programs cost, each run in a process of its own, in turn with the others.

Every round runs every command once, so that whatever else the machine does meets all of them alike;
of each command the smallest figure of all rounds counts, since load only ever adds.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

FEWEST_ROUNDS = 9


def nothing() -> None:
    """What there is to put back where a command writes nothing."""


class Command(NamedTuple):
    """What is run, and how many record files it looks at."""

    name: str
    line: Sequence[str | Path]
    files: int = 0
    folder: Path | None = None
    """Where it is run; None is where this is."""
    after: Callable[[], object] = nothing
    """What puts everything back as it was, so that every round is alike; not measured."""


class Cost(NamedTuple):
    """What one run took, or the smallest of several."""

    cpu: float
    """Seconds of the processor, user and system together, with whatever it started."""
    wall: float
    """Seconds on the clock."""
    memory: int
    """Peak resident set, in what the system counts it: KiB on Linux, bytes on macOS."""


def python(bytecode: Path) -> tuple[str, ...]:
    """The Python that runs this, with bytecode kept in a folder.

    Installed programs run from bytecode. Whether what lies in a checkout has any that is fresh
    depends on PYTHONDONTWRITEBYTECODE, so all of them keep theirs there and heed no such variable.
    """
    return (sys.executable, "-E", "-X", f"pycache_prefix={bytecode}")


def script(name: str) -> Path:
    """A command of the environment whose Python runs this."""
    return Path(sys.executable).parent / name


def measure(
    commands: Sequence[Command], rounds: int, fewest: int = FEWEST_ROUNDS
) -> dict[str, Cost]:
    """The smallest costs of each command; the first round, which compiles what it runs, is not counted.

    Where one command takes minutes, what others have done meanwhile matters little: then few rounds do.
    """
    runs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    for number in range(max(fewest, rounds) + 1):
        for command in commands:
            cost = _run(command)
            command.after()
            if number:
                runs[command.name].append(cost)
    return {name: _smallest(found) for name, found in runs.items()}


def mebibytes(memory: int) -> float:
    """`Cost.memory` in MiB."""
    return memory / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _run(command: Command) -> Cost:
    """Run a command in a process of its own.

    Raises:
        SystemExit: It failed, so that its time says nothing.
    """
    begun = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command.line, cwd=command.folder, stdout=quiet, stderr=quiet, stdin=quiet
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command.name}: exit code {process.returncode}, nothing measured")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss)


def _smallest(runs: Sequence[Cost]) -> Cost:
    """Each figure's own minimum, save memory, of which the highest peak counts."""
    return Cost(min(r.cpu for r in runs), min(r.wall for r in runs), max(r.memory for r in runs))
