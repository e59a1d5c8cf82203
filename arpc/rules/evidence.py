"""What conclusions rest on: enough of it, read, and with what contradicts it."""

import re
from collections.abc import Iterator

from arpc.findings import Gate, Severity
from arpc.ids import parse_citation
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, Record, Statement
from arpc.rules import tracing
from arpc.sources import FORMULATION, INFERENCE, INSTRUCTION, SEVERAL_SOURCES

_CITATION = re.compile(r"\b[A-Z]-[0-9]{2,4}#S[0-9]{1,3}\b")


@rule(SEVERAL_SOURCES.saying("needs several sources and methods"), gate=Gate.ISSUE)
def factor_without_evidence(as_of: AsOf) -> Iterator[Problem]:
    """A factor rests on nothing.

    What raises risk or protects has been seen, said or written by somebody. Without that it is an
    impression, and nobody can test it.
    """
    analysis = as_of.file.analysis
    for factor in analysis.factors if analysis else ():
        if not factor.rests_on:
            hint = "cite the statements under `rests_on`"
            yield Problem(factor.at("id"), f"{factor.id or 'a factor'} rests on nothing", hint)


@rule(
    SEVERAL_SOURCES.saying("how sure one may be from one source is our inference"),
    Severity.WARNING,
    Gate.ISSUE,
    limits=True,
)
def sure_from_one_source(as_of: AsOf) -> Iterator[Problem]:
    """A judgement is held with high confidence and comes down to one person or one document.

    One source can be honest and wrong. A second does not make it true, but shows whether it stands.
    """
    analysis = as_of.file.analysis
    for judgement in analysis.judgements if analysis else ():
        if analysis and judgement.confidence == "high" and judgement.rests_on:
            sources = _sources(
                as_of, analysis, tracing.ends(as_of.file, analysis, judgement.rests_on)
            )
            if len(sources) == 1:
                where = judgement.at("confidence", value=True)
                message = f"{judgement.id} comes down to {min(sources)} alone"
                yield Problem(where, message, "look for a second source, or be less sure")


@rule(
    INSTRUCTION.saying("what was read is listed; that it was read is our inference"),
    gate=Gate.ISSUE,
    limits=True,
)
def cited_document_not_read(as_of: AsOf) -> Iterator[Problem]:
    """The analysis rests on a document that nobody is named as having read.

    A document that was cited from somebody else's summary has been read by nobody. Who read it, and
    when, is asked in court.
    """
    analysis = as_of.file.analysis
    cited = set(_cited_records(analysis)) if analysis else set()
    for document in as_of.file.documents:
        if document.id in cited and not (document.read_by and document.read_on):
            message = f"{document.id} is relied on; nothing says who read it and when"
            yield Problem(document.at("read_by"), message, "write `read_by` and `read_on`")


@rule(
    FORMULATION.saying("what is missing is sought, and its effect said"),
    Severity.WARNING,
    Gate.ISSUE,
    limits=True,
)
def missing_document_not_among_gaps(as_of: AsOf) -> Iterator[Problem]:
    """A document was asked for and has not come, and the analysis does not say what that does to it.

    What we do not know bears on what we say. A reader can only allow for a gap that is shown.
    """
    analysis = as_of.file.analysis
    named = {gap.document for gap in analysis.gaps} if analysis else set()
    for document in as_of.file.documents if analysis else ():
        if document.requested and not document.received and document.id not in named:
            where = document.at("requested")
            message = f"{document.id} has not come, and no gap names it"
            yield Problem(where, message, "name it under `gaps`, with its `effect`")


@rule(INFERENCE, Severity.WARNING, Gate.ISSUE, limits=True)
def conflict_not_addressed(as_of: AsOf) -> Iterator[Problem]:
    """Two statements contradict each other, and the analysis leaves one of them out.

    Where accounts differ, what was made of it is part of the reasoning. An account that was passed over
    comes back in cross-examination, or in a child's life.
    """
    analyses = as_of.file.every(Analysis)
    mentioned = {text for analysis in analyses for text in _mentioned(analysis)}
    for statement in as_of.file.statements() if as_of.file.analysis else ():
        for other in statement.conflicts:
            pair = (
                statement.citation,
                str(other) if other.record else _here(statement, other.entry),
            )
            left_out = [each for each in pair if each not in mentioned]
            if left_out:
                message = f"{pair[0]} and {pair[1]} conflict; {left_out[0]} is not in the analysis"
                yield Problem(statement.at("conflicts"), message, "say under `contradictions`")


def _sources(as_of: AsOf, analysis: Analysis, found: Iterator[tracing.End]) -> set[str]:
    """Who or what stands at the ends; more than one also where an end cannot be read."""
    sources: set[str] = set()
    for end in found:
        if isinstance(end.entry, Statement):
            sources.add(end.entry.speaker or end.entry.record.id)
        elif isinstance(end.entry, Record):
            sources.add(end.entry.id)
        elif end.entry is None and as_of.file.is_damaged(end.citation.record or analysis.id):
            sources |= {str(end.citation), ""}
    return sources


def _cited_records(analysis: Analysis) -> Iterator[str]:
    """The records that the analysis rests on; what it names as missing is not among them."""
    for pointer, value, _ in analysis.leaves:
        if pointer[0] != "gaps" and isinstance(value, str):
            citation = parse_citation(value)
            if citation and citation.record:
                yield citation.record


def _mentioned(analysis: Analysis) -> Iterator[str]:
    """Every statement that the analysis names anywhere."""
    for _, value, _ in analysis.leaves:
        if isinstance(value, str) and "#S" in value:
            yield from _CITATION.findall(value)


def _here(statement: Statement, entry: str) -> str:
    return f"{statement.record.id}#{entry}"
