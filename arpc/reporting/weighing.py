"""What the analysis weighs: factors, explanations, judgements, contact, recommendations, limits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from arpc import answering, rereading, rules
from arpc.casefile import CaseFile, IncompleteError
from arpc.ids import Citation
from arpc.provisions import AsOf, run_rules
from arpc.records import Analysis, Basis, Fact, Judgement, Person, Recommendation, Statement
from arpc.reporting import added
from arpc.reporting.evidence import Evidence
from arpc.reporting.model import (
    BLANK,
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
    recorded,
)
from arpc.reporting.people import CONTACT_FORMS, name_of, plain, position_on
from arpc.workdays import add_months

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
    "alleged": "as alleged",
    "assumed_true": "assumed to be true",
    "assumed_untrue": "assumed to be untrue",
    "not_relied_on": "not relied on",
}
_ABLE = {
    "yes": "assessed as able to step in",
    "no": "assessed as not able to step in",
    "not_assessed": "not assessed as able to step in",
}
_ABLE_BLANK = "whether able to step in is not recorded"
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
    "admitted": "admitted",
    "alleged_nfa_police": "alleged; no further action by the police",
    "alleged_nfa_prosecutor": "alleged; no further action by the prosecutor",
    "alleged_not_reported": "alleged; not reported to the police",
    "acquitted": "acquitted",
    "finding_not_made": "a court was asked and made no finding",
    "withdrawn": "withdrawn by who said it",
    "concern_only": "a concern only",
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
            f"{judgement.nature or BLANK} ({judgement.id})",
            _likelihood(judgement),
            plain(judgement.severity) or BLANK,
            plain(judgement.confidence) or BLANK,
        )
    )


def contact_rows(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
    """The contact recommended for each child, in a line."""
    for view in analysis.contact:
        by = f", by {name_of(file, view.supervisor)}" if view.supervisor else ""
        form = CONTACT_FORMS.get(view.form, BLANK)
        yield Row((name_of(file, view.child), f"{form}{by}", view.conditions or BLANK))


def action_rows(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
    """Each recommendation in a line."""
    for r in analysis.recommendations:
        child = name_of(file, r.child) if r.child else "all"
        yield Row(
            (
                r.id,
                child,
                r.action or BLANK,
                r.who or BLANK,
                day_words(r.by) or BLANK,
            )
        )


def factor_views(
    as_of: AsOf, analysis: Analysis, evidence: Evidence, kind: str
) -> tuple[FactorView, ...]:
    """The risk factors or the protective ones, each with its evidence."""
    return tuple(
        FactorView(
            factor.id,
            evidence.cite(
                added.after(factor.text or BLANK, as_of, factor), factor.rests_on, analysis
            ),
            ", ".join(name_of(as_of.file, who) for who in factor.about),
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
            recorded(h.text),
            tuple(_weighed(analysis, evidence, h.speaks_for)),
            tuple(_weighed(analysis, evidence, h.speaks_against)),
            h.none_against,
            plain(h.standing) or BLANK,
            added.after(h.why, evidence.as_of, h),
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
            _heading(as_of, judgement),
            evidence.cite(recorded(judgement.nature), judgement.rests_on, analysis),
            (*_judgement_facts(as_of, judgement), *added.pairs(as_of, judgement)),
            judgement.raised_by,
            judgement.lowered_by,
            judgement.signs,
        )
        for judgement in analysis.judgements
    )


def _heading(as_of: AsOf, judgement: Judgement) -> str:
    course = SCENARIOS.get(judgement.scenario)
    ending = f"if {course}" if course else f"course {BLANK}"
    return f"{judgement.id}: {name_of(as_of.file, judgement.child) or f'child {BLANK}'}, {ending}"


def contact_views(
    file: CaseFile, analysis: Analysis, evidence: Evidence
) -> tuple[ContactViewed, ...]:
    """The contact recommended for each child."""
    found = []
    for view in analysis.contact:
        facts = []
        if view.supervisor:
            note = evidence.note(view.able_because, analysis)
            words = f"{name_of(file, view.supervisor)}, {_ABLE.get(view.able, _ABLE_BLANK)}"
            facts.append(Pair("Supervised by", words, note))
        facts.append(Pair("Conditions", view.conditions or BLANK))
        facts.append(Pair("Stop at once if", view.stop or BLANK))
        note = evidence.note(view.rests_on, analysis)
        form = CONTACT_FORMS.get(view.form, BLANK)
        found.append(
            ContactViewed(name_of(file, view.child), form.capitalize(), tuple(facts), note)
        )
    return tuple(found)


def recommendation_views(as_of: AsOf, analysis: Analysis) -> tuple[RecommendationView, ...]:
    """Every recommendation in full."""
    return tuple(
        RecommendationView(
            r.id,
            f"{r.id}, for {name_of(as_of.file, r.child) if r.child else 'all the children'}",
            recorded(r.action),
            (*_recommendation_facts(r), *added.pairs(as_of, r)),
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
        happened = basis.happened or BLANK
        age = f"; the child was {basis.child_age}" if basis.child_age else ""
        status = STATUS.get(basis.basis_status, BLANK)
        facts = (
            Pair("What", basis.what or BLANK),
            Pair("When", f"{happened}{age}"),
            Pair("Said by", f"{source or BLANK}{told}"),
            Pair("Status", status, evidence.note(basis.evidence, basis)),
            _positions("His position", basis, [p for p in file.people if p.is_man], evidence),
            _positions("Carers' position", basis, file.carers, evidence),
            *treated_here(fact),
            *added.pairs(as_of, basis),
        )
        blocks.append(Block(f"{basis.id}: {status}", facts))
    return tuple(blocks)


def treated_here(fact: Fact | None) -> Iterator[Pair]:
    """How the analysis treats an allegation, and in the practitioner's words why."""
    yield Pair("Treated here", (fact and TREATED.get(fact.treated_as)) or BLANK)
    yield Pair("Why so", (fact and fact.why) or BLANK)


def gap_rows(analysis: Analysis) -> Iterator[Row]:
    """What is missing, why, and what that does to the opinion."""
    for gap in analysis.gaps:
        yield Row((gap.what or BLANK, gap.why or BLANK, gap.effect or BLANK))


def limits(as_of: AsOf, analysis: Analysis) -> Iterator[str]:
    """What this report cannot say, derived from the records, and what no such report can."""
    file = as_of.file
    unproved = [basis.id for basis in file.bases if not basis.is_proved]
    if unproved:
        are = "is" if len(unproved) == 1 else "are"
        assumed = _assumed(analysis, unproved)
        yield f"{', '.join(unproved)} {are} not recorded as proved. The assessor does not find facts{assumed}."
    low = [j for j in analysis.judgements if j.confidence == "low"]
    for named, where in ((True, "named there"), (False, "not recorded")):
        ids = [j.id for j in low if bool(j.would_settle) is named]
        if ids:
            yield f"Confidence is low in {', '.join(ids)}; what would settle it is {where}."
    drafts = [r.id for r in file.records if r.status == "draft" and r.kind.name == "session"]
    if drafts:
        yield f"Notes still in draft: {', '.join(drafts)}."
    yield from _answered(as_of)
    for target, conclusions in _moved(file, analysis).items():
        yield (
            f"{', '.join(conclusions)} {'rests' if len(conclusions) == 1 else 'rest'} on {target}, which "
            "has changed since it was cited for this report, and is to be read again."
        )
    lost = [damaged.id for damaged in file.damaged]
    if lost:
        yield f"Records that could not be read and are not in this report: {', '.join(lost)}."
    yield from ALWAYS


def _assumed(analysis: Analysis, unproved: Sequence[str]) -> str:
    """What the judgements say of their assuming what is not proved; "" where none assumes it."""
    assuming = [j for j in analysis.judgements if not {*unproved}.isdisjoint(j.assumes)]
    silent = [j.id for j in assuming if not j.if_not]
    if not assuming:
        return ""
    says = "; where a judgement assumes that something happened, it says so"
    if not silent:
        return f"{says} and says what it would be otherwise"
    return f"{says}. What it would be otherwise is not recorded in {', '.join(silent)}"


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
        text = str(citation)
        if isinstance(entry, Statement):
            text = added.after(entry.text, evidence.as_of, entry)
        yield evidence.cite(text, (citation,), analysis)


def _judgement_facts(as_of: AsOf, judgement: Judgement) -> Iterator[Pair]:
    yield Pair("Likelihood", _likelihood(judgement))
    yield Pair("Severity", plain(judgement.severity) or BLANK)
    yield Pair("How soon", judgement.imminence or BLANK)
    if judgement.assumes:
        yield Pair("Assumes", f"that {', '.join(judgement.assumes)} happened")
        yield Pair("If that is not so", judgement.if_not or BLANK)
    yield Pair(
        "Opinion", _sentence(plain(judgement.opinion), judgement.would_settle, "would settle it")
    )
    yield Pair(
        "Confidence", _sentence(plain(judgement.confidence), judgement.confidence_why, "because")
    )
    yield Pair("Valid until", day_words(judgement.valid_until) or _lapses(as_of, judgement))


def _lapses(as_of: AsOf, judgement: Judgement) -> str:
    months = as_of.service.policy.judgement_months
    day = day_words(add_months(judgement.record.on, months))
    return f"{BLANK}; taken as {day}, {months} months after the analysis"


def _likelihood(judgement: Judgement) -> str:
    word = plain(judgement.likelihood) or BLANK
    return f"{word}: {judgement.circumstances}" if judgement.circumstances else word


def _sentence(word: str, more: str, joint: str) -> str:
    if not more:
        return word or BLANK
    return f"{word or BLANK}; {joint}: {more}"


def _recommendation_facts(r: Recommendation) -> Iterator[Pair]:
    yield Pair("Who", r.who or BLANK)
    yield Pair("How", r.how or BLANK)
    yield Pair("By", day_words(r.by) or BLANK)
    yield Pair("How we will know", r.measure or BLANK)
    available = AVAILABLE.get(r.available, BLANK)
    yield Pair("Available", f"{available}{f'; meanwhile: {r.otherwise}' if r.otherwise else ''}")
    yield Pair("If it is not done", r.if_not_done or BLANK)
    yield Pair("Answers", ", ".join(r.answers) or BLANK)


def _positions(label: str, basis: Basis, people: Sequence[Person], evidence: Evidence) -> Pair:
    """The last position of each of some people on an allegation, with what shows it."""
    held = [(person, position_on(evidence.file, basis, person)) for person in people]
    words = (f"{p.name or p.id}: {last.words}" if len(held) > 1 else last.words for p, last in held)
    cited = [citation for _, last in held for citation in last.shown_by]
    return Pair(label, "; ".join(words) or BLANK, evidence.note(cited, basis))
