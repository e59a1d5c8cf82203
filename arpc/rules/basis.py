"""What is proved and what is not: how the analysis treats it, and the tools that it allows."""

import re
from collections.abc import Iterator

from arpc import wordlists
from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Basis
from arpc.sources import ACTUARIAL, DENIAL, INFERENCE, NOT_FOUND, SCREENING

_DENIAL = re.compile(r"\b(?:den(?:y|ies|ied|ying|ial)|in denial)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|so|which|means?|meant|makes?|leaves?|left|therefore|until|when|while|but"
    r"|though|cannot|without|him from)\b",
    re.IGNORECASE,
)


@rule(SCREENING.saying("the status of a concern decides how it is treated"), gate=Gate.ISSUE)
def treated_as_proved(as_of: AsOf) -> Iterator[Problem]:
    """The analysis treats something as proved or admitted that is neither.

    The assessor does not find facts. A judgement may assume an allegation, if it says so and says what
    follows if it is not true.
    """
    analysis = as_of.file.analysis
    bases = {basis.id: basis for basis in as_of.file.bases}
    for fact in analysis.facts if analysis else ():
        basis = bases.get(fact.basis)
        if basis and fact.treated_as in ("proved", "admitted") and not basis.is_proved:
            where = fact.at("treated_as", value=True)
            status = basis.basis_status or "not yet written"
            message = f"{fact.basis} is treated as {fact.treated_as}; its status is {status}"
            yield Problem(where, message, "treat it as alleged or assumed_true, and say why")


@rule(
    NOT_FOUND.saying("in England and Wales what a court does not find is not built upon"),
    gate=Gate.ISSUE,
)
def assumed_though_not_found(as_of: AsOf) -> Iterator[Problem]:
    """The analysis assumes to be true what a family court heard and did not find.

    The court was asked whether it happened, and the answer is not "perhaps". A report that goes on
    assuming it will be set aside, and what is sound in it with it.
    """
    analysis = as_of.file.analysis
    refused = {b.id for b in as_of.file.every(Basis) if b.basis_status == "finding_not_made"}
    hint = "leave it aside, `treated_as: not_relied_on`, and look at the judgement again"
    for fact in analysis.facts if analysis else ():
        if fact.basis in refused and fact.treated_as == "assumed_true":
            where = fact.at("treated_as", value=True)
            yield Problem(where, f"{fact.basis} is assumed, and a court did not find it", hint)
    for judgement in analysis.judgements if analysis else ():
        for index, basis in enumerate(judgement.assumes):
            if basis in refused:
                where = judgement.at("assumes", index, value=True)
                message = f"{judgement.id} assumes {basis}, and a court did not find it"
                yield Problem(where, message, hint)


@rule(DENIAL.saying("a larger study found the opposite"), Severity.WARNING, Gate.ISSUE)
def denial_as_risk_factor(as_of: AsOf) -> Iterator[Problem]:
    """That he denies it is given as what raises risk, and it is not said why that matters here.

    Studies do not agree that men who deny are more dangerous, and a man who did nothing denies it too.
    What it may do is shut out work, or turn a family against a child: then that is the factor.
    """
    analysis = as_of.file.analysis
    for factor in analysis.factors if analysis else ():
        bare = _DENIAL.search(factor.text) and not _REASON.search(factor.text)
        if analysis and factor.kind == "risk" and bare:
            hint = "say what the denial does in this family, or leave it out"
            yield Problem(factor.at("text"), f"{factor.id} names denial and no reason", hint)


@rule(
    ACTUARIAL.saying("items hang on sentencing occasions; that they do not apply is our inference"),
    Severity.WARNING,
    Gate.ISSUE,
)
def actuarial_tool_not_for_him(as_of: AsOf) -> Iterator[Problem]:
    """A scale made from convicted men was applied to a man without a conviction or caution.

    Its figures come from groups to which he does not belong. They would mean nothing, and be believed.
    """
    analysis = as_of.file.analysis
    names = wordlists.actuarial()
    sentenced = any(b.basis_status in ("convicted", "cautioned") for b in as_of.file.every(Basis))
    for tool in analysis.tools if analysis and not sentenced else ():
        if tool.applicable != "no" and names.first_in(tool.name):
            hint = "write `applicable: no` and why, and leave the figure out"
            yield Problem(tool.at("name"), "it is for men who were sentenced, and he was not", hint)


@rule(INFERENCE, Severity.WARNING, Gate.ISSUE)
def tool_without_trained_user(as_of: AsOf) -> Iterator[Problem]:
    """A structured tool was used, and no trained user is named.

    Most tools may only be used by people who were trained in them, and are worth nothing otherwise.
    """
    analysis = as_of.file.analysis
    for tool in analysis.tools if analysis else ():
        if tool.name and tool.applicable != "no" and not tool.by:
            yield Problem(tool.at("name"), "nobody is named who is trained in it", "write `by`")
