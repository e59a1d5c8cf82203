"""Recommendations: each answers a judgement, can be carried out, and does not lean on words alone."""

from collections.abc import Iterator

from arpc import wordlists
from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, Judgement, Recommendation
from arpc.sources import AFTER_REPORT, BROKEN_AGREEMENTS, FORMULATION

_PARTS = ("action", "who", "how", "by", "measure")
_NOT_THERE = ("waiting_list", "not_funded", "not_known")


@rule(FORMULATION.saying("the route from judgement to plan can be traced"), gate=Gate.ISSUE)
def recommendation_answers_nothing(as_of: AsOf) -> Iterator[Problem]:
    """A recommendation does not say which judgement it answers.

    Help that answers no risk is asked of a family for nothing, and is the first to be dropped.
    """
    for recommendation in _recommendations(as_of.file.analysis):
        if not recommendation.answers:
            message = f"{recommendation.id or 'a recommendation'} answers no judgement"
            yield Problem(recommendation.at("id"), message, "name it under `answers`")


@rule(FORMULATION.saying("the route from judgement to plan can be traced"), gate=Gate.ISSUE)
def judgement_without_recommendation(as_of: AsOf) -> Iterator[Problem]:
    """Nothing is recommended about a risk of serious harm.

    Whoever reads of it will ask what to do. "No action, because" is a recommendation too.
    """
    analysis = as_of.file.analysis
    answered = {j for r in _recommendations(analysis) for j in r.answers}
    for judgement in analysis.judgements if analysis else ():
        serious = judgement.severity in ("serious", "very_serious")
        if serious and judgement.scenario != "improvement" and judgement.id not in answered:
            where = judgement.at("id")
            hint = "name it under `answers` of one, even if that says that nothing should be done"
            yield Problem(where, f"no recommendation answers {judgement.id}", hint)


@rule(
    AFTER_REPORT.saying("referrers wanted guidance on how to carry recommendations out"),
    gate=Gate.ISSUE,
)
def recommendation_lacks_part(as_of: AsOf) -> Iterator[Problem]:
    """A recommendation does not say what, who, how, by when, or how we will know.

    Referrers valued the reports and asked how to carry them out. What nobody is named for, nobody does.
    """
    for recommendation in _recommendations(as_of.file.analysis):
        missing = [part for part in _PARTS if not recommendation.written(part)]
        if missing:
            name = recommendation.id or "a recommendation"
            where = recommendation.at("id")
            message = f"{name} has nothing under {', '.join(missing)}"
            yield Problem(where, message, "ask who would carry it out, and write what they need")


@rule(
    AFTER_REPORT.saying("referrers wanted guidance; what to do meanwhile is our inference"),
    gate=Gate.ISSUE,
)
def nothing_meanwhile(as_of: AsOf) -> Iterator[Problem]:
    """A recommendation cannot be carried out yet, and nothing is said of what to do meanwhile.

    A child waits as long as the list is. What is on a waiting list, not funded or not asked about needs
    something in its place.
    """
    for recommendation in _recommendations(as_of.file.analysis):
        found = recommendation.available
        if not found:
            message = f"whether {recommendation.id or 'it'} can be had is not said"
            yield Problem(recommendation.at("available"), message, "write `available`")
        elif found in _NOT_THERE and not recommendation.otherwise:
            where = recommendation.at("available", value=True)
            message = f"{recommendation.id}: {found}, and nothing meanwhile"
            yield Problem(where, message, "write `otherwise`")


@rule(
    BROKEN_AGREEMENTS.saying("agencies were reassured by the paper"),
    Severity.WARNING,
    Gate.ISSUE,
    limits=True,
)
def promises_the_only_control(as_of: AsOf) -> Iterator[Problem]:
    """All that stands between a child and a risk that is not low is somebody's word.

    Written agreements assume that whoever signs can see and will tell. They need something beside them
    that does not depend on those who signed.
    """
    promise = wordlists.promise()
    analysis = as_of.file.analysis
    for judgement in analysis.judgements if analysis else ():
        controls = _controls(judgement, _recommendations(analysis))
        grave = judgement.severity != "minor" and judgement.likelihood not in ("", "lower")
        if grave and controls and all(promise.first_in(control) for control in controls):
            hint = "name a control that others carry: a supervisor, visits, help in the evenings"
            where = judgement.at("id")
            yield Problem(where, f"only agreements and assurances answer {judgement.id}", hint)


def _controls(judgement: Judgement, recommendations: tuple[Recommendation, ...]) -> tuple[str, ...]:
    answering = (r.action for r in recommendations if judgement.id in r.answers)
    return tuple(text for text in (*judgement.lowered_by, *answering) if text)


def _recommendations(analysis: Analysis | None) -> tuple[Recommendation, ...]:
    return analysis.recommendations if analysis else ()
