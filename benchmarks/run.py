"""Measure what checking costs, as ratios from one run: `python benchmarks/run.py`."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import FEWEST_ROUNDS, Command, Cost, measure, mebibytes, python, script

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parent / "schemas" / "session.schema.json"
EXAMPLES = HERE.parent / "examples" / "cases"

CASES = 100
RECORDS = 30
MUST = 0.5  # a whole case in less than this part of what check-jsonschema takes for one file

EMPTY, VERSION = "python -c pass", "arpc --version"
CASE, EXAMPLE = "arpc validate, generated case", "arpc validate, English example"
ONE_FILE, ALL = "check-jsonschema, one session", "arpc validate, all cases"


def main() -> int:
    """Measure, print the table, and say whether the requirement is met."""
    parser = argparse.ArgumentParser(description="Compare arpc validate with check-jsonschema.")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help="how often (9, or more)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = list(_commands(Path(folder) / "service", Path(folder) / "bytecode"))
        costs = measure(commands, asked.rounds)
    _print_table(commands, costs)
    return _judge(costs)


def _commands(service: Path, bytecode: Path) -> Iterator[Command]:
    """Everything that is compared, with records made for the purpose."""
    _generate(service)
    run = python(bytecode)
    case = min((service / "cases").iterdir())
    arpc, check = script("arpc"), script("check-jsonschema")
    example, session = _english_example(), case / "sessions" / "N-001.yaml"
    schema = ("--base-uri", SCHEMA.as_uri(), "--schemafile", SCHEMA)
    yield Command(EMPTY, (*run, "-c", "pass"), 0)
    yield Command(VERSION, (*run, arpc, "--version"), 0)
    yield Command(CASE, (*run, arpc, "validate", case), _count(case))
    yield Command(EXAMPLE, (*run, arpc, "validate", example), _count(example))
    yield Command(ONE_FILE, (*run, check, *schema, session), 1)
    yield Command(ALL, (*run, arpc, "validate", service), _count(service))


def _generate(folder: Path) -> None:
    """Write the records in a process of its own.

    A child's peak memory is never counted lower than its parent's, so that this program stays small.
    """
    size = ("--cases", str(CASES), "--records", str(RECORDS))
    subprocess.run((sys.executable, HERE / "generate.py", folder, *size), check=True)


def _english_example() -> Path:
    found = EXAMPLES.glob("*/case.yaml")
    return min(p.parent for p in found if "\nnation: england\n" in p.read_text(encoding="utf-8"))


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.yaml"))


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
            f"{mebibytes(cost.memory):.1f}",
        )
        print(f"{command.name:31}" + "".join(f"{figure:>11}" for figure in figures))


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
