"""The full assessment report for the referring professionals, section by section.

Its shape never changes: every section always appears, in this order, and says "none" or "not known"
where there is nothing. The outline follows what referrers and families asked of such reports.
"""

from collections.abc import Iterator
from datetime import date

from arpc.casefile import CaseFile
from arpc.document.matter import FrontMatter
from arpc.provisions import AsOf
from arpc.records import Analysis, Document, IssuedReport, Person, Referral
from arpc.reporting import chronology, people, weighing
from arpc.reporting.evidence import Evidence, sort_words
from arpc.reporting.model import (
    AnswerView,
    CarerSection,
    Cited,
    Pair,
    PersonSection,
    Report,
    Row,
    day_words,
    partial_words,
)
from arpc.reporting.people import name_of, plain
from arpc.workdays import add_months, add_years

TITLE = "Assessment report"
TEMPLATE = "assessment.md.j2"
_GLOSSARY = (
    ("Alleged", "Somebody says that it happened; no court, caution or admission has settled it."),
    (
        "Lower, moderate, higher",
        "How likely it is, in the practitioner's judgement, while things stand as described.",
    ),
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


def build(
    as_of: AsOf, *, version: int, issued: IssuedReport | None = None, approver: str = ""
) -> Report:
    """Compute the report of a case.

    Args:
        as_of: The case and the day.
        version: Which version it is.
        issued: The record of its issue; None for a draft.
        approver: Staff code of who approves it, when it is being issued.
    """
    file = as_of.file
    analysis = file.analysis or _empty(file)
    evidence = Evidence(as_of, "referrer")
    until = _valid_until(as_of, analysis)
    events = chronology.chronology(as_of)
    carers = tuple(_carers(as_of, evidence, analysis))
    chosen_by = issued.approved_by if issued else approver
    report = Report(
        matter=_matter(as_of, analysis, version, until, is_draft=not chosen_by),
        cover=tuple(_cover(as_of, chosen_by)),
        warning=_warning(as_of, until),
        summary=analysis.summary or "Not written yet.",
        answers=tuple(_answers(file, analysis, evidence)),
        risks=weighing.risk_rows(file, analysis),
        carers_short=tuple(_carers_short(file, analysis)),
        contact_short=tuple(_contact_short(file, analysis)),
        actions_short=tuple(_actions_short(file, analysis)),
        would_change=tuple(_would_change(analysis)),
        referral=tuple(_referral(as_of)),
        reason=_of(file.referral, "reason"),
        contact_now=_of(file.referral, "contact"),
        safety_now=_of(file.referral, "safety"),
        previous=tuple(_previous(file)),
        sessions=tuple(_sessions(as_of)),
        absences=tuple(_absences(file)),
        read=tuple(_read(as_of)),
        not_received=tuple(_not_received(file)),
        consents=tuple(_consents(file)),
        tools=tuple(_tools(as_of, analysis)),
        facts=weighing.fact_rows(as_of, analysis, evidence),
        people=people.family_rows(as_of),
        households=people.household_rows(as_of),
        contact=people.contact_rows(as_of),
        agreements=people.agreement_rows(as_of),
        concerns=tuple(_concerns(file)),
        turning_points=chronology.rows([event for event in events if event.major]),
        man=people.man_section(as_of, evidence),
        carers=carers,
        children=tuple(people.child_section(as_of, evidence, c, analysis) for c in file.children),
        others=tuple(_others(as_of, evidence)),
        preconditions=tuple(_preconditions(analysis)),
        risk_factors=weighing.factor_views(file, analysis, evidence, "risk"),
        protective_factors=weighing.factor_views(file, analysis, evidence, "protective"),
        hypotheses=weighing.hypothesis_views(analysis, evidence),
        contradictions=analysis.contradictions or "Not written yet.",
        culture=analysis.culture or "Not written yet.",
        judgements=weighing.judgement_views(as_of, analysis, evidence),
        gaps=tuple(
            Row((g.what, g.why or "not said", g.effect or "not said")) for g in analysis.gaps
        ),
        limits=tuple(weighing.limits(as_of, analysis)),
        contact_views=weighing.contact_views(file, analysis, evidence),
        recommendations=weighing.recommendation_views(file, analysis),
        feedback=tuple(_feedback(as_of)),
        treatment=tuple(_treatment(file)),
        follow_ups=tuple(_follow_ups(as_of)),
        authors=tuple(_authors(as_of, analysis, chosen_by)),
        supervision=_supervision(as_of),
        sources=tuple(d.title for d in file.documents if d.received),
        chronology=chronology.rows(events),
        evidence=(),
        glossary=tuple(Pair(*entry) for entry in _GLOSSARY),
        notes=(),
    )
    return report._replace(evidence=evidence.index(), notes=tuple(evidence.notes))


def _empty(file: CaseFile) -> Analysis:
    """An analysis with nothing in it, for a draft of a case that has none yet."""
    case = file.case
    data = {"analysis": "arpc/1", "id": "", "date": case.data["date"], "author": case.author}
    return Analysis(case.doc._replace(data=data), case.kind)


def _matter(
    as_of: AsOf, analysis: Analysis, version: int, until: date, *, is_draft: bool
) -> FrontMatter:
    service = as_of.service
    status = "DRAFT" if is_draft else "OUT OF DATE" if as_of.today > until else ""
    practice = "Practice record: invented people" if service.practice_today else ""
    man = as_of.file.man
    children = ", ".join(child.name for child in as_of.file.children)
    author = service.staff_member(analysis.author)
    return FrontMatter(
        title=TITLE,
        subtitle=f"{man.name if man else 'A man not named'}, and the safety of {children or 'the children'}",
        reference=as_of.file.id,
        marking=service.marking,
        status=status,
        date=as_of.today,
        author=author.name,
        version=str(version),
        valid_until=day_words(until),
        practice=practice,
    )


def _cover(as_of: AsOf, approver: str) -> Iterator[Pair]:
    file = as_of.file
    referrer = file.person(file.referral.referrer) if file.referral else None
    yield Pair("Service", as_of.service.name or "not named")
    if as_of.service.address:
        yield Pair("Address", as_of.service.address)
    yield Pair("For", _for_whom(file, referrer))
    yield Pair(
        "About",
        f"{file.man.name}, aged {people.age_words(file.man, as_of)}" if file.man else "not named",
    )
    children = [f"{c.name}, {people.age_words(c, as_of)}" for c in file.children]
    yield Pair("Children", "; ".join(children) or "none named")
    yield Pair("Carers", ", ".join(c.name for c in file.carers) or "none named")
    approved = as_of.service.staff_member(approver).name if approver else "not yet approved"
    yield Pair("Approved by", approved)
    yield Pair(
        "Handling",
        "For the referring professionals. Not for onward copying: ask the service for a copy made for "
        "the reader. Life history and children's words are in it.",
    )


def _for_whom(file: CaseFile, referrer: Person | None) -> str:
    parts = [referrer.name, referrer.agency] if referrer else []
    if file.case.authority not in ", ".join(parts):
        parts.append(file.case.authority)
    return ", ".join(filter(None, parts)) or "not named"


def _warning(as_of: AsOf, until: date) -> str:
    if as_of.today <= until:
        return ""
    return (
        f"This assessment held until {day_words(until)}. Things may have changed since; ask for a review "
        "before relying on it."
    )


def _valid_until(as_of: AsOf, analysis: Analysis) -> date:
    days = [j.valid_until for j in analysis.judgements if j.valid_until]
    return min(days, default=add_months(analysis.on, as_of.service.policy.judgement_months))


def _answers(file: CaseFile, analysis: Analysis, evidence: Evidence) -> Iterator[AnswerView]:
    given = {answer.question: answer for answer in analysis.answers}
    for question in file.referral.questions if file.referral else ():
        answer = given.get(question.id)
        cited = (
            evidence.cite(answer.answer or "not answered", answer.rests_on, analysis)
            if answer
            else Cited("not answered")
        )
        yield AnswerView(question.id, question.ask, cited)


def _carers_short(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
    for view in analysis.carers:
        yield Row((name_of(file, view.who), people.band_words(view), view.needs or "none named"))


def _contact_short(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
    for view in analysis.contact:
        by = f", by {name_of(file, view.supervisor)}" if view.supervisor else ""
        form = people.CONTACT_FORMS.get(view.form, "not settled")
        yield Row((name_of(file, view.child), f"{form}{by}", view.conditions or "none"))


def _actions_short(file: CaseFile, analysis: Analysis) -> Iterator[Row]:
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


def _would_change(analysis: Analysis) -> Iterator[str]:
    seen = [h.would_change for h in analysis.hypotheses]
    seen += [j.would_settle for j in analysis.judgements if j.opinion != "settled"]
    yield from dict.fromkeys(text for text in seen if text)


def _referral(as_of: AsOf) -> Iterator[Pair]:
    file = as_of.file
    referral = file.referral
    if referral is None:
        return
    police = {"nfa": "no further action"}.get(referral.police, plain(referral.police))
    yield Pair("Received", day_words(referral.on))
    yield Pair("From", _for_whom(file, file.person(referral.referrer)))
    yield Pair("Urgency", plain(referral.urgency) or "standard")
    checked = f" ({referral.police_checked})" if referral.police_checked else ""
    yield Pair("Police", f"{police or 'not known'}{checked}")
    needed = (
        f"{day_words(referral.needed_by)}, for {plain(referral.needed_for)}"
        if referral.needed_by
        else ""
    )
    yield Pair("Needed by", needed or "no date given")
    case = file.case
    decided = f"{case.decision or 'not decided'}{f', {day_words(case.decided_on)}' if case.decided_on else ''}"
    yield Pair("Taken on", decided)


def _of(referral: Referral | None, key: str) -> str:
    return getattr(referral, key, "") or "Not written yet."


def _previous(file: CaseFile) -> Iterator[Row]:
    for each in file.referral.previous if file.referral else ():
        where = each.document or f"not obtained: {each.not_obtained or 'no reason given'}"
        yield Row(
            (
                partial_words(each.dated) or "no date",
                each.by or "not known",
                each.conclusion or "not known",
                where,
            )
        )


def _sessions(as_of: AsOf) -> Iterator[Row]:
    file = as_of.file
    for session in file.sessions:
        if session.took_place and session.on <= as_of.today:
            who = ", ".join(name_of(file, w) for w in session.who)
            alone = {"yes": "alone", "no": "not alone"}.get(session.alone, "")
            others = ", ".join(_present(as_of, o.who) for o in session.present if o.who)
            with_whom = f"with {others}" if others else ""
            yield Row(
                (
                    session.id,
                    day_words(session.on),
                    who,
                    sort_words(session),
                    "; ".join(filter(None, (session.where, session.time, alone, with_whom))),
                )
            )


def _present(as_of: AsOf, who: str) -> str:
    if who.startswith("P-"):
        return name_of(as_of.file, who)
    return as_of.service.staff_member(who).name


def _absences(file: CaseFile) -> Iterator[Row]:
    for session in file.sessions:
        if session.took_place:
            continue
        who = ", ".join(name_of(file, w) for w in session.who)
        why = plain(session.not_seen or session.attendance)
        what = "not interviewed" if session.not_seen else "missed"
        yield Row((session.id, day_words(session.on), who, f"{what}: {why}"))


def _read(as_of: AsOf) -> Iterator[Row]:
    for document in as_of.file.documents:
        if document.received:
            yield Row(
                (
                    document.id,
                    document.title,
                    document.sender or "not known",
                    partial_words(document.dated) or "undated",
                    _reading(as_of, document),
                )
            )


def _reading(as_of: AsOf, document: Document) -> str:
    if not document.read_on:
        return "not read"
    reader = as_of.service.staff_member(document.read_by).name
    kind = f"; {plain(document.reliability)}" if document.reliability else ""
    return f"{reader}, {day_words(document.read_on)}{kind}"


def _not_received(file: CaseFile) -> Iterator[Row]:
    for document in file.documents:
        if not document.received:
            asked = day_words(document.requested) or "not asked for"
            yield Row(
                (document.id, document.title, asked, document.not_received or "no reason recorded")
            )


def _consents(file: CaseFile) -> Iterator[Row]:
    for consent in file.consents:
        given = {
            "taking part": consent.take_part,
            "speaking with agencies": consent.contact_agencies,
            "sharing the report": consent.share_with_referrer,
        }
        words = "; ".join(
            f"{what}: {plain(answer) or 'not asked'}" for what, answer in given.items()
        )
        own = f" Own answer: “{consent.assent}”" if consent.assent else ""
        yield Row(
            (
                name_of(file, consent.who),
                day_words(consent.on),
                f"{words}.{own}",
                plain(consent.understood) or "not asked",
            )
        )


def _tools(as_of: AsOf, analysis: Analysis) -> Iterator[Row]:
    for tool in analysis.tools:
        user = as_of.service.staff_member(tool.by).name if tool.by else "not named"
        yield Row((tool.name, user, plain(tool.applicable) or "not said", tool.why or "not said"))


def _concerns(file: CaseFile) -> Iterator[Row]:
    for escalation in file.escalations:
        told = ", ".join(plain(r.to) for r in escalation.reported) or "nobody yet"
        yield Row(
            (
                escalation.id,
                day_words(escalation.on),
                plain(escalation.type),
                told,
                escalation.outcome or "no outcome recorded yet",
            )
        )


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


def _preconditions(analysis: Analysis) -> Iterator[Pair]:
    for label, text in (
        ("Motivation", analysis.motivation),
        ("His own restraint", analysis.internal),
        ("What stands between him and the child", analysis.external),
        ("What the child can do", analysis.resistance),
    ):
        if text:
            yield Pair(label, text)


def _feedback(as_of: AsOf) -> Iterator[Row]:
    issue = as_of.file.first_issue
    given = {f.who: f for f in issue.feedback} if issue else {}
    for person in as_of.file.people:
        if not (person.is_man or person.is_carer or person.is_child):
            continue
        found = given.get(person.id)
        if found is None:
            yield Row((person.name, "not yet", "", ""))
        else:
            when = day_words(found.day) or f"not done: {found.not_done or 'no reason recorded'}"
            yield Row(
                (
                    person.name,
                    when,
                    found.response or "not recorded",
                    found.disputed or "nothing recorded",
                )
            )


def _treatment(file: CaseFile) -> Iterator[Row]:
    for treatment in file.treatments:
        ended = day_words(treatment.ended)
        state = f"ended {ended}, {plain(treatment.end_reason)}" if ended else "running"
        if treatment.offer != "accepted":
            state = ""
        yield Row(
            (
                name_of(file, treatment.who),
                plain(treatment.offer),
                treatment.method or treatment.why or "not said",
                state,
            )
        )


def _follow_ups(as_of: AsOf) -> Iterator[Row]:
    """When the referrer is asked and the meetings are held, counted from the issue."""
    issue = as_of.file.first_issue
    start = issue.on if issue else as_of.today
    done = {f.point: f for f in as_of.file.followups}
    points = (
        ("referrer_3m", "Referrer asked", add_months(start, 3)),
        ("referrer_6m", "Referrer asked", add_months(start, 6)),
        ("referrer_12m", "Referrer asked", add_months(start, 12)),
        ("meeting_3y", "Meeting", add_years(start, 3)),
        ("meeting_5y", "Meeting", add_years(start, 5)),
    )
    for point, what, by in points:
        found = done.get(point)
        state = "planned" if issue else "planned, counted from today as the day of issue"
        if found and found.done:
            state = f"done {day_words(found.done)}"
        elif found and found.not_done:
            state = f"not done: {plain(found.not_done)}"
        yield Row((what, day_words(by), state))


def _authors(as_of: AsOf, analysis: Analysis, approver: str) -> Iterator[Row]:
    case = as_of.file.case
    roles = (
        ("Author", analysis.author),
        ("Lead practitioner", case.lead),
        ("Second practitioner", case.second),
        ("Manager", case.manager),
        ("Approved by", approver),
    )
    for role, code in roles:
        if code:
            member = as_of.service.staff_member(code)
            yield Row(
                (role, member.name, member.role or "not said", member.qualifications or "not said")
            )


def _supervision(as_of: AsOf) -> str:
    held = [day_words(v.on) for v in as_of.file.supervisions]
    return f"Held {len(held)} times, last on {held[-1]}." if held else "None recorded."
