"""What `validate` and the gates say: findings with their places, and one closing line of totals."""

from typing import TYPE_CHECKING

from arpc.cli import checks, printer, workspace
from arpc.cli.printer import Printer
from arpc.findings import Finding, Gate, Given, Location, Severity, Verdict

if TYPE_CHECKING:
    from arpc.due import Item
    from arpc.records import Answered

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
    cached: bool = True,
    today: str = "",
) -> int:
    """Check what was named, print what was found, and return the exit code."""
    space = workspace.open_here(today, checks.starting_point(paths))
    before = 0
    if staged:
        verdict, before = checks.validate_staged(space)
    else:
        verdict = checks.validate(space, paths, aim, whole=form == "json", cached=cached)
    out = printer.out()
    if form != "text":
        from arpc import exporting

        write = exporting.FINDINGS[form]
        out.raw(write(verdict, space.today, practice=space.is_practice))
    elif answered:
        _print_answered(out, verdict, list(checks.missed(space, paths)))
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


def _print_answered(out: Printer, verdict: Verdict, missed: "list[tuple[Item, Answered]]") -> None:
    """Print what was answered, and why: the reason is shown because it was asked for."""
    reasons = checks.Reasons()
    for finding, given in verdict.answered:
        _print_finding(out, finding)
        _print_reason(out, given, reasons.of(given))
    for item, answer in missed:
        due = item.due
        _print_about(
            out, due.because, ("advice", "missed"), f"{due.what} by {due.by}", item.clock.id
        )
        given = Given(answer.day, answer.by, answer.agreed_by, answer.at("reason"))
        _print_reason(out, given, answer.reason)
    total = _many(len(verdict.answered), "answered finding")
    dates = f", {_many(len(missed), 'answered date')}" if missed else ""
    out.styled(("strong", total + dates))


def _print_reason(out: Printer, given: Given, reason: str) -> None:
    agreed = f", agreed by {given.agreed_by}" if given.agreed_by else ""
    out.wrapped(f"answered on {given.day} by {given.by}{agreed}: {reason}", "    ")
    out.line(f"    it stands in {out.place(given.reason_at)}")


def _print_finding(out: Printer, finding: Finding) -> None:
    gate = "" if finding.gate is Gate.NOW else f" to {finding.gate}"
    severity = str(finding.severity)
    counts = (severity, f"{severity}{gate}")
    _print_about(out, finding.where, counts, finding.message, finding.rule)


def _print_about(
    out: Printer, where: Location, counts: tuple[str, str], message: str, rule: str
) -> None:
    if out.plain:  # what it is comes first, then where
        out.styled(counts, f": {message}; rule {rule}; in {out.place(where)}")
    else:
        out.styled(f"{where}: ", counts, f": {message} [{rule}]")


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
