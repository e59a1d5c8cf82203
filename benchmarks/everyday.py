"""Measure what is typed all day in a folder of a thousand cases: `python benchmarks/everyday.py`."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from measure import FEWEST_ROUNDS, Command, Cost, measure, mebibytes, nothing, python, script

HERE = Path(__file__).resolve().parent
CASES = 1000
RECORDS = 30
MUST_FIND = 4.0  # of a search on the clock: times what grep takes
MUST_GROW = 1.2  # of what is asked of one case: times what it takes where that is the only one

EMPTY, GREP = "python -c pass", "grep -ri, two words"
RARE, COMMON, TWO = "find, a rare word", "find, a word everywhere", "find, two words"
OF_ONE_CASE = ("add", "edit", "finish", "validate", "status", "show", "render-report")
OF_ALL = ("new-case", "save", "due", RARE, COMMON, TWO)  # what reads all cases
ALONE = ", where there is one case"

Line = Sequence[str | Path]


def main() -> int:
    """Measure, print the table, and say whether the requirements are met."""
    parser = argparse.ArgumentParser(description="Measure the everyday commands of arpc.")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help="how often (9, or more)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        commands = list(_commands(Path(folder)))
        costs = measure(commands, rounds)
    _print_table(costs)
    return _judge(costs)


def _commands(folder: Path) -> Iterator[Command]:
    """Everything that is compared: each command once among many cases, and once in a folder of one."""
    run = python(folder / "bytecode")
    many, one = (folder / name for name in ("many", "one"))
    _generate(many, CASES)
    _generate(one, 1)
    [case] = (path.name for path in (one / "cases").iterdir())  # the same among the many
    yield Command(EMPTY, (*run, "-c", "pass"))
    yield Command(GREP, ("grep", "-riE", "crowther|bicycle", many / "cases"))
    for service, where in ((many, ""), (one, ALONE)):
        remembered = [f"XDG_{what}_HOME={folder / what}" for what in ("CACHE", "STATE")]
        arpc = ("env", *remembered, *run, script("arpc"))
        _run_in(service, (*arpc, *_add(case, "Périwinkle came.")))
        for name, line, after in _everyday(service, case, arpc):
            yield Command(name + where, line, folder=service, after=after)


def _everyday(
    service: Path, case: str, arpc: Line
) -> Iterator[tuple[str, Line, Callable[[], object]]]:
    """The everyday commands as they are typed in a service folder, and what takes back what each wrote."""
    me = ("--as", "LK")
    draft = max((service / "cases" / case / "sessions").glob("N-*.yaml")).stem
    undo = partial(_run_in, service, (*arpc, "undo", case))
    unsave = partial(_git, service, "reset", "--quiet", "HEAD~1")  # the draft is unsaved again
    clear = partial(shutil.rmtree, service / "cases" / case / "out")
    remove = partial(_remove_others, _cases(service), service)
    names = ("--man", "Owen Pryce", "--child", "Mali Pryce", "--carer", "Sian Pryce")
    # An editor that changes nothing, so that it is arpc that is measured.
    edit = ("env", "EDITOR=true", *arpc, "edit", draft, "-c", case)
    yield "new-case", (*arpc, "new-case", *names, *me), remove
    yield "add", (*arpc, *_add(case, "He came.")), undo
    yield "edit", edit, undo
    yield "finish", (*arpc, "finish", draft, "-c", case, *me), undo
    yield "save", (*arpc, "save", *me), unsave
    yield "validate", (*arpc, "validate", case), nothing
    yield "status", (*arpc, "status", case), nothing
    yield "due", (*arpc, "due"), nothing
    yield "show", (*arpc, "show", case), nothing
    yield RARE, (*arpc, "find", "periwinkle"), nothing
    yield COMMON, (*arpc, "find", "the"), nothing
    yield TWO, (*arpc, "find", "bicycle", "kitchen"), nothing
    yield "render-report", (*arpc, "render-report", case), clear


def _generate(service: Path, cases: int) -> None:
    size = ("--cases", str(cases), "--records", str(RECORDS))
    subprocess.run((sys.executable, HERE / "generate.py", service, *size), check=True)
    for words in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "as generated")):
        _git(service, *words)


def _add(case: str, note: str) -> Line:
    """How a session is added of which no more is to be written."""
    known = ("with=man", "who=P-01", "where=office", "time=10:00-11:00", "concern=none")
    return ("add", "session", *known, f"note={note}", "-c", case, "--as", "LK")


def _cases(service: Path) -> frozenset[Path]:
    return frozenset((service / "cases").iterdir())


def _remove_others(known: frozenset[Path], service: Path) -> None:
    for path in _cases(service) - known:
        shutil.rmtree(path)


def _git(service: Path, *words: str) -> None:
    """What is done with git itself, by somebody whose settings are not those of this computer."""
    who = ("-c", "user.name=Leila Kassar", "-c", "user.email=lk@example.org", "-c", "gc.auto=0")
    _run_in(service, ("git", *who, *words))


def _run_in(folder: Path, line: Line) -> None:
    subprocess.run(
        line, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _print_table(costs: dict[str, Cost]) -> None:
    """Print a line for each command; times in ms, ratios of processor time."""
    titles = ("cpu ms", "wall ms", "x python", "x grep", "x one case", "peak MiB")
    print(f"{'':28}" + "".join(f"{title:>11}" for title in titles))
    for name in (EMPTY, GREP, *OF_ONE_CASE, *OF_ALL):
        cost = costs[name]
        figures = (
            f"{cost.cpu * 1000:.0f}",
            f"{cost.wall * 1000:.0f}",
            f"{cost.cpu / costs[EMPTY].cpu:.1f}",
            f"{cost.cpu / costs[GREP].cpu:.2f}" if name in (RARE, COMMON, TWO) else "",
            f"{_growth(costs, name):.2f}" if name + ALONE in costs else "",
            f"{mebibytes(cost.memory):.0f}",
        )
        shown = f"arpc {name}" if name + ALONE in costs else name
        print(f"{shown:28}" + "".join(f"{figure:>11}" for figure in figures))


def _growth(costs: dict[str, Cost], name: str) -> float:
    """How much more processor time a command takes among many cases than in a folder of one."""
    return costs[name].cpu / costs[name + ALONE].cpu


def _judge(costs: dict[str, Cost]) -> int:
    """Say whether the requirements are met; return the exit code."""
    slowest = max(costs[name].wall for name in (RARE, COMMON, TWO)) / costs[GREP].wall
    growth = max(_growth(costs, name) for name in OF_ONE_CASE)
    print(
        f"must: words in {CASES} cases on the clock at most {MUST_FIND:.0f} times what grep takes:"
    )
    print(f"must: {slowest:.2f} times: {'met' if slowest <= MUST_FIND else 'NOT MET'}")
    print(f"must: what is asked of one case at most {MUST_GROW} times what it takes by itself:")
    print(f"must: {growth:.2f} times: {'met' if growth <= MUST_GROW else 'NOT MET'}")
    return 0 if slowest <= MUST_FIND and growth <= MUST_GROW else 1


if __name__ == "__main__":
    sys.exit(main())
