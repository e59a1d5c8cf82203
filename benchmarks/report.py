"""Compare making a PDF report with WeasyPrint: `python benchmarks/report.py`."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import FEWEST_ROUNDS, Command, Cost, measure, mebibytes, python, script

CASE = "C-FK6SY95T"
MUST = 1 / 3  # of the processor time that WeasyPrint takes for the same report

EMPTY = "python -c pass"
WHOLE, TYPESET = "arpc render-report, case to PDF", "arpc, document to PDF"
HTML, WEASYPRINT = "arpc render-report, case to HTML", "WeasyPrint, HTML to PDF"

_KEEP = """
import pickle, sys
from datetime import date
from pathlib import Path
from arpc import copying, loading, resources
from arpc.document import markdown, templating
from arpc.provisions import AsOf
from arpc.reporting import catalogue
from arpc.service import open_service
root, case, kept = map(Path, sys.argv[1:])
service = open_service(root).service
as_of = AsOf(loading.load(root / "cases" / case, "").file, service.practice_today, service)
made = catalogue.make(as_of, "assessment")
drawn = copying.pictures(made)
folders = [resources.folder("templates")]
source = templating.render(folders, made.template, report=made.report, pictures=drawn)
figures = [figure for found in drawn.values() for figure in found]
kept.write_bytes(pickle.dumps((markdown.parse(source), made.report.matter, figures)))
"""
_TYPESET = """
import pickle, sys
from pathlib import Path
from arpc.document.pdf import to_pdf
kept, pdf = map(Path, sys.argv[1:])
pdf.write_bytes(to_pdf(*pickle.loads(kept.read_bytes())))
"""


def main() -> int:
    """Measure, print the table, and say whether the requirement is met."""
    parser = argparse.ArgumentParser(description="Compare arpc render-report with WeasyPrint.")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help="how often (9, or more)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        commands = _commands(Path(folder))
        costs = measure(commands, rounds)
    _print_table(costs)
    return _judge(costs)


def _commands(folder: Path) -> list[Command]:
    """Everything that is compared, with the report in each form that a command begins from."""
    practice, kept, html, pdf = (folder / n for n in ("practice", "kept", "a.html", "a.pdf"))
    run = python(folder / "bytecode")
    arpc = (*run, script("arpc"))
    report = (*arpc, "render-report", practice / "cases" / CASE, "-o")
    subprocess.run((*arpc, "demo", practice), check=True, stdout=subprocess.DEVNULL)
    subprocess.run((*report, html), check=True, stdout=subprocess.DEVNULL)
    subprocess.run((*run, "-c", _KEEP, practice, CASE, kept), check=True)
    return [
        Command(EMPTY, (*run, "-c", "pass")),
        Command(WHOLE, (*report, pdf)),
        Command(TYPESET, (*run, "-c", _TYPESET, kept, pdf)),
        Command(HTML, (*report, html)),
        Command(WEASYPRINT, (*run, "-m", "weasyprint", "-q", html, pdf)),
    ]


def _print_table(costs: dict[str, Cost]) -> None:
    """Print a line for each command; times in ms, ratios of processor time."""
    titles = ("cpu ms", "wall ms", "x python", "x WeasyPrint", "peak MiB")
    print(f"{'':34}" + "".join(f"{title:>14}" for title in titles))
    for name, cost in costs.items():
        figures = (
            f"{cost.cpu * 1000:.0f}",
            f"{cost.wall * 1000:.0f}",
            f"{cost.cpu / costs[EMPTY].cpu:.1f}",
            f"{cost.cpu / costs[WEASYPRINT].cpu:.3f}",
            f"{mebibytes(cost.memory):.0f}",
        )
        print(f"{name:34}" + "".join(f"{figure:>14}" for figure in figures))


def _judge(costs: dict[str, Cost]) -> int:
    """Say whether the requirement is met, by processor time; return the exit code."""
    ratio = costs[WHOLE].cpu / costs[WEASYPRINT].cpu
    print("must: a case to PDF in less than a third of what WeasyPrint takes for its HTML alone:")
    print(f"must: {ratio:.3f} of its processor time: {'met' if ratio < MUST else 'NOT MET'}")
    return 0 if ratio < MUST else 1


if __name__ == "__main__":
    sys.exit(main())
