"""Clocks that run while a case is worked: notes, concerns, supervision, birthdays."""

from collections.abc import Iterator
from datetime import timedelta

from arpc.provisions import WORKING, AsOf, Due, clock
from arpc.sources import AGE, RE_M_AND_N, SUPERVISION, TALKING
from arpc.workdays import birthday


@clock(RE_M_AND_N.saying("the lengths are our inference; a service sets them"), working_days=True)
def note_to_write(as_of: AsOf) -> Iterator[Due]:
    """A session's note is to be written.

    One working day after a child's session or one that raised a concern, three after any other.
    A note of two weeks later was criticised in court.
    """
    policy = as_of.service.policy
    for session in as_of.file.sessions:
        if session.written_at or session.is_final or session.on > as_of.today:
            continue
        soon = session.sort == "child" or session.concern not in ("", "none")
        days = policy.child_note_days if soon else policy.note_days
        by = as_of.calendar.add_working_days(session.on, days)
        what = f"write the note of {session.id}"
        yield Due(by, what, session.at("date"), session.id, session.on)


@clock(TALKING.saying("the same day; at once where a child is in danger"), hard=True)
def concern_to_report(as_of: AsOf) -> Iterator[Due]:
    """A concern is to be reported to children's services or the police.

    The same day, whatever day it is: no weekend and no bank holiday moves it.
    """
    for escalation in as_of.file.escalations:
        told = any(report.at_time and report.to != "manager" for report in escalation.reported)
        if escalation.aware and not told and escalation.decision != "not_referred":
            by = escalation.aware.date()
            what = f"report the concern {escalation.id} and record it"
            yield Due(by, what, escalation.at("aware"), escalation.id, by)


@clock(SUPERVISION.saying("a common local standard; a service sets its own"), stages=WORKING)
def supervision_to_hold(as_of: AsOf) -> Iterator[Due]:
    """The case is to be taken to supervision.

    Every four weeks from the day it was opened, while it is assessed or treated.
    """
    held = [v for v in as_of.file.supervisions if v.on <= as_of.today]
    last = held[-1] if held else as_of.file.case
    by = last.on + timedelta(weeks=as_of.service.policy.supervision_weeks)
    for pause, until in as_of.file.case.pauses:
        if pause <= as_of.today and (until is None or until >= as_of.today):
            return
    subject = f"after-{last.on.isoformat()}"
    yield Due(by, "take the case to supervision", last.at("date"), subject, last.on)


@clock(AGE.saying("29 February counts as 1 March; our inference outside Scotland"))
def child_comes_of_age(as_of: AsOf) -> Iterator[Due]:
    """A child of the case comes of age.

    From the 18th birthday consent and contact are the young person's own, and what the carer agreed
    for them no longer holds.
    """
    for child in as_of.file.children:
        if child.born and not child.died:
            by = birthday(child.born, 18)
            what = f"{child.id} is 18: ask them about consent and contact"
            if by >= as_of.file.case.on:
                yield Due(by, what, child.at("born"), child.id, child.born)
