"""Treatment: after the assessment, aimed at what was judged, and measured."""

from collections.abc import Iterator

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.sources import INFERENCE, PROGRAMME

_RATED = ("better", "same", "worse")


@rule(PROGRAMME.saying("treatment is offered after the assessment"))
def treatment_before_report(as_of: AsOf) -> Iterator[Problem]:
    """Treatment began before the report of the assessment was issued.

    Work that begins before anybody knows what for can cover what the assessment had to find.
    """
    issue = as_of.file.sure_first_issue()
    for treatment in as_of.file.treatments:
        if treatment.offer == "accepted" and (not issue or treatment.on < issue.on):
            found = f"the report was issued on {issue.on}" if issue else "no report was issued"
            where = treatment.at("date", value=True)
            hint = "finish the assessment first; what cannot wait is help and not treatment"
            yield Problem(where, f"accepted on {treatment.on}, and {found}", hint)


@rule(INFERENCE, gate=Gate.FINISH)
def treatment_without_target(as_of: AsOf) -> Iterator[Problem]:
    """Treatment was accepted and aims at no factor or judgement of the assessment.

    A programme that suits everybody was made for somebody else. Each goal works on something that was
    found.
    """
    for treatment in as_of.file.treatments:
        if treatment.offer != "accepted":
            continue
        if not treatment.goals:
            yield Problem(treatment.at("goals"), "accepted, and no goal is written", "add `goals`")
        for goal in treatment.goals:
            if not goal.targets:
                hint = "name the factor or judgement under `targets`, such as J-01#F3"
                yield Problem(goal.at("id"), f"{goal.id or 'a goal'} aims at nothing judged", hint)


@rule(INFERENCE, Severity.WARNING, Gate.FINISH)
def goal_without_measure(as_of: AsOf) -> Iterator[Problem]:
    """A goal of treatment does not say where it starts, or how it is measured.

    Without both, every ending of the work looks like success.
    """
    for treatment in as_of.file.treatments:
        for goal in treatment.goals if treatment.offer == "accepted" else ():
            missing = [key for key in ("baseline", "measure") if not goal.written(key)]
            if missing:
                message = f"{goal.id or 'a goal'} has nothing under {' and '.join(missing)}"
                yield Problem(goal.at("id"), message, "write where it starts and how we will know")


@rule(INFERENCE, Severity.WARNING, Gate.FINISH)
def progress_never_rated(as_of: AsOf) -> Iterator[Problem]:
    """Treatment ended, and nobody ever said whether a goal came nearer.

    What was worked on for months has moved, or has not. The next judgement needs to know which.
    """
    for treatment in as_of.file.treatments:
        rated = {g for m in treatment.meetings if m.progress in _RATED for g in m.goals}
        for goal in treatment.goals if treatment.ended else ():
            if goal.id and goal.id not in rated:
                hint = "name it under `goals` of a meeting, with its `progress`"
                yield Problem(goal.at("id"), f"{goal.id} was never rated", hint)
