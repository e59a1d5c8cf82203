"""Whether the case may be taken, asked again when something has changed; what the referral asks."""

from collections.abc import Iterator
from datetime import date

from arpc.findings import Gate, Severity
from arpc.provisions import OPEN, WORKING, AsOf, Problem, rule
from arpc.records import Case, Session
from arpc.rules.when import BEFORE_ISSUE
from arpc.sources import (
    HOUSEHOLD_CHILDREN,
    INSTRUCTION,
    KNOWN_RISK,
    PROGRAMME,
    PROTECTING_STUDY,
    REFERRAL_CRITERIA,
)
from arpc.workdays import add_months, age_on

_PROCEEDINGS = ("arrested", "charged", "investigation_started")
_WITH_FAMILY = ("man", "carer", "child", "joint")


@rule(
    REFERRAL_CRITERIA.saying("that the decision comes first is our inference"),
    gate=Gate.FINISH,
    stages=OPEN,
)
def met_before_eligibility_decision(as_of: AsOf) -> Iterator[Problem]:
    """The family was met before it was decided whether the case can be taken.

    Whoever is asked such questions should know that something will come of the answers. It is
    decided first, and by somebody who can be named.
    """
    case = as_of.file.case
    first = next((s for s in as_of.file.every(Session) if s.is_assessing), None)
    if not first or (case.decided_on and case.decided_on <= first.on):
        return
    decided = f"it was decided on {case.decided_on}" if case.decided_on else "nothing is decided"
    hint = "write `decision` and `date` under `eligibility` in case.yaml"
    if case.decided_on:
        hint = (
            f"if it was so, say why: `arpc answer met-before-eligibility-decision --at {first.id}`"
        )
    yield Problem(first.at("date", value=True), f"met on {first.on}, and {decided}", hint)


@rule(REFERRAL_CRITERIA.saying("exceptions are our inference"), gate=Gate.ISSUE, limits=True)
def criterion_not_met_unexplained(as_of: AsOf) -> Iterator[Problem]:
    """The case was taken although a criterion is not met, and nobody agreed to that with a reason.

    The programme was made for some cases and not for others. To take one outside its criteria can be
    right; a manager has to stand behind it, and the reader has to know.
    """
    case = as_of.file.case
    explained = {e.criterion for e in case.exceptions if e.why and e.agreed_by}
    for name, word in case.criteria.items():
        if case.decision == "accept" and word != "yes" and name not in explained:
            where = case.at("eligibility", "criteria", name)
            hint = "write it under `exceptions`, with `criterion`, `why` and `agreed_by`"
            yield Problem(where, f"{name} is {word}, and no exception was agreed", hint)


@rule(REFERRAL_CRITERIA.saying("he is not facing criminal proceedings"), stages=WORKING, never=True)
def proceedings_not_rechecked(as_of: AsOf) -> Iterator[Problem]:
    """The police or the court act against him now, and eligibility was not looked at again.

    What is said in an assessment may become evidence, and what a child is asked may spoil it. The
    police and children's services say first how the work can go on, if it can.
    """
    case = as_of.file.case
    accepted = case.decided_on if case.decision == "accept" else None
    if not accepted:
        return
    hint = "stop, ask the police, and write `because: charge_or_investigation` under `rechecked`"
    for event in case.events:
        day = event.day
        if event.name in _PROCEEDINGS and day and day > accepted and not _rechecked(case, day):
            yield Problem(event.at("event", value=True), f"{event.name} on {day}", hint)
    referral = as_of.file.referral
    running = referral is not None and referral.police in ("investigating", "charged")
    settled = case.criteria.get("no_criminal_proceedings") in ("no", "unknown", "exception")
    if referral and running and not settled and not _rechecked(case, date.min):
        yield Problem(referral.at("police", value=True), f"police: {referral.police}", hint)


@rule(
    PROGRAMME.saying("not for men facing criminal proceedings; the pause is our inference"),
    stages=WORKING,
)
def session_while_proceedings_run(as_of: AsOf) -> Iterator[Problem]:
    """The family was seen after the police or the court began to act, and nobody had said go on.

    Until the police and children's services have agreed to it, a meeting can harm the investigation,
    the man's defence, and most of all the child's account. To have accepted the case after they began
    is such a word; each later step of theirs asks for another.
    """
    case = as_of.file.case
    looked = [(r.day, r.outcome == "continue") for r in case.rechecked if r.day]
    if case.decision == "accept" and case.decided_on:
        looked.append((case.decided_on, True))
    for session in as_of.file.sessions:
        if session.sort not in _WITH_FAMILY or not session.took_place:
            continue
        days = [e.day for e in case.events if e.name in _PROCEEDINGS and e.day]
        began = max((day for day in days if day < session.on), default=None)
        since = [look for look in looked if began and began <= look[0] <= session.on]
        if began and not max(since, default=(began, False), key=lambda look: look[0])[1]:
            hint = "pause under `paused`, and go on when a recheck says `outcome: continue`"
            where = session.at("date", value=True)
            yield Problem(where, f"met on {session.on}, after the events of {began}", hint)


@rule(
    REFERRAL_CRITERIA.saying(f"no known domestic abuse between them; {PROTECTING_STUDY.title}"),
    stages=WORKING,
)
def domestic_abuse_not_rechecked(as_of: AsOf) -> Iterator[Problem]:
    """Domestic abuse is recorded, and it was not looked at again whether the carer can be asked this.

    Somebody who is afraid cannot be asked to stand between him and a child. The carer is seen apart,
    with contact that is safe, and the plan does not lean on courage.
    """
    case = as_of.file.case
    if case.decision != "accept" or case.criteria.get("carer_no_abuse_with_man") != "yes":
        return
    hint = "write `because: domestic_abuse` under `rechecked`; see the carer apart"
    rechecks = [r for r in case.rechecked if r.because == "domestic_abuse" and r.day]
    if "domestic_abuse" in case.flags and not rechecks:
        where = case.at("flags", case.flags.index("domestic_abuse"))
        yield Problem(where, "flagged, and eligibility was not looked at again", hint)
    for escalation in as_of.file.escalations:
        if escalation.type == "domestic_abuse" and not any(
            r.day and r.day >= escalation.on for r in rechecks
        ):
            where = escalation.at("type", value=True)
            yield Problem(where, f"known on {escalation.on}, not looked at again since", hint)


@rule(
    INSTRUCTION.saying("clear questions; that each is answered is our inference"), gate=Gate.ISSUE
)
def referral_question_not_answered(as_of: AsOf) -> Iterator[Problem]:
    """A question of the referral has no answer.

    The referrer has to decide something, and asked these questions for it. "It cannot be said, because"
    is an answer.
    """
    analysis, referral = as_of.file.analysis, as_of.file.referral
    if not analysis or not referral:
        return
    answered = {a.question for a in analysis.answers if a.answer}
    hint = "add it under `answers`; that it cannot be said, because, is an answer"
    for question in referral.questions:
        if question.id and question.id not in answered:
            yield Problem(analysis.at("answers"), f"{question.id} is not answered", hint)


@rule(
    REFERRAL_CRITERIA.saying("the child has a plan; the length is our inference"),
    Severity.WARNING,
    Gate.ISSUE,
    BEFORE_ISSUE,
    limits=True,
)
def childs_plan_out_of_date(as_of: AsOf) -> Iterator[Problem]:
    """It is not known, or not lately, under what plan or order a child is.

    Recommendations go to whoever answers for the plan. A plan that has changed meanwhile has another
    owner and other dates.
    """
    months = as_of.service.policy.plan_months
    for child in as_of.file.children:
        added = (
            str(entry.get("date"))
            for entry in child.data.get("amendments") or ()
            if entry.get("date")
        )
        known = max((child.on, *map(date.fromisoformat, added)))
        if not any(plan.status for plan in child.plans):
            hint = "add it under `plans`; `status: none` is an answer"
            yield Problem(child.at("plans"), f"under what plan {child.id} is, is not written", hint)
        elif add_months(known, months) < as_of.today:
            message = f"{child.id}'s plan was last looked up on {known}"
            yield Problem(child.at("plans"), message, "look it up, and add it with `arpc amend`")


@rule(
    KNOWN_RISK.saying("earlier assessments are not relied on"),
    Severity.WARNING,
    Gate.ISSUE,
    limits=True,
)
def previous_assessment_not_obtained(as_of: AsOf) -> Iterator[Problem]:
    """An earlier assessment is known of, and was neither obtained nor given up for a reason.

    History that nobody read is what reviews find. It is read again with today's eyes, and tested.
    """
    referral = as_of.file.referral
    for previous in referral.previous if referral else ():
        if not previous.document and not previous.not_obtained:
            hint = "name the document, or say under `not_obtained` why there is none"
            yield Problem(
                previous.at(),
                "an earlier assessment, neither obtained nor given up for a reason",
                hint,
            )


@rule(
    HOUSEHOLD_CHILDREN.saying("all children of the household are considered"),
    Severity.WARNING,
    Gate.ISSUE,
    BEFORE_ISSUE,
)
def child_of_household_left_out(as_of: AsOf) -> Iterator[Problem]:
    """A child lives in one of the households, is not part of the assessment, and it is not said why.

    The child who was not on the referral is the one whom nobody asks.
    """
    at_home = {
        member.who
        for home in as_of.file.arrangements
        if home.type == "household" and not (home.until and home.until < as_of.today)
        for member in home.members
        if not member.until
    }
    for person in as_of.file.people:
        young = person.born is not None and age_on(person.born, as_of.today) < 18
        left_out = "child" in person.roles and not person.is_child
        lives_there = person.id in at_home and young and not person.is_child
        if (left_out or lives_there) and not person.scope_note:
            hint = "say why under `scope_note`, or take the child in with `roles: [child]`"
            yield Problem(
                person.at("roles"),
                f"{person.id} is a child here, and not part of the assessment",
                hint,
            )


def _rechecked(case: Case, since: date) -> bool:
    """Whether somebody looked again, on that day or later, at what a charge or inquiry means."""
    return any(
        r.because == "charge_or_investigation" and r.day and r.day >= since for r in case.rechecked
    )
