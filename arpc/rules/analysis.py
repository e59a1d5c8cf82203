"""The analysis: there is one, it knows all that came, weighs more than one explanation, and says so."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.citing import named_in_prose, references
from arpc.findings import Gate
from arpc.provisions import WORKING, AsOf, Problem, rule
from arpc.records import Analysis, Document, Record, Session
from arpc.sources import HYPOTHESES, INFERENCE, KNOWN_RISK


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
    KNOWN_RISK.saying(
        "assessments are of their time; that what came later asks for a look is ours"
    ),
    gate=Gate.ISSUE,
    stages=WORKING,
)
def learnt_after_analysis(as_of: AsOf) -> Iterator[Problem]:
    """Something came after the analysis, and the report would not reckon with it.

    A child was met again, a document was read, a concern was raised. Nobody issues a report past it
    without having looked: the opinion may have to change, or somebody says why not. What the analysis
    names it knows, whenever that came.
    """
    as_of.file.every(Analysis)
    analysis = as_of.file.analysis
    if analysis is None or as_of.file.sure_first_issue():
        return
    knows = _named_in(analysis)
    for record in _what_may_change_it(as_of.file):
        later = [m for m in _moments(record) if m.day and analysis.on < m.day <= as_of.today]
        if later and record.is_current and record.id not in knows:
            key, how, day = later[0]
            answer = f"`arpc answer learnt-after-analysis --at {record.key}`"
            hint = f"read it against {analysis.id} and name it there, or say why not: {answer}"
            message = f"{record.id} {how} {day}, after the analysis of {analysis.on}"
            yield Problem(record.at(key, value=True), message, hint)


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


class _Moment(NamedTuple):
    """Since when something is known: the field that says so, the words for it, and the day."""

    key: str
    how: str
    day: date | None


def _named_in(analysis: Analysis) -> set[str]:
    """The records that an analysis cites or speaks of; what it names as missing it does not know."""
    cited = {each.record for each in references(analysis) if each.pointer[0] != "gaps"}
    spoken_of = (each for each in named_in_prose(analysis) if each.pointer[0] != "gaps")
    return cited.union(*(each.records for each in spoken_of))


def _what_may_change_it(file: CaseFile) -> Iterator[Record]:
    """What was met, read, raised or alleged; giving feedback is no part of an assessment."""
    yield from (s for s in file.sessions if s.took_place and s.sort != "feedback")
    yield from file.documents
    yield from file.escalations
    yield from file.bases


def _moments(record: Record) -> tuple[_Moment, ...]:
    if isinstance(record, Session):
        written = record.written_at.date() if record.written_at else None
        met = _Moment("date", "took place on", record.on)
        return met, _Moment("written", "was written up on", written)
    if isinstance(record, Document):
        came = _Moment("received", "came on", record.received)
        return came, _Moment("read_on", "was read on", record.read_on)
    return (_Moment("date", "is of", record.on),)
