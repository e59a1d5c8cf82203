"""What the analysis weighs: factors, explanations, judgements, contact, recommendations, limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from arpc import answering, rereading, rules
from arpc.casefile import CaseFile, IncompleteError
from arpc.ids import Citation
from arpc.provisions import AsOf, run_rules
from arpc.records import Analysis, Judgement, Recommendation, Statement
from arpc.reporting.evidence import Evidence
from arpc.reporting.model import (
    Block,
    Cited,
    ContactViewed,
    FactorView,
    HypothesisView,
    JudgementView,
    Pair,
    RecommendationView,
    Row,
    day_words,
)
from arpc.reporting.people import CONTACT_FORMS, name_of, plain

SCENARIOS = {
    "repeat": "what is alleged or proved happens again",
    "twist": "something of another kind happens",
    "escalation": "something more serious happens",
    "improvement": "the risk falls",
    "other": "another course",
}
AVAILABLE = {
    "available": "available",
    "waiting_list": "waiting list",
    "not_funded": "not funded",
    "not_known": "not known",
}
TREATED = {
    "proved": "as proved",
    "admitted": "as admitted",
    "alleged": "as alleged, neither proved nor disproved",
    "assumed_true": "assumed to be true",
    "assumed_untrue": "assumed to be untrue",
    "not_relied_on": "not relied on",
}
ALWAYS = (
    "Levels are the practitioner's words, defined in the glossary. They are not measurements, and "
    "nothing was added up to reach them.",
    "An assessment is of its time. That nobody was convicted does not mean that nobody was "
    "harmed, and that nothing was found does not mean that there is nothing.",
    "This report informs the referring professionals, who decide.",
)
"""The limits of every such report."""
STATUS = {
    "convicted": "convicted",
    "cautioned": "cautioned",
    "found_by_court": "found by a court",
    "admitted": "admitted, not proceeded with",
    "alleged_nfa_police": "alleged; no further action by the police",
    "alleged_nfa_prosecutor": "alleged; no further action by the prosecutor",
    "alleged_not_reported": "alleged; not reported to the police",
    "acquitted": "acquitted",
    "finding_not_made": "a court was asked and made no finding",
    "withdrawn": "withdrawn by who said it",
    "concern_only": "a concern; nothing is alleged",
    "unknown": "not known",
}


def risk_rows(file: CaseFile, analysis: Analysis) -> tuple[Row, ...]:
    """Each judgement of a risk in a line, for the summary."""
    wanted = (j for j in analysis.judgements if j.scenario != "improvement")
    return tuple(risk_row(file, judgement) for judgement in wanted)


def risk_row(file: CaseFile, judgement: Judgement) -> Row:
    """One judgement in a line."""
    return Row(
        (
            name_of(file, judgement.child),
            f"{judgement.nature or 'not written'} ({judgement.id})",
            _likelihood(judgement),
            plain(judgement.severity) or "not said",
            plain(judgement.confidence) or "not said",
        )
    )


def contact_rows(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
    """The contact recommended for each child, in a line."""
    for view in analysis.contact:
        by = f", by {name_of(file, view.supervisor)}" if view.supervisor else ""
        form = CONTACT_FORMS.get(view.form, "not settled")
        yield Row((name_of(file, view.child), f"{form}{by}", view.conditions or "none"))


def action_rows(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
    """Each recommendation in a line."""
    for r in analysis.recommendations:
        child = name_of(file, r.child) if r.child else "all"
        yield Row(
            (
                r.id,
                child,
                r.action or "not written",
                r.who or "not said",
                day_words(r.by) or "no date",
            )
        )


def factor_views(
    file: CaseFile, analysis: Analysis, evidence: Evidence, kind: str
) -> tuple[FactorView, ...]:
    """The risk factors or the protective ones, each with its evidence."""
    return tuple(
        FactorView(
            factor.id,
            evidence.cite(factor.text, factor.rests_on, analysis),
            ", ".join(name_of(file, who) for who in factor.about),
        )
        for factor in analysis.factors
        if factor.kind == kind
    )


def hypothesis_views(analysis: Analysis, evidence: Evidence) -> tuple[HypothesisView, ...]:
    """The explanations with their balance sheets."""
    kinds = {"as_alleged": "what is alleged happened", "other_explanation": "another explanation"}
    return tuple(
        HypothesisView(
            h.id,
            f"{h.id}: {kinds.get(h.kind, 'an explanation')}",
            h.text,
            tuple(_weighed(analysis, evidence, h.speaks_for)),
            tuple(_weighed(analysis, evidence, h.speaks_against)),
            h.none_against,
            plain(h.standing) or "not said",
            h.why,
            h.would_change,
        )
        for h in analysis.hypotheses
    )


def judgement_views(
    as_of: AsOf, analysis: Analysis, evidence: Evidence
) -> tuple[JudgementView, ...]:
    """Every judgement in full."""
    return tuple(
        JudgementView(
            judgement.id,
            f"{judgement.id}: {name_of(as_of.file, judgement.child)}, if {SCENARIOS.get(judgement.scenario, 'a course not named')}",
            evidence.cite(judgement.nature, judgement.rests_on, analysis),
            tuple(_judgement_facts(judgement)),
            judgement.raised_by,
            judgement.lowered_by,
            judgement.signs,
        )
        for judgement in analysis.judgements
    )


def contact_views(
    file: CaseFile, analysis: Analysis, evidence: Evidence
) -> tuple[ContactViewed, ...]:
    """The contact recommended for each child."""
    found = []
    for view in analysis.contact:
        facts = []
        if view.supervisor:
            note = evidence.note(view.able_because, analysis)
            able = {"yes": "assessed as able to step in", "no": "assessed as not able to step in"}
            words = f"{name_of(file, view.supervisor)}, {able.get(view.able, 'not assessed')}"
            facts.append(Pair("Supervised by", words, note))
        facts.append(Pair("Conditions", view.conditions or "none"))
        facts.append(Pair("Stop at once if", view.stop or "not said"))
        note = evidence.note(view.rests_on, analysis)
        form = CONTACT_FORMS.get(view.form, "not settled")
        found.append(
            ContactViewed(name_of(file, view.child), form.capitalize(), tuple(facts), note)
        )
    return tuple(found)


def recommendation_views(file: CaseFile, analysis: Analysis) -> tuple[RecommendationView, ...]:
    """Every recommendation in full."""
    return tuple(
        RecommendationView(
            r.id,
            f"{r.id}, for {name_of(file, r.child) if r.child else 'all the children'}",
            r.action or "not written",
            tuple(_recommendation_facts(r)),
        )
        for r in analysis.recommendations
    )


def fact_blocks(as_of: AsOf, analysis: Analysis, evidence: Evidence) -> tuple[Block, ...]:
    """Each allegation, finding or conviction: status, positions, and how it is treated here."""
    file = as_of.file
    treated = {fact.basis: fact for fact in analysis.facts}
    blocks = []
    for basis in file.bases:
        fact = treated.get(basis.id)
        source = name_of(file, basis.by) if basis.by.startswith("P-") else basis.by
        told = f"; first told: {basis.first_told}" if basis.first_told else ""
        how = TREATED.get(fact.treated_as, "not said") if fact else "not said"
        why = f". {fact.why}" if fact and fact.why else ""
        happened = basis.happened or "not said"
        age = f"; the child was {basis.child_age}" if basis.child_age else ""
        status = STATUS.get(basis.basis_status, "not said")
        facts = (
            Pair("What", basis.what or "not written"),
            Pair("When", f"{happened}{age}"),
            Pair("Said by", f"{source or 'not recorded'}{told}"),
            Pair("Status", status, evidence.note(basis.evidence, basis)),
            Pair("His position", _latest_position(as_of, basis.id, man=True)),
            Pair("Carers' position", _latest_position(as_of, basis.id, man=False)),
            Pair("Treated here", f"{how}{why}"),
        )
        blocks.append(Block(f"{basis.id}: {status}", facts))
    return tuple(blocks)


def gap_rows(analysis: Analysis) -> Iterator[Row]:
    """What is missing, why, and what that does to the opinion."""
    for gap in analysis.gaps:
        yield Row((gap.what, gap.why or "not said", gap.effect or "not said"))


def limits(as_of: AsOf, analysis: Analysis) -> Iterator[str]:
    """What this report cannot say, derived from the records, and what no such report can."""
    file = as_of.file
    unproved = [basis.id for basis in file.bases if not basis.is_proved]
    if unproved:
        yield (
            f"{', '.join(unproved)} {'is' if len(unproved) == 1 else 'are'} not proved. The assessor does "
            "not find facts; where a judgement assumes that something happened, it says so and says "
            "what it would be otherwise."
        )
    low = [j.id for j in analysis.judgements if j.confidence == "low"]
    if low:
        yield f"Confidence is low in {', '.join(low)}; what would settle it is named there."
    drafts = [r.id for r in file.records if r.status == "draft" and r.kind.name == "session"]
    if drafts:
        yield f"Notes still in draft: {', '.join(drafts)}."
    yield from _answered(as_of)
    for target, conclusions in _moved(file, analysis).items():
        yield (
            f"{', '.join(conclusions)} {'rests' if len(conclusions) == 1 else 'rest'} on {target}, which "
            "has changed since it was read for this report, and is to be read again."
        )
    lost = [damaged.id for damaged in file.damaged]
    if lost:
        yield f"Records that could not be read and are not in this report: {', '.join(lost)}."
    yield from ALWAYS


def _answered(as_of: AsOf) -> Iterator[str]:
    """What practice asks for that was answered rather than done, with the reason."""
    asked = [rule for rule in rules.ALL if rule.limits]
    for finding, given in answering.sort(run_rules(asked, as_of), as_of).answered:
        agreed = as_of.service.staff_member(given.agreed_by).name
        title = rules.BY_ID[finding.rule].title
        yield f"{title} ({given.place}). Answered, with the agreement of {agreed}: {given.reason}"


def _moved(file: CaseFile, analysis: Analysis) -> dict[str, list[str]]:
    """What changed since it was read, and the conclusions that rest on it."""
    found: dict[str, list[str]] = {}
    try:
        for each in rereading.moved(file, analysis):
            inside: Any = analysis.data
            for step in each.reference.pointer[:2]:
                inside = inside[step]
            name = inside.get("id") if isinstance(inside, Mapping) else None
            found.setdefault(each.reference.target, []).append(name or analysis.id)
    except IncompleteError:
        return {}
    return {target: list(dict.fromkeys(names)) for target, names in found.items()}


def _weighed(
    analysis: Analysis, evidence: Evidence, citations: tuple[Citation, ...]
) -> Iterator[Cited]:
    """One line for each thing on a side of the balance: a factor by its text, others by source."""
    by_id = {factor.id: factor for factor in analysis.factors}
    for citation in citations:
        factor = by_id.get(citation.entry) if not citation.record else None
        if factor:
            yield Cited(f"{factor.id}: {factor.text}")
            continue
        entry = evidence.file.cited(citation, analysis)
        text = entry.text if isinstance(entry, Statement) else str(citation)
        yield evidence.cite(text, (citation,), analysis)


def _judgement_facts(judgement: Judgement) -> Iterator[Pair]:
    yield Pair("Likelihood", _likelihood(judgement))
    yield Pair("Severity", plain(judgement.severity) or "not said")
    yield Pair("How soon", judgement.imminence or "not said")
    if judgement.assumes:
        yield Pair("Assumes", f"that {', '.join(judgement.assumes)} happened")
        yield Pair("If that is not so", judgement.if_not or "not said")
    yield Pair(
        "Opinion", _sentence(plain(judgement.opinion), judgement.would_settle, "would settle it")
    )
    yield Pair(
        "Confidence", _sentence(plain(judgement.confidence), judgement.confidence_why, "because")
    )
    yield Pair("Valid until", day_words(judgement.valid_until) or "six months from the analysis")


def _likelihood(judgement: Judgement) -> str:
    word = plain(judgement.likelihood) or "not said"
    return f"{word}: {judgement.circumstances}" if judgement.circumstances else word


def _sentence(word: str, more: str, joint: str) -> str:
    if not more:
        return word or "not said"
    return f"{word or 'not said'}; {joint}: {more}"


def _recommendation_facts(r: Recommendation) -> Iterator[Pair]:
    yield Pair("Who", r.who or "not said")
    yield Pair("How", r.how or "not said")
    yield Pair("By", day_words(r.by) or "no date")
    yield Pair("How we will know", r.measure or "not said")
    available = AVAILABLE.get(r.available, "not known")
    yield Pair("Available", f"{available}{f'; meanwhile: {r.otherwise}' if r.otherwise else ''}")
    yield Pair("If it is not done", r.if_not_done or "not said")
    yield Pair("Answers", ", ".join(r.answers) or "no judgement named")


def _latest_position(as_of: AsOf, basis_id: str, *, man: bool) -> str:
    """The last position of the man, or of the carers, on an allegation."""
    file = as_of.file
    wanted = [p for p in file.people if (p.is_man if man else p.is_carer)]
    basis = next(b for b in file.bases if b.id == basis_id)
    found = []
    for person in wanted:
        dated = [p for p in basis.positions if p.who == person.id and p.day]
        last = max(dated, key=lambda p: str(p.day), default=None)
        words = f"{plain(last.position)} ({day_words(last.day)})" if last else "not asked"
        found.append(words if man or len(wanted) == 1 else f"{person.name}: {words}")
    return "; ".join(found) or "not asked"
