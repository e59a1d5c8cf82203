"""The analysis: there is one, it weighs more than one explanation, and says so."""

from collections.abc import Iterator

from arpc.findings import Gate
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis
from arpc.sources import HYPOTHESES, INFERENCE


@rule(INFERENCE, gate=Gate.ISSUE)
def no_analysis(as_of: AsOf) -> Iterator[Problem]:
    """There is no analysis with a judgement for each child.

    The report prints the analysis; without judgements it would say nothing to who has to decide.
    """
    as_of.file.every(Analysis)
    analysis = as_of.file.analysis
    if analysis is None:
        where = as_of.file.case.at("id")
        yield Problem(where, "the case has no analysis", "`arpc add analysis`")
        return
    judged = {judgement.child for judgement in analysis.judgements}
    for child in as_of.file.children:
        if child.id not in judged:
            yield Problem(analysis.at("judgements"), f"no judgement is about {child.id}")


@rule(
    HYPOTHESES.saying("assessors stay fixed on the first concern; at least two is our inference"),
    gate=Gate.ISSUE,
)
def one_explanation_only(as_of: AsOf) -> Iterator[Problem]:
    """The analysis does not weigh a second explanation, for and against.

    "The single most important factor in minimising errors is to admit that you may be wrong." Two
    explanations at least are weighed, and one of them is that what is alleged is not the reason.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    found = len(analysis.hypotheses)
    if found < 2:
        where = analysis.at("hypotheses")
        yield Problem(
            where, f"{found or 'no'} explanation{'s' * (found != 1)} weighed, expected two"
        )
    elif not any(h.kind == "other_explanation" for h in analysis.hypotheses):
        hint = "add one with `kind: other_explanation`"
        yield Problem(analysis.at("hypotheses"), "no other explanation is weighed", hint)
    for hypothesis in analysis.hypotheses:
        if not hypothesis.written("for"):
            yield Problem(
                hypothesis.at(), f"nothing speaks for {hypothesis.id}", "cite it under `for`"
            )
        if not hypothesis.written("against") and not hypothesis.none_against:
            hint = "cite it under `against`, or say under `none_against` what was looked for"
            yield Problem(hypothesis.at(), f"nothing speaks against {hypothesis.id}", hint)
