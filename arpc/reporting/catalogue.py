"""The kinds of report that can be made of a case: one more is one more entry here."""

from collections.abc import Callable
from typing import NamedTuple

from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.reporting import assessment, chronicle, follow_up, treatment
from arpc.reporting.model import Printable


class Made(NamedTuple):
    """A report that was computed, and how it is printed."""

    report: Printable
    template: str
    name: str
    """What tells its file from others of the case, e.g. "follow-up-F-03"."""


def make(as_of: AsOf, kind: str, of: str = "") -> Made:
    """Compute a report of one of `KINDS`.

    Args:
        as_of: The case and the day.
        kind: Which kind of report.
        of: The record that it is about, where a case may have several.

    Raises:
        ArpcError: The case has no such record.
        KeyError: There is no such kind.
    """
    return KINDS[kind](as_of, of)


def _assessment(as_of: AsOf, of: str) -> Made:
    _refuse(of)
    report = assessment.build(as_of, version=assessment.next_version(as_of.file))
    return Made(report, assessment.TEMPLATE, "assessment-DRAFT")


def _follow_up(as_of: AsOf, of: str) -> Made:
    followup = follow_up.choose(as_of.file, of)
    draft = "" if followup.is_final else "-DRAFT"
    report = follow_up.build(as_of, followup)
    return Made(report, follow_up.TEMPLATE, f"follow-up-{followup.id}{draft}")


def _treatment(as_of: AsOf, of: str) -> Made:
    chosen = treatment.choose(as_of.file, of)
    draft = "" if chosen.is_final else "-DRAFT"
    report = treatment.build(as_of, chosen)
    return Made(report, treatment.TEMPLATE, f"treatment-{chosen.id}{draft}")


def _chronology(as_of: AsOf, of: str) -> Made:
    _refuse(of)
    return Made(chronicle.build(as_of), chronicle.TEMPLATE, "chronology")


def _refuse(of: str) -> None:
    if of:
        raise ArpcError("there is one report of this kind in a case", "leave `--of` out")


KINDS: dict[str, Callable[[AsOf, str], Made]] = {
    "assessment": _assessment,
    "follow-up": _follow_up,
    "treatment": _treatment,
    "chronology": _chronology,
}
