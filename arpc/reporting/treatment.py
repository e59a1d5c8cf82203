"""A treatment as a report to the referring professionals: its goals, and what changed.

The notes of the meetings are left out; how each went, goal by goal, is kept. Completing a treatment is
never printed as a lower risk: what the risk is afterwards is a judgement, made anew.
"""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.records import Analysis, Goal, Treatment
from arpc.reporting import added, after, people, weighing
from arpc.reporting.copies import Copy
from arpc.reporting.front import HANDLING, front_matter
from arpc.reporting.model import BLANK, Block, Pair, Row, TreatmentReport, day_words, recorded
from arpc.reporting.people import name_of, plain

TITLE = "Treatment report"
TEMPLATE = "treatment.md.j2"
PROGRESS = {
    "better": "better than the last time",
    "same": "the same as the last time",
    "worse": "worse than the last time",
    "not_seen": "nothing seen yet",
}


def choose(file: CaseFile, wanted: str) -> Treatment:
    """Return the treatment `wanted`, or the newest where none is named.

    Raises:
        ArpcError: There is none.
    """
    found = [t for t in file.treatments if t.is_current and (not wanted or t.id == wanted)]
    if not found:
        what = f"there is no treatment {wanted}" if wanted else "there is no treatment yet"
        raise ArpcError(what, "`arpc add treatment` starts one")
    return max(found, key=lambda t: t.on)


def build(copy: Copy, treatment: Treatment) -> TreatmentReport:
    """Compute the report of one treatment."""
    as_of = copy.seen
    file = as_of.file
    return TreatmentReport(
        matter=front_matter(
            copy, TITLE, author=treatment.author, status="" if treatment.is_final else "DRAFT"
        ),
        cover=tuple(_cover(copy, treatment)),
        why=recorded(treatment.why),
        conditions=recorded(treatment.conditions),
        stop_rules=recorded(treatment.stop_rules),
        goals=tuple(
            Block(goal.id or "Goal", (*_goal(file, treatment, goal), *added.pairs(as_of, goal)))
            for goal in treatment.goals
        ),
        meetings=tuple(
            Row(
                (
                    day_words(meeting.day) or BLANK,
                    ", ".join(meeting.goals) or BLANK,
                    PROGRESS.get(meeting.progress, BLANK),
                )
            )
            for meeting in treatment.meetings
        ),
        ended=after.ended(treatment),
        outcome=recorded(treatment.outcome),
        risks=tuple(_judged(file, treatment)),
        authors=tuple(after.authors(as_of, treatment.author)),
    )


def _cover(copy: Copy, treatment: Treatment) -> Iterator[Pair]:
    as_of, file = copy.seen, copy.seen.file
    yield Pair("Service", as_of.service.name or BLANK)
    yield from people.whose(as_of)
    yield Pair("Treatment of", name_of(file, treatment.who) or BLANK)
    yield Pair("Offer", f"{plain(treatment.offer) or BLANK}, {day_words(treatment.on)}")
    yield Pair("Method", treatment.method or BLANK)
    yield Pair("Delivered by", treatment.delivered_by or BLANK)
    yield Pair("State", after.ended(treatment))
    yield from added.pairs(as_of, treatment)
    yield Pair("Handling", f"For {copy.for_whom}. {HANDLING}")


def _goal(file: CaseFile, treatment: Treatment, goal: Goal) -> Iterator[Pair]:
    yield Pair("Goal", goal.text or BLANK)
    yield Pair("Works on", _target(file, treatment, goal))
    yield Pair("Where it started", goal.baseline or BLANK)
    yield Pair("How we will know", goal.measure or BLANK)
    yield Pair("Review", day_words(goal.review) or BLANK)
    rated = [m for m in treatment.meetings if goal.id in m.goals and m.progress]
    last = rated[-1] if rated else None
    how = f"{PROGRESS.get(last.progress, last.progress)}, {day_words(last.day)}" if last else ""
    yield Pair("At the last meeting that touched it", how or BLANK)


def _target(file: CaseFile, treatment: Treatment, goal: Goal) -> str:
    """The factor or judgement that a goal works on, in its own words."""
    for citation in goal.targets:
        target = file.cited(citation, treatment)
        words = target and (target.data.get("text") or target.data.get("nature"))
        return f"{str(words or 'not found').strip()} ({citation})"
    return BLANK


def _judged(file: CaseFile, treatment: Treatment) -> Iterator[Row]:
    """What is named as the judgement made afterwards, or every one of an analysis named as a whole."""
    for citation in treatment.judgement:
        for analysis in file.of(Analysis):
            for judgement in analysis.judgements if analysis.id == citation.record else ():
                if citation.entry in ("", judgement.id):
                    yield weighing.risk_row(file, judgement)
