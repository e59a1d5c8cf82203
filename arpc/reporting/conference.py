"""The copy for a conference or core group: what was found, what is asked, and who is told before.

Life histories and what concerns third parties stay out; the children's sections are in full.
"""

from collections.abc import Iterator

from arpc import clocks, due
from arpc.reporting import added, after, assessment, people, weighing
from arpc.reporting.copies import Copy
from arpc.reporting.evidence import Evidence
from arpc.reporting.model import BLANK, ConferenceReport, Pair, Row, day_words, recorded
from arpc.reporting.people import name_of

TITLE = "Assessment: for the conference"
TEMPLATE = "conference.md.j2"
_BEFORE = ("family-to-see-report", "feedback-to-give")


def build(copy: Copy) -> ConferenceReport:
    """Compute the copy for a conference or core group."""
    as_of = copy.seen
    file, analysis = as_of.file, assessment.analysis_of(as_of)
    evidence = Evidence(as_of)
    words = [entry.summary for entry in analysis.copies if entry.reader == "conference"]
    report = ConferenceReport(
        matter=assessment.matter(copy, TITLE),
        cover=tuple(assessment.cover(copy, "Children's words are in it.")),
        warning=assessment.warning(copy),
        summary=added.after(recorded(words[0] if words else analysis.summary), as_of, analysis),
        answers=tuple(assessment.answers(file, analysis, evidence)),
        risks=weighing.risk_rows(file, analysis),
        carers_short=tuple(assessment.carers_short(file, analysis)),
        contact_short=tuple(weighing.contact_rows(file, analysis)),
        actions_short=tuple(weighing.action_rows(file, analysis)),
        would_change=tuple(assessment.would_change(analysis)),
        facts=weighing.fact_blocks(as_of, analysis, evidence),
        children=tuple(people.child_section(as_of, evidence, c, analysis) for c in file.children),
        preconditions=tuple(assessment.preconditions(analysis)),
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
        told=tuple(_told(copy)),
        told_by=tuple(_told_by(copy)),
        follow_ups=tuple(after.follow_ups(as_of, is_draft=copy.is_draft)),
        authors=tuple(after.authors(as_of, analysis.author, copy.edition.approver)),
        supervision=after.supervision(as_of),
        evidence=(),
        glossary=tuple(Pair(*entry) for entry in assessment.GLOSSARY),
        notes=(),
    )
    return report._replace(evidence=evidence.index(), notes=tuple(evidence.notes))


def _told(copy: Copy) -> Iterator[Row]:
    """With whom of the family the report was gone through, and what each child is told."""
    file = copy.seen.file
    views = {view.child: view for view in assessment.analysis_of(copy.seen).children}
    given = {f.who: f for report in file.reports for f in report.feedback}
    for person in file.people:
        if person.is_man or person.is_carer:
            found = given.get(person.id)
            when = day_words(found.day) if found else ""
            yield Row((person.name or person.id, when or BLANK))
        elif person.is_child:
            view = views.get(person.id)
            yield Row((person.name or person.id, (view and view.will_be_told) or BLANK))


def _told_by(copy: Copy) -> Iterator[Row]:
    """By when the family is to see the report, before a conference and after an issue."""
    if copy.whole.file.first_issue is None:
        within = f"{copy.whole.service.policy.feedback_days} working days from the issue"
        yield Row((within, "go through the report with each adult it is about", "not issued yet"))
    for item in due.what_is_due(copy.whole, [clocks.BY_ID[name] for name in _BEFORE]):
        names = item.due.what
        for person in copy.seen.file.people:
            names = names.replace(person.id, name_of(copy.seen.file, person.id))
        yield Row((day_words(item.due.by), names, item.due.note or "after the report is issued"))
