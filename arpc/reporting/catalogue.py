"""The reports that can be made of a case, by kind and reader: one more is one more entry here."""

from collections.abc import Callable
from typing import NamedTuple

from arpc.audiences import AUDIENCES, REFERRER, Left, Reader
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.reporting import (
    assessment,
    chronicle,
    conference,
    extract,
    family,
    follow_up,
    letter,
    review,
    treatment,
)
from arpc.reporting.copies import Copy, Edition, copy_of
from arpc.reporting.model import Printable


class Made(NamedTuple):
    """A report that was computed, and how it is printed."""

    report: Printable
    template: str
    name: str
    """What tells its file from others of the case, e.g. "follow-up-F-03"."""
    seen: AsOf
    """The case as its reader may see it."""
    edition: Edition
    left: tuple[Left, ...]
    """What its reader does not see."""
    pictures: tuple[str, ...] = ()
    """What is drawn in it: "family", "course"."""


def make(
    as_of: AsOf, kind: str, of: str = "", *, reader: Reader = REFERRER, approver: str = ""
) -> Made:
    """Compute a report of one of `KINDS` for a reader.

    Args:
        as_of: The case and the day.
        kind: Which kind of report.
        of: The record that it is about, where a case may have several.
        reader: Whom it is for.
        approver: Staff code of who approves it, when it is being issued.

    Raises:
        ArpcError: The case has no such record, or there is no such report for this reader.
        KeyError: There is no such kind.
    """
    makers = KINDS[kind]
    if reader.audience.name not in makers:
        hint = f"there is one for {', '.join(makers)}"
        raise ArpcError(f"there is no {kind} report for {reader.audience.who}", hint)
    named = of if kind in _FROM_AN_ANALYSIS and of.startswith("J-") else ""
    copy = copy_of(as_of, reader, approver, analysis=named)
    made = makers[reader.audience.name](copy, of)
    name = "-".join(filter(None, (made.name, named, _suffix(reader), _draft(copy, made))))
    return made._replace(name=name)


def _suffix(reader: Reader) -> str:
    if reader.audience.name == "referrer":
        return ""
    return reader.person or reader.audience.name


def _draft(copy: Copy, made: Made) -> str:
    return "DRAFT" if made.report.matter.status.startswith("DRAFT") else ""


def _assessment(copy: Copy, of: str) -> Made:
    _refuse(of)
    return _made(
        copy, assessment.build(copy), assessment.TEMPLATE, "assessment", ("family", "course")
    )


def _conference(copy: Copy, of: str) -> Made:
    _refuse(of)
    return _made(copy, conference.build(copy), conference.TEMPLATE, "assessment")


def _family(copy: Copy, of: str) -> Made:
    _refuse(of)
    return _made(copy, family.build(copy), family.TEMPLATE, "assessment")


def _letter(copy: Copy, of: str) -> Made:
    _refuse(of)
    return _made(copy, letter.build(copy), letter.TEMPLATE, "letter")


def _extract(copy: Copy, of: str) -> Made:
    return _made(copy, extract.build(copy, of), extract.TEMPLATE, "extract")


def _review(copy: Copy, of: str) -> Made:
    _refuse(of)
    return _made(copy, review.build(copy), review.TEMPLATE, "review")


def _follow_up(copy: Copy, of: str) -> Made:
    followup = follow_up.choose(copy.seen.file, of)
    report = follow_up.build(copy, followup)
    return _made(copy, report, follow_up.TEMPLATE, f"follow-up-{followup.id}", ("course",))


def _treatment(copy: Copy, of: str) -> Made:
    chosen = treatment.choose(copy.seen.file, of)
    return _made(copy, treatment.build(copy, chosen), treatment.TEMPLATE, f"treatment-{chosen.id}")


def _chronology(copy: Copy, of: str) -> Made:
    _refuse(of)
    return _made(copy, chronicle.build(copy, of), chronicle.TEMPLATE, "chronology", ("course",))


def _made(
    copy: Copy, report: Printable, template: str, name: str, pictures: tuple[str, ...] = ()
) -> Made:
    return Made(report, template, name, copy.seen, copy.edition, copy.left, pictures)


def _refuse(of: str) -> None:
    if of and not of.startswith("J-"):
        raise ArpcError("there is one report of this kind in a case", "leave `--of` out")


_FROM_AN_ANALYSIS = ("assessment", "chronology")
Maker = Callable[[Copy, str], Made]
_PROFESSIONALS = ("referrer", "conference", "court")

KINDS: dict[str, dict[str, Maker]] = {
    "assessment": {
        "referrer": _assessment,
        "conference": _conference,
        "court": _assessment,
        "man": _family,
        "carer": _family,
        "child": _letter,
        "police": _extract,
        "supervisor": _review,
    },
    "follow-up": dict.fromkeys(_PROFESSIONALS, _follow_up),
    "treatment": dict.fromkeys(_PROFESSIONALS, _treatment),
    "chronology": dict.fromkeys(_PROFESSIONALS, _chronology),
}
"""Each kind, and how it is made for each audience that there is one for."""
assert all(audience in AUDIENCES for makers in KINDS.values() for audience in makers)
