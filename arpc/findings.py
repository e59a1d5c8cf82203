"""What is wrong in a case, and where it stands. Lines and columns count from 1, as editors do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

Pointer = tuple[str | int, ...]
"""Keys and 0-based indexes from the top of a file, e.g. ("statements", 0, "said")."""


class Severity(StrEnum):
    """How much a finding matters; only errors give exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Gate(StrEnum):
    """When a finding counts: at once, or only on the way through a gate."""

    NOW = "now"
    FINISH = "finish"
    ISSUE = "issue"
    CLOSE = "close"

    def counts_for(self, aim: "Gate") -> bool:
        """Whether a finding of this gate counts for somebody who wants to pass `aim`."""
        order = list(Gate)
        return order.index(self) <= order.index(aim)


class Location(NamedTuple):
    """A point in a file; `file` is the path as the user sees it, with forward slashes.

    Two are the same, and are sorted, by what a person sees of them: the pointer does not count.
    """

    file: str
    line: int = 1
    column: int = 1
    pointer: Pointer = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Location) and self[:3] == other[:3]

    def __lt__(self, other: tuple[object, ...]) -> bool:
        return self[:3] < other[:3]

    def __hash__(self) -> int:
        return hash(self[:3])

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Finding(NamedTuple):
    """One thing that is wrong or still missing.

    `message` says what was found and what was expected, `hint` what to do. Neither ever holds
    the text of a record, save where the schema marks the field as harmless.
    """

    where: Location
    rule: str
    message: str
    severity: Severity = Severity.ERROR
    gate: Gate = Gate.NOW
    hint: str = ""

    def __str__(self) -> str:
        gate = "" if self.gate is Gate.NOW else f" to {self.gate}"
        return f"{self.where}: {self.severity}{gate}: {self.message} [{self.rule}]"


class Given(NamedTuple):
    """An answer to a finding: all but the reason, which is somebody's own words."""

    day: date | None
    by: str
    agreed_by: str
    reason_at: Location
    """Where the reason stands."""


class Verdict(NamedTuple):
    """What was found in one or more cases, and what of it counts for somebody's aim."""

    findings: tuple[Finding, ...]
    """Everything that was asked for, in the order of files and lines."""
    aim: Gate
    cases: int
    files: int
    answered: tuple[tuple[Finding, Given], ...] = ()
    """What was found and has been answered, in the same order."""
    left_out: Mapping[Gate, int] = {}
    """How many errors there are that count only later, where these are not among the findings."""

    @property
    def counting(self) -> list[Finding]:
        """What counts for the aim."""
        return [f for f in self.findings if f.gate.counts_for(self.aim)]

    def later(self) -> dict[Gate, int]:
        """How many errors each later gate still has."""
        found = Counter(f.gate for f in self.findings if f.severity is Severity.ERROR)
        found.update(self.left_out)
        return {g: found[g] for g in Gate if not g.counts_for(self.aim) and found[g]}

    def count(self, severity: Severity) -> int:
        """How many findings of a severity count for the aim."""
        return sum(f.severity is severity for f in self.counting)

    def fails(self, *, strict: bool) -> bool:
        """Whether an error counts for the aim; with `strict` a warning does too."""
        bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return any(f.severity in bad for f in self.counting)


def verdict(
    findings: Iterable[Finding],
    aim: Gate,
    *,
    cases: int,
    files: int,
    answered: Iterable[tuple[Finding, Given]] = (),
    left_out: Mapping[Gate, int] = {},
) -> Verdict:
    """Put findings in order, each once."""
    quiet = tuple(sorted(answered, key=lambda pair: pair[0]))
    return Verdict(tuple(sorted(set(findings))), aim, cases, files, quiet, left_out)
