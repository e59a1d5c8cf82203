"""Rules and clocks: one function each, which carries its own title, reason and source.

A rule is a function of `AsOf` that yields `Problem`s; a clock is one that yields `Due`s. The id is the
function's name with hyphens, the title its docstring's first line, the rationale the rest: nothing is
written twice. The engine here adds id, severity, gate and source to what the function yields.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import ModuleType
from typing import Generic, NamedTuple, TypeVar

from arpc.casefile import CaseFile, IncompleteError
from arpc.findings import Finding, Gate, Location, Severity
from arpc.records import Session
from arpc.service import Service
from arpc.sources import Source
from arpc.workdays import Calendar


class Stage(StrEnum):
    """Where a case is on its way; derived from its records, never typed."""

    REFERRAL = "referral"
    ASSESSMENT = "assessment"
    REPORTING = "reporting"
    POST_REPORT = "post_report"
    TREATMENT = "treatment"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"


WORKING = frozenset((Stage.REFERRAL, Stage.ASSESSMENT, Stage.REPORTING, Stage.TREATMENT))
OPEN = frozenset(Stage) - {Stage.CLOSED, Stage.NOT_ACCEPTED}
OWNERS = ("service", "council", "court", "police", "controller")
"""Whose a clock may be; the council is children's services, in Northern Ireland the trust, and the
controller is whoever answers for the keeping of records."""


class AsOf:
    """A case seen on a given day: all that a rule or a clock may look at."""

    def __init__(self, file: CaseFile, today: date, service: Service) -> None:
        self.file = file
        self.today = today
        self.service = service

    @cached_property
    def nation(self) -> str:
        """Whose law and bank holidays apply: the case's nation, or the service's if it names none."""
        try:
            nation = self.file.case.nation
        except IncompleteError:
            nation = ""
        return nation or self.service.nation

    @cached_property
    def calendar(self) -> Calendar:
        """The working days of the case's nation."""
        return self.service.calendar(self.nation)

    @cached_property
    def is_paused(self) -> bool:
        """Whether the work stands still today, for example for a police investigation."""
        try:
            pauses = self.file.case.pauses
        except IncompleteError:
            return False
        return any(
            first <= self.today and (last is None or self.today <= last) for first, last in pauses
        )

    def note_by(self, session: Session) -> date:
        """By when a session's note is to be written: sooner if a child was met or a concern raised."""
        soon = session.sort == "child" or session.concern not in ("", "none")
        policy = self.service.policy
        days = policy.child_note_days if soon else policy.note_days
        return self.calendar.add_working_days(session.on, days)

    def is_late(self, session: Session) -> bool:
        """Whether a session's note was written later than it was to be."""
        written = session.written_at
        return session.took_place and bool(written and written.date() > self.note_by(session))

    @cached_property
    def stage(self) -> Stage:
        """Where the case is on its way."""
        return stage_of(self.file, self.today)


class Problem(NamedTuple):
    """What a rule yields: where, what was found, and how to put it right."""

    where: Location
    message: str
    hint: str = ""


class Due(NamedTuple):
    """What a clock yields: something that has not been done yet, and by when it should be."""

    by: date
    what: str
    because: Location
    subject: str
    """What it is about, as ids: with the clock and the case it names this one thing for ever."""
    since: date
    """The day from which it counts."""
    opens: date | None = None
    closes: date | None = None
    """The window, where there is one: the first and the last day on which it may be done.

    One that only closes is late from the day after `by` all the same."""
    needs: tuple[str, ...] = ()
    """What has to be there first."""
    note: str = ""
    """How things stand: what was tried so far, which day is set, whom it is still for."""


T = TypeVar("T")


class Provision(Generic[T]):
    """What rules and clocks share: a function that documents itself, and what it rests on."""

    def __init__(
        self,
        run: Callable[[AsOf], Iterable[T]],
        source: Source,
        stages: frozenset[Stage] | None,
    ) -> None:
        self.run = run
        self.source = source
        self.stages = stages
        """The stages of a case in which it runs; None is all of them."""

    @cached_property
    def id(self) -> str:
        """The function's name with hyphens, e.g. "child-not-seen"."""
        return self.run.__name__.replace("_", "-")

    @cached_property
    def title(self) -> str:
        """The first line of the docstring, without its full stop."""
        return _doc(self.run).partition("\n")[0].rstrip(".")

    @cached_property
    def rationale(self) -> str:
        """Why it matters: the rest of the docstring."""
        return _doc(self.run).partition("\n")[2].strip()

    def runs_in(self, stage: Stage) -> bool:
        """Whether it has a say at this stage of a case."""
        return self.stages is None or stage in self.stages


class Rule(Provision[Problem]):
    """A check on a whole case: how much what it finds matters, and by when."""

    def __init__(
        self,
        run: Callable[[AsOf], Iterable[Problem]],
        source: Source,
        stages: frozenset[Stage] | None,
        severity: Severity,
        gate: Gate,
        *,
        never: bool,
        limits: bool,
    ) -> None:
        super().__init__(run, source, stages)
        self.severity = severity
        self.gate = gate
        self.never = never
        """Whether it can never be answered away, nor counted later than it says."""
        self.limits = limits
        """Whether a report says so among its limits where it was answered."""

    def severity_in(self, service: Service) -> Severity:
        """How much it matters in a service, which may hold to it more strictly."""
        stricter = service.stricter.get(self.id)
        asked = stricter.severity if stricter else None
        return min(self.severity, asked or self.severity, key=list(Severity).index)

    def gate_in(self, service: Service) -> Gate:
        """When it counts in a service, which may ask for it earlier."""
        stricter = service.stricter.get(self.id)
        asked = stricter.gate if stricter else None
        return min(self.gate, asked or self.gate, key=list(Gate).index)


class Clock(Provision[Due]):
    """Something that falls due."""

    def __init__(
        self,
        run: Callable[[AsOf], Iterable[Due]],
        source: Source,
        stages: frozenset[Stage] | None,
        owner: str,
        *,
        hard: bool,
        working_days: bool,
        follow_up: bool,
        nations: frozenset[str] | None,
        pauses: bool,
    ) -> None:
        super().__init__(run, source, stages)
        self.owner = owner
        """Whose clock it is, one of `OWNERS`."""
        self.hard = hard
        """Whether it is missed at a price to a child; an advisory one wants a reason, no scolding."""
        self.working_days = working_days
        """Whether it counts working days, so that it is provisional beyond the bank-holiday table."""
        self.follow_up = follow_up
        self.nations = nations
        """The nations whose law or practice it is; None is all of them."""
        self.pauses = pauses
        """Whether it stands still while the case is paused."""

    @property
    def is_ours(self) -> bool:
        """Whether missing it is for the service to answer for."""
        return self.owner in ("service", "controller")

    def runs_in(self, stage: Stage, nation: str = "") -> bool:
        """Whether it has a say at this stage of a case, and in this nation where one is given."""
        elsewhere = nation and self.nations is not None and nation not in self.nations
        return not elsewhere and super().runs_in(stage)

    def runs_for(self, as_of: AsOf) -> bool:
        """Whether it has a say about this case today."""
        resting = self.pauses and as_of.is_paused
        return not resting and self.runs_in(as_of.stage, as_of.nation)


def rule(
    source: Source,
    severity: Severity = Severity.ERROR,
    gate: Gate = Gate.NOW,
    stages: frozenset[Stage] | None = None,
    *,
    never: bool = False,
    limits: bool = False,
) -> Callable[[Callable[[AsOf], Iterable[Problem]]], Rule]:
    """Make a rule of a function.

    Args:
        source: What it rests on.
        severity: How much it matters.
        gate: When it counts.
        stages: The stages of a case in which it runs; None is all of them.
        never: Whether it can never be answered away.
        limits: Whether a report names it among its limits where it was answered.
    """
    return lambda run: Rule(run, source, stages, severity, gate, never=never, limits=limits)


def clock(
    source: Source,
    owner: str = "service",
    *,
    hard: bool = False,
    working_days: bool = False,
    stages: frozenset[Stage] | None = OPEN,
    follow_up: bool = False,
    nations: Iterable[str] | None = None,
    pauses: bool = False,
) -> Callable[[Callable[[AsOf], Iterable[Due]]], Clock]:
    """Make a clock of a function; `nations` None means that it runs in all of them."""
    return lambda run: Clock(
        run,
        source,
        stages,
        owner,
        hard=hard,
        working_days=working_days,
        follow_up=follow_up,
        nations=None if nations is None else frozenset(nations),
        pauses=pauses,
    )


def collect_rules(*modules: ModuleType) -> Iterator[Rule]:
    """Yield the rules defined in `modules`, in the order they are written."""
    return (v for module in modules for v in vars(module).values() if isinstance(v, Rule))


def collect_clocks(*modules: ModuleType) -> Iterator[Clock]:
    """Yield the clocks defined in `modules`, in the order they are written."""
    return (v for module in modules for v in vars(module).values() if isinstance(v, Clock))


def run_rules(rules: Iterable[Rule], as_of: AsOf) -> Iterator[Finding]:
    """Run rules on a case; those that a damaged record was hidden from are named there.

    What has to be right to finish a record counts at once in a record that was finished.
    """
    drafts = {record.doc.file for record in as_of.file.records if record.status == "draft"}
    blind: dict[str, list[str]] = {}
    silent: dict[str, list[str]] = {}
    for each in rules:
        problems, missed, stopped_at = _run(each, as_of)
        for file in missed:
            blind.setdefault(file, []).append(each.id)
        if stopped_at:
            silent.setdefault(stopped_at, []).append(each.id)
        for problem in problems:
            gate = each.gate_in(as_of.service)
            if gate is Gate.FINISH and problem.where.file not in drafts:
                gate = Gate.NOW
            severity = each.severity_in(as_of.service)
            yield Finding(problem.where, each.id, problem.message, severity, gate, problem.hint)
    for file, ids in blind.items():
        mute = silent.get(file)
        message = f"{len(ids)} rule{'s' * (len(ids) > 1)} could not look at this record"
        more = f"; wholly silent until it is mended: {', '.join(mute)}" if mute else ""
        hint = f"not looked at by {', '.join(ids)}{more}"
        yield Finding(Location(file), "not-checked", message, Severity.WARNING, hint=hint)


def run_in_doubt(rules: Iterable[Rule], as_of: AsOf) -> Iterator[Finding]:
    """What the rules that a damaged record stops would find if that record were not there.

    Nobody is accused by it: it may be that the record, once it can be read, says otherwise. But what
    is done for good, such as finishing a record, can wait until it does.
    """
    sound = AsOf(as_of.file.as_if_sound(), as_of.today, as_of.service)
    for each in rules:
        *_, stopped_at = _run(each, as_of)
        for found in run_rules([each], sound) if stopped_at else ():
            if found.rule == each.id:
                message = f"{found.message}; {stopped_at} cannot be relied on"
                yield found._replace(message=message, hint=f"mend {stopped_at} first")


def _run(rule: Rule, as_of: AsOf) -> tuple[list[Problem], list[str], str]:
    """What a rule finds, the damaged files that it looked for, and the one that stopped it."""
    problems: list[Problem] = []
    stopped_at = ""
    if not as_of.file.damaged:
        return (list(rule.run(as_of)) if rule.runs_in(as_of.stage) else []), [], ""
    asked: set[str] = set()
    view = AsOf(as_of.file.watched(asked), as_of.today, as_of.service)
    try:
        runs = rule.runs_in(view.stage) if rule.stages else True
        if runs:
            problems.extend(rule.run(view))
    except IncompleteError as incomplete:
        stopped_at = incomplete.file
    return problems, [d.file for d in as_of.file.damaged if d.kind in asked], stopped_at


def stage_of(file: CaseFile, today: date) -> Stage:
    """Where a case is on its way, from what its records say up to `today`."""
    try:
        case = file.case
    except IncompleteError:
        return Stage.ASSESSMENT
    if case.closed and case.closed <= today:
        return Stage.CLOSED
    if case.decision == "decline":
        return Stage.NOT_ACCEPTED
    if any(t.offer == "accepted" and not t.ended for t in file.treatments):
        return Stage.TREATMENT
    if file.first_issue:
        decided = any(r.decided_on for r in file.reports if r.type == "assessment")
        settled = decided or any(f.done for f in file.followups)
        return Stage.FOLLOW_UP if settled else Stage.POST_REPORT
    if case.decision != "accept":
        return Stage.REFERRAL
    analysis = file.analysis
    return Stage.REPORTING if analysis and analysis.judgements else Stage.ASSESSMENT


def _doc(run: Callable[..., object]) -> str:
    from textwrap import dedent  # only for who asks

    first, _, rest = (run.__doc__ or "").partition("\n")
    return f"{first}\n{dedent(rest)}".strip()
