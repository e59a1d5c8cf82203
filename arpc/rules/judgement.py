"""Judgements: whole, dated, no firmer than what they assume, and open to being wrong."""

from collections.abc import Iterator

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, Judgement
from arpc.sources import (
    EXPERT_REPORT,
    FORMULATING,
    FORMULATION,
    HYPOTHESES,
    INFERENCE,
    KNOWN_RISK,
    PRECONDITIONS,
)

_PARTS = (
    "nature",
    "severity",
    "likelihood",
    "imminence",
    "raised_by",
    "lowered_by",
    "signs",
    "rests_on",
    "opinion",
    "confidence",
)
_HEADINGS = ("motivation", "internal", "external", "child")


@rule(
    HYPOTHESES.saying("what would change the view is part of holding it"),
    Severity.WARNING,
    Gate.ISSUE,
)
def nothing_would_change_it(as_of: AsOf) -> Iterator[Problem]:
    """The leading explanation does not say what would change the view of it.

    An explanation that nothing could shake is a belief. Naming what would shake it tells the next
    worker what to look for.
    """
    analysis = as_of.file.analysis
    for hypothesis in analysis.hypotheses if analysis else ():
        if hypothesis.standing == "leading" and not hypothesis.would_change:
            where = hypothesis.at("standing")
            yield Problem(
                where, f"nothing is said to change {hypothesis.id}", "write `would_change`"
            )


@rule(PRECONDITIONS.saying("all four are addressed"), gate=Gate.ISSUE)
def preconditions_half_answered(as_of: AsOf) -> Iterator[Problem]:
    """The four preconditions were begun, and one of them says nothing.

    The frame shows what is empty, and the empty one is often the child. "Not known, because" fills it.
    """
    analysis = as_of.file.analysis
    if analysis and analysis.written("preconditions"):
        missing = [h for h in _HEADINGS if not analysis.written("preconditions", h)]
        if missing:
            message = f"nothing under {' and '.join(missing)}"
            yield Problem(analysis.at("preconditions"), message, "or write why it is not known")


@rule(
    FORMULATING.saying("nature, severity, imminence, likelihood, and what changes them"),
    gate=Gate.ISSUE,
)
def judgement_lacks_part(as_of: AsOf) -> Iterator[Problem]:
    """A judgement leaves out a part without which nobody can act on it.

    What might happen, how bad, how likely, how soon, what makes it more or less so, what would be seen
    first, and how sure we are: each answers a different question of those who decide.
    """
    for judgement in _judgements(as_of.file.analysis):
        missing = [part for part in _PARTS if not judgement.written(part)]
        if missing:
            name = judgement.id or "a judgement"
            message = f"{name} has nothing under {', '.join(missing)}"
            yield Problem(
                judgement.at("id"), message, "write what is known, or that it cannot be said"
            )


@rule(KNOWN_RISK.saying("an assessment holds for its time"), gate=Gate.ISSUE)
def judgement_without_end(as_of: AsOf) -> Iterator[Problem]:
    """A judgement does not say until when it holds, or that day has passed.

    Risk changes with work, health, money and children's ages. An old judgement is read as a new one
    unless it says when it ends.
    """
    for judgement in _judgements(as_of.file.analysis):
        end = judgement.valid_until
        if not end:
            where = judgement.at("valid_until")
            yield Problem(where, f"{judgement.id} names no end", "write `valid_until`")
        elif end < as_of.today:
            where = judgement.at("valid_until", value=True)
            hint = "look at it again, in a new analysis"
            yield Problem(where, f"{judgement.id} held until {end}", hint)


@rule(INFERENCE, gate=Gate.ISSUE)
def firmer_than_its_assumption(as_of: AsOf) -> Iterator[Problem]:
    """A judgement assumes what is not proved, and is not qualified or does not say what if not.

    If a court finds otherwise, everybody has to know what is left of the opinion. It is better thought
    of before than in the witness box.
    """
    unproved = {basis.id for basis in as_of.file.bases if not basis.is_proved}
    for judgement in _judgements(as_of.file.analysis):
        assumed = [basis for basis in judgement.assumes if basis in unproved]
        if assumed and judgement.opinion == "settled":
            where = judgement.at("opinion", value=True)
            message = f"{judgement.id} is settled and assumes {assumed[0]}, which is not proved"
            yield Problem(where, message, "make it qualified or provisional")
        if assumed and not judgement.if_not:
            message = f"{judgement.id} assumes {assumed[0]} and does not say what if not"
            yield Problem(judgement.at("assumes"), message, "write `if_not`")


@rule(EXPERT_REPORT.saying("what is needed to go beyond it"), gate=Gate.ISSUE)
def nothing_named_to_settle_it(as_of: AsOf) -> Iterator[Problem]:
    """A judgement is provisional or qualified, and does not say what would settle it.

    Whoever decides has to know whether to wait for something, and for what. An opinion that is held
    back and does not say until when is no use to them.
    """
    for judgement in _judgements(as_of.file.analysis):
        if judgement.opinion in ("provisional", "qualified") and not judgement.would_settle:
            where = judgement.at("opinion", value=True)
            message = f"{judgement.id} is {judgement.opinion}, and not what would settle it"
            hint = "write `would_settle`, or that nothing would"
            yield Problem(where, message, hint)


@rule(FORMULATION.saying("what is missing, and its effect on the opinion"), gate=Gate.ISSUE)
def gap_without_effect(as_of: AsOf) -> Iterator[Problem]:
    """Something is named as missing, and not what that does to the opinion.

    "Not available" tells a reader nothing. What could be said with it, and cannot without, does.
    """
    analysis = as_of.file.analysis
    for gap in analysis.gaps if analysis else ():
        if gap.what and not gap.effect:
            yield Problem(gap.at("what"), "a gap, and nothing of what it does", "write `effect`")


@rule(FORMULATION.saying("how sure one may be is our inference"), Severity.WARNING, Gate.ISSUE)
def sure_despite_gaps(as_of: AsOf) -> Iterator[Problem]:
    """A judgement is held with high confidence although something is missing, and it is not said why.

    It may be that what is missing does not matter here. Then a sentence says so.
    """
    analysis = as_of.file.analysis
    missing = len(analysis.gaps) if analysis else 0
    for judgement in _judgements(analysis) if missing else ():
        if judgement.confidence == "high" and not judgement.confidence_why:
            where = judgement.at("confidence", value=True)
            message = f"{judgement.id} is sure, and {missing} gap{'s' * (missing > 1)} named"
            yield Problem(where, message, "say why under `confidence_why`, or be less sure")


def _judgements(analysis: Analysis | None) -> tuple[Judgement, ...]:
    return analysis.judgements if analysis else ()
