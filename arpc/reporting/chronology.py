"""The case in order of time: derived from its records, headlines only, each with its source."""

from collections.abc import Iterator
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.provisions import AsOf
from arpc.records import Analysis
from arpc.reporting.evidence import sort_words
from arpc.reporting.model import Row, day_words, partial_words

FAMILY, ALLEGED, WORK, LIVING, PLANS = "family", "alleged", "work", "living", "plans"


class Event(NamedTuple):
    """Something that happened, at a date as exact as it is known."""

    when: str
    what: str
    source: str
    major: bool
    """Whether it belongs in the short chronology of the family section."""
    lane: str = ""
    """What it is part of: FAMILY, ALLEGED, WORK, LIVING or PLANS."""


def chronology(as_of: AsOf) -> list[Event]:
    """Return every event in order; what is known only by year comes first in its year."""
    events = [event for event in _events(as_of) if event.when]
    return sorted(set(events), key=lambda event: (event.when, event.source, event.what))


def rows(events: list[Event]) -> tuple[Row, ...]:
    """Return events as the rows of a table."""
    return tuple(Row((partial_words(e.when), e.what, e.source)) for e in events)


def chosen(events: list[Event], analysis: Analysis) -> tuple[Row, ...]:
    """Return the events that the practitioner chose, in order of time, each with what it meant."""
    meant: dict[Event, str] = {}
    for point in analysis.turning_points:
        found = [e for e in events if e.source == point.source and point.when in ("", e.when)]
        for event in [e for e in found if e.major] or found:
            meant[event] = point.meaning
    return tuple(
        Row((partial_words(e.when), e.what, meant[e] or "not said", e.source))
        for e in events
        if e in meant
    )


def _events(as_of: AsOf) -> Iterator[Event]:
    file = as_of.file
    lanes = (
        (FAMILY, _lives(file)),
        (PLANS, _plans(file)),
        (ALLEGED, _bases(file)),
        (WORK, _work(as_of)),
        (LIVING, _living(file)),
        (WORK, _outcomes(file)),
    )
    for lane, events in lanes:
        yield from (event._replace(lane=lane) for event in events)


def _lives(file: CaseFile) -> Iterator[Event]:
    for person in file.people:
        family = not {"professional", "interpreter", "referrer"} & {*person.roles}
        if person.born_text and family:
            yield Event(person.born_text, f"{person.name} born", person.id, person.is_child)
        if person.died:
            yield Event(person.died, f"{person.name} died", person.id, True)


def _plans(file: CaseFile) -> Iterator[Event]:
    for person in file.people:
        for plan in person.plans:
            status = plan.status.replace("_", " ")
            if plan.since and plan.status != "none":
                what = f"{person.name}: {status} begins{f' ({plan.category})' if plan.category else ''}"
                yield Event(plan.since.isoformat(), what, person.id, True)
            if plan.until:
                yield Event(
                    plan.until.isoformat(), f"{person.name}: {status} ends", person.id, True
                )
        for order in person.orders:
            if order.since:
                yield Event(order.since, f"{person.name}: {order.type} begins", person.id, True)
            if order.until:
                yield Event(order.until, f"{person.name}: {order.type} ends", person.id, False)


def _bases(file: CaseFile) -> Iterator[Event]:
    for basis in file.bases:
        told = str(basis.data.get("first_told_on") or "")
        if told:
            yield Event(told, f"{basis.id} first told: {basis.first_told}", basis.id, True)
        for position in basis.positions:
            person = file.person(position.who)
            if position.day and person and position.position != "not_asked":
                source = next((c.record for c in position.source if c.record), basis.id)
                what = f"{person.name} on {basis.id}: {position.position.replace('_', ' ')}"
                yield Event(position.day.isoformat(), what, source, False)


def _work(as_of: AsOf) -> Iterator[Event]:
    file = as_of.file
    if referral := file.referral:
        yield Event(referral.on.isoformat(), "Referral received", referral.id, True)
    case = file.case
    if case.decided_on:
        what = f"Service decided on the referral: {case.decision}"
        yield Event(case.decided_on.isoformat(), what, "case", True)
    for session in file.sessions:
        names = ", ".join(p.name for who in session.who if (p := file.person(who)))
        kind = sort_words(session)
        what = f"{kind[:1].upper()}{kind[1:]}: {names}"
        if session.not_seen:
            what = f"{names} not interviewed: {session.not_seen.replace('_', ' ')}"
        elif not session.took_place:
            what += f" ({session.attendance.replace('_', ' ')})"
        if as_of.is_late(session) and session.written_at:
            what += f" (note written late, on {day_words(session.written_at.date())})"
        yield Event(session.on.isoformat(), what, session.id, False)
    for document in file.documents:
        if document.dated:
            what = f"Dated: {document.title}"
            yield Event(document.dated, what, document.id, False)
    for escalation in file.escalations:
        what = f"Concern passed on: {escalation.type.replace('_', ' ')}"
        yield Event(escalation.on.isoformat(), what, escalation.id, True)
        if escalation.closed:
            yield Event(escalation.closed.isoformat(), "Concern closed", escalation.id, False)


def _living(file: CaseFile) -> Iterator[Event]:
    for arrangement in file.arrangements:
        for member in arrangement.members:
            person = file.person(member.who)
            if person and member.since and not person.born_text.startswith(member.since):
                what = f"{person.name} moves into {arrangement.name or 'the household'}"
                yield Event(member.since, what, arrangement.id, True)
            if person and member.until:
                what = f"{person.name} leaves {arrangement.name or 'the household'}"
                yield Event(member.until, what, arrangement.id, True)
        if arrangement.type == "agreement":
            yield Event(arrangement.on.isoformat(), "Written agreement made", arrangement.id, True)
        for breach in arrangement.breaches:
            if breach.day:
                yield Event(
                    breach.day.isoformat(), f"{arrangement.id} not kept", arrangement.id, True
                )


def _outcomes(file: CaseFile) -> Iterator[Event]:
    for report in file.reports:
        what = f"{report.type.capitalize()} report issued, version {report.version or 1}"
        yield Event(report.on.isoformat(), what, report.id, True)
        if report.decided_on:
            what = "Referring professionals decided on the recommendations"
            yield Event(report.decided_on.isoformat(), what, report.id, True)
    for treatment in file.treatments:
        offered = f"Treatment {treatment.offer.replace('_', ' ')}"
        yield Event(treatment.on.isoformat(), offered, treatment.id, True)
        if treatment.ended:
            reason = f": {treatment.end_reason.replace('_', ' ')}" if treatment.end_reason else ""
            yield Event(treatment.ended.isoformat(), f"Treatment ended{reason}", treatment.id, True)
    for followup in file.followups:
        if followup.done:
            point = followup.point.replace("_", " ")
            yield Event(followup.done.isoformat(), f"Follow-up done: {point}", followup.id, True)
