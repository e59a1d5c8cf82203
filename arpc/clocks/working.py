"""Clocks that run while a case is worked: notes, concerns, supervision, what was agreed, birthdays."""

from collections.abc import Iterator
from datetime import date, timedelta

from arpc.provisions import WORKING, AsOf, Due, Stage, clock
from arpc.records import Escalation
from arpc.sources import (
    AGE,
    COUNCIL_RESPONSE,
    DUTY_TO_REPORT,
    INFERENCE,
    RE_M_AND_N,
    SUPERVISION,
    TALKING,
)
from arpc.workdays import birthday

_SUSPECTED = ("disclosure_by_child", "disclosure_by_adult", "admission", "images")
_OUTER_LIMIT = timedelta(days=7)


@clock(RE_M_AND_N.saying("the lengths are our inference; a service sets them"), working_days=True)
def note_to_write(as_of: AsOf) -> Iterator[Due]:
    """A session's note is to be written.

    One working day after a child's session or one that raised a concern, three after any other.
    A note of two weeks later was criticised in court.
    """
    for session in as_of.file.sessions:
        if session.not_seen or session.written_at or session.is_final or session.on > as_of.today:
            continue
        what = f"write the note of {session.id}"
        yield Due(as_of.note_by(session), what, session.at("date"), session.id, session.on)


@clock(TALKING.saying("the same day; at once where a child is in danger"), hard=True, stages=None)
def concern_to_report(as_of: AsOf) -> Iterator[Due]:
    """A concern is to be reported to children's services or the police.

    The same day, whatever day it is: no weekend and no bank holiday moves it, and no pause or
    closure of the case.
    """
    for escalation in as_of.file.escalations:
        told = _told_on(escalation)
        if escalation.aware and not told and escalation.decision != "not_referred":
            by = escalation.aware.date()
            what = f"report the concern {escalation.id} and record it"
            yield Due(by, what, escalation.at("aware"), escalation.id, by)


@clock(
    DUTY_TO_REPORT.saying(
        "as soon as practicable; 7 days only where the law allows delay; off unless the service "
        "says that the duty is in force"
    ),
    hard=True,
    stages=None,
    nations=("england",),
)
def statutory_report_to_make(as_of: AsOf) -> Iterator[Due]:
    """A suspected sexual offence against a child is to be reported under the statutory duty.

    The same day; seven days at the outside, and only where the reason for waiting is written. Where
    the duty does not apply, the concern says so. Settled by the time of the report.
    """
    if not as_of.service.duty_to_report:
        return
    for escalation in as_of.file.escalations:
        applies = escalation.duty_applies
        suspected = escalation.type in _SUSPECTED if applies != "yes" else True
        if not escalation.aware or escalation.duty_met or applies == "no" or not suspected:
            continue
        since = escalation.aware.date()
        by = since + _OUTER_LIMIT if escalation.duty_delayed else since
        what = f"make the statutory report of {escalation.id}"
        yield Due(by, what, escalation.at("aware"), escalation.id, since)


@clock(
    COUNCIL_RESPONSE.saying("a referrer is told what was decided; the length is our inference"),
    working_days=True,
    stages=None,
)
def outcome_to_learn(as_of: AsOf) -> Iterator[Due]:
    """What came of a concern that was passed on is to be known.

    Five working days after it was first reported. A report that nobody answers may have reached
    nobody. Settled by the outcome, or by closing the concern.
    """
    for escalation in as_of.file.escalations:
        told = _told_on(escalation)
        if told and not escalation.outcome and not escalation.closed:
            by = as_of.calendar.add_working_days(told, as_of.service.policy.outcome_days)
            what = f"ask what came of the concern {escalation.id}"
            yield Due(by, what, escalation.at("reported"), escalation.id, told)


@clock(
    SUPERVISION.saying("a common local standard; a service sets its own"),
    stages=WORKING,
    pauses=True,
)
def supervision_to_hold(as_of: AsOf) -> Iterator[Due]:
    """The case is to be taken to supervision.

    Every four weeks from the day it was opened, while it is assessed or treated; after a pause,
    from the day it went on.
    """
    held = [v for v in as_of.file.supervisions if v.on <= as_of.today]
    last = held[-1] if held else as_of.file.case
    ended = [until for _, until in as_of.file.case.pauses if until and until < as_of.today]
    since = max([last.on, *ended])
    by = since + timedelta(weeks=as_of.service.policy.supervision_weeks)
    subject = f"after-{last.id}" if held else "after-opening"
    yield Due(by, "take the case to supervision", last.at("date"), subject, since)


@clock(SUPERVISION.saying("decisions are followed through; the day is the one agreed"))
def supervision_decision_to_carry_out(as_of: AsOf) -> Iterator[Due]:
    """What supervision decided is to be done.

    On the day that was agreed. A decision that nobody carries out looks like oversight and is none.
    """
    for supervision in as_of.file.supervisions:
        for number, decision in enumerate(supervision.decisions, 1):
            if decision.by and not decision.done:
                what = f"carry out decision {number} of {supervision.id}"
                subject = f"{supervision.id}/{number}"
                where = decision.at("by")
                yield Due(decision.by, what, where, subject, supervision.on)


@clock(INFERENCE.saying("the day is the one agreed"))
def action_to_do(as_of: AsOf) -> Iterator[Due]:
    """What was agreed in a session is to be done.

    On the day that was agreed. People who were promised something remember whether it was kept.
    """
    for session in as_of.file.sessions:
        for number, action in enumerate(session.actions, 1):
            if action.by and not action.done:
                what = f"do action {number} of {session.id}"
                yield Due(action.by, what, action.at("by"), f"{session.id}/{number}", session.on)


@clock(INFERENCE.saying("the day is the one agreed"), pauses=True)
def meeting_as_agreed(as_of: AsOf) -> Iterator[Due]:
    """Somebody is to be met again, as was agreed at the last meeting.

    On the day that the session names. A child who was promised a day waits for it. Settled by a later
    session with one of the same people, whether or not they came, or by any on the day itself.
    """
    sessions = [session for session in as_of.file.sessions if session.on <= as_of.today]
    for session in sessions:
        day = session.next
        after = [other for other in sessions if other.on > session.on]
        if day and not any(o.on == day or {*o.who} & {*session.who} for o in after):
            what = f"meet {', '.join(session.who) or 'again'} as agreed"
            yield Due(day, what, session.at("next"), session.id, session.on)


@clock(INFERENCE.saying("the day is the one agreed"))
def agreement_to_review(as_of: AsOf) -> Iterator[Due]:
    """A written agreement is to be reviewed.

    On the day that it names. An agreement that nobody looks at again protects nobody. Settled by an
    end, by an agreement that replaces it, or by a later day.
    """
    replaced = {arrangement.replaces for arrangement in as_of.file.arrangements}
    for arrangement in as_of.file.arrangements:
        by = arrangement.review_by
        ended = arrangement.until is not None and arrangement.until <= as_of.today
        if by and arrangement.is_current and not ended and arrangement.id not in replaced:
            where = arrangement.at("review_by")
            what = f"review the agreement {arrangement.id}"
            yield Due(by, what, where, arrangement.id, arrangement.on)


@clock(INFERENCE.saying("the day is the one recorded"))
def consent_to_ask_again(as_of: AsOf) -> Iterator[Due]:
    """Somebody is to be asked again whether they agree.

    On the day that their newest consent names. People change their minds, and children grow up.
    """
    newest = {consent.who: consent for consent in as_of.file.consents if consent.is_current}
    for who, consent in newest.items():
        person = as_of.file.person(who)
        if consent.review and not (person and person.died):
            what = f"ask {who} again about consent"
            yield Due(consent.review, what, consent.at("review"), consent.id, consent.on)


@clock(INFERENCE.saying("the day is the one recorded"), stages=frozenset((Stage.TREATMENT,)))
def goal_to_review(as_of: AsOf) -> Iterator[Due]:
    """A goal of treatment is to be reviewed.

    On the day that it names, while the treatment goes on. Turning up is not the same as changing.
    Settled by a meeting from that day on that names the goal, or by a later day.
    """
    for treatment in as_of.file.treatments:
        if treatment.offer != "accepted" or treatment.ended:
            continue
        for number, goal in enumerate(treatment.goals, 1):
            name, by = goal.id or str(number), goal.review
            if by and not any(
                m.day and m.day >= by and name in m.goals for m in treatment.meetings
            ):
                what = f"review goal {name} of {treatment.id}"
                subject = f"{treatment.id}/{name}"
                yield Due(by, what, goal.at("review"), subject, treatment.on)


@clock(INFERENCE.saying("the day is the one on which the child is expected"))
def birth_to_record(as_of: AsOf) -> Iterator[Due]:
    """An expected child is to be recorded as born.

    On the day on which the child is expected: from then on somebody can be seen, and whoever judged
    beforehand has to know. Settled by the day of the birth, or by a later day on which it is expected.
    """
    for child in as_of.file.children:
        if child.due and not child.born_text and not child.died:
            what = f"ask whether {child.id} is born, and write down the day"
            yield Due(child.due, what, child.at("due"), child.id, child.on)


@clock(AGE.saying("29 February counts as 1 March; our inference outside Scotland"))
def child_comes_of_age(as_of: AsOf) -> Iterator[Due]:
    """A child of the case comes of age.

    From the 18th birthday consent and contact are the young person's own, and what the carer agreed
    for them no longer holds. Settled by what they say themselves from that day on.
    """
    own = [c for c in as_of.file.consents if c.is_current and c.who == c.given_by]
    for child in as_of.file.children:
        if child.born and not child.died:
            by = birthday(child.born, 18)
            what = f"{child.id} is 18: ask them about consent and contact"
            asked = any(consent.who == child.id and consent.on >= by for consent in own)
            if by >= as_of.file.case.on and not asked:
                yield Due(by, what, child.at("born"), child.id, child.born)


def _told_on(escalation: Escalation) -> date | None:
    """The day on which somebody outside the service first heard of it."""
    told = [r.at_time.date() for r in escalation.reported if r.at_time and r.to != "manager"]
    return min(told, default=None)
