"""Measure what checking costs, as ratios from one run: `python benchmarks/run.py`."""

import argparse
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import FEWEST_ROUNDS, Command, Cost, measure, mebibytes, python, script

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parent / "schemas" / "session.schema.json"
EXAMPLES = HERE.parent / "examples" / "cases"

CASES = 100
RECORDS = 30
MUST = 0.5  # a whole case in less than this part of what check-jsonschema takes for one file
MUST_AGAIN = 0.4  # the same where nobody changed anything
MUST_START = 7.0  # `arpc --version` in at most so many times what an empty Python takes
MUST_PRINT = 0.05  # seconds in which so many findings are printed
FINDINGS = 1000
MUST_EACH = 1 / 40  # a file by itself, of what check-jsonschema takes for one more file

EMPTY, VERSION = "python -c pass", "arpc --version"
CASE, AGAIN = "arpc validate, one case", "arpc validate, nothing changed"
EXAMPLE, ALL = "arpc validate, English example", "arpc validate, all cases"
ONE_FILE, FILES = "check-jsonschema, one session", "check-jsonschema, sessions"
LONE, LONE_FILES = "arpc validate, one session", "arpc validate, sessions"


def main() -> int:
    """Measure, print the table, and say whether the requirement is met."""
    parser = argparse.ArgumentParser(description="Compare arpc validate with check-jsonschema.")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help="how often (9, or more)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = list(_commands(Path(folder) / "service", Path(folder) / "bytecode"))
        costs = measure(commands, asked.rounds)
    _print_table(commands, costs)
    return _judge({command.name: command.files for command in commands}, costs)


def _commands(service: Path, bytecode: Path) -> Iterator[Command]:
    """Everything that is compared, with records made for the purpose.

    What is compared stands together: after one that runs for seconds a short one takes up to half as long again.
    """
    _generate(service)
    run = python(bytecode)
    case = min((service / "cases").iterdir())
    check = script("check-jsonschema")
    remembered = [f"XDG_{what}_HOME={bytecode.parent / what}" for what in ("CACHE", "STATE")]
    arpc = ("env", *remembered, *run, script("arpc"))
    anew = (*run, script("arpc"), "validate", "--no-cache")
    example = _english_example()
    lone = _apart(service, bytecode.parent / "apart")
    schema = ("--base-uri", SCHEMA.as_uri(), "--schemafile", SCHEMA)
    yield Command(EMPTY, (*run, "-c", "pass"), 0)
    yield Command(VERSION, (*run, script("arpc"), "--version"), 0)
    yield Command(CASE, (*anew, case), _count(case))
    yield Command(AGAIN, (*arpc, "validate", case), _count(case))
    yield Command(ONE_FILE, (*run, check, *schema, lone[0]), 1)
    yield Command(LONE, (*anew, lone[0]), 1)
    yield Command(EXAMPLE, (*anew, example), _count(example))
    yield Command(LONE_FILES, (*anew, *lone), len(lone))
    yield Command(FILES, (*run, check, *schema, *lone), len(lone))
    yield Command(ALL, (*anew, service), _count(service))


def _apart(service: Path, folder: Path) -> list[Path]:
    """Sessions outside of any case, of which nothing is checked but that they satisfy their schema."""
    folder.mkdir()
    found = sorted((service / "cases").glob("*/sessions/N-*.yaml"))[::4]
    lone = [folder / f"{number}.yaml" for number in range(len(found))]
    for path, copy in zip(found, lone, strict=True):
        copy.write_bytes(path.read_bytes())
    return lone


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


def _judge(files: dict[str, int], costs: dict[str, Cost]) -> int:
    """Say whether the requirements are met, by processor time; return the exit code."""
    each, peer = (
        (costs[many].cpu - costs[one].cpu) / (files[many] - 1)  # apart from what it takes to begin
        for one, many in ((LONE, LONE_FILES), (ONE_FILE, FILES))
    )
    musts = (
        (f"a case of {RECORDS} files, of check-jsonschema on one", CASE, ONE_FILE, MUST),
        ("the same where nothing changed", AGAIN, ONE_FILE, MUST_AGAIN),
        ("--version, of an empty Python", VERSION, EMPTY, MUST_START),
    )
    found = [(what, costs[one].cpu / costs[other].cpu, most) for what, one, other, most in musts]
    found.append(("one more file against its schema, of check-jsonschema", each / peer, MUST_EACH))
    for what, ratio, most in found:
        verdict = "met" if ratio <= most else "NOT MET"
        print(f"must: {what}: {ratio:.3f} of its processor time, at most {most:.3f}: {verdict}")
    printing = _printing()
    verdict = "met" if printing <= MUST_PRINT else "NOT MET"
    print(
        f"must: {FINDINGS:,} findings printed in at most {MUST_PRINT} s: {printing:.3f} s: {verdict}"
    )
    whole = costs[ALL].cpu / files[ALL]
    print(f"check-jsonschema: {peer * 1000:.2f} ms for one more file, against its schema alone")
    print(
        f"arpc: {each * 1000:.3f} ms against its schema alone, {peer / each:.0f} times faster; with every"
    )
    print(f"rule of good practice {whole * 1000:.3f} ms a record, {peer / whole:.0f} times faster")
    return 0 if all(ratio <= most for _, ratio, most in found) and printing <= MUST_PRINT else 1


def _printing() -> float:
    """The least processor time in which findings are printed, coloured as on a terminal, with their hints."""
    from arpc.cli.printer import Printer
    from arpc.cli.verdicts import print_verdict
    from arpc.findings import Finding, Gate, Location, Severity, verdict

    places = (Location(f"cases/C-{n:08d}/sessions/N-001.yaml", n, 3) for n in range(FINDINGS))
    message, hint = "no letter for P-04", "write it in J-01, under `letters`"
    rule = "no-letter-for-child"
    found = [Finding(place, rule, message, Severity.WARNING, Gate.NOW, hint) for place in places]
    told = verdict(found, Gate.NOW, cases=FINDINGS, files=FINDINGS)
    times = []
    for _ in range(FEWEST_ROUNDS):
        out = Printer(io.StringIO(), 100, colour=True, on_terminal=False)
        begun = time.process_time()
        print_verdict(out, told)
        times.append(time.process_time() - begun)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
