"""The copy for the man or for a carer: what was found, in words for them, and what they may read of it.

It opens with what a person wrote for this reader. After that stands nothing but what is the reader's own,
and the entries that the practitioner lists for them under `copies` in the analysis. Sources are left out,
since where something comes from can tell who said it.
"""

from collections.abc import Iterator
from dataclasses import replace

from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.records import Analysis, Statement
from arpc.reporting import added, after, assessment, grounds, people, weighing
from arpc.reporting.copies import Copy
from arpc.reporting.evidence import Evidence
from arpc.reporting.model import (
    BLANK,
    Block,
    FamilyReport,
    Pair,
    RecommendationView,
    Row,
    recorded,
)

TITLE = "What the assessment found"
TEMPLATE = "family.md.j2"


def build(copy: Copy) -> FamilyReport:
    """Compute the copy for the man or a carer.

    Raises:
        ArpcError: It is being issued, and nobody wrote its opening words.
    """
    as_of, reader = copy.seen, copy.reader.person
    file, analysis = as_of.file, assessment.analysis_of(as_of)
    person = file.person(reader)
    assert person is not None
    words = next(iter(analysis.copies), None)
    if not copy.is_draft and not (words and words.summary):
        hint = f"write them in {analysis.id}, under `copies`, `for: {reader}`"
        raise ArpcError(f"there are no words for {reader} to open this copy", hint)
    evidence = Evidence(as_of)
    section = people.person_section(as_of, evidence, person)
    return FamilyReport(
        matter=replace(assessment.matter(copy, TITLE), subtitle=f"For {person.name or person.id}"),
        cover=tuple(_cover(copy)),
        warning=assessment.warning(copy),
        summary=added.after(recorded(words.summary if words else ""), as_of, analysis),
        answers=tuple(assessment.answers(file, analysis, evidence)),
        sessions=tuple(Row((row.cells[1], row.cells[4])) for row in grounds.sessions(as_of)),
        consents=tuple(Row(row.cells[2:]) for row in grounds.consents(as_of)),
        facts=tuple(_facts(copy, analysis)),
        positions=tuple(Row(row.cells) for row in section.positions),
        meetings=section.meetings,
        others=tuple(_others(copy)),
        risk_factors=weighing.factor_views(as_of, analysis, evidence, "risk"),
        protective_factors=weighing.factor_views(as_of, analysis, evidence, "protective"),
        hypotheses=weighing.hypothesis_views(analysis, evidence),
        carers=tuple(_protecting(copy, analysis)),
        judgements=weighing.judgement_views(as_of, analysis, evidence),
        agreements=tuple(_agreements(copy)),
        contact_views=weighing.contact_views(file, analysis, evidence),
        recommendations=tuple(_recommendations(as_of, analysis)),
        limits=weighing.ALWAYS,
        feedback=tuple(Row(row.cells[1:]) for row in _own_feedback(copy)),
        complaints=as_of.service.complaints
        or "Ask whoever goes through this with you how to complain.",
        treatment=tuple(Row(row.cells[2:]) for row in after.treatment(as_of)),
        follow_ups=tuple(after.follow_ups(as_of, is_draft=copy.is_draft)),
        authors=tuple(after.authors(as_of, analysis.author, copy.edition.approver)),
        glossary=tuple(Pair(*entry) for entry in assessment.GLOSSARY[:-2]),
    )


def _cover(copy: Copy) -> Iterator[Pair]:
    as_of = copy.seen
    yield Pair("For", copy.for_whom)
    yield Pair("From", as_of.service.name or BLANK)
    if as_of.service.address:
        yield Pair("Address", as_of.service.address)
    asked_by, referral = people.asked_by(as_of.file), as_of.file.referral
    yield Pair("Asked for by", added.after(asked_by, as_of, referral) if referral else asked_by)
    handling = (
        "This copy is yours. It holds what concerns you; what other people said in confidence is not "
        "in it. Please keep it where others do not read it."
    )
    yield Pair("This copy", handling)


def _facts(copy: Copy, analysis: Analysis) -> Iterator[Block]:
    """What is alleged or found, as far as it is shown to the reader; never who said it."""
    treated = {fact.basis: fact for fact in analysis.facts}
    for basis in copy.seen.file.bases:
        fact = treated.get(basis.id)
        status = weighing.STATUS.get(basis.basis_status, BLANK)
        facts = (
            Pair("What", basis.what or BLANK),
            Pair("When", basis.happened or BLANK),
            Pair("Status", status),
            *weighing.treated_here(fact),
            *added.pairs(copy.seen, basis),
        )
        yield Block(f"{basis.id}: {status}", facts)


def _others(copy: Copy) -> Iterator[Row]:
    """What others said or wrote that is shown to the reader by name."""
    for citation in sorted(copy.shown):
        entry = copy.seen.file.places.get(citation)
        if isinstance(entry, Statement) and entry.speaker != copy.reader.person:
            person = copy.seen.file.person(entry.speaker)
            text = added.after(entry.text, copy.seen, entry)
            text = added.after(text, copy.seen, entry.record)
            yield Row((person.name if person else "", text))


def _protecting(copy: Copy, analysis: Analysis) -> Iterator[Block]:
    """What is said of a carer's protecting, where it is shown."""
    for view in analysis.carers:
        facts = (
            Pair("Capacity to protect", view.capacity or BLANK),
            Pair("Ability in these circumstances", view.ability or BLANK),
            Pair("Likelihood", view.likelihood or BLANK),
            Pair("In the practitioner's word", people.band_words(view)),
            Pair("Help needed", view.needs or BLANK),
        )
        yield Block(people.name_of(copy.seen.file, view.who), facts)


def _agreements(copy: Copy) -> Iterator[Block]:
    """What the reader signed; how it is checked is for those who check it."""
    signed = ("Between", "Terms", "If not kept", "Review by", "Later")
    for block in people.agreement_blocks(copy.seen):
        yield Block(block.title, tuple(pair for pair in block.facts if pair.label in signed))


def _recommendations(as_of: AsOf, analysis: Analysis) -> Iterator[RecommendationView]:
    """What is recommended, without the judgements that it answers."""
    for view in weighing.recommendation_views(as_of, analysis):
        yield view._replace(facts=tuple(pair for pair in view.facts if pair.label != "Answers"))


def _own_feedback(copy: Copy) -> Iterator[Row]:
    name = people.name_of(copy.seen.file, copy.reader.person)
    return (row for row in after.feedback(copy.seen) if row.cells[0] == name)
