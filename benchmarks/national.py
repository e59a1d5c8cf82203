"""Measure a programme of 10,000 cases: `python benchmarks/national.py`.

What is asked of all of them, when nothing was ever worked out, when all of it is remembered, and when five
files were changed since, against git on the same files and against check-jsonschema on some of them.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from measure import Command, Cost, measure, mebibytes, nothing, python, script

HERE = Path(__file__).resolve().parent
SCHEMAS = HERE.parent / "schemas"
RECORDS = 25
SAMPLE = 40  # cases whose files check-jsonschema reads
FEWER = 10  # times fewer cases, to see how the cost of a file grows
CHANGED = 5  # files, between two looks
ROUNDS = 5

STATUS = "git status"
FIRST, FEWER_FIRST = "validate, nothing remembered", "validate, nothing remembered, fewer cases"
AGAIN, EDITED = "validate, nothing changed", "validate, five files changed"
DUE, LIST = "due, five files changed", "list, five files changed"
SEARCHED = "find, nothing remembered"
RARE, COMMON = "find, a rare word", "find, a word everywhere"


class Target(NamedTuple):
    """What has to be so, and what was measured."""

    what: str
    measured: float
    most: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is so."""
        return self.measured <= self.most


def main() -> int:
    """Measure, print the table, and say whether the targets are met."""
    parser = argparse.ArgumentParser(description="Measure arpc over many cases.")
    parser.add_argument("--cases", type=int, default=10_000, help="how many (10,000)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often what is quick is run")
    parser.add_argument("--folder", type=Path, help="keep the cases there, for the next run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        place = asked.folder or Path(aside)
        many, fewer = place / "many", place / "fewer"
        for service, count in ((many, asked.cases), (fewer, asked.cases // FEWER)):
            if not service.is_dir():
                _generate(service, count)
        around = _Around(Path(aside), many, fewer)
        costs = {
            **measure(list(around.slow()), 1, fewest=1),
            **measure(list(around.quick()), asked.rounds, fewest=3),
        }
        peer = _peer(around)
        files, few_files = _count(many), _count(fewer)
    _print_table(costs, files, asked.cases)
    return _judge(costs, peer, files, few_files)


class _Around:
    """Where the commands run, and what is remembered from one to the next."""

    def __init__(self, aside: Path, many: Path, fewer: Path) -> None:
        self.many = many
        self.fewer = fewer
        self.python = python(aside / "bytecode")
        remembered = (f"XDG_CACHE_HOME={aside / 'cache'}", f"XDG_STATE_HOME={aside / 'state'}")
        self.arpc = ("env", *remembered, *self.python, script("arpc"))
        self._edits = 0

    def slow(self) -> Iterator[Command]:
        """What takes minutes, or is compared with it."""
        for name, service in ((FIRST, self.many), (FEWER_FIRST, self.fewer)):
            yield Command(name, (*self.arpc, "validate", "--no-cache"), folder=service)
        find = (*self.arpc, "find", "periwinkle", "--no-cache")
        yield Command(SEARCHED, find, folder=self.many)

    def quick(self) -> Iterator[Command]:
        """What is asked again and again."""
        git = ("git", "-c", "gc.auto=0")
        yield Command(STATUS, (*git, "status", "--short"), folder=self.many)
        for name, line, after in (
            (AGAIN, ("validate",), self.edit),
            (EDITED, ("validate",), self.edit),
            (DUE, ("due",), self.edit),
            (LIST, ("list",), nothing),
            (RARE, ("find", "periwinkle"), nothing),
            (COMMON, ("find", "the"), nothing),
        ):
            yield Command(name, (*self.arpc, *line), folder=self.many, after=after)

    def edit(self) -> None:
        """Change five files in five cases, each time others."""
        cases = sorted((self.many / "cases").iterdir())
        for number in range(CHANGED):
            place = (self._edits * CHANGED + number) * 997 % len(cases)
            path = cases[place] / "sessions" / "N-001.yaml"
            path.write_bytes(path.read_bytes() + b"# looked at again\n")
        self._edits += 1


def _generate(service: Path, cases: int) -> None:
    size = ("--cases", str(cases), "--records", str(RECORDS))
    subprocess.run((sys.executable, HERE / "generate.py", service, *size), check=True)
    case = min(path.name for path in (service / "cases").iterdir())
    known = ("with=man", "who=P-01", "where=office", "time=10:00-11:00", "concern=none")
    add = (script("arpc"), "add", "session", *known, "note=Périwinkle came.", "-c", case)
    subprocess.run((*add, "--as", "LK"), cwd=service, check=True, stdout=subprocess.DEVNULL)
    who = ("-c", "user.name=Leila Kassar", "-c", "user.email=lk@example.org", "-c", "gc.auto=0")
    for words in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "as generated")):
        subprocess.run(("git", *who, *words), cwd=service, check=True)


def _count(service: Path) -> int:
    return sum(
        name.endswith(".yaml") for _, _, names in os.walk(service / "cases") for name in names
    )


def _peer(around: _Around) -> float:
    """The processor time of check-jsonschema for one more file, in seconds, over all kinds of record."""
    cases = sorted((around.many / "cases").iterdir())[:SAMPLE]
    spent, files = 0.0, 0
    for schema in sorted(SCHEMAS.glob("*.schema.json")):
        pattern = _pattern(schema)
        found = [path for case in cases for path in sorted(case.glob(pattern))] if pattern else []
        if len(found) < 2:
            continue
        run = (*around.python, script("check-jsonschema"))
        line = (*run, "--base-uri", schema.as_uri(), "--schemafile", schema)
        costs = measure(
            [Command("one", (*line, found[0])), Command("all", (*line, *found))], 1, fewest=1
        )
        spent += costs["all"].cpu - costs["one"].cpu
        files += len(found) - 1
    return spent / files


def _pattern(schema: Path) -> str:
    import json

    return str(json.loads(schema.read_text("utf-8")).get("x-arpc-files", ""))


def _print_table(costs: dict[str, Cost], files: int, cases: int) -> None:
    print(f"{cases:,} cases, {files:,} records; {_machine()}")
    print()
    print("| | processor time | on the clock | of `git status` | largest process |")
    print("|---|---|---|---|---|")
    order = (STATUS, FIRST, AGAIN, EDITED, DUE, LIST, SEARCHED, RARE, COMMON)
    for name, cost in ((name, costs[name]) for name in order):
        command, comma, rest = name.partition(",")
        shown = f"`{command}`" if name == STATUS else f"`arpc {command}`{comma}{rest}"
        ratio = f"{cost.cpu / costs[STATUS].cpu:.2f}"
        memory = f"{mebibytes(cost.memory):.0f} MiB"
        print(f"| {shown} | {cost.cpu:.1f} s | {cost.wall:.1f} s | {ratio} | {memory} |")


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    git = subprocess.run(("git", "--version"), capture_output=True, text=True, check=True).stdout
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return f"{cores} cores, {system}, Python {platform.python_version()}, {git.strip()}"


def _judge(costs: dict[str, Cost], peer: float, files: int, few_files: int) -> int:
    """Say whether the targets are met; return the exit code."""
    first, fewer = costs[FIRST], costs[FEWER_FIRST]
    arpc = [cost for name, cost in costs.items() if name != STATUS]
    each = first.cpu / files
    targets = (
        Target(
            "five files changed, processor time of git status",
            costs[EDITED].cpu / costs[STATUS].cpu,
            1.2,
        ),
        Target("the largest process", max(mebibytes(cost.memory) for cost in arpc), 100, " MiB"),
        Target(
            "a record among many, of what it takes among a tenth",
            each / (fewer.cpu / few_files),
            1.1,
        ),
    )
    print()
    for target in targets:
        verdict = "met" if target.is_met else "NOT MET"
        print(
            f"must: {target.what}: {target.measured:.3g}{target.unit}, at most {target.most:.3g}: {verdict}"
        )
    print(
        f"a record against its schema and all rules: {each * 1000:.2f} ms; check-jsonschema, its schema alone:"
        f" {peer * 1000:.2f} ms, {peer / each:.1f} times as much (run.py compares like with like)"
    )
    return 0 if all(target.is_met for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
