"""What is wrong in a case, and where it stands. Lines and columns count from 1, as editors do."""

from dataclasses import dataclass, field
from enum import StrEnum

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


@dataclass(frozen=True, order=True, slots=True)
class Location:
    """A point in a file; `file` is the path as the user sees it, with forward slashes."""

    file: str
    line: int = 1
    column: int = 1
    pointer: Pointer = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Finding:
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
