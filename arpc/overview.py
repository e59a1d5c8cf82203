"""`arpc list` and `arpc status`: where a case stands, and what the next gate asks."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from arpc import checking, due, kinds, linking
from arpc.casefile import CaseFile, IncompleteError
from arpc.due import Item
from arpc.errors import ArpcError
from arpc.findings import Finding, Gate, Severity
from arpc.loading import Loaded
from arpc.provisions import AsOf, Stage
from arpc.records import Person
from arpc.surveying import Coming, Found

_STAGES = {
    Stage.REFERRAL: "referral",
    Stage.ASSESSMENT: "assessment",
    Stage.REPORTING: "reporting",
    Stage.POST_REPORT: "after the report",
    Stage.TREATMENT: "treatment",
    Stage.FOLLOW_UP: "follow-up",
    Stage.CLOSED: "closed",
    Stage.NOT_ACCEPTED: "not accepted",
}
REPORTING = _STAGES[Stage.REPORTING]
NOT_KNOWN = "not known"


def stage_words(as_of: AsOf) -> str:
    """Where a case is on its way, in words; nothing is said of a case whose own record is lost."""
    try:
        _ = as_of.file.case
    except IncompleteError:
        return NOT_KNOWN
    return _STAGES[as_of.stage]


class Line(NamedTuple):
    """One case of the caseload."""

    case: str
    stage: str
    lead: str
    second: str
    opened: date | None
    next: Item | None
    overdue: int
    errors: int
    man: str
    children: tuple[str, ...]


class Status(NamedTuple):
    """One case on one screen."""

    case: str
    stage: str
    lead: str
    nation: str
    opened: date | None
    people: tuple[Person, ...]
    counts: tuple[tuple[str, int], ...]
    """How many records there are of each kind, in the kinds' order."""
    drafts: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    """The cases that it is linked to, and how."""
    last: str
    """The last thing that happened, as a date and a record's id."""
    items: tuple[Item, ...]
    """What is overdue, open or due within 90 days."""
    aim: Gate | None
    """The gate that comes next; None for a closed case."""
    asked: tuple[Finding, ...]
    """What that gate and everything before it still ask for."""


def line(coming: Coming, found: Found, people: tuple[str, tuple[str, ...]]) -> Line:
    """Return a case as one line of the caseload; `people` are the man's name and the children's."""
    ahead = [item for item in coming.items if item.is_coming and item.clock.is_ours]
    errors = (f for f in found.findings if f.severity is Severity.ERROR and f.gate is Gate.NOW)
    return Line(
        coming.case,
        _STAGES[Stage(coming.stage)] if coming.is_known else NOT_KNOWN,
        coming.lead if coming.is_known else NOT_KNOWN,
        coming.second,
        coming.opened,
        ahead[0] if ahead else None,
        sum(item.is_overdue for item in coming.items),
        sum(1 for _ in errors),
        *people,
    )


def names(file: CaseFile) -> tuple[str, tuple[str, ...]]:
    """The man's name and the children's."""
    return file.man.name if file.man else "", tuple(child.name for child in file.children)


def chosen(
    lines: Iterable[Line], *, stage: str = "", worker: str = "", overdue: bool = False
) -> list[Line]:
    """Return the cases at a stage, of a worker, or with something overdue.

    Raises:
        ArpcError: No case can be at such a stage.
    """
    if stage and stage not in _STAGES.values():
        raise ArpcError("there is no such stage", f"one of {', '.join(_STAGES.values())}")
    return [
        line
        for line in lines
        if stage in ("", line.stage)
        and worker in ("", line.lead, line.second)
        and (line.overdue or not overdue)
    ]


def in_order(lines: Iterable[Line], by: str) -> list[Line]:
    """Return the caseload in one of `ORDERS`; cases without a date come last."""
    return sorted(lines, key=lambda line: (*ORDERS[by](line), line.case))


def _next(line: Line) -> tuple[object, ...]:
    return (line.next is None, line.next.due.by if line.next else date.max)


ORDERS: dict[str, Callable[[Line], tuple[object, ...]]] = {
    "case": lambda line: (),
    "next": _next,
    "overdue": lambda line: (-line.overdue, *_next(line)),
    "opened": lambda line: (line.opened is None, line.opened or date.max),
    "stage": lambda line: ([*_STAGES.values(), line.stage].index(line.stage),),
    "lead": lambda line: (line.lead,),
}
"""How the caseload may be sorted."""


def status(loaded: Loaded, as_of: AsOf) -> Status:
    """Return a case as one screen."""
    file = as_of.file
    lead, opened, nation = _facts(as_of)
    aim = next_gate(as_of.stage)
    findings = checking.check_case(loaded, as_of.today, as_of.service).findings
    asked = sorted({f for f in findings if f.gate.counts_for(aim or Gate.NOW)}, key=_urgency)
    past = [r for r in file.records if r.on <= as_of.today and r.kind.name in _HAPPENINGS]
    last = max(past, key=lambda record: (record.on, record.id), default=None)
    counts = (
        (k.title, sum(r.kind.name == k.name for r in file.records)) for k in kinds.all_kinds()
    )
    return Status(
        file.id,
        stage_words(as_of),
        lead,
        nation,
        opened,
        tuple(sorted(file.people, key=closeness)),
        tuple((title, count) for title, count in counts if count),
        tuple(r.key for r in file.records if r.status == "draft"),
        tuple(linking.links_of(file)),
        f"{last.on}, {last.id}" if last else "nothing yet",
        tuple(due.within(due.what_is_due(as_of), 90)),
        aim,
        tuple(asked),
    )


def next_gate(stage: Stage) -> Gate | None:
    """The gate that a case comes to next."""
    if stage in (Stage.REFERRAL, Stage.ASSESSMENT, Stage.REPORTING):
        return Gate.ISSUE
    if stage in (Stage.CLOSED, Stage.NOT_ACCEPTED):
        return None
    return Gate.FINISH


_HAPPENINGS = (
    "session",
    "document",
    "escalation",
    "supervision",
    "report",
    "treatment",
    "followup",
)
_ROLES = ("man", "child", "protective_carer", "parent", "referrer")


def closeness(person: Person) -> tuple[int, str]:
    """In which order people are named: the man, children, carers, parents, and then everybody else."""
    ranks = [_ROLES.index(role) for role in person.roles if role in _ROLES]
    return (min(ranks, default=len(_ROLES)), person.id)


def _urgency(finding: Finding) -> tuple[int, int, int, Finding]:
    """In the order in which a practitioner would do it.

    What counts now before what a gate asks, errors before warnings, concerns for a child before all
    else, then as a case goes: referral, people, consent, sessions, documents, and the analysis last.
    """
    kind = kinds.kind_of_file("/".join(finding.where.file.split("/")[-2:]))
    kind = kind or kinds.kind_of_file(finding.where.file.rpartition("/")[2])
    step = kinds.NAMES.index(kind.name) + 1 if kind else len(kinds.NAMES)
    if kind and kind.name == "escalation":
        step = 0
    return (
        list(Gate).index(finding.gate),
        list(Severity).index(finding.severity),
        step,
        finding,
    )


def _facts(as_of: AsOf) -> tuple[str, date | None, str]:
    try:
        case = as_of.file.case
    except IncompleteError:
        return NOT_KNOWN, None, NOT_KNOWN
    return case.lead, case.on, case.nation
