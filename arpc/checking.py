"""`arpc validate`: files against their schemas, cases against good practice."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from arpc import provisions, rules
from arpc.casefile import Loaded
from arpc.findings import Finding, Gate, Severity
from arpc.provisions import AsOf
from arpc.service import Service


class Verdict(NamedTuple):
    """What was found in one or more cases, and what of it counts for somebody's aim."""

    findings: tuple[Finding, ...]
    """Everything, in the order of files and lines."""
    aim: Gate
    cases: int
    files: int

    @property
    def counting(self) -> list[Finding]:
        """What counts for the aim."""
        return [f for f in self.findings if f.gate.counts_for(self.aim)]

    def later(self) -> dict[Gate, int]:
        """How many errors each later gate still has."""
        found = Counter(f.gate for f in self.findings if f.severity is Severity.ERROR)
        return {g: found[g] for g in Gate if not g.counts_for(self.aim) and found[g]}

    def count(self, severity: Severity) -> int:
        """How many findings of a severity count for the aim."""
        return sum(f.severity is severity for f in self.counting)

    def fails(self, *, strict: bool) -> bool:
        """Whether an error counts for the aim; with `strict` a warning does too."""
        bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return any(f.severity in bad for f in self.counting)


def check_case(loaded: Loaded, today: date, service: Service) -> list[Finding]:
    """Return every finding in a case: faults of its files, and what the rules find."""
    as_of = AsOf(loaded.file, today, service)
    return [*loaded.findings, *provisions.run_rules(rules.ALL, as_of)]


def verdict(findings: Iterable[Finding], aim: Gate, *, cases: int, files: int) -> Verdict:
    """Put findings in order, each once."""
    return Verdict(tuple(sorted(set(findings))), aim, cases, files)
