"""What `validate` and the gates say: findings with their places, and one closing line of totals."""

from arpc.checking import Verdict
from arpc.cli import checks, printer, workspace
from arpc.cli.printer import Printer
from arpc.findings import Finding, Gate, Severity

_BLIND = "not-checked"
PURPOSES = {
    Gate.FINISH: "drafts are finished",
    Gate.ISSUE: "a report is issued",
    Gate.CLOSE: "the case is closed",
}


def validate(
    paths: list[str],
    aim: Gate = Gate.NOW,
    *,
    strict: bool = False,
    form: str = "text",
    answered: bool = False,
    staged: bool = False,
    today: str = "",
) -> int:
    """Check what was named, print what was found, and return the exit code."""
    space = workspace.open_here(today, checks.starting_point(paths))
    before = 0
    if staged:
        verdict, before = checks.validate_staged(space)
    else:
        verdict = checks.validate(space, paths, aim)
    out = printer.out()
    if form != "text":
        from arpc import exporting

        write = exporting.FINDINGS[form]
        out.raw(write(verdict, space.today, practice=space.is_practice))
    elif answered:
        _print_answered(out, verdict)
    else:
        print_verdict(out, verdict)
    if before:
        printer.err().line(f"{_many(before, 'finding')} stood there before this commit")
    return 1 if verdict.fails(strict=strict) else 0


def print_verdict(out: Printer, verdict: Verdict) -> None:
    """Print what counts, with hints, and one closing line of totals."""
    excerpts = None
    if out.on_terminal and not out.plain:
        from arpc.cli.excerpts import Excerpts

        excerpts = Excerpts()
    # What could not be looked at follows from what cannot be read, and stands below it.
    for finding in sorted(verdict.counting, key=lambda found: found.rule == _BLIND):
        _print_finding(out, finding)
        for text in excerpts.of(finding) if excerpts else ():
            out.styled(("faint", text))
        if finding.hint and finding.rule != _BLIND:  # a long list, for programs
            out.styled(("faint", "    hint: "), finding.hint)
    _print_totals(out, verdict)


def _print_answered(out: Printer, verdict: Verdict) -> None:
    """Print what was answered, by whom and where the reason can be read."""
    for finding, given in verdict.answered:
        _print_finding(out, finding)
        agreed = f", agreed by {given.agreed_by}" if given.agreed_by else ""
        reason = given.at("reason")
        out.line(f"    answered {given.day} by {given.by}{agreed}; the reason: {reason}")
    out.styled(("strong", f"{_many(len(verdict.answered), 'answered finding')}"))


def _print_finding(out: Printer, finding: Finding) -> None:
    gate = "" if finding.gate is Gate.NOW else f" to {finding.gate}"
    severity = str(finding.severity)
    counts = (severity, f"{severity}{gate}")
    if out.plain:  # what it is comes first, then where
        place = out.place(finding.where)
        out.styled(counts, f": {finding.message}; rule {finding.rule}; in {place}")
    else:
        out.styled(f"{finding.where}: ", counts, f": {finding.message} [{finding.rule}]")


def _print_totals(out: Printer, verdict: Verdict) -> None:
    parts = [_many(verdict.count(s), s) for s in Severity if verdict.count(s)]
    what = _many(verdict.files, "file")
    if verdict.cases:
        what += f" in {_many(verdict.cases, 'case')}"
    out.styled(("strong", f"{', '.join(parts) if parts else 'nothing wrong'}; {what} checked"))
    if verdict.answered:
        many = _many(len(verdict.answered), "finding")
        out.line(f"{many} answered, see `arpc validate --answered`")
    later = verdict.later()
    for gate, count in later.items():
        out.line(f"before {PURPOSES[gate]}: {count} more to do, see `arpc validate --for {gate}`")


def _many(count: int, word: str) -> str:
    plural = word if word == "advice" or count == 1 else f"{word}s"
    return f"{count} {plural}"
