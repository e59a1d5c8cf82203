"""What is wrong in a case, and where it stands. Lines and columns count from 1, as editors do."""

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
