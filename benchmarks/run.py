"""Measure what a command costs, as ratios from one run: `python benchmarks/run.py`.

Every round runs every command once, so that whatever else the machine does meets all of them alike;
of each command the smallest figure of all rounds counts, since load only ever adds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parent / "schemas" / "session.schema.json"
EXAMPLES = HERE.parent / "examples" / "cases"

FEWEST_ROUNDS = 9
CASES = 100
RECORDS = 30
MUST = 0.5  # a whole case in less than this part of what check-jsonschema takes for one file

EMPTY, VERSION = "python -c pass", "arpc --version"
CASE, EXAMPLE = "arpc validate, generated case", "arpc validate, English example"
ONE_FILE, ALL = "check-jsonschema, one session", "arpc validate, all cases"


class Command(NamedTuple):
    """What is run, and how many record files it looks at."""

    name: str
    line: Sequence[str | Path]
    files: int


class Cost(NamedTuple):
    """What one run took, or the smallest of several."""

    cpu: float
    """Seconds of the processor, user and system together."""
    wall: float
    """Seconds on the clock."""
    memory: int
    """Peak resident set, in what the system counts it: KiB on Linux, bytes on macOS."""


def main() -> int:
    """Measure, print the table, and say whether the requirement is met."""
    parser = argparse.ArgumentParser(description="Compare arpc validate with check-jsonschema.")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help="how often (9, or more)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = list(_commands(Path(folder) / "service", Path(folder) / "bytecode"))
        costs = _measure(commands, max(FEWEST_ROUNDS, asked.rounds))
    _print_table(commands, costs)
    return _judge(costs)


def _commands(service: Path, bytecode: Path) -> Iterator[Command]:
    """Everything that is compared, with records made for the purpose."""
    _generate(service)
    # Installed programs run from bytecode. Whether what lies in a checkout has any that is fresh
    # depends on PYTHONDONTWRITEBYTECODE, so all of them keep theirs here and heed no such variable.
    python = (sys.executable, "-E", "-X", f"pycache_prefix={bytecode}")
    case = min((service / "cases").iterdir())
    arpc, check = _script("arpc"), _script("check-jsonschema")
    example, session = _english_example(), case / "sessions" / "N-001.yaml"
    schema = ("--base-uri", SCHEMA.as_uri(), "--schemafile", SCHEMA)
    yield Command(EMPTY, (*python, "-c", "pass"), 0)
    yield Command(VERSION, (*python, arpc, "--version"), 0)
    yield Command(CASE, (*python, arpc, "validate", case), _count(case))
    yield Command(EXAMPLE, (*python, arpc, "validate", example), _count(example))
    yield Command(ONE_FILE, (*python, check, *schema, session), 1)
    yield Command(ALL, (*python, arpc, "validate", service), _count(service))


def _generate(folder: Path) -> None:
    """Write the records in a process of its own.

    A child's peak memory is never counted lower than its parent's, so that this program stays small.
    """
    size = ("--cases", str(CASES), "--records", str(RECORDS))
    subprocess.run((sys.executable, HERE / "generate.py", folder, *size), check=True)


def _script(name: str) -> Path:
    """A command of the environment whose Python runs this."""
    return Path(sys.executable).parent / name


def _english_example() -> Path:
    found = EXAMPLES.glob("*/case.yaml")
    return min(p.parent for p in found if "\nnation: england\n" in p.read_text(encoding="utf-8"))


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.yaml"))


def _measure(commands: Sequence[Command], rounds: int) -> dict[str, Cost]:
    """The smallest costs of each command; the first round, which compiles what it runs, is not counted."""
    runs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    for number in range(rounds + 1):
        for command in commands:
            cost = _run(command)
            if number:
                runs[command.name].append(cost)
    return {name: _smallest(found) for name, found in runs.items()}


def _run(command: Command) -> Cost:
    """Run a command in a process of its own.

    Raises:
        SystemExit: It failed, so that its time says nothing.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(
        command.line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
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


def _print_table(commands: Sequence[Command], costs: dict[str, Cost]) -> None:
    """Print a line for each command; times in ms, ratios of processor time."""
    empty, check = costs[EMPTY], costs[ONE_FILE]
    titles = ("files", "cpu ms", "wall ms", "cpu/file", "x python", "x check-js", "peak MiB")
    print(f"{'':31}" + "".join(f"{title:>11}" for title in titles))
    for command in commands:
        cost = costs[command.name]
        each = f"{cost.cpu / command.files * 1000:.2f}" if command.files else ""
        figures = (
            str(command.files or ""),
            f"{cost.cpu * 1000:.1f}",
            f"{cost.wall * 1000:.1f}",
            each,
            f"{cost.cpu / empty.cpu:.2f}",
            f"{cost.cpu / check.cpu:.2f}",
            f"{_mebibytes(cost.memory):.1f}",
        )
        print(f"{command.name:31}" + "".join(f"{figure:>11}" for figure in figures))


def _mebibytes(memory: int) -> float:
    return memory / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _judge(costs: dict[str, Cost]) -> int:
    """Say whether the requirement is met, by processor time; return the exit code."""
    case, check = costs[CASE], costs[ONE_FILE]
    ratio, wall = case.cpu / check.cpu, case.wall / check.wall
    verdict = "met" if ratio < MUST else "NOT MET"
    print(f"must: a case of {RECORDS} files in less than {MUST} of check-jsonschema on one file:")
    print(f"must: {ratio:.2f} of its processor time ({wall:.2f} on the clock): {verdict}")
    return 0 if ratio < MUST else 1


if __name__ == "__main__":
    sys.exit(main())
