"""Four eyes: somebody else has looked at the work before it leaves the service."""

from collections.abc import Iterator

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Session, Supervision
from arpc.sources import HISTORY_UNUSED, INFERENCE, SUPERVISION


@rule(INFERENCE)
def approved_by_its_author(as_of: AsOf) -> Iterator[Problem]:
    """A report was approved by the person who wrote it.

    A second pair of eyes is the last thing between a mistake and a family.
    """
    for report in as_of.file.reports:
        analysis = as_of.file.places.get(report.analysis)
        authors = {report.author} | ({str(analysis.data.get("author"))} if analysis else set())
        if report.approved_by in authors:
            where = report.at("approved_by", value=True)
            yield Problem(where, f"{report.approved_by} wrote it and approved it")


@rule(SUPERVISION.saying("before issue is our inference"), gate=Gate.ISSUE, limits=True)
def no_supervision_before_issue(as_of: AsOf) -> Iterator[Problem]:
    """The assessment was not taken to supervision after its last session.

    Supervision asks what the practitioner can no longer see: another explanation, too much hope,
    where the child is in all this.
    """
    issue = as_of.file.sure_first_issue()
    before = issue.on if issue else as_of.today
    met = [s for s in as_of.file.every(Session) if s.took_place and s.sort != "feedback"]
    last = max((s.on for s in met if s.on <= before), default=None)
    held = [v.on for v in as_of.file.every(Supervision) if v.was_held]
    if last and not any(last <= day <= before for day in held):
        message = f"no supervision since the session on {last}"
        yield Problem(as_of.file.case.at("id"), message, "`arpc add supervision`")


@rule(
    HISTORY_UNUSED.saying("that supervision decides something is our inference"),
    Severity.WARNING,
    Gate.FINISH,
)
def supervision_without_decision(as_of: AsOf) -> Iterator[Problem]:
    """Supervision decided nothing.

    To go on as before is a decision, with a reason. Without one, the case drifts and nobody chose it.
    """
    for held in as_of.file.of(Supervision):
        if not any(decision.what for decision in held.decisions):
            hint = "write what was decided, even if it is to go on as before"
            yield Problem(held.at("decisions"), "no decision is written", hint)
