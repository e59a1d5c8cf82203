"""The full assessment report for the referring professionals, section by section.

Its shape never changes: every section always appears, in this order, and says "none recorded" or
"not recorded" where there is nothing. The outline follows what referrers and families asked of such reports.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from arpc.casefile import CaseFile
from arpc.document.matter import FrontMatter
from arpc.history import Known
from arpc.provisions import AsOf
from arpc.records import Analysis, Referral
from arpc.reporting import added, after, chronology, court, grounds, people, weighing
from arpc.reporting.copies import Copy
from arpc.reporting.evidence import Evidence
from arpc.reporting.front import HANDLING, front_matter
from arpc.reporting.model import (
    BLANK,
    NONE,
    NOT_RECORDED,
    AnswerView,
    CarerSection,
    Cited,
    Pair,
    PersonSection,
    Report,
    Row,
    day_words,
    recorded,
)
from arpc.reporting.people import name_of
from arpc.workdays import add_months

TITLE = "Assessment report"
TEMPLATE = "assessment.md.j2"
GLOSSARY = (
    ("Alleged", "Somebody says that it happened; no court, caution or admission has settled it."),
    (
        "Lower, moderate, higher",
        "How likely it is, in the practitioner's judgement, while things stand as described.",
    ),
    NOT_RECORDED,
    ("Cannot say", "There is not enough to judge by, and the report says what is missing."),
    ("Minor, serious, very serious", "How much harm it would do to this child."),
    ("Provisional", "An opinion that is likely to change with information that is on its way."),
    ("Qualified", "An opinion that rests on something unproved or missing, which is named."),
    ("Settled", "An opinion that nothing known to be missing is likely to change."),
    ("Confidence", "How sure the practitioner is of the judgement, and why."),
    (
        "Capacity, ability, likelihood",
        "Whether a carer has what it takes to protect, can do so in these circumstances, and is likely to do so.",
    ),
    (
        "First hand, second hand",
        "Whether the speaker saw or heard it, or was told by somebody else.",
    ),
    ("N-007#S3", "The third statement in the record of session 7: see the evidence index."),
)


def build(copy: Copy) -> Report:
    """Compute the report of a case, for the referring professionals or for a court."""
    as_of = copy.seen
    file, analysis = as_of.file, analysis_of(as_of)
    evidence = Evidence(as_of)
    events = chronology.chronology(as_of)
    major = [event for event in events if event.major]
    carers = tuple(_carers(as_of, evidence, analysis))
    report = Report(
        matter=matter(copy, TITLE),
        cover=tuple(cover(copy, "Life history and children's words are in it.")),
        warning=warning(copy),
        court=court.part(copy) if copy.reader.audience.name == "court" else None,
        known="",
        summary=added.after(recorded(analysis.summary), as_of, analysis),
        answers=tuple(answers(file, analysis, evidence)),
        risks=weighing.risk_rows(file, analysis),
        carers_short=tuple(carers_short(file, analysis)),
        contact_short=tuple(weighing.contact_rows(file, analysis)),
        actions_short=tuple(weighing.action_rows(file, analysis)),
        would_change=tuple(would_change(analysis)),
        referral=tuple(grounds.referral_facts(as_of)),
        reason=_of(file.referral, "reason"),
        contact_now=_of(file.referral, "contact"),
        safety_now=_of(file.referral, "safety"),
        previous=tuple(grounds.previous_assessments(file)),
        sessions=tuple(grounds.sessions(as_of)),
        absences=tuple(grounds.absences(as_of)),
        read=tuple(grounds.documents_read(as_of)),
        not_received=tuple(grounds.documents_not_received(as_of)),
        consents=tuple(grounds.consents(as_of)),
        tools=tuple(grounds.tools(as_of, analysis)),
        facts=weighing.fact_blocks(as_of, analysis, evidence),
        people=people.family_rows(as_of),
        households=people.household_rows(as_of),
        contact=people.contact_rows(as_of),
        agreements=people.agreement_blocks(as_of),
        concerns=tuple(grounds.concerns(as_of)),
        turning_points=chronology.rows(major),
        turning_undated=chronology.undated(major),
        chosen=chronology.chosen(events, analysis),
        man=people.man_section(as_of, evidence),
        carers=carers,
        children=tuple(people.child_section(as_of, evidence, c, analysis) for c in file.children),
        others=tuple(_others(as_of, evidence)),
        preconditions=tuple(preconditions(analysis)),
        risk_factors=weighing.factor_views(as_of, analysis, evidence, "risk"),
        protective_factors=weighing.factor_views(as_of, analysis, evidence, "protective"),
        hypotheses=weighing.hypothesis_views(analysis, evidence),
        contradictions=recorded(analysis.contradictions),
        culture=recorded(analysis.culture),
        judgements=weighing.judgement_views(as_of, analysis, evidence),
        gaps=tuple(weighing.gap_rows(analysis)),
        limits=tuple(weighing.limits(copy.whole, analysis)),
        contact_views=weighing.contact_views(file, analysis, evidence),
        recommendations=weighing.recommendation_views(as_of, analysis),
        feedback=tuple(after.feedback(as_of)),
        treatment=tuple(after.treatment(as_of)),
        follow_ups=tuple(after.follow_ups(as_of, is_draft=copy.is_draft)),
        authors=tuple(after.authors(as_of, analysis.author, copy.edition.approver)),
        supervision=after.supervision(as_of),
        sources=tuple(d.title for d in file.documents if d.came),
        chronology=chronology.rows(events),
        undated=chronology.undated(events),
        evidence=(),
        glossary=tuple(Pair(*entry) for entry in GLOSSARY),
        notes=(),
    )
    return report._replace(evidence=evidence.index(), notes=tuple(evidence.notes))


def matter(copy: Copy, title: str) -> FrontMatter:
    """What a copy of the assessment says of itself on every page."""
    until = valid_until(copy.whole)
    return front_matter(
        copy,
        title,
        author=analysis_of(copy.seen).author,
        status=_status(copy, until),
        version=str(copy.edition.version),
        valid_until=day_words(until),
    )


def looking_back(report: Report, known: Known) -> Report:
    """A draft from the records of a day, saying on every page that it shows what was known then."""
    day = day_words(known.day)
    status = f"{report.matter.status} · AS KNOWN ON {day.upper()}"
    sentences = (
        f"This shows what the records said at the end of {day}.",
        f"It is made from commit {known.commit.short} of {day_words(known.commit.day)};",
        "whatever was recorded later is not in it, even if it happened before.",
        *(f"{remark.capitalize()}." for remark in known.remarks),
        "It is not a report that was issued.",
    )
    matter = replace(report.matter, status=status)
    return report._replace(matter=matter, known=" ".join(sentences))


def analysis_of(as_of: AsOf) -> Analysis:
    """The analysis that holds; one with nothing in it, for a draft of a case that has none yet."""
    file = as_of.file
    if file.analysis:
        return file.analysis
    case = file.case
    data = {"analysis": "arpc/1", "id": "", "date": case.data["date"], "author": case.author}
    return Analysis(case.doc._replace(data=data), case.kind)


def _status(copy: Copy, until: date) -> str:
    if copy.replaced:
        return "SUPERSEDED"
    if copy.is_draft:
        return "DRAFT"
    return "OUT OF DATE" if copy.whole.today > until else ""


def cover(copy: Copy, holds: str = "") -> Iterator[Pair]:
    """What stands on the first page of a copy for professionals; `holds` says what is delicate in it."""
    as_of = copy.seen
    service = as_of.service
    yield Pair("Service", ", ".join(filter(None, (service.name, service.address))) or BLANK)
    yield from people.whose(as_of)
    yield Pair("Carers", ", ".join(c.name or c.id for c in as_of.file.carers) or NONE)
    yield Pair("Handling", f"{HANDLING} {holds}".strip())


def warning(copy: Copy) -> str:
    """What must stand on page 1 of a report that does not hold any more; "" if it does."""
    if copy.replaced:
        return (
            f"The analysis that this rests on was replaced by {copy.replaced}. Do not rely on it."
        )
    until = valid_until(copy.whole)
    if copy.whole.today <= until:
        return ""
    return (
        f"This assessment held until {day_words(until)}. Things may have changed since; ask for a review "
        "before relying on it."
    )


def valid_until(whole: AsOf) -> date:
    """Until when the report and every copy of it hold: the first of the judgements to lapse.

    It is asked of the whole case, since a copy may show none of the judgements. One that names no day
    lapses when the service's policy says.
    """
    analysis = analysis_of(whole)
    default = add_months(analysis.on, whole.service.policy.judgement_months)
    return min((j.valid_until or default for j in analysis.judgements), default=default)


def answers(file: CaseFile, analysis: Analysis, evidence: Evidence) -> Iterator[AnswerView]:
    """Each question of the referral with its answer."""
    given = {answer.question: answer for answer in analysis.answers}
    for question in file.referral.questions if file.referral else ():
        answer = given.get(question.id)
        if answer is None:
            yield AnswerView(question.id, question.ask or BLANK, BLANK, Cited(recorded("")))
            continue
        cited = evidence.cite(recorded(answer.answer), answer.rests_on, analysis)
        short = answer.short or ("stands below" if answer.answer else BLANK)
        yield AnswerView(question.id, question.ask or BLANK, short, cited)


def carers_short(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
    """Each carer in a line, for the summary."""
    for view in analysis.carers:
        yield Row((name_of(file, view.who), people.band_words(view), view.needs or BLANK))


def would_change(analysis: Analysis) -> Iterator[str]:
    """What would change the opinion, each thing once."""
    seen = [h.would_change for h in analysis.hypotheses]
    seen += [j.would_settle for j in analysis.judgements if j.opinion != "settled"]
    yield from dict.fromkeys(text for text in seen if text)


def _of(referral: Referral | None, key: str) -> str:
    return recorded(getattr(referral, key, ""))


def _carers(as_of: AsOf, evidence: Evidence, analysis: Analysis) -> Iterator[CarerSection]:
    for person in as_of.file.carers:
        yield people.carer_section(as_of, evidence, person, analysis)


def _others(as_of: AsOf, evidence: Evidence) -> Iterator[PersonSection]:
    """Relatives and supporters who were spoken to."""
    met = {who for s in as_of.file.sessions if s.took_place for who in s.who}
    helping = {"family_supporter", "supervisor_of_contact", "household_member", "sibling", "parent"}
    for person in as_of.file.people:
        main = person.is_man or person.is_carer or person.is_child
        if person.id in met and helping & {*person.roles} and not main:
            yield people.person_section(as_of, evidence, person)


def preconditions(analysis: Analysis) -> Iterator[Pair]:
    """What is known, under Finkelhor's four headings, as far as they were used."""
    for label, text in (
        ("Motivation", analysis.motivation),
        ("His own restraint", analysis.internal),
        ("What stands between him and the child", analysis.external),
        ("What the child can do", analysis.resistance),
    ):
        if text:
            yield Pair(label, text)
